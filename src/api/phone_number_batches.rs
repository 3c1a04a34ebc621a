//! Phone numbers, many at a time: the models and operations of batches.

use serde::{Deserialize, Serialize};

use super::ErrorCode;
use super::phone_number_id::PhoneNumberId;
use super::phone_numbers::{PhoneNumberProductType, PhoneNumberUpdate, calling_name};
use crate::client::Client;
use crate::decode::{Listed, Model};
use crate::docs::{with_client, with_phone_number};
use crate::operation::{Body, Operation, Replay, Spec};
use crate::request::Request;
use crate::route::Route;
use crate::sensitive::Sensitive;
use crate::validate::{self, Validity};

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

/// Phone numbers, many at a time.
impl Client {
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
