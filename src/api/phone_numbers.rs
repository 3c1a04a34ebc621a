//! The phone numbers of the inventory: their models and operations.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ErrorCode;
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

/// A phone number of the AWS account's inventory.
///
/// The number, its identifier and its calling name are sensitive, so it can be logged as it is:
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
    /// Its identifier.
    pub phone_number_id: PhoneNumberId,
    /// The number in E.164 form, such as `+12065550100`.
    pub e164_phone_number: Option<Sensitive>,
    /// Its country, as two letters of ISO 3166-1.
    pub country: Option<String>,
    /// Local or toll-free.
    #[serde(rename = "Type")]
    pub phone_number_type: Option<PhoneNumberType>,
    /// What it is used for.
    pub product_type: Option<PhoneNumberProductType>,
    /// Whether it is in use.
    pub status: Option<PhoneNumberStatus>,
    /// The calls and messages that it can be used for.
    pub capabilities: Option<PhoneNumberCapabilities>,
    /// What it is associated with.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub associations: Vec<PhoneNumberAssociation>,
    /// The name that is shown to those who are called. It may be empty.
    pub calling_name: Option<Sensitive>,
    /// What became of the last change of the calling name.
    pub calling_name_status: Option<CallingNameStatus>,
    /// When it came into the inventory.
    #[serde(default, deserialize_with = "timestamp")]
    pub created_timestamp: Option<DateTime<Utc>>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "timestamp")]
    pub updated_timestamp: Option<DateTime<Utc>>,
    /// When it is deleted for good, if it is in the deletion queue.
    #[serde(default, deserialize_with = "timestamp")]
    pub deletion_timestamp: Option<DateTime<Utc>>,
}

impl PhoneNumber {
    /// A phone number with this identifier and no other members.
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

/// The calls and messages that a phone number can be used for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PhoneNumberCapabilities {
    /// Whether it can be called.
    pub inbound_call: Option<bool>,
    /// Whether calls can be made from it.
    pub outbound_call: Option<bool>,
    /// Whether it can receive text messages.
    #[serde(rename = "InboundSMS")]
    pub inbound_sms: Option<bool>,
    /// Whether text messages can be sent from it.
    #[serde(rename = "OutboundSMS")]
    pub outbound_sms: Option<bool>,
    /// Whether it can receive multimedia messages.
    #[serde(rename = "InboundMMS")]
    pub inbound_mms: Option<bool>,
    /// Whether multimedia messages can be sent from it.
    #[serde(rename = "OutboundMMS")]
    pub outbound_mms: Option<bool>,
}

impl PhoneNumberCapabilities {
    /// Capabilities of which nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// What a phone number is associated with, such as a user.
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
    /// The identifier of what it is associated with.
    pub value: Option<String>,
    /// What the value identifies.
    pub name: Option<PhoneNumberAssociationName>,
    /// When it was associated.
    #[serde(default, deserialize_with = "timestamp")]
    pub associated_timestamp: Option<DateTime<Utc>>,
}

impl PhoneNumberAssociation {
    /// An association with what has this identifier.
    #[must_use]
    pub fn new(name: impl Into<PhoneNumberAssociationName>, value: impl Into<String>) -> Self {
        Self { value: Some(value.into()), name: Some(name.into()), associated_timestamp: None }
    }
}

/// Why a batch operation left one phone number as it was.
///
/// ```
/// use amazon_chime::ErrorCode;
///
#[doc = with_client!()]
/// let errors = client.batch_delete_phone_number(["+12065550199"]).await?;
/// assert_eq!(errors[0].phone_number_id, Some("+12065550199".into()));
/// assert_eq!(errors[0].error_code, Some(ErrorCode::NotFound));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PhoneNumberError {
    /// The phone number.
    pub phone_number_id: Option<PhoneNumberId>,
    /// What kind of error it was.
    pub error_code: Option<ErrorCode>,
    /// What the service says of it. It may quote the request, so it does not show in `Debug`.
    pub error_message: Option<Sensitive>,
}

impl PhoneNumberError {
    /// An error of this phone number, without a message.
    #[must_use]
    pub fn new(
        phone_number_id: impl Into<PhoneNumberId>,
        error_code: impl Into<ErrorCode>,
    ) -> Self {
        Self {
            phone_number_id: Some(phone_number_id.into()),
            error_code: Some(error_code.into()),
            error_message: None,
        }
    }
}

impl Model for PhoneNumberError {}

