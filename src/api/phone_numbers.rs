//! The models and the operations of phone numbers in the inventory.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::accounts::AccountId;
use super::phone_number_id::PhoneNumberId;
use super::users::{UserId, user};
use crate::asked::{Answers, Asked};
use crate::client::Client;
use crate::decode::{Enveloped, Listed, Model, null_as_empty, timestamp};
use crate::docs::{with_client, with_phone_number};
use crate::open_enum::open_enum;
use crate::operation::{Body, Operation, Replay, Spec};
use crate::pages::{List, Page};
use crate::paging::Paging;
use crate::request::Request;
use crate::route::Route;
use crate::sensitive::Sensitive;
use crate::validate::{self, Validity};

/// A phone number in the inventory of the AWS account.
///
/// `Debug` hides the number, its identifier and its calling name, so a `PhoneNumber` can be logged:
///
/// ```
/// use amazon_chime::PhoneNumberStatus;
///
#[doc = with_client!()]
#[doc = with_phone_number!()]
/// assert_eq!(number.status, Some(PhoneNumberStatus::Unassigned));
/// assert!(!format!("{number:?}").contains("206555"));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PhoneNumber {
    /// The identifier of the phone number.
    pub phone_number_id: PhoneNumberId,
    /// The number in E.164 form, such as `+12065550100`.
    pub e164_phone_number: Option<Sensitive>,
    /// The country code, which is two letters of ISO 3166-1.
    pub country: Option<String>,
    /// The type of the number: local or toll-free.
    #[serde(rename = "Type")]
    pub phone_number_type: Option<PhoneNumberType>,
    /// The product type of the number.
    pub product_type: Option<PhoneNumberProductType>,
    /// The status of the number.
    pub status: Option<PhoneNumberStatus>,
    /// The kinds of calls and messages that the number supports.
    pub capabilities: Option<PhoneNumberCapabilities>,
    /// The resources that the number is associated with.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub associations: Vec<PhoneNumberAssociation>,
    /// The name that the recipient of a call sees; it may be empty.
    pub calling_name: Option<Sensitive>,
    /// The status of the last change of the calling name.
    pub calling_name_status: Option<CallingNameStatus>,
    /// The time when the number was added to the inventory.
    #[serde(default, deserialize_with = "timestamp")]
    pub created_timestamp: Option<DateTime<Utc>>,
    /// The time of the last change.
    #[serde(default, deserialize_with = "timestamp")]
    pub updated_timestamp: Option<DateTime<Utc>>,
    /// The time of the permanent deletion, if the number is in the deletion queue.
    #[serde(default, deserialize_with = "timestamp")]
    pub deletion_timestamp: Option<DateTime<Utc>>,
}

impl PhoneNumber {
    /// Creates a phone number in which only the identifier is set.
    #[must_use]
    pub fn new(phone_number_id: impl Into<PhoneNumberId>) -> Self {
        Self {
            phone_number_id: phone_number_id.into(),
            e164_phone_number: None,
            country: None,
            phone_number_type: None,
            product_type: None,
            status: None,
            capabilities: None,
            associations: Vec::new(),
            calling_name: None,
            calling_name_status: None,
            created_timestamp: None,
            updated_timestamp: None,
            deletion_timestamp: None,
        }
    }
}

impl Model for PhoneNumber {
    fn is_about(&self, asked: &Asked) -> Answers {
        asked.known_by("PhoneNumberId", &self.phone_number_id)
    }
}

impl Enveloped for PhoneNumber {
    const MEMBER: &'static str = "PhoneNumber";
}

impl Listed for PhoneNumber {
    const LIST: &'static str = "PhoneNumbers";
}

/// The kinds of calls and messages that a phone number supports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PhoneNumberCapabilities {
    /// Whether the number can receive calls.
    pub inbound_call: Option<bool>,
    /// Whether the number can make calls.
    pub outbound_call: Option<bool>,
    /// Whether the number can receive text messages.
    #[serde(rename = "InboundSMS")]
    pub inbound_sms: Option<bool>,
    /// Whether the number can send text messages.
    #[serde(rename = "OutboundSMS")]
    pub outbound_sms: Option<bool>,
    /// Whether the number can receive multimedia messages.
    #[serde(rename = "InboundMMS")]
    pub inbound_mms: Option<bool>,
    /// Whether the number can send multimedia messages.
    #[serde(rename = "OutboundMMS")]
    pub outbound_mms: Option<bool>,
}

