//! The models and operations of users.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

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
/// Personal data such as the e-mail address is [`Sensitive`], so the `Debug` form of a user can be logged:
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
    /// The identifier of the user.
    pub user_id: UserId,
    /// The account that the user belongs to.
    pub account_id: Option<AccountId>,
    /// The user's e-mail address.
    pub primary_email: Option<Sensitive>,
    /// The user's phone number.
    pub primary_provisioned_number: Option<Sensitive>,
    /// The name that others see.
    pub display_name: Option<Sensitive>,
    /// The license, which determines what the user may do.
    pub license_type: Option<License>,
    /// Whether the user is a person or a device.
    pub user_type: Option<UserType>,
    /// The registration status.
    pub user_registration_status: Option<RegistrationStatus>,
    /// The status of the invitation.
    pub user_invitation_status: Option<InviteStatus>,
    /// The time when the user registered.
    #[serde(default, deserialize_with = "timestamp")]
    pub registered_on: Option<DateTime<Utc>>,
    /// The time when the user was invited.
    #[serde(default, deserialize_with = "timestamp")]
    pub invited_on: Option<DateTime<Utc>>,
    /// The Alexa for Business settings.
    pub alexa_for_business_metadata: Option<AlexaForBusinessMetadata>,
    /// The PIN of the user's personal meetings.
    #[serde(rename = "PersonalPIN")]
    pub personal_pin: Option<Sensitive>,
}

impl User {
    /// Creates a user in which only the identifier is set.
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
    /// Creates settings in which nothing is set.
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

open_enum! {
    /// The type of a user: a person or a device.
    UserType {
        /// A person.
        PrivateUser,
        /// A device that several people use.
        SharedDevice,
    }
}

open_enum! {
    /// The registration status of a user.
    RegistrationStatus {
        /// The user has not registered yet.
        Unregistered,
        /// The user has registered.
        Registered,
        /// The user is suspended and cannot sign in.
        Suspended,
    }
}

open_enum! {
    /// The status of an invitation.
    InviteStatus {
        /// The user has not answered yet.
        Pending,
        /// The user has accepted.
        Accepted,
        /// The invitation could not be delivered.
        Failed,
    }
}

/// Users.
impl Client {
    /// Creates a user in an account and returns the [`User`].
    ///
    /// Optional parameters:
    ///
    /// - [`email`](Request::email): the e-mail address; no other user of the account may have it
    /// - [`username`](Request::username): the user name
    /// - [`user_type`](Request#method.user_type): a person (the default) or a device
    ///
    /// If the response is lost, unreadable or a server error, the request is
    /// [not sent again](crate::docs::reliability).
    ///
    /// [`ensure`](Request::ensure), in place of `send`, creates the user exactly once. It looks for a user of the
    /// account with this `email`, which must be set, before the first attempt and after each lost response. It returns
    /// an existing user as [`Existed`](crate::Ensured::Existed) and does not change the user. If the service refuses
    /// the address because a user outside the account has it, the call fails with
    /// [`is_conflict`](crate::Error::is_conflict).
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
    /// - [`is_conflict`](crate::Error::is_conflict): the account already has a user with this e-mail address
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    pub fn create_user(&self, account_id: impl Into<AccountId>) -> Request<CreateUser> {
        let account_id = account_id.into();
        self.request(CreateUser { account_id, username: None, email: None, user_type: None })
    }

    /// Retrieves a user and returns the [`User`].
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
    /// - [`is_not_found`](crate::Error::is_not_found): the user does not exist in the account
    pub fn get_user(
        &self,
        account_id: impl Into<AccountId>,
        user_id: impl Into<UserId>,
    ) -> Request<GetUser> {
        self.request(GetUser { account_id: account_id.into(), user_id: user_id.into() })
    }

    /// Lists the users of an account and returns a [`Page`] of [`User`]s.
    ///
    /// [`items`](Request::items) and [`pages`](Request::pages) return streams over all pages.
    ///
    /// Optional parameters:
    ///
    /// - [`user_email`](Request#method.user_email-1): only the user with this e-mail address
    /// - [`user_type`](Request#method.user_type-1): only users of this type
    /// - [`max_results`](Request::max_results): the largest number of users on a page, 1 to 200 (100 by default)
    /// - [`next_token`](Request::next_token): the token of the page to start with
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
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    /// - [`is_bad_request`](crate::Error::is_bad_request): the token is from a listing with other filters
    pub fn list_users(&self, account_id: impl Into<AccountId>) -> Request<ListUsers> {
        let account_id = account_id.into();
        self.request(ListUsers {
            account_id,
            user_email: None,
            user_type: None,
            paging: Paging::default(),
        })
    }

    /// Changes a user and returns the changed [`User`].
    ///
    /// Optional parameters; a value that is not set stays as it is:
    ///
    /// - [`license_type`](Request::license_type): the license
    /// - [`user_type`](Request#method.user_type-2): a person or a device
    /// - [`alexa_for_business_metadata`](Request::alexa_for_business_metadata): the Alexa for Business settings
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
    /// - [`is_not_found`](crate::Error::is_not_found): the user does not exist in the account
    /// - [`is_bad_request`](crate::Error::is_bad_request): the account does not support the license
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

    /// Signs a user out of all devices.
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
    /// - [`is_not_found`](crate::Error::is_not_found): the user does not exist in the account
    pub fn logout_user(
        &self,
        account_id: impl Into<AccountId>,
        user_id: impl Into<UserId>,
    ) -> Request<LogoutUser> {
        self.request(LogoutUser { account_id: account_id.into(), user_id: user_id.into() })
    }

    /// Creates a new PIN for the personal meetings of a user and returns the [`User`] with the new
    /// [`personal_pin`](User::personal_pin).
    ///
    /// If the response is lost, unreadable or a server error, the request is not sent again, because a delayed first
    /// request could replace the PIN of the second. If the call fails and
    /// [`may_have_applied`](crate::Error::may_have_applied) is `true`, read the user to see the valid PIN.
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
    /// - [`is_not_found`](crate::Error::is_not_found): the user does not exist in the account
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
    /// Sets the user name.
    pub fn username(self, username: impl Into<String>) -> Self {
        self.set(|operation| operation.username = Some(username.into().into()))
    }

    /// Sets the e-mail address, which no other user of the account may have.
    pub fn email(self, email: impl Into<Sensitive>) -> Self {
        self.set(|operation| operation.email = Some(email.into()))
    }

    /// Sets the type of the user: a person (the default) or a device.
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

/// Finds the user of an account who has this e-mail address, with the settings and the deadline of `call`.
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
    /// Lists only the user with this e-mail address.
    pub fn user_email(self, email: impl Into<Sensitive>) -> Self {
        self.set(|operation| operation.user_email = Some(email.into()))
    }

    /// Lists only users of this type.
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
    /// Sets the license, which the account must support.
    pub fn license_type(self, license: impl Into<License>) -> Self {
        self.set(|operation| operation.license_type = Some(license.into()))
    }

    /// Sets the type of the user: a person or a device.
    pub fn user_type(self, user_type: impl Into<UserType>) -> Self {
        self.set(|operation| operation.user_type = Some(user_type.into()))
    }

    /// Sets the Alexa for Business settings.
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

pub(crate) fn user(account_id: &AccountId, user_id: &UserId) -> Route {
    account(account_id).then("users").id("UserId", user_id)
}

pub(super) fn room_arn(metadata: Option<&AlexaForBusinessMetadata>) -> Option<&Sensitive> {
    metadata?.alexa_for_business_room_arn.as_ref()
}
