//! The models and operations of accounts.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::asked::{Answers, Asked, is_same_text};
use crate::client::Client;
use crate::decode::{Enveloped, Listed, Model, null_as_empty, timestamp};
use crate::docs::with_client;
use crate::ensure::{Ensure, Ensured};
use crate::error::Error;
use crate::id::id;
use crate::open_enum::open_enum;
use crate::operation::{Body, Operation, Replay, Spec};
use crate::pages::{Items, List, Page};
use crate::paging::Paging;
use crate::request::Request;
use crate::route::Route;
use crate::sensitive::Sensitive;
use crate::validate::{self, Validity};

id! {
    /// The identifier of an [`Account`].
    AccountId
}

/// A Chime account, which contains users. An AWS account can have many Chime accounts.
///
/// ```
/// use amazon_chime::{AccountStatus, License};
///
#[doc = with_client!()]
/// let account = client.create_account("Acme").await?;
/// assert_eq!(account.account_status, Some(AccountStatus::Active));
/// assert!(account.supported_licenses.contains(&License::Pro));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Account {
    /// The AWS account that administers the Chime account.
    pub aws_account_id: String,
    /// The identifier of the account.
    pub account_id: AccountId,
    /// The name, which need not be unique.
    pub name: String,
    /// The way in which the users are managed.
    pub account_type: Option<AccountType>,
    /// The time of the creation.
    #[serde(default, deserialize_with = "timestamp")]
    pub created_timestamp: Option<DateTime<Utc>>,
    /// The license that new users get.
    pub default_license: Option<License>,
    /// The licenses that the users can have.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub supported_licenses: Vec<License>,
    /// Whether the account is active or suspended.
    pub account_status: Option<AccountStatus>,
    /// The directory groups whose members may act as delegates at sign-in.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub signin_delegate_groups: Vec<SigninDelegateGroup>,
}

impl Account {
    /// Creates an account in which only these fields are set.
    #[must_use]
    pub fn new(
        aws_account_id: impl Into<String>,
        account_id: impl Into<AccountId>,
        name: impl Into<String>,
    ) -> Self {
        Self {
            aws_account_id: aws_account_id.into(),
            account_id: account_id.into(),
            name: name.into(),
            account_type: None,
            created_timestamp: None,
            default_license: None,
            supported_licenses: Vec::new(),
            account_status: None,
            signin_delegate_groups: Vec::new(),
        }
    }
}

impl Model for Account {
    fn is_about(&self, asked: &Asked) -> Answers {
        asked.known_by("AccountId", &self.account_id)?;
        asked.text("Name", Some(&self.name), "")
    }
}

impl Enveloped for Account {
    const MEMBER: &'static str = "Account";
}

impl Listed for Account {
    const LIST: &'static str = "Accounts";
}

/// A directory group whose members may act as delegates at sign-in.
///
/// ```
/// use amazon_chime::SigninDelegateGroup;
///
/// let group = SigninDelegateGroup::from("assistants");
/// assert_eq!(group.group_name.as_deref(), Some("assistants"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SigninDelegateGroup {
    /// The name of the group.
    pub group_name: Option<String>,
}

impl SigninDelegateGroup {
    /// Creates a group with this name.
    #[must_use]
    pub fn new(group_name: impl Into<String>) -> Self {
        Self { group_name: Some(group_name.into()) }
    }
}

impl From<&str> for SigninDelegateGroup {
    fn from(name: &str) -> Self {
        Self::from(name.to_owned())
    }
}

impl From<String> for SigninDelegateGroup {
    fn from(name: String) -> Self {
        Self { group_name: Some(name) }
    }
}

impl From<&String> for SigninDelegateGroup {
    fn from(name: &String) -> Self {
        Self::from(name.clone())
    }
}

impl From<&SigninDelegateGroup> for SigninDelegateGroup {
    fn from(group: &SigninDelegateGroup) -> Self {
        group.clone()
    }
}

