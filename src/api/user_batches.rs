//! The models and operations of batches of users.

use serde::{Deserialize, Serialize};

use super::ErrorCode;
use super::accounts::{AccountId, License, account};
use super::users::{AlexaForBusinessMetadata, UserId, UserType, room_arn};
use crate::client::Client;
use crate::decode::{Listed, Model};
use crate::docs::with_client;
use crate::operation::{Body, Operation, Replay, Spec};
use crate::request::Request;
use crate::route::Route;
use crate::sensitive::Sensitive;
use crate::validate::{self, Validity};

/// A change of one user for [`Client::batch_update_user`]. A value that is not set stays as it is.
///
/// ```
/// use amazon_chime::{License, UpdateUserRequestItem};
///
/// let item = UpdateUserRequestItem::new("user-1").license_type(License::Basic);
/// assert_eq!(item.license_type, Some(License::Basic));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UpdateUserRequestItem {
    /// The identifier of the user.
    pub user_id: UserId,
    /// The license, which the account must support.
    pub license_type: Option<License>,
    /// Whether the user is a person or a device.
    pub user_type: Option<UserType>,
    /// The Alexa for Business settings.
    pub alexa_for_business_metadata: Option<AlexaForBusinessMetadata>,
}

impl UpdateUserRequestItem {
    /// Creates a change of this user in which nothing is set.
    #[must_use]
    pub fn new(user_id: impl Into<UserId>) -> Self {
        let user_id = user_id.into();
        Self { user_id, license_type: None, user_type: None, alexa_for_business_metadata: None }
    }

    /// Sets the license, which the account must support.
    #[must_use]
    pub fn license_type(mut self, license: impl Into<License>) -> Self {
        self.license_type = Some(license.into());
        self
    }

    /// Sets the type of the user: a person or a device.
    #[must_use]
    pub fn user_type(mut self, user_type: impl Into<UserType>) -> Self {
        self.user_type = Some(user_type.into());
        self
    }

    /// Sets the Alexa for Business settings.
    #[must_use]
    pub fn alexa_for_business_metadata(mut self, metadata: AlexaForBusinessMetadata) -> Self {
        self.alexa_for_business_metadata = Some(metadata);
        self
    }
}

/// An error of a batch operation for one user; the user was not changed.
///
/// ```
/// use amazon_chime::ErrorCode;
///
#[doc = with_client!()]
/// let acme = client.create_account("Acme").await?;
/// let errors = client.batch_suspend_user(&acme.account_id, ["no-such-user"]).await?;
/// assert_eq!(errors[0].error_code, Some(ErrorCode::NotFound));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UserError {
    /// The identifier of the user.
    pub user_id: Option<UserId>,
    /// The kind of the error.
    pub error_code: Option<ErrorCode>,
    /// The message of the service, which `Debug` does not show because it may quote the request.
    pub error_message: Option<Sensitive>,
}

impl UserError {
    /// Creates an error for this user, without a message.
    #[must_use]
    pub fn new(user_id: impl Into<UserId>, error_code: impl Into<ErrorCode>) -> Self {
        Self {
            user_id: Some(user_id.into()),
            error_code: Some(error_code.into()),
            error_message: None,
        }
    }
}

impl Model for UserError {}

impl Listed for UserError {
    const LIST: &'static str = "UserErrors";
}

