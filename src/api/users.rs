//! Users: their models and operations.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ErrorCode;
use super::accounts::{AccountId, License, account};
use crate::asked::{Answers, Asked, is_same_text};
use crate::client::Client;
use crate::decode::{Enveloped, Listed, Model, timestamp};
use crate::docs::with_client;
use crate::ensure::{Ensure, Ensured};
use crate::error::Error;
use crate::id::id;
use crate::open_enum::open_enum;
use crate::operation::{Body, Operation, Replay, Spec};
use crate::pages::{List, Page};
use crate::paging::Paging;
use crate::request::Request;
use crate::route::Route;
use crate::sensitive::Sensitive;
use crate::validate::{self, Validity};

id! {
    /// The identifier of a [`User`].
    UserId
}

/// A user of a Chime account.
///
/// Its e-mail address and the like are [`Sensitive`], so it can be logged as it is:
///
/// ```
#[doc = with_client!()]
/// # let acme = client.create_account("Acme").await?;
/// let user = client.create_user(&acme.account_id).email("ana@example.com").await?;
/// assert!(!format!("{user:?}").contains("ana@example.com"));
///
/// let email = user.primary_email.as_ref().map(|email| email.expose());
/// assert_eq!(email, Some("ana@example.com"));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct User {
    /// The user's identifier.
    pub user_id: UserId,
    /// The account that the user belongs to.
    pub account_id: Option<AccountId>,
    /// The user's e-mail address.
    pub primary_email: Option<Sensitive>,
    /// The user's phone number.
    pub primary_provisioned_number: Option<Sensitive>,
    /// The name that others see.
    pub display_name: Option<Sensitive>,
    /// What the user may do.
    pub license_type: Option<License>,
    /// A person or a device.
    pub user_type: Option<UserType>,
    /// Whether the user has registered, or is suspended.
    pub user_registration_status: Option<RegistrationStatus>,
    /// What became of the invitation.
    pub user_invitation_status: Option<InviteStatus>,
    /// When the user registered.
    #[serde(default, deserialize_with = "timestamp")]
    pub registered_on: Option<DateTime<Utc>>,
    /// When the user was invited.
    #[serde(default, deserialize_with = "timestamp")]
    pub invited_on: Option<DateTime<Utc>>,
    /// The Alexa for Business settings.
    pub alexa_for_business_metadata: Option<AlexaForBusinessMetadata>,
    /// The PIN of the user's personal meetings.
    #[serde(rename = "PersonalPIN")]
    pub personal_pin: Option<Sensitive>,
}

impl User {
    /// A user with this identifier and no other members.
    #[must_use]
    pub fn new(user_id: impl Into<UserId>) -> Self {
        Self {
            user_id: user_id.into(),
            account_id: None,
            primary_email: None,
            primary_provisioned_number: None,
            display_name: None,
            license_type: None,
            user_type: None,
            user_registration_status: None,
            user_invitation_status: None,
            registered_on: None,
            invited_on: None,
            alexa_for_business_metadata: None,
            personal_pin: None,
        }
    }
}

impl Model for User {
    fn is_about(&self, asked: &Asked) -> Answers {
        asked.known_by("UserId", &self.user_id)?;
        asked.id("AccountId", self.account_id.as_deref())?;
        asked.text("Email", self.primary_email.as_ref().map(Sensitive::expose), "")
    }
}

impl Enveloped for User {
    const MEMBER: &'static str = "User";
}

impl Listed for User {
    const LIST: &'static str = "Users";
}

/// The Alexa for Business settings of a user.
///
/// ```
/// use amazon_chime::AlexaForBusinessMetadata;
///
#[doc = with_client!()]
/// # let acme = client.create_account("Acme").await?;
/// # let ana = client.create_user(&acme.account_id).email("ana@example.com").await?;
/// let metadata = AlexaForBusinessMetadata::new().enabled(true);
/// let ana = client
///     .update_user(&acme.account_id, &ana.user_id)
///     .alexa_for_business_metadata(metadata.clone())
///     .await?;
/// assert_eq!(ana.alexa_for_business_metadata, Some(metadata));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AlexaForBusinessMetadata {
    /// Whether Alexa for Business is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_alexa_for_business_enabled: Option<bool>,
    /// The ARN of the user's room resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alexa_for_business_room_arn: Option<Sensitive>,
}

impl AlexaForBusinessMetadata {
    /// Settings with nothing set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Turns Alexa for Business on or off.
    #[must_use]
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.is_alexa_for_business_enabled = Some(enabled);
        self
    }

    /// Sets the ARN of the user's room resource.
    #[must_use]
    pub fn room_arn(mut self, arn: impl Into<Sensitive>) -> Self {
        self.alexa_for_business_room_arn = Some(arn.into());
        self
    }
}