impl PhoneNumberCapabilities {
    /// Creates capabilities in which nothing is set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// The association of a phone number with a resource, such as a user.
///
/// ```
/// use amazon_chime::PhoneNumberAssociationName;
///
#[doc = with_client!()]
#[doc = with_phone_number!()]
/// # let acme = client.create_account("Acme").await?;
/// # let ana = client.create_user(&acme.account_id).email("ana@example.com").await?;
/// # client.associate_phone_number_with_user(&acme.account_id, &ana.user_id, &numbers[0]).await?;
/// let number = client.get_phone_number(&number.phone_number_id).await?;
/// let mut associations = number.associations.iter();
/// let user = associations.find(|it| it.name == Some(PhoneNumberAssociationName::UserId));
/// assert_eq!(user.and_then(|it| it.value.as_deref()), Some(ana.user_id.as_str()));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PhoneNumberAssociation {
    /// The identifier of the resource.
    pub value: Option<String>,
    /// The kind of the resource.
    pub name: Option<PhoneNumberAssociationName>,
    /// The time of the association.
    #[serde(default, deserialize_with = "timestamp")]
    pub associated_timestamp: Option<DateTime<Utc>>,
}

impl PhoneNumberAssociation {
    /// Creates an association with a resource of this kind and with this identifier.
    #[must_use]
    pub fn new(name: impl Into<PhoneNumberAssociationName>, value: impl Into<String>) -> Self {
        Self { value: Some(value.into()), name: Some(name.into()), associated_timestamp: None }
    }
}

open_enum! {
    /// The product type of a phone number, which says what the number is used for.
    PhoneNumberProductType {
        /// Calls of the user who has the number.
        BusinessCalling,
        /// Calls through a Voice Connector.
        VoiceConnector,
        /// Calls that a SIP media application answers.
        SipMediaApplicationDialIn,
    }
}

open_enum! {
    /// The type of a phone number: local or toll-free.
    PhoneNumberType {
        /// The number belongs to a place.
        Local,
        /// Calls to the number are free.
        TollFree,
    }
}

open_enum! {
    /// The status of a phone number.
    PhoneNumberStatus {
        /// The number is being acquired.
        AcquireInProgress,
        /// The number could not be acquired.
        AcquireFailed,
        /// The number is in the inventory and is not associated with any resource.
        Unassigned,
        /// The number is associated with a resource.
        Assigned,
        /// The number is in the deletion queue.
        ReleaseInProgress,
        /// The number is being deleted.
        DeleteInProgress,
        /// The number could not be released.
        ReleaseFailed,
        /// The number could not be deleted.
        DeleteFailed,
    }
}

open_enum! {
    /// The status of the last change of a calling name.
    CallingNameStatus {
        /// The calling name was not changed yet.
        Unassigned,
        /// The change is in progress.
        UpdateInProgress,
        /// The change succeeded.
        UpdateSucceeded,
        /// The change failed.
        UpdateFailed,
    }
}

open_enum! {
    /// The kind of resource that a phone number is associated with.
    PhoneNumberAssociationName {
        /// An account.
        AccountId,
        /// A user.
        UserId,
        /// A Voice Connector.
        VoiceConnectorId,
        /// A group of Voice Connectors.
        VoiceConnectorGroupId,
        /// A SIP rule.
        SipRuleId,
    }
}

/// Phone numbers.
impl Client {
    /// Retrieves a phone number and returns the [`PhoneNumber`].
    ///
    /// API: [GetPhoneNumber](https://docs.aws.amazon.com/chime/latest/APIReference/API_GetPhoneNumber.html)
    ///
    /// ```
    #[doc = with_client!()]
    #[doc = with_phone_number!()]
    /// # let id = number.phone_number_id.clone();
    /// let number = client.get_phone_number(&id).await?;
    /// assert_eq!(number.phone_number_id, id);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the inventory has no such number
    pub fn get_phone_number(&self, id: impl Into<PhoneNumberId>) -> Request<GetPhoneNumber> {
        self.request(GetPhoneNumber { phone_number_id: id.into() })
    }