open_enum! {
    /// The way in which the users of an account are managed.
    AccountType {
        /// Users are invited.
        Team,
        /// Users are managed by a directory that claims the domains of the company.
        EnterpriseDirectory,
        /// Users of claimed domains are managed by Login with Amazon.
        EnterpriseLwa = "EnterpriseLWA",
        /// Users of claimed domains are managed by an `OpenID` Connect provider.
        EnterpriseOidc = "EnterpriseOIDC",
    }
}

open_enum! {
    /// The status of an account.
    AccountStatus {
        /// The account is suspended.
        Suspended,
        /// The account is in use.
        Active,
    }
}

open_enum! {
    /// A license, which determines what a user may do and how much the user costs.
    License {
        /// The user can attend meetings and chat.
        Basic,
        /// A former license between Basic and Pro.
        Plus,
        /// The user can also host meetings.
        Pro,
        /// The Pro license for a trial period.
        ProTrial,
    }
}

/// Accounts.
impl Client {
    /// Creates an account of the type [`Team`](AccountType::Team) and returns the [`Account`].
    ///
    /// `name` has 1 to 100 characters and is not blank. The name need not be unique, so every call that succeeds
    /// creates another account.
    ///
    /// If the response is lost, unreadable or a server error, the request is
    /// [not sent again](crate::docs::reliability).
    ///
    /// [`ensure`](Request::ensure), in place of `send`, creates one account per call. It lists the accounts with this
    /// name before the first attempt and after each lost response. An account in a later list is the created account if
    /// it was not in the first list and is not older than the call. Names are compared without white space and case,
    /// because the service may change both. Creation times are compared with a tolerance of 5 minutes, because clocks
    /// may differ.
    ///
    /// Two such calls with the same name create two accounts, so the result is never
    /// [`Existed`](crate::Ensured::Existed). `ensure` has two risks for accounts:
    ///
    /// - If a response is lost, and another program or another call creates an account with this name at the same time,
    ///   the call may return that account.
    /// - If an attempt is still running when the call lists the accounts, or if the list does not contain the new
    ///   account yet, a second account may be created.
    ///
    /// If a call fails and [`may_have_applied`](crate::Error::may_have_applied) is `true`, list the accounts with this
    /// name, because a later call does not recognise an account that this call created.
    ///
    /// API: [CreateAccount](https://docs.aws.amazon.com/chime/latest/APIReference/API_CreateAccount.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// let account = client.create_account("Acme").await?;
    /// assert_eq!(account.name, "Acme");
    /// assert_eq!(account.account_type, Some(AccountType::Team));
    /// # Ok(()) }
    /// ```
    pub fn create_account(&self, name: impl Into<String>) -> Request<CreateAccount> {
        self.request(CreateAccount { name: name.into() })
    }