/// A change of one user, an entry of [`Client::batch_update_user`]. What is not set stays.
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
    /// The user.
    pub user_id: UserId,
    /// What the user may do; the account must support it.
    pub license_type: Option<License>,
    /// A person or a device.
    pub user_type: Option<UserType>,
    /// The Alexa for Business settings.
    pub alexa_for_business_metadata: Option<AlexaForBusinessMetadata>,
}

impl UpdateUserRequestItem {
    /// A change of this user, with nothing set.
    #[must_use]
    pub fn new(user_id: impl Into<UserId>) -> Self {
        let user_id = user_id.into();
        Self { user_id, license_type: None, user_type: None, alexa_for_business_metadata: None }
    }

    /// Sets what the user may do; the account must support it.
    #[must_use]
    pub fn license_type(mut self, license: impl Into<License>) -> Self {
        self.license_type = Some(license.into());
        self
    }

    /// Makes the user a person or a device.
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

/// Why a batch operation left one user as it was.
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
    /// The user.
    pub user_id: Option<UserId>,
    /// What kind of error it was.
    pub error_code: Option<ErrorCode>,
    /// What the service says of it. It may quote the request, so it does not show in `Debug`.
    pub error_message: Option<Sensitive>,
}

impl UserError {
    /// An error of this user, without a message.
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

open_enum! {
    /// Whether a user is a person or a device.
    UserType {
        /// A person.
        PrivateUser,
        /// A device that several people use.
        SharedDevice,
    }
}

open_enum! {
    /// Whether a user has registered, or is suspended.
    RegistrationStatus {
        /// Not registered yet.
        Unregistered,
        /// Registered.
        Registered,
        /// Suspended: cannot sign in.
        Suspended,
    }
}

open_enum! {
    /// What became of an invitation.
    InviteStatus {
        /// Not answered yet.
        Pending,
        /// Accepted.
        Accepted,
        /// It could not be delivered.
        Failed,
    }
}

/// Users.
impl Client {
    /// Creates a user in an account. Gives the [`User`]. Optional,
    /// [set on the request](Request#impl-Request%3CCreateUser%3E):
    ///
    /// - `email`: the e-mail address, which no other user of the account may have
    /// - `username`: the user name
    /// - `user_type`: a person, as by default, or a device
    ///
    /// It is not sent again once it may have run, unless it is [ensured](Request::ensure). An ensured user
    /// is recognised by account and e-mail address, so an address must be set. A user who
    /// [`Existed`](crate::Ensured::Existed) stays as it is. An address that is taken outside of the account
    /// is a conflict.
    ///
    /// API: [CreateUser](https://docs.aws.amazon.com/chime/latest/APIReference/API_CreateUser.html)
    ///
    /// ```
    /// # use amazon_chime::UserType;
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// let user = client
    ///     .create_user(&acme.account_id)
    ///     .email("ana@example.com")
    ///     .user_type(UserType::PrivateUser)
    ///     .await?;
    /// assert_eq!(user.primary_email, Some("ana@example.com".into()));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_conflict`](crate::Error::is_conflict) if the account has a user with
    /// that e-mail address, [`is_not_found`](crate::Error::is_not_found) if
    /// there is no such account.
    pub fn create_user(&self, account_id: impl Into<AccountId>) -> Request<CreateUser> {
        let account_id = account_id.into();
        self.request(CreateUser { account_id, username: None, email: None, user_type: None })
    }

    /// Retrieves one user. Gives the [`User`].
    ///
    /// API: [GetUser](https://docs.aws.amazon.com/chime/latest/APIReference/API_GetUser.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// let ana = client.create_user(&acme.account_id).email("ana@example.com").await?;
    /// let user = client.get_user(&acme.account_id, &ana.user_id).await?;
    /// assert_eq!(user, ana);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such user in that account.
    pub fn get_user(
        &self,
        account_id: impl Into<AccountId>,
        user_id: impl Into<UserId>,
    ) -> Request<GetUser> {
        self.request(GetUser { account_id: account_id.into(), user_id: user_id.into() })
    }

