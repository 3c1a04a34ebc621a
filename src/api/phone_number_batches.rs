//! The models and the operations of batches of phone numbers.

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

/// The reason why a batch operation did not change a phone number.
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
    /// The identifier of the phone number.
    pub phone_number_id: Option<PhoneNumberId>,
    /// The kind of the error.
    pub error_code: Option<ErrorCode>,
    /// The message of the service, which may quote the request; `Debug` does not show it.
    pub error_message: Option<Sensitive>,
}

impl PhoneNumberError {
    /// Creates an error of this phone number without a message.
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

/// A change of one phone number, an entry of [`Client::batch_update_phone_number`]. The entry sets either the product
/// type or the calling name.
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
    /// Creates an entry for this phone number that changes nothing yet.
    #[must_use]
    pub fn new(phone_number_id: impl Into<PhoneNumberId>) -> Self {
        Self { phone_number_id: phone_number_id.into().in_body(), update: None }
    }

    /// Sets the product type and removes a calling name that was set on the entry.
    #[must_use]
    pub fn product_type(mut self, product_type: impl Into<PhoneNumberProductType>) -> Self {
        self.update = Some(PhoneNumberUpdate::ProductType(product_type.into()));
        self
    }

    /// Sets the name that the recipient of a call sees, and removes a product type that was set on the entry. The name
    /// is empty or has 2 to 15 letters, digits and spaces.
    #[must_use]
    pub fn calling_name(mut self, name: impl Into<Sensitive>) -> Self {
        self.update = Some(PhoneNumberUpdate::CallingName(name.into()));
        self
    }
}

/// Batches of phone numbers.
impl Client {
    /// Changes several phone numbers and returns a [`PhoneNumberError`] for each number that was not changed.
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
    /// The operation has only the [errors that every request has](Request#errors).
    pub fn batch_update_phone_number(
        &self,
        items: impl IntoIterator<Item = UpdatePhoneNumberRequestItem>,
    ) -> Request<BatchUpdatePhoneNumber> {
        let update_phone_number_request_items = items.into_iter().collect();
        self.request(BatchUpdatePhoneNumber { update_phone_number_request_items })
    }

    /// Moves phone numbers into the deletion queue and returns a [`PhoneNumberError`] for each number that was not
    /// moved.
    ///
    /// `ids` must have at least one number, and no number may be associated with a resource.
    /// [`delete_phone_number`](Self::delete_phone_number) describes the deletion queue.
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
    /// The operation has only the [errors that every request has](Request#errors).
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