    /// Lists the phone numbers of the inventory and of the deletion queue, and returns a [`Page`] of [`PhoneNumber`]s.
    ///
    /// [`items`](Request::items) and [`pages`](Request::pages) return streams over all pages. Optional parameters:
    ///
    /// - [`status`](Request::status): only numbers with this status
    /// - [`product_type`](Request#method.product_type): only numbers of this product type
    /// - [`filter`](Request::filter): only numbers that are associated with this account, user or other resource
    /// - [`max_results`](Request::max_results): the largest number of phone numbers on a page, 1 to 99
    /// - [`next_token`](Request::next_token): the token of the page to start with
    ///
    /// API: [ListPhoneNumbers](https://docs.aws.amazon.com/chime/latest/APIReference/API_ListPhoneNumbers.html)
    ///
    /// ```
    /// # use amazon_chime::PhoneNumberStatus;
    #[doc = with_client!()]
    #[doc = with_phone_number!()]
    /// let mut unassigned = client.list_phone_numbers().status(PhoneNumberStatus::Unassigned).items();
    /// while let Some(number) = unassigned.try_next().await? {
    ///     println!("{:?}", number.product_type);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_bad_request`](crate::Error::is_bad_request): the token is from a listing with other filters
    pub fn list_phone_numbers(&self) -> Request<ListPhoneNumbers> {
        self.request(ListPhoneNumbers {
            status: None,
            product_type: None,
            filter_name: None,
            filter_value: None,
            paging: Paging::default(),
        })
    }

    /// Changes the product type or the calling name of a phone number and returns the changed [`PhoneNumber`].
    ///
    /// Optional parameters; if both are set, only the one that is set last takes effect:
    ///
    /// - [`product_type`](Request#method.product_type-1): the product type, which says what the number is used for
    /// - [`calling_name`](Request::calling_name): the name that the recipient of a call sees
    ///
    /// A change of the calling name takes some time. [`calling_name_status`](PhoneNumber::calling_name_status) shows
    /// its progress.
    ///
    /// API: [UpdatePhoneNumber](https://docs.aws.amazon.com/chime/latest/APIReference/API_UpdatePhoneNumber.html)
    ///
    /// ```
    /// # use amazon_chime::CallingNameStatus;
    #[doc = with_client!()]
    #[doc = with_phone_number!()]
    /// let id = &number.phone_number_id;
    /// let number = client.update_phone_number(id).calling_name("Acme").await?;
    /// assert_eq!(number.calling_name_status, Some(CallingNameStatus::UpdateInProgress));
    ///
    /// let number = client.get_phone_number(id).await?;
    /// assert_eq!(number.calling_name, Some("Acme".into()));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the inventory has no such number
    pub fn update_phone_number(&self, id: impl Into<PhoneNumberId>) -> Request<UpdatePhoneNumber> {
        self.request(UpdatePhoneNumber { phone_number_id: id.into(), update: None })
    }

    /// Moves a phone number into the deletion queue. The number must not be associated with any resource.
    ///
    /// The number stays in the queue for 7 days, and [`restore_phone_number`](Self::restore_phone_number) can take it
    /// out again. Afterwards, the number is permanently deleted and other customers can order it.
    ///
    /// API: [DeletePhoneNumber](https://docs.aws.amazon.com/chime/latest/APIReference/API_DeletePhoneNumber.html)
    ///
    /// ```
    /// # use amazon_chime::PhoneNumberStatus;
    #[doc = with_client!()]
    #[doc = with_phone_number!()]
    /// client.delete_phone_number(&number.phone_number_id).await?;
    /// let number = client.get_phone_number(&number.phone_number_id).await?;
    /// assert_eq!(number.status, Some(PhoneNumberStatus::ReleaseInProgress));
    /// assert!(number.deletion_timestamp.is_some());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_bad_request`](crate::Error::is_bad_request): the number is associated with a resource
    /// - [`is_not_found`](crate::Error::is_not_found): the inventory has no such number
    pub fn delete_phone_number(&self, id: impl Into<PhoneNumberId>) -> Request<DeletePhoneNumber> {
        self.request(DeletePhoneNumber { phone_number_id: id.into() })
    }