    /// Lists the users of an account. Gives a [`Page`] of [`User`]s.
    ///
    /// [`send`](Request::send) gives one page, [`pages`](Request::pages) and
    /// [`items`](Request::items) give streams. Optional,
    /// [set on the request](Request#impl-Request%3CListUsers%3E):
    ///
    /// - `user_email`: only the user with this e-mail address
    /// - `user_type`: only users of this type
    /// - [`max_results`](Request::max_results): how many users a page has at most, 1 to 200; 100 by default
    /// - [`next_token`](Request::next_token): the page to start with
    ///
    /// API: [ListUsers](https://docs.aws.amazon.com/chime/latest/APIReference/API_ListUsers.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// client.create_user(&acme.account_id).email("ana@example.com").await?;
    ///
    /// let mut users = client.list_users(&acme.account_id).user_email("ana@example.com").items();
    /// while let Some(user) = users.try_next().await? {
    ///     println!("{}: {:?}", user.user_id, user.user_registration_status);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such account,
    /// [`is_bad_request`](crate::Error::is_bad_request) for a token that is not
    /// of a listing with the same filters.
    pub fn list_users(&self, account_id: impl Into<AccountId>) -> Request<ListUsers> {
        let account_id = account_id.into();
        self.request(ListUsers {
            account_id,
            user_email: None,
            user_type: None,
            paging: Paging::default(),
        })
    }

    /// Changes a user. Gives the [`User`] as it is then. What is not
    /// [set on the request](Request#impl-Request%3CUpdateUser%3E) stays:
    ///
    /// - `license_type`: what the user may do
    /// - `user_type`: a person or a device
    /// - `alexa_for_business_metadata`: the Alexa for Business settings
    ///
    /// API: [UpdateUser](https://docs.aws.amazon.com/chime/latest/APIReference/API_UpdateUser.html)
    ///
    /// ```
    /// # use amazon_chime::License;
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// let ana = client.create_user(&acme.account_id).email("ana@example.com").await?;
    /// let ana = client.update_user(&acme.account_id, &ana.user_id).license_type(License::Basic).await?;
    /// assert_eq!(ana.license_type, Some(License::Basic));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such user,
    /// [`is_bad_request`](crate::Error::is_bad_request) for a license that the
    /// account does not support.
    pub fn update_user(
        &self,
        account_id: impl Into<AccountId>,
        user_id: impl Into<UserId>,
    ) -> Request<UpdateUser> {
        self.request(UpdateUser {
            account_id: account_id.into(),
            user_id: user_id.into(),
            license_type: None,
            user_type: None,
            alexa_for_business_metadata: None,
        })
    }

    /// Changes up to 20 users of an account, each as [`update_user`](Self::update_user) does. Gives a
    /// [`UserError`] per user who could not be changed; none if all could.
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
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such account.
    pub fn batch_update_user(
        &self,
        account_id: impl Into<AccountId>,
        items: impl IntoIterator<Item = UpdateUserRequestItem>,
    ) -> Request<BatchUpdateUser> {
        let update_user_request_items = items.into_iter().collect();
        self.request(BatchUpdateUser { account_id: account_id.into(), update_user_request_items })
    }

    /// Suspends up to 50 users of an account, who then cannot sign in. Gives a
    /// [`UserError`] per user who could not be suspended; none if all could.
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
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such account.
    pub fn batch_suspend_user(
        &self,
        account_id: impl Into<AccountId>,
        user_ids: impl IntoIterator<Item = impl Into<UserId>>,
    ) -> Request<BatchSuspendUser> {
        let user_id_list = user_ids.into_iter().map(Into::into).collect();
        self.request(BatchSuspendUser { account_id: account_id.into(), user_id_list })
    }

    /// Lets up to 50 suspended users of an account sign in again. Gives a
    /// [`UserError`] per user for whom that failed; none if it went well for all.
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
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such account.
    pub fn batch_unsuspend_user(
        &self,
        account_id: impl Into<AccountId>,
        user_ids: impl IntoIterator<Item = impl Into<UserId>>,
    ) -> Request<BatchUnsuspendUser> {
        let user_id_list = user_ids.into_iter().map(Into::into).collect();
        self.request(BatchUnsuspendUser { account_id: account_id.into(), user_id_list })
    }

    /// Signs a user out of all devices. Gives nothing.
    ///
    /// API: [LogoutUser](https://docs.aws.amazon.com/chime/latest/APIReference/API_LogoutUser.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// let ana = client.create_user(&acme.account_id).email("ana@example.com").await?;
    /// client.logout_user(&acme.account_id, &ana.user_id).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such user in that account.
    pub fn logout_user(
        &self,
        account_id: impl Into<AccountId>,
        user_id: impl Into<UserId>,
    ) -> Request<LogoutUser> {
        self.request(LogoutUser { account_id: account_id.into(), user_id: user_id.into() })
    }

