//! The models and operations of the settings of accounts, including message retention.

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::accounts::{AccountId, account};
use crate::client::Client;
use crate::decode::{Decode, Decoded, Enveloped, Model, bare, timestamp};
use crate::docs::with_client;
use crate::json::Json;
use crate::operation::{Body, Operation, Spec};
use crate::request::Request;
use crate::route::Route;
use crate::validate::{self, Validity};

/// The settings of an account.
///
/// ```
#[doc = with_client!()]
/// let acme = client.create_account("Acme").await?;
/// let settings = client.get_account_settings(&acme.account_id).await?;
/// assert_eq!(settings.enable_dial_out, Some(false));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AccountSettings {
    /// Whether participants are prevented from controlling the shared screen of another participant.
    pub disable_remote_control: Option<bool>,
    /// Whether meetings can call the phones of participants.
    pub enable_dial_out: Option<bool>,
}

impl AccountSettings {
    /// Creates settings in which nothing is set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Model for AccountSettings {}

impl Enveloped for AccountSettings {
    const MEMBER: &'static str = "AccountSettings";
}

/// The message retention of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AccountRetention {
    /// The retention settings.
    pub retention_settings: Option<RetentionSettings>,
    /// The time from which the service deletes messages that are older than the retention period.
    #[serde(default, deserialize_with = "timestamp")]
    pub initiate_deletion_timestamp: Option<DateTime<Utc>>,
}

impl AccountRetention {
    /// Creates a value in which nothing is set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Decode for AccountRetention {
    type AsJson = Json<Self>;

    fn decode(json: &str) -> Decoded<Self> {
        retention(json)
    }
}

impl Decode for Json<AccountRetention> {
    type AsJson = Self;

    fn decode(json: &str) -> Decoded<Self> {
        retention(json)
    }
}

/// Decodes a response, which may be empty for `PutRetentionSettings`.
fn retention<T: DeserializeOwned>(json: &str) -> Decoded<T> {
    let json = if json.trim().is_empty() { "{}" } else { json };
    bare(json, &["RetentionSettings", "InitiateDeletionTimestamp"])
}

/// The retention settings for chat rooms and conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RetentionSettings {
    /// The settings for chat rooms.
    pub room_retention_settings: Option<RoomRetentionSettings>,
    /// The settings for conversations.
    pub conversation_retention_settings: Option<ConversationRetentionSettings>,
}

impl RetentionSettings {
    /// Creates settings in which nothing is set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// The number of days for which an account keeps messages in chat rooms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RoomRetentionSettings {
    /// The number of days; `None` keeps messages forever.
    pub retention_days: Option<u32>,
}

impl RoomRetentionSettings {
    /// Creates settings without a number of days.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// The number of days for which an account keeps messages in conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ConversationRetentionSettings {
    /// The number of days; `None` keeps messages forever.
    pub retention_days: Option<u32>,
}

impl ConversationRetentionSettings {
    /// Creates settings without a number of days.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// Settings of accounts.
impl Client {
    /// Retrieves the settings of an account and returns the [`AccountSettings`].
    ///
    /// API: [GetAccountSettings](https://docs.aws.amazon.com/chime/latest/APIReference/API_GetAccountSettings.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// let settings = client.get_account_settings(&acme.account_id).await?;
    /// assert_eq!(settings.disable_remote_control, Some(false));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    pub fn get_account_settings(
        &self,
        account_id: impl Into<AccountId>,
    ) -> Request<GetAccountSettings> {
        self.request(GetAccountSettings { account_id: account_id.into() })
    }

    /// Changes the settings of an account.
    ///
    /// Optional parameters; a value that is not set stays as it is:
    ///
    /// - [`disable_remote_control`](Request::disable_remote_control): whether participants are prevented from
    ///   controlling the shared screen of another participant
    /// - [`enable_dial_out`](Request::enable_dial_out): whether meetings can call the phones of participants
    ///
    /// API: [UpdateAccountSettings](https://docs.aws.amazon.com/chime/latest/APIReference/API_UpdateAccountSettings.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// client.update_account_settings(&acme.account_id).enable_dial_out(true).await?;
    /// let settings = client.get_account_settings(&acme.account_id).await?;
    /// assert_eq!(settings.enable_dial_out, Some(true));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    /// - [`is_conflict`](crate::Error::is_conflict): another call changes the settings at the same time
    pub fn update_account_settings(
        &self,
        account_id: impl Into<AccountId>,
    ) -> Request<UpdateAccountSettings> {
        let account_settings = AccountSettings::default();
        self.request(UpdateAccountSettings { account_id: account_id.into(), account_settings })
    }

    /// Retrieves the retention settings of an Enterprise account and returns the [`AccountRetention`].
    ///
    /// All fields are `None` if the retention settings were never set.
    ///
    /// API: [GetRetentionSettings](https://docs.aws.amazon.com/chime/latest/APIReference/API_GetRetentionSettings.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// let retention = client.get_retention_settings(&acme.account_id).await?;
    /// assert_eq!(retention.initiate_deletion_timestamp, None);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    /// - [`is_access_denied`](crate::Error::is_access_denied): the account is not an Enterprise account
    pub fn get_retention_settings(
        &self,
        account_id: impl Into<AccountId>,
    ) -> Request<GetRetentionSettings> {
        self.request(GetRetentionSettings { account_id: account_id.into() })
    }