impl Listed for PhoneNumberError {
    const LIST: &'static str = "PhoneNumberErrors";
}

/// One entry of [`Client::batch_update_phone_number`]: a phone number and the one thing of it to change.
///
/// ```
/// use amazon_chime::{PhoneNumberProductType, UpdatePhoneNumberRequestItem};
///
/// let renamed = UpdatePhoneNumberRequestItem::new("+12065550100").calling_name("Acme");
/// let moved = UpdatePhoneNumberRequestItem::new("+12065550101")
///     .product_type(PhoneNumberProductType::VoiceConnector);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdatePhoneNumberRequestItem {
    phone_number_id: PhoneNumberId,
    #[serde(flatten)]
    update: Option<PhoneNumberUpdate>,
}

impl UpdatePhoneNumberRequestItem {
    /// An entry for this phone number with nothing to change yet.
    #[must_use]
    pub fn new(phone_number_id: impl Into<PhoneNumberId>) -> Self {
        Self { phone_number_id: phone_number_id.into().in_body(), update: None }
    }

    /// What the number is used for. Replaces a calling name that was set here.
    #[must_use]
    pub fn product_type(mut self, product_type: impl Into<PhoneNumberProductType>) -> Self {
        self.update = Some(PhoneNumberUpdate::ProductType(product_type.into()));
        self
    }

    /// The name that is shown to those who are called: 2 to 15 letters, digits and spaces, or
    /// empty. Replaces a product type that was set here.
    #[must_use]
    pub fn calling_name(mut self, name: impl Into<Sensitive>) -> Self {
        self.update = Some(PhoneNumberUpdate::CallingName(name.into()));
        self
    }
}

open_enum! {
    /// What a phone number is used for.
    PhoneNumberProductType {
        /// Calls of users, who have a number each.
        BusinessCalling,
        /// Calls through a Voice Connector.
        VoiceConnector,
        /// Calls that a SIP media application answers.
        SipMediaApplicationDialIn,
    }
}

open_enum! {
    /// Whether a phone number is local or toll-free.
    PhoneNumberType {
        /// It belongs to a place.
        Local,
        /// Calling it costs nothing.
        TollFree,
    }
}

open_enum! {
    /// Whether a phone number is in use.
    PhoneNumberStatus {
        /// It is being acquired.
        AcquireInProgress,
        /// It could not be acquired.
        AcquireFailed,
        /// It is in the inventory, and associated with nothing.
        Unassigned,
        /// It is associated with something.
        Assigned,
        /// It is in the deletion queue.
        ReleaseInProgress,
        /// It is being deleted.
        DeleteInProgress,
        /// It could not be released.
        ReleaseFailed,
        /// It could not be deleted.
        DeleteFailed,
    }
}

open_enum! {
    /// What became of the last change of a calling name.
    CallingNameStatus {
        /// There was none.
        Unassigned,
        /// It is being made.
        UpdateInProgress,
        /// It was made.
        UpdateSucceeded,
        /// It failed.
        UpdateFailed,
    }
}