    /// Takes a phone number out of the deletion queue and returns the [`PhoneNumber`].
    ///
    /// API: [RestorePhoneNumber](https://docs.aws.amazon.com/chime/latest/APIReference/API_RestorePhoneNumber.html)
    ///
    /// ```
    /// # use amazon_chime::PhoneNumberStatus;
    #[doc = with_client!()]
    #[doc = with_phone_number!()]
    /// client.delete_phone_number(&number.phone_number_id).await?;
    /// let number = client.restore_phone_number(&number.phone_number_id).await?;
    /// assert_eq!(number.status, Some(PhoneNumberStatus::Unassigned));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the inventory has no such number, or the number was permanently
    ///   deleted
    /// - [`is_resource_limit_exceeded`](crate::Error::is_resource_limit_exceeded): the inventory cannot have more
    ///   numbers
    pub fn restore_phone_number(
        &self,
        id: impl Into<PhoneNumberId>,
    ) -> Request<RestorePhoneNumber> {
        self.request(RestorePhoneNumber { phone_number_id: id.into() })
    }

    /// Associates a phone number of the inventory with a user.
    ///
    /// `number` is in E.164 form, such as `+12065550100`. The product type of the number must be
    /// [`BusinessCalling`](PhoneNumberProductType::BusinessCalling). The number must not be associated with any
    /// resource, and the user must not have another number.
    ///
    /// API: [AssociatePhoneNumberWithUser](https://docs.aws.amazon.com/chime/latest/APIReference/API_AssociatePhoneNumberWithUser.html)
    ///
    /// ```
    #[doc = with_client!()]
    #[doc = with_phone_number!()]
    /// # let number = &numbers[0];
    /// let acme = client.create_account("Acme").await?;
    /// let ana = client.create_user(&acme.account_id).email("ana@example.com").await?;
    /// client.associate_phone_number_with_user(&acme.account_id, &ana.user_id, number).await?;
    ///
    /// let ana = client.get_user(&acme.account_id, &ana.user_id).await?;
    /// assert_eq!(ana.primary_provisioned_number.as_ref(), Some(number));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_bad_request`](crate::Error::is_bad_request): the number has another product type or is already
    ///   associated, or the user has another number
    /// - [`is_not_found`](crate::Error::is_not_found): the user or the number does not exist
    pub fn associate_phone_number_with_user(
        &self,
        account_id: impl Into<AccountId>,
        user_id: impl Into<UserId>,
        number: impl Into<Sensitive>,
    ) -> Request<AssociatePhoneNumberWithUser> {
        self.request(AssociatePhoneNumberWithUser {
            account_id: account_id.into(),
            user_id: user_id.into(),
            e164_phone_number: number.into(),
        })
    }

    /// Removes the association of a user with a phone number, which stays in the inventory.
    ///
    /// API: [DisassociatePhoneNumberFromUser](https://docs.aws.amazon.com/chime/latest/APIReference/API_DisassociatePhoneNumberFromUser.html)
    ///
    /// ```
    #[doc = with_client!()]
    #[doc = with_phone_number!()]
    /// # let acme = client.create_account("Acme").await?;
    /// # let ana = client.create_user(&acme.account_id).email("ana@example.com").await?;
    /// # client.associate_phone_number_with_user(&acme.account_id, &ana.user_id, &numbers[0]).await?;
    /// client.disassociate_phone_number_from_user(&acme.account_id, &ana.user_id).await?;
    /// let ana = client.get_user(&acme.account_id, &ana.user_id).await?;
    /// assert_eq!(ana.primary_provisioned_number, None);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account has no such user
    pub fn disassociate_phone_number_from_user(
        &self,
        account_id: impl Into<AccountId>,
        user_id: impl Into<UserId>,
    ) -> Request<DisassociatePhoneNumberFromUser> {
        let (account_id, user_id) = (account_id.into(), user_id.into());
        self.request(DisassociatePhoneNumberFromUser { account_id, user_id })
    }
}

/// The operation of [`Client::get_phone_number`]: `GET /phone-numbers/{phoneNumberId}`.
#[derive(Clone, Debug)]
pub struct GetPhoneNumber {
    phone_number_id: PhoneNumberId,
}

impl Operation for GetPhoneNumber {
    type Output = PhoneNumber;
    const SPEC: Spec = Spec::get("GetPhoneNumber");

    fn route(&self) -> Route {
        phone_number(&self.phone_number_id)
    }
}