    /// Replaces the PIN of a user's personal meetings by a new one. Gives the [`User`], with the new
    /// [`personal_pin`](User::personal_pin).
    ///
    /// It is not sent again once it may have run: if the first request ran last, the caller would have a
    /// PIN that is no longer the user's. If it fails with
    /// [`may_have_applied`](crate::Error::may_have_applied), read the user to see which PIN holds.
    ///
    /// API: [ResetPersonalPIN](https://docs.aws.amazon.com/chime/latest/APIReference/API_ResetPersonalPIN.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// let before = client.create_user(&acme.account_id).email("ana@example.com").await?;
    /// let after = client.reset_personal_pin(&acme.account_id, &before.user_id).await?;
    /// assert!(after.personal_pin.is_some());
    /// assert_ne!(after.personal_pin, before.personal_pin);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such user in that account.
    pub fn reset_personal_pin(
        &self,
        account_id: impl Into<AccountId>,
        user_id: impl Into<UserId>,
    ) -> Request<ResetPersonalPin> {
        self.request(ResetPersonalPin { account_id: account_id.into(), user_id: user_id.into() })
    }
}

/// The operation of [`Client::create_user`]: `POST /accounts/{accountId}/users?operation=create`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateUser {
    #[serde(skip)]
    account_id: AccountId,
    username: Option<Sensitive>,
    email: Option<Sensitive>,
    user_type: Option<UserType>,
}

/// Optional parameters of [`Client::create_user`].
impl Request<CreateUser> {
    /// The user name.
    pub fn username(self, username: impl Into<String>) -> Self {
        self.set(|operation| operation.username = Some(username.into().into()))
    }

    /// The e-mail address, which no other user of the account may have.
    pub fn email(self, email: impl Into<Sensitive>) -> Self {
        self.set(|operation| operation.email = Some(email.into()))
    }

    /// A person, as by default, or a device.
    pub fn user_type(self, user_type: impl Into<UserType>) -> Self {
        self.set(|operation| operation.user_type = Some(user_type.into()))
    }
}

impl Operation for CreateUser {
    type Output = User;
    const SPEC: Spec = Spec::post("CreateUser", Replay::Never);

    fn route(&self) -> Route {
        account(&self.account_id).then("users").constant("operation", "create")
    }

    fn validate(&self) -> Validity {
        validate::email("Email", self.email.as_ref())
    }

    fn body(&self) -> Body {
        let email = self.email.as_ref().map(Sensitive::expose);
        let body = Body::json(self).sensitive(&self.email).user_names(&self.username);
        body.asks("Email", email)
    }
}

impl Ensure for CreateUser {
    type Ensured = Ensured<User>;
    type Found = Option<User>;
    const IS_RECOGNISED_LATER: bool = true;

    async fn look_first(request: &Request<Self>) -> Result<Option<User>, Error> {
        let Self { account_id, email, .. } = &request.operation;
        let email = validate::set_to_ensure("Email", email.as_ref()).map_err(Error::new)?;
        user_with_email(request, account_id, email).await
    }

    async fn look_again(request: &Request<Self>, found: &mut Option<User>) -> Result<(), Error> {
        *found = Self::look_first(request).await?;
        Ok(())
    }

    fn missing(&self, found: &Option<User>) -> Option<Self> {
        found.is_none().then(|| self.clone())
    }

    async fn ensured(
        _: &Request<Self>,
        found: Option<User>,
        answer: Option<User>,
        was_in_doubt: bool,
    ) -> Result<Ensured<User>, Error> {
        Ensured::one(found, answer, was_in_doubt)
    }
}

/// The user of an account who has this e-mail address, looked for as a part of another call.
pub(super) async fn user_with_email<O: Operation>(
    call: &Request<O>,
    account_id: &AccountId,
    email: &Sensitive,
) -> Result<Option<User>, Error> {
    let listing = call.client.list_users(account_id).user_email(email);
    let mut users = call.with_settings_for(listing).items();
    while let Some(user) = users.try_next().await? {
        let found = user.primary_email.as_ref();
        if found.is_some_and(|found| is_same_email(found, email)) {
            return Ok(Some(user));
        }
    }
    Ok(None)
}

pub(super) fn is_same_email(one: &Sensitive, other: &Sensitive) -> bool {
    is_same_text(one.expose(), other.expose())
}

/// The operation of [`Client::get_user`]: `GET /accounts/{accountId}/users/{userId}`.
#[derive(Clone, Debug)]
pub struct GetUser {
    account_id: AccountId,
    user_id: UserId,
}

impl Operation for GetUser {
    type Output = User;
    const SPEC: Spec = Spec::get("GetUser");

    fn route(&self) -> Route {
        user(&self.account_id, &self.user_id)
    }
}