/// Batches of users.
impl Client {
    /// Changes up to 20 users of an account, as [`update_user`](Self::update_user) does, and returns a [`UserError`]
    /// for each user who could not be changed.
    ///
    /// API: [BatchUpdateUser](https://docs.aws.amazon.com/chime/latest/APIReference/API_BatchUpdateUser.html)
    ///
    /// ```
    /// # use amazon_chime::{License, UpdateUserRequestItem};
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// let mut items = Vec::new();
    /// for email in ["ana@example.com", "ben@example.com"] {
    ///     let user = client.create_user(&acme.account_id).email(email).await?;
    ///     items.push(UpdateUserRequestItem::new(user.user_id).license_type(License::Basic));
    /// }
    /// let errors = client.batch_update_user(&acme.account_id, items).await?;
    /// assert!(errors.is_empty());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    pub fn batch_update_user(
        &self,
        account_id: impl Into<AccountId>,
        items: impl IntoIterator<Item = UpdateUserRequestItem>,
    ) -> Request<BatchUpdateUser> {
        let update_user_request_items = items.into_iter().collect();
        self.request(BatchUpdateUser { account_id: account_id.into(), update_user_request_items })
    }

    /// Suspends up to 50 users of an account and returns a [`UserError`] for each user who could not be suspended.
    ///
    /// A suspended user cannot sign in.
    ///
    /// API: [BatchSuspendUser](https://docs.aws.amazon.com/chime/latest/APIReference/API_BatchSuspendUser.html)
    ///
    /// ```
    /// # use amazon_chime::RegistrationStatus;
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// let ana = client.create_user(&acme.account_id).email("ana@example.com").await?;
    /// let errors = client.batch_suspend_user(&acme.account_id, [&ana.user_id]).await?;
    /// assert!(errors.is_empty());
    /// let ana = client.get_user(&acme.account_id, &ana.user_id).await?;
    /// assert_eq!(ana.user_registration_status, Some(RegistrationStatus::Suspended));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    pub fn batch_suspend_user(
        &self,
        account_id: impl Into<AccountId>,
        user_ids: impl IntoIterator<Item = impl Into<UserId>>,
    ) -> Request<BatchSuspendUser> {
        let user_id_list = user_ids.into_iter().map(Into::into).collect();
        self.request(BatchSuspendUser { account_id: account_id.into(), user_id_list })
    }

    /// Ends the suspension of up to 50 users of an account and returns a [`UserError`] for each user for whom this
    /// failed.
    ///
    /// API: [BatchUnsuspendUser](https://docs.aws.amazon.com/chime/latest/APIReference/API_BatchUnsuspendUser.html)
    ///
    /// ```
    /// # use amazon_chime::RegistrationStatus;
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// let ana = client.create_user(&acme.account_id).email("ana@example.com").await?;
    /// client.batch_suspend_user(&acme.account_id, [&ana.user_id]).await?;
    /// client.batch_unsuspend_user(&acme.account_id, [&ana.user_id]).await?;
    /// let ana = client.get_user(&acme.account_id, &ana.user_id).await?;
    /// assert_eq!(ana.user_registration_status, Some(RegistrationStatus::Unregistered));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    pub fn batch_unsuspend_user(
        &self,
        account_id: impl Into<AccountId>,
        user_ids: impl IntoIterator<Item = impl Into<UserId>>,
    ) -> Request<BatchUnsuspendUser> {
        let user_id_list = user_ids.into_iter().map(Into::into).collect();
        self.request(BatchUnsuspendUser { account_id: account_id.into(), user_id_list })
    }
}

/// The operation of [`Client::batch_update_user`]: `POST /accounts/{accountId}/users`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BatchUpdateUser {
    #[serde(skip)]
    account_id: AccountId,
    update_user_request_items: Vec<UpdateUserRequestItem>,
}

impl Operation for BatchUpdateUser {
    type Output = Vec<UserError>;
    const SPEC: Spec = Spec::post("BatchUpdateUser", Replay::Safe);

    fn route(&self) -> Route {
        account(&self.account_id).then("users")
    }

    fn validate(&self) -> Validity {
        validate::at_most("UpdateUserRequestItems", &self.update_user_request_items, 20)?;
        let mut items = self.update_user_request_items.iter();
        items.try_for_each(|item| validate::not_blank("UserId", &item.user_id))
    }

    fn body(&self) -> Body {
        let items = self.update_user_request_items.iter();
        let metadata = items.map(|item| item.alexa_for_business_metadata.as_ref());
        Body::json(self).sensitive(metadata.filter_map(room_arn))
    }
}

/// The operation of [`Client::batch_suspend_user`]: `POST /accounts/{accountId}/users?operation=suspend`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BatchSuspendUser {
    #[serde(skip)]
    account_id: AccountId,
    user_id_list: Vec<UserId>,
}

impl Operation for BatchSuspendUser {
    type Output = Vec<UserError>;
    const SPEC: Spec = Spec::post("BatchSuspendUser", Replay::Safe);

    fn route(&self) -> Route {
        account(&self.account_id).then("users").constant("operation", "suspend")
    }

    fn validate(&self) -> Validity {
        batch_of_users(&self.user_id_list)
    }

    fn body(&self) -> Body {
        Body::json(self)
    }
}

/// The operation of [`Client::batch_unsuspend_user`]: `POST /accounts/{accountId}/users?operation=unsuspend`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BatchUnsuspendUser {
    #[serde(skip)]
    account_id: AccountId,
    user_id_list: Vec<UserId>,
}

impl Operation for BatchUnsuspendUser {
    type Output = Vec<UserError>;
    const SPEC: Spec = Spec::post("BatchUnsuspendUser", Replay::Safe);

    fn route(&self) -> Route {
        account(&self.account_id).then("users").constant("operation", "unsuspend")
    }

    fn validate(&self) -> Validity {
        batch_of_users(&self.user_id_list)
    }

    fn body(&self) -> Body {
        Body::json(self)
    }
}

fn batch_of_users(user_ids: &[UserId]) -> Validity {
    validate::at_most("UserIdList", user_ids, 50)?;
    user_ids.iter().try_for_each(|user_id| validate::not_blank("UserIdList", user_id))
}