/// The operation of [`Client::list_phone_numbers`]: `GET /phone-numbers`.
#[derive(Clone, Debug)]
pub struct ListPhoneNumbers {
    status: Option<PhoneNumberStatus>,
    product_type: Option<PhoneNumberProductType>,
    filter_name: Option<PhoneNumberAssociationName>,
    filter_value: Option<String>,
    paging: Paging,
}

/// Optional parameters of [`Client::list_phone_numbers`].
impl Request<ListPhoneNumbers> {
    /// Lists only numbers with this status.
    pub fn status(self, status: impl Into<PhoneNumberStatus>) -> Self {
        self.set(|operation| operation.status = Some(status.into()))
    }

    /// Lists only numbers of this product type.
    pub fn product_type(self, product_type: impl Into<PhoneNumberProductType>) -> Self {
        self.set(|operation| operation.product_type = Some(product_type.into()))
    }

    /// Lists only numbers that are associated with a resource: `name` is its kind, and `value` is its identifier.
    ///
    /// ```
    /// use amazon_chime::PhoneNumberAssociationName;
    ///
    #[doc = with_client!()]
    /// # let acme = client.create_account("Acme").await?;
    /// let of_acme = client
    ///     .list_phone_numbers()
    ///     .filter(PhoneNumberAssociationName::AccountId, acme.account_id)
    ///     .await?;
    /// assert!(of_acme.items.is_empty());
    /// # Ok(()) }
    /// ```
    pub fn filter(
        self,
        name: impl Into<PhoneNumberAssociationName>,
        value: impl Into<String>,
    ) -> Self {
        self.set(|operation| {
            operation.filter_name = Some(name.into());
            operation.filter_value = Some(value.into());
        })
    }
}

impl Operation for ListPhoneNumbers {
    type Output = Page<PhoneNumber>;
    const SPEC: Spec = Spec::get("ListPhoneNumbers");

    fn route(&self) -> Route {
        Route::new("phone-numbers")
            .query("status", self.status.as_ref())
            .query("product-type", self.product_type.as_ref())
            .query("filter-name", self.filter_name.as_ref())
            .query("filter-value", self.filter_value.as_ref())
            .paging(&self.paging)
    }

    fn validate(&self) -> Validity {
        self.paging.validate(99)
    }
}

impl List for ListPhoneNumbers {
    type Item = PhoneNumber;

    fn paging(&mut self) -> &mut Paging {
        &mut self.paging
    }
}

/// The operation of [`Client::update_phone_number`]: `POST /phone-numbers/{phoneNumberId}`.
#[derive(Clone, Debug, Serialize)]
pub struct UpdatePhoneNumber {
    #[serde(skip)]
    phone_number_id: PhoneNumberId,
    #[serde(flatten)]
    update: Option<PhoneNumberUpdate>,
}

/// Optional parameters of [`Client::update_phone_number`].
impl Request<UpdatePhoneNumber> {
    /// Sets the product type and removes a calling name that was set on the request.
    pub fn product_type(self, product_type: impl Into<PhoneNumberProductType>) -> Self {
        let update = PhoneNumberUpdate::ProductType(product_type.into());
        self.set(|operation| operation.update = Some(update))
    }

    /// Sets the name that the recipient of a call sees, and removes a product type that was set on the request. The
    /// name is empty or has 2 to 15 letters, digits and spaces.
    pub fn calling_name(self, name: impl Into<Sensitive>) -> Self {
        let update = PhoneNumberUpdate::CallingName(name.into());
        self.set(|operation| operation.update = Some(update))
    }
}

impl Operation for UpdatePhoneNumber {
    type Output = PhoneNumber;
    const SPEC: Spec = Spec::post("UpdatePhoneNumber", Replay::Safe);

    fn route(&self) -> Route {
        phone_number(&self.phone_number_id)
    }

    fn validate(&self) -> Validity {
        validate::calling_name("CallingName", calling_name(self.update.as_ref()))
    }

    fn body(&self) -> Body {
        Body::json(self).sensitive(calling_name(self.update.as_ref()))
    }
}

/// The operation of [`Client::delete_phone_number`]: `DELETE /phone-numbers/{phoneNumberId}`.
#[derive(Clone, Debug)]
pub struct DeletePhoneNumber {
    phone_number_id: PhoneNumberId,
}

impl Operation for DeletePhoneNumber {
    type Output = ();
    const SPEC: Spec = Spec::delete("DeletePhoneNumber");