open_enum! {
    /// What the value of a phone number's association identifies.
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
    /// Retrieves one phone number. Gives the [`PhoneNumber`].
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
    /// [`is_not_found`](crate::Error::is_not_found) if the inventory has no such number.
    pub fn get_phone_number(&self, id: impl Into<PhoneNumberId>) -> Request<GetPhoneNumber> {
        self.request(GetPhoneNumber { phone_number_id: id.into() })
    }

    /// Lists the phone numbers of the inventory, those in the deletion queue included. Gives each [`PhoneNumber`].
    ///
    /// [`send`](Request::send) gives one page, [`pages`](Request::pages) and
    /// [`items`](Request::items) give streams. Optional,
    /// [set on the request](Request#impl-Request%3CListPhoneNumbers%3E):
    ///
    /// - `status`: only numbers with this status
    /// - `product_type`: only numbers for this use
    /// - `filter`: only numbers that are associated with this account, user, or other thing
    /// - [`max_results`](Request::max_results): how many numbers a page has at most, 1 to 99
    /// - [`next_token`](Request::next_token): the page to start with
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
    /// [`is_bad_request`](crate::Error::is_bad_request) for a token that is not
    /// of a listing with the same filters.
    pub fn list_phone_numbers(&self) -> Request<ListPhoneNumbers> {
        self.request(ListPhoneNumbers {
            status: None,
            product_type: None,
            filter_name: None,
            filter_value: None,
            paging: Paging::default(),
        })
    }

    /// Changes one thing of a phone number, and gives the [`PhoneNumber`] as it is then. One of
    /// these is [set on the request](Request#impl-Request%3CUpdatePhoneNumber%3E), and replaces
    /// the other if that was set before:
    ///
    /// - `product_type`: what the number is used for
    /// - `calling_name`: the name that is shown to those who are called: 2 to 15 letters, digits and
    ///   spaces, or empty
    ///
    /// A new calling name takes some time: [`calling_name_status`](PhoneNumber::calling_name_status) says
    /// what became of it.
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
    /// [`is_not_found`](crate::Error::is_not_found) if the inventory has no such number.
    pub fn update_phone_number(&self, id: impl Into<PhoneNumberId>) -> Request<UpdatePhoneNumber> {
        self.request(UpdatePhoneNumber { phone_number_id: id.into(), update: None })
    }

    /// Changes several phone numbers, one thing of each. Gives a [`PhoneNumberError`] for each
    /// number that could not be changed; none if all could.
    ///
    /// `items` has an [`UpdatePhoneNumberRequestItem`] for each number.
    ///
    /// API: [BatchUpdatePhoneNumber](https://docs.aws.amazon.com/chime/latest/APIReference/API_BatchUpdatePhoneNumber.html)
    ///
    /// ```
    /// # use amazon_chime::UpdatePhoneNumberRequestItem;
    #[doc = with_client!()]
    #[doc = with_phone_number!()]
    /// let item = UpdatePhoneNumberRequestItem::new(&number.phone_number_id).calling_name("Acme");
    /// let errors = client.batch_update_phone_number([item]).await?;
    /// assert!(errors.is_empty());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// None but those of every [`Request`](Request#errors).
    pub fn batch_update_phone_number(
        &self,
        items: impl IntoIterator<Item = UpdatePhoneNumberRequestItem>,
    ) -> Request<BatchUpdatePhoneNumber> {
        let update_phone_number_request_items = items.into_iter().collect();
        self.request(BatchUpdatePhoneNumber { update_phone_number_request_items })
    }

    /// Moves a phone number, which must be associated with nothing, into the deletion queue. Gives nothing.
    ///
    /// It stays there for 7 days, in which [`restore_phone_number`](Self::restore_phone_number)
    /// takes it out again. Then it is deleted for good, and others can order it.
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
    /// [`is_bad_request`](crate::Error::is_bad_request) if the number is associated with
    /// something, [`is_not_found`](crate::Error::is_not_found) if the inventory has no such number.
    pub fn delete_phone_number(&self, id: impl Into<PhoneNumberId>) -> Request<DeletePhoneNumber> {
        self.request(DeletePhoneNumber { phone_number_id: id.into() })
    }

    /// Moves phone numbers, which must be associated with nothing, into the deletion queue. Gives a
    /// [`PhoneNumberError`] for each number that could not be moved; none if all could.
    ///
    /// At least one number is required. [`delete_phone_number`](Self::delete_phone_number) says what
    /// becomes of those in the queue.
    ///
    /// API: [BatchDeletePhoneNumber](https://docs.aws.amazon.com/chime/latest/APIReference/API_BatchDeletePhoneNumber.html)
    ///
    /// ```
    #[doc = with_client!()]
    #[doc = with_phone_number!()]
    /// let errors = client.batch_delete_phone_number([&number.phone_number_id]).await?;
    /// assert!(errors.is_empty());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// None but those of every [`Request`](Request#errors).
    pub fn batch_delete_phone_number(
        &self,
        ids: impl IntoIterator<Item = impl Into<PhoneNumberId>>,
    ) -> Request<BatchDeletePhoneNumber> {
        let phone_number_ids = ids.into_iter().map(|id| id.into().in_body()).collect();
        self.request(BatchDeletePhoneNumber { phone_number_ids })
    }

    /// Takes a phone number out of the deletion queue. Gives the [`PhoneNumber`].
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
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such number, or no longer,
    /// [`is_resource_limit_exceeded`](crate::Error::is_resource_limit_exceeded) if the inventory
    /// has as many numbers as it may.
    pub fn restore_phone_number(
        &self,
        id: impl Into<PhoneNumberId>,
    ) -> Request<RestorePhoneNumber> {
        self.request(RestorePhoneNumber { phone_number_id: id.into() })
    }

    /// Gives a user a phone number of the inventory. Gives nothing back.
    ///
    /// `number` is in E.164 form, such as `+12065550100`. It is for
    /// [`BusinessCalling`](PhoneNumberProductType::BusinessCalling), and associated with nothing. The
    /// user has no number yet.
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
    /// [`is_bad_request`](crate::Error::is_bad_request) if the number is for another use or
    /// associated already, or if the user has another one,
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such user or number.
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

    /// Takes the phone number of a user back into the inventory. Gives nothing.
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
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such user in that account.
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
    /// Only numbers with this status.
    pub fn status(self, status: impl Into<PhoneNumberStatus>) -> Self {
        self.set(|operation| operation.status = Some(status.into()))
    }

    /// Only numbers for this use.
    pub fn product_type(self, product_type: impl Into<PhoneNumberProductType>) -> Self {
        self.set(|operation| operation.product_type = Some(product_type.into()))
    }

    /// Only numbers that are associated with what has this identifier.
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
    /// What the number is used for. Replaces a calling name that was set on the request.
    pub fn product_type(self, product_type: impl Into<PhoneNumberProductType>) -> Self {
        let update = PhoneNumberUpdate::ProductType(product_type.into());
        self.set(|operation| operation.update = Some(update))
    }

    /// The name that is shown to those who are called: 2 to 15 letters, digits and spaces, or
    /// empty. Replaces a product type that was set on the request.
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

/// The operation of [`Client::batch_update_phone_number`]: `POST /phone-numbers?operation=batch-update`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BatchUpdatePhoneNumber {
    update_phone_number_request_items: Vec<UpdatePhoneNumberRequestItem>,
}

