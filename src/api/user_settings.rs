//! The models and operations of the settings of users.

use serde::{Deserialize, Serialize};

use super::accounts::AccountId;
use super::users::{UserId, user};
use crate::client::Client;
use crate::decode::{Enveloped, Model};
use crate::docs::with_client;
use crate::operation::{Body, Operation, Spec};
use crate::request::Request;
use crate::route::Route;

/// The settings of a user.
///
/// ```
/// use amazon_chime::{TelephonySettings, UserSettings};
///
/// let settings = UserSettings::new(TelephonySettings::new().sms(true));
/// assert!(settings.telephony.sms);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UserSettings {
    /// The phone features that the user may use.
    pub telephony: TelephonySettings,
}

impl UserSettings {
    /// Creates settings with these phone features.
    #[must_use]
    pub fn new(telephony: TelephonySettings) -> Self {
        Self { telephony }
    }
}

impl From<TelephonySettings> for UserSettings {
    fn from(telephony: TelephonySettings) -> Self {
        Self::new(telephony)
    }
}

impl Model for UserSettings {}

impl Enveloped for UserSettings {
    const MEMBER: &'static str = "UserSettings";
}

/// The phone features that a user may use.
///
/// ```
/// use amazon_chime::TelephonySettings;
///
/// let telephony = TelephonySettings::new().inbound_calling(true).outbound_calling(true);
/// assert!(telephony.inbound_calling && telephony.outbound_calling && !telephony.sms);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TelephonySettings {
    /// Whether the user can receive calls.
    pub inbound_calling: bool,
    /// Whether the user can make calls.
    pub outbound_calling: bool,
    /// Whether the user can send and receive text messages.
    #[serde(rename = "SMS")]
    pub sms: bool,
}

impl TelephonySettings {
    /// Creates settings in which everything is off.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Turns calls to the user on or off.
    #[must_use]
    pub fn inbound_calling(mut self, on: bool) -> Self {
        self.inbound_calling = on;
        self
    }

    /// Turns calls by the user on or off.
    #[must_use]
    pub fn outbound_calling(mut self, on: bool) -> Self {
        self.outbound_calling = on;
        self
    }

    /// Turns text messages on or off.
    #[must_use]
    pub fn sms(mut self, on: bool) -> Self {
        self.sms = on;
        self
    }
}

/// Settings of users.
impl Client {
    /// Retrieves the settings of a user and returns the [`UserSettings`].
    ///
    /// API: [GetUserSettings](https://docs.aws.amazon.com/chime/latest/APIReference/API_GetUserSettings.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// let ana = client.create_user(&acme.account_id).email("ana@example.com").await?;
    /// let settings = client.get_user_settings(&acme.account_id, &ana.user_id).await?;
    /// assert!(!settings.telephony.inbound_calling);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the user does not exist in the account
    pub fn get_user_settings(
        &self,
        account_id: impl Into<AccountId>,
        user_id: impl Into<UserId>,
    ) -> Request<GetUserSettings> {
        self.request(GetUserSettings { account_id: account_id.into(), user_id: user_id.into() })
    }

    /// Replaces all settings of a user.
    ///
    /// `settings` is a [`UserSettings`] or a [`TelephonySettings`]. To change one setting, read the current settings
    /// first with [`get_user_settings`](Self::get_user_settings), as in the example.
    ///
    /// API: [UpdateUserSettings](https://docs.aws.amazon.com/chime/latest/APIReference/API_UpdateUserSettings.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// let ana = client.create_user(&acme.account_id).email("ana@example.com").await?;
    /// let telephony = client.get_user_settings(&acme.account_id, &ana.user_id).await?.telephony;
    /// client.update_user_settings(&acme.account_id, &ana.user_id, telephony.sms(true)).await?;
    /// let settings = client.get_user_settings(&acme.account_id, &ana.user_id).await?;
    /// assert!(settings.telephony.sms);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the user does not exist in the account
    pub fn update_user_settings(
        &self,
        account_id: impl Into<AccountId>,
        user_id: impl Into<UserId>,
        settings: impl Into<UserSettings>,
    ) -> Request<UpdateUserSettings> {
        let (account_id, user_id) = (account_id.into(), user_id.into());
        self.request(UpdateUserSettings { account_id, user_id, user_settings: settings.into() })
    }
}

/// The operation of [`Client::get_user_settings`]: `GET /accounts/{accountId}/users/{userId}/settings`.
#[derive(Clone, Debug)]
pub struct GetUserSettings {
    account_id: AccountId,
    user_id: UserId,
}

impl Operation for GetUserSettings {
    type Output = UserSettings;
    const SPEC: Spec = Spec::get("GetUserSettings");

    fn route(&self) -> Route {
        user(&self.account_id, &self.user_id).then("settings")
    }
}

/// The operation of [`Client::update_user_settings`]: `PUT /accounts/{accountId}/users/{userId}/settings`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateUserSettings {
    #[serde(skip)]
    account_id: AccountId,
    #[serde(skip)]
    user_id: UserId,
    user_settings: UserSettings,
}

impl Operation for UpdateUserSettings {
    type Output = ();
    const SPEC: Spec = Spec::put("UpdateUserSettings");

    fn route(&self) -> Route {
        user(&self.account_id, &self.user_id).then("settings")
    }

    fn body(&self) -> Body {
        Body::json(self)
    }
}