    /// Retrieves an account and returns the [`Account`].
    ///
    /// API: [GetAccount](https://docs.aws.amazon.com/chime/latest/APIReference/API_GetAccount.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// let account = client.get_account(&acme.account_id).await?;
    /// assert_eq!(account, acme);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    pub fn get_account(&self, account_id: impl Into<AccountId>) -> Request<GetAccount> {
        self.request(GetAccount { account_id: account_id.into() })
    }

    /// Lists the accounts of the AWS account and returns a [`Page`] of [`Account`]s.
    ///
    /// [`items`](Request::items) and [`pages`](Request::pages) return streams over all pages.
    ///
    /// Optional parameters:
    ///
    /// - [`name_prefix`](Request::name_prefix): only accounts whose name begins with this prefix
    /// - [`user_email`](Request#method.user_email): only the account of the user with this e-mail address
    /// - [`max_results`](Request::max_results): the largest number of accounts on a page, 1 to 200 (100 by default)
    /// - [`next_token`](Request::next_token): the token of the page to start with
    ///
    /// API: [ListAccounts](https://docs.aws.amazon.com/chime/latest/APIReference/API_ListAccounts.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// for name in ["Acme", "Acorn", "Birch"] {
    ///     client.create_account(name).await?;
    /// }
    /// let mut names = Vec::new();
    /// let mut accounts = client.list_accounts().name_prefix("Ac").items();
    /// while let Some(account) = accounts.try_next().await? {
    ///     names.push(account.name);
    /// }
    /// assert_eq!(names, ["Acme", "Acorn"]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_bad_request`](crate::Error::is_bad_request): the token is from a listing with other filters
    pub fn list_accounts(&self) -> Request<ListAccounts> {
        self.request(ListAccounts { name: None, user_email: None, paging: Paging::default() })
    }

    /// Changes an account and returns the changed [`Account`].
    ///
    /// Optional parameters; a value that is not set stays as it is:
    ///
    /// - [`name`](Request#method.name): the new name
    /// - [`default_license`](Request::default_license): the license that new users get
    ///
    /// API: [UpdateAccount](https://docs.aws.amazon.com/chime/latest/APIReference/API_UpdateAccount.html)
    ///
    /// ```
    /// # use amazon_chime::License;
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// let account = client
    ///     .update_account(&acme.account_id)
    ///     .name("Acme Corporation")
    ///     .default_license(License::Basic)
    ///     .await?;
    /// assert_eq!(account.name, "Acme Corporation");
    /// assert_eq!(account.default_license, Some(License::Basic));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    /// - [`is_bad_request`](crate::Error::is_bad_request): the account does not support the license
    pub fn update_account(&self, account_id: impl Into<AccountId>) -> Request<UpdateAccount> {
        self.request(UpdateAccount {
            account_id: account_id.into(),
            name: None,
            default_license: None,
        })
    }

    /// Deletes an account that has no users or only suspended users.
    ///
    /// API: [DeleteAccount](https://docs.aws.amazon.com/chime/latest/APIReference/API_DeleteAccount.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// client.delete_account(&acme.account_id).await?;
    /// let error = client.get_account(&acme.account_id).await.unwrap_err();
    /// assert!(error.is_not_found());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_unprocessable`](crate::Error::is_unprocessable): the account has users who are not suspended
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist; if an earlier attempt of this call
    ///   may have deleted the account, [`may_have_applied`](crate::Error::may_have_applied) is also `true`
    pub fn delete_account(&self, account_id: impl Into<AccountId>) -> Request<DeleteAccount> {
        self.request(DeleteAccount { account_id: account_id.into() })
    }
}

/// The operation of [`Client::create_account`]: `POST /accounts`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateAccount {
    name: String,
}

impl Operation for CreateAccount {
    type Output = Account;
    const SPEC: Spec = Spec::post("CreateAccount", Replay::Never);

    fn route(&self) -> Route {
        Route::new("accounts")
    }

    fn validate(&self) -> Validity {
        account_name(Some(&self.name))
    }

    fn body(&self) -> Body {
        Body::json(self).asks("Name", Some(&self.name))
    }
}

/// The largest tolerated difference between the clocks of the service and of this machine.
const CLOCK_DIFFERENCE: TimeDelta = TimeDelta::minutes(5);

/// The data by which an ensured create recognises its account among other accounts with the same name.
#[derive(Debug)]
pub struct NewAccount {
    before: HashSet<AccountId>,
    since: DateTime<Utc>,
    found: Option<Account>,
}

impl Ensure for CreateAccount {
    type Ensured = Ensured<Account>;
    type Found = NewAccount;
    const IS_RECOGNISED_LATER: bool = false;

    async fn look_first(request: &Request<Self>) -> Result<NewAccount, Error> {
        let mut before = HashSet::new();
        let mut accounts = accounts_with_name(request);
        while let Some(account) = accounts.try_next().await? {
            before.insert(account.account_id);
        }
        let now = DateTime::<Utc>::from(request.client.shared().service_time());
        Ok(NewAccount { before, since: now - CLOCK_DIFFERENCE, found: None })
    }

    async fn look_again(request: &Request<Self>, found: &mut NewAccount) -> Result<(), Error> {
        let mut accounts = accounts_with_name(request);
        while let Some(account) = accounts.try_next().await? {
            if is_same_text(&account.name, &request.operation.name)
                && !found.before.contains(&account.account_id)
                && account.created_timestamp.is_none_or(|time| time >= found.since)
            {
                found.found = Some(account);
                break;
            }
        }
        Ok(())
    }

    fn missing(&self, found: &NewAccount) -> Option<Self> {
        found.found.is_none().then(|| self.clone())
    }