impl Operation for BatchUpdatePhoneNumber {
    type Output = Vec<PhoneNumberError>;
    const SPEC: Spec = Spec::post("BatchUpdatePhoneNumber", Replay::Safe);

    fn route(&self) -> Route {
        Route::new("phone-numbers").constant("operation", "batch-update")
    }

    fn validate(&self) -> Validity {
        self.update_phone_number_request_items.iter().try_for_each(|item| {
            validate::not_blank("PhoneNumberId", &item.phone_number_id)?;
            validate::calling_name("CallingName", calling_name(item.update.as_ref()))
        })
    }

    fn body(&self) -> Body {
        let items = self.update_phone_number_request_items.iter();
        let ids = items.clone().map(|item| item.phone_number_id.as_sensitive());
        let names = items.filter_map(|item| calling_name(item.update.as_ref()));
        Body::json(self).sensitive(ids.chain(names))
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

/// The operation of [`Client::batch_delete_phone_number`]: `POST /phone-numbers?operation=batch-delete`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BatchDeletePhoneNumber {
    phone_number_ids: Vec<PhoneNumberId>,
}

impl Operation for BatchDeletePhoneNumber {
    type Output = Vec<PhoneNumberError>;
    const SPEC: Spec = Spec::post("BatchDeletePhoneNumber", Replay::Safe);

    fn route(&self) -> Route {
        Route::new("phone-numbers").constant("operation", "batch-delete")
    }

    fn validate(&self) -> Validity {
        validate::not_empty("PhoneNumberIds", &self.phone_number_ids)
    }

    fn body(&self) -> Body {
        Body::json(self).sensitive(self.phone_number_ids.iter().map(PhoneNumberId::as_sensitive))
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

/// The one thing of a phone number that an update changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
enum PhoneNumberUpdate {
    ProductType(PhoneNumberProductType),
    CallingName(Sensitive),
}

/// The calling name in an update, if that is what it changes.
fn calling_name(update: Option<&PhoneNumberUpdate>) -> Option<&Sensitive> {
    match update {
        Some(PhoneNumberUpdate::CallingName(name)) => Some(name),
        _ => None,
    }
}

/// `/phone-numbers/{phoneNumberId}`
fn phone_number(id: &PhoneNumberId) -> Route {
    Route::new("phone-numbers").sensitive_id("PhoneNumberId", id.in_path())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> Client {
        let credentials = crate::Credentials::new("AKID", "secret", None, None, "test");
        let builder = Client::builder().credentials_provider(credentials);
        builder.endpoint_url("http://127.0.0.1:1").build().unwrap()
    }

    fn body(operation: &impl Operation) -> String {
        operation.body().json.unwrap().unwrap()
    }

    #[test]
    fn an_update_changes_the_one_thing_that_was_set_last() {
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