/// The operation of [`Client::list_users`]: `GET /accounts/{accountId}/users`.
#[derive(Clone, Debug)]
pub struct ListUsers {
    account_id: AccountId,
    user_email: Option<Sensitive>,
    user_type: Option<UserType>,
    paging: Paging,
}

/// Optional parameters of [`Client::list_users`].
impl Request<ListUsers> {
    /// Only the user with this e-mail address.
    pub fn user_email(self, email: impl Into<Sensitive>) -> Self {
        self.set(|operation| operation.user_email = Some(email.into()))
    }

    /// Only users of this type.
    pub fn user_type(self, user_type: impl Into<UserType>) -> Self {
        self.set(|operation| operation.user_type = Some(user_type.into()))
    }
}

impl Operation for ListUsers {
    type Output = Page<User>;
    const SPEC: Spec = Spec::get("ListUsers");

    fn route(&self) -> Route {
        account(&self.account_id)
            .then("users")
            .sensitive_query("user-email", self.user_email.as_ref())
            .query("user-type", self.user_type.as_ref())
            .paging(&self.paging)
    }

    fn validate(&self) -> Validity {
        validate::email("UserEmail", self.user_email.as_ref())?;
        self.paging.validate(200)
    }
}

impl List for ListUsers {
    type Item = User;

    fn paging(&mut self) -> &mut Paging {
        &mut self.paging
    }
}

/// The operation of [`Client::update_user`]: `POST /accounts/{accountId}/users/{userId}`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateUser {
    #[serde(skip)]
    account_id: AccountId,
    #[serde(skip)]
    user_id: UserId,
    license_type: Option<License>,
    user_type: Option<UserType>,
    alexa_for_business_metadata: Option<AlexaForBusinessMetadata>,
}

/// Optional parameters of [`Client::update_user`].
impl Request<UpdateUser> {
    /// What the user may do; the account must support it.
    pub fn license_type(self, license: impl Into<License>) -> Self {
        self.set(|operation| operation.license_type = Some(license.into()))
    }

    /// A person or a device.
    pub fn user_type(self, user_type: impl Into<UserType>) -> Self {
        self.set(|operation| operation.user_type = Some(user_type.into()))
    }

    /// The Alexa for Business settings.
    pub fn alexa_for_business_metadata(self, metadata: AlexaForBusinessMetadata) -> Self {
        self.set(|operation| operation.alexa_for_business_metadata = Some(metadata))
    }
}

impl Operation for UpdateUser {
    type Output = User;
    const SPEC: Spec = Spec::post("UpdateUser", Replay::Safe);

    fn route(&self) -> Route {
        user(&self.account_id, &self.user_id)
    }

    fn body(&self) -> Body {
        Body::json(self).sensitive(room_arn(self.alexa_for_business_metadata.as_ref()))
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

/// The operation of [`Client::logout_user`]: `POST /accounts/{accountId}/users/{userId}?operation=logout`.
#[derive(Clone, Debug)]
pub struct LogoutUser {
    account_id: AccountId,
    user_id: UserId,
}

impl Operation for LogoutUser {
    type Output = ();
    const SPEC: Spec = Spec::post("LogoutUser", Replay::Safe);

    fn route(&self) -> Route {
        user(&self.account_id, &self.user_id).constant("operation", "logout")
    }
}

/// The operation of [`Client::reset_personal_pin`]:
/// `POST /accounts/{accountId}/users/{userId}?operation=reset-personal-pin`.
#[derive(Clone, Debug)]
pub struct ResetPersonalPin {
    account_id: AccountId,
    user_id: UserId,
}

impl Operation for ResetPersonalPin {
    type Output = User;
    const SPEC: Spec = Spec::post("ResetPersonalPIN", Replay::Never);

    fn route(&self) -> Route {
        user(&self.account_id, &self.user_id).constant("operation", "reset-personal-pin")
    }
}

/// `/accounts/{accountId}/users/{userId}`
pub(crate) fn user(account_id: &AccountId, user_id: &UserId) -> Route {
    account(account_id).then("users").id("UserId", user_id)
}

/// The limits of a batch: at most 50 users, none of them blank.
fn batch_of_users(user_ids: &[UserId]) -> Validity {
    validate::at_most("UserIdList", user_ids, 50)?;
    user_ids.iter().try_for_each(|user_id| validate::not_blank("UserIdList", user_id))
}

/// What is sensitive in the Alexa for Business settings of a user.
fn room_arn(metadata: Option<&AlexaForBusinessMetadata>) -> Option<&Sensitive> {
    metadata?.alexa_for_business_room_arn.as_ref()
}