    /// Sets the retention settings of an Enterprise account and returns the [`AccountRetention`].
    ///
    /// If the service responds without a body, all fields of the result are `None`, and
    /// [`get_retention_settings`](Self::get_retention_settings) returns the new settings.
    ///
    /// Optional parameters; a value that is not set stays as it is:
    ///
    /// - [`room_retention_days`](Request::room_retention_days): the number of days after which messages in chat rooms
    ///   are deleted, 1 to 5475
    /// - [`room_retention_off`](Request::room_retention_off): keeps messages in chat rooms forever
    /// - [`conversation_retention_days`](Request::conversation_retention_days): the number of days after which messages
    ///   in conversations are deleted, 1 to 5475
    /// - [`conversation_retention_off`](Request::conversation_retention_off): keeps messages in conversations forever
    ///
    /// API: [PutRetentionSettings](https://docs.aws.amazon.com/chime/latest/APIReference/API_PutRetentionSettings.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// client
    ///     .put_retention_settings(&acme.account_id)
    ///     .room_retention_days(30)
    ///     .conversation_retention_off()
    ///     .await?;
    /// let retention = client.get_retention_settings(&acme.account_id).await?;
    /// let rooms = retention.retention_settings.unwrap_or_default().room_retention_settings;
    /// assert_eq!(rooms.unwrap_or_default().retention_days, Some(30));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    /// - [`is_access_denied`](crate::Error::is_access_denied): the account is not an Enterprise account
    /// - [`is_conflict`](crate::Error::is_conflict): another call changes the settings at the same time
    pub fn put_retention_settings(
        &self,
        account_id: impl Into<AccountId>,
    ) -> Request<PutRetentionSettings> {
        let retention_settings = RetentionSettings::default();
        self.request(PutRetentionSettings { account_id: account_id.into(), retention_settings })
    }
}

/// The operation of [`Client::get_account_settings`]: `GET /accounts/{accountId}/settings`.
#[derive(Clone, Debug)]
pub struct GetAccountSettings {
    account_id: AccountId,
}

impl Operation for GetAccountSettings {
    type Output = AccountSettings;
    const SPEC: Spec = Spec::get("GetAccountSettings");

    fn route(&self) -> Route {
        account(&self.account_id).then("settings")
    }
}

/// The operation of [`Client::update_account_settings`]: `PUT /accounts/{accountId}/settings`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateAccountSettings {
    #[serde(skip)]
    account_id: AccountId,
    account_settings: AccountSettings,
}

/// Optional parameters of [`Client::update_account_settings`].
impl Request<UpdateAccountSettings> {
    /// Sets whether participants are prevented from controlling the shared screen of another participant.
    pub fn disable_remote_control(self, disable: bool) -> Self {
        self.set(|operation| operation.account_settings.disable_remote_control = Some(disable))
    }

    /// Sets whether meetings can call the phones of participants.
    pub fn enable_dial_out(self, enable: bool) -> Self {
        self.set(|operation| operation.account_settings.enable_dial_out = Some(enable))
    }
}

impl Operation for UpdateAccountSettings {
    type Output = ();
    const SPEC: Spec = Spec::put("UpdateAccountSettings");

    fn route(&self) -> Route {
        account(&self.account_id).then("settings")
    }

    fn body(&self) -> Body {
        Body::json(self)
    }
}

/// The operation of [`Client::get_retention_settings`]: `GET /accounts/{accountId}/retention-settings`.
#[derive(Clone, Debug)]
pub struct GetRetentionSettings {
    account_id: AccountId,
}

impl Operation for GetRetentionSettings {
    type Output = AccountRetention;
    const SPEC: Spec = Spec::get("GetRetentionSettings");

    fn route(&self) -> Route {
        account(&self.account_id).then("retention-settings")
    }
}

/// The operation of [`Client::put_retention_settings`]: `PUT /accounts/{accountId}/retention-settings`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PutRetentionSettings {
    #[serde(skip)]
    account_id: AccountId,
    retention_settings: RetentionSettings,
}

/// Optional parameters of [`Client::put_retention_settings`].
impl Request<PutRetentionSettings> {
    /// Sets the number of days after which messages in chat rooms are deleted: 1 to 5475.
    pub fn room_retention_days(self, days: u32) -> Self {
        self.room_retention(Some(days))
    }

    /// Keeps messages in chat rooms forever.
    pub fn room_retention_off(self) -> Self {
        self.room_retention(None)
    }

    /// Sets the number of days after which messages in conversations are deleted: 1 to 5475.
    pub fn conversation_retention_days(self, days: u32) -> Self {
        self.conversation_retention(Some(days))
    }

    /// Keeps messages in conversations forever.
    pub fn conversation_retention_off(self) -> Self {
        self.conversation_retention(None)
    }

    fn room_retention(self, retention_days: Option<u32>) -> Self {
        let rooms = RoomRetentionSettings { retention_days };
        self.set(|operation| operation.retention_settings.room_retention_settings = Some(rooms))
    }

    fn conversation_retention(self, retention_days: Option<u32>) -> Self {
        let conversations = Some(ConversationRetentionSettings { retention_days });
        self.set(|operation| {
            operation.retention_settings.conversation_retention_settings = conversations;
        })
    }
}

impl Operation for PutRetentionSettings {
    type Output = AccountRetention;
    const SPEC: Spec = Spec::put("PutRetentionSettings");

    fn route(&self) -> Route {
        account(&self.account_id).then("retention-settings")
    }

    fn validate(&self) -> Validity {
        let RetentionSettings { room_retention_settings, conversation_retention_settings } =
            &self.retention_settings;
        let days = room_retention_settings.as_ref().and_then(|rooms| rooms.retention_days);
        validate::range("RoomRetentionSettings.RetentionDays", days, 1..=5475)?;
        let days = conversation_retention_settings.as_ref().and_then(|all| all.retention_days);
        validate::range("ConversationRetentionSettings.RetentionDays", days, 1..=5475)
    }

    fn body(&self) -> Body {
        Body::json(self)
    }
}