    async fn ensured(
        _: &Request<Self>,
        found: NewAccount,
        answer: Option<Account>,
        was_in_doubt: bool,
    ) -> Result<Ensured<Account>, Error> {
        Ensured::one(found.found, answer, was_in_doubt)
    }
}

/// Lists the accounts whose name begins with the requested name, which is trimmed because the service may trim names.
fn accounts_with_name(request: &Request<CreateAccount>) -> Items<ListAccounts> {
    let listing = request.client.list_accounts().name_prefix(request.operation.name.trim());
    request.with_settings_for(listing.max_results(MAX_PAGE)).items()
}

/// The operation of [`Client::get_account`]: `GET /accounts/{accountId}`.
#[derive(Clone, Debug)]
pub struct GetAccount {
    account_id: AccountId,
}

impl Operation for GetAccount {
    type Output = Account;
    const SPEC: Spec = Spec::get("GetAccount");

    fn route(&self) -> Route {
        account(&self.account_id)
    }
}

/// The operation of [`Client::list_accounts`]: `GET /accounts`.
#[derive(Clone, Debug)]
pub struct ListAccounts {
    name: Option<String>,
    user_email: Option<Sensitive>,
    paging: Paging,
}

/// Optional parameters of [`Client::list_accounts`].
impl Request<ListAccounts> {
    /// Lists only accounts whose name begins with this prefix: 1 to 100 characters, not blank.
    pub fn name_prefix(self, prefix: impl Into<String>) -> Self {
        self.set(|operation| operation.name = Some(prefix.into()))
    }

    /// Lists only the account of the user with this e-mail address.
    pub fn user_email(self, email: impl Into<Sensitive>) -> Self {
        self.set(|operation| operation.user_email = Some(email.into()))
    }
}

impl Operation for ListAccounts {
    type Output = Page<Account>;
    const SPEC: Spec = Spec::get("ListAccounts");

    fn route(&self) -> Route {
        Route::new("accounts")
            .query("name", self.name.as_ref())
            .sensitive_query("user-email", self.user_email.as_ref())
            .paging(&self.paging)
    }

    fn validate(&self) -> Validity {
        account_name(self.name.as_deref())?;
        validate::email("UserEmail", self.user_email.as_ref())?;
        self.paging.validate(MAX_PAGE)
    }
}

impl List for ListAccounts {
    type Item = Account;

    fn paging(&mut self) -> &mut Paging {
        &mut self.paging
    }
}

/// The operation of [`Client::update_account`]: `POST /accounts/{accountId}`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateAccount {
    #[serde(skip)]
    account_id: AccountId,
    name: Option<String>,
    default_license: Option<License>,
}

/// Optional parameters of [`Client::update_account`].
impl Request<UpdateAccount> {
    /// Sets the new name: 1 to 100 characters, not blank.
    pub fn name(self, name: impl Into<String>) -> Self {
        self.set(|operation| operation.name = Some(name.into()))
    }

    /// Sets the license that new users get, which the account must support.
    pub fn default_license(self, license: impl Into<License>) -> Self {
        self.set(|operation| operation.default_license = Some(license.into()))
    }
}

impl Operation for UpdateAccount {
    type Output = Account;
    const SPEC: Spec = Spec::post("UpdateAccount", Replay::Safe);

    fn route(&self) -> Route {
        account(&self.account_id)
    }

    fn validate(&self) -> Validity {
        account_name(self.name.as_deref())
    }

    fn body(&self) -> Body {
        Body::json(self)
    }
}

/// The operation of [`Client::delete_account`]: `DELETE /accounts/{accountId}`.
#[derive(Clone, Debug)]
pub struct DeleteAccount {
    account_id: AccountId,
}

impl Operation for DeleteAccount {
    type Output = ();
    const SPEC: Spec = Spec::delete("DeleteAccount");

    fn route(&self) -> Route {
        account(&self.account_id)
    }
}

pub(crate) fn account(account_id: &AccountId) -> Route {
    Route::new("accounts").id("AccountId", account_id)
}

/// The largest number of accounts on a page.
const MAX_PAGE: u32 = 200;

fn account_name(name: Option<&str>) -> Validity {
    validate::text("Name", name, 1..=100)
}