    fn route(&self) -> Route {
        phone_number(&self.phone_number_id)
    }
}

/// The operation of [`Client::restore_phone_number`]: `POST /phone-numbers/{phoneNumberId}?operation=restore`.
#[derive(Clone, Debug)]
pub struct RestorePhoneNumber {
    phone_number_id: PhoneNumberId,
}

impl Operation for RestorePhoneNumber {
    type Output = PhoneNumber;
    const SPEC: Spec = Spec::post("RestorePhoneNumber", Replay::Safe);

    fn route(&self) -> Route {
        phone_number(&self.phone_number_id).constant("operation", "restore")
    }
}

/// The operation of [`Client::associate_phone_number_with_user`]:
/// `POST /accounts/{accountId}/users/{userId}?operation=associate-phone-number`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AssociatePhoneNumberWithUser {
    #[serde(skip)]
    account_id: AccountId,
    #[serde(skip)]
    user_id: UserId,
    e164_phone_number: Sensitive,
}

impl Operation for AssociatePhoneNumberWithUser {
    type Output = ();
    const SPEC: Spec = Spec::post("AssociatePhoneNumberWithUser", Replay::Safe);

    fn route(&self) -> Route {
        user(&self.account_id, &self.user_id).constant("operation", "associate-phone-number")
    }

    fn validate(&self) -> Validity {
        validate::e164("E164PhoneNumber", &self.e164_phone_number)
    }

    fn body(&self) -> Body {
        Body::json(self).sensitive([&self.e164_phone_number])
    }
}

/// The operation of [`Client::disassociate_phone_number_from_user`]:
/// `POST /accounts/{accountId}/users/{userId}?operation=disassociate-phone-number`.
#[derive(Clone, Debug)]
pub struct DisassociatePhoneNumberFromUser {
    account_id: AccountId,
    user_id: UserId,
}

impl Operation for DisassociatePhoneNumberFromUser {
    type Output = ();
    const SPEC: Spec = Spec::post("DisassociatePhoneNumberFromUser", Replay::Safe);

    fn route(&self) -> Route {
        user(&self.account_id, &self.user_id).constant("operation", "disassociate-phone-number")
    }
}

/// The new value in an update of a phone number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub(super) enum PhoneNumberUpdate {
    ProductType(PhoneNumberProductType),
    CallingName(Sensitive),
}

/// Returns the calling name if the update changes it.
pub(super) fn calling_name(update: Option<&PhoneNumberUpdate>) -> Option<&Sensitive> {
    match update {
        Some(PhoneNumberUpdate::CallingName(name)) => Some(name),
        _ => None,
    }
}

fn phone_number(id: &PhoneNumberId) -> Route {
    Route::new("phone-numbers").sensitive_id("PhoneNumberId", id.in_path())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UpdatePhoneNumberRequestItem;

    fn client() -> Client {
        let credentials = crate::Credentials::new("AKID", "secret", None, None, "test");
        let builder = Client::builder().credentials_provider(credentials);
        builder.endpoint_url("http://127.0.0.1:1").build().unwrap()
    }

    fn body(operation: &impl Operation) -> String {
        operation.body().json.unwrap().unwrap()
    }

    #[test]
    fn an_update_changes_only_the_value_that_was_set_last() {
        let update = || client().update_phone_number("+12065550100");
        assert_eq!(body(&update().operation), "{}");
        let empty = update().product_type("VoiceConnector").calling_name("");
        assert_eq!(body(&empty.operation), r#"{"CallingName":""}"#);
        let moved = update().calling_name("Acme").product_type("VoiceConnector");
        assert_eq!(body(&moved.operation), r#"{"ProductType":"VoiceConnector"}"#);
    }

    #[test]
    fn bodies_have_the_identifier_in_the_form_of_the_service() {
        let item = UpdatePhoneNumberRequestItem::new("+12065550100").calling_name("Acme");
        assert_eq!(
            body(&client().batch_update_phone_number([item]).operation),
            r#"{"UpdatePhoneNumberRequestItems":[{"CallingName":"Acme","PhoneNumberId":"%2B12065550100"}]}"#
        );
        assert_eq!(
            body(&client().batch_delete_phone_number(["+12065550100", "%2B12065550101"]).operation),
            r#"{"PhoneNumberIds":["%2B12065550100","%2B12065550101"]}"#
        );
    }
}
