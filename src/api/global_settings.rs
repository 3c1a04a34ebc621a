//! The settings of the AWS account: the global ones, and those of its phone numbers.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::decode::{Decode, Decoded, bare, timestamp};
use crate::docs::with_client;
use crate::json::Json;
use crate::operation::{Body, Operation, Spec};
use crate::request::Request;
use crate::route::Route;
use crate::sensitive::Sensitive;
use crate::validate::{self, Validity};

/// The settings of the AWS account for all its accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct GlobalSettings {
    /// The settings of Business Calling.
    pub business_calling: Option<BusinessCallingSettings>,
    /// The settings of Voice Connectors.
    pub voice_connector: Option<VoiceConnectorSettings>,
}

impl GlobalSettings {
    const MEMBERS: &[&str] = &["BusinessCalling", "VoiceConnector"];

    /// Settings with nothing set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Decode for GlobalSettings {
    type AsJson = Json<Self>;

    fn decode(json: &str) -> Decoded<Self> {
        bare(json, Self::MEMBERS)
    }
}

impl Decode for Json<GlobalSettings> {
    type AsJson = Self;

    fn decode(json: &str) -> Decoded<Self> {
        bare(json, GlobalSettings::MEMBERS)
    }
}

/// The settings of Business Calling.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BusinessCallingSettings {
    /// The S3 bucket that call detail records are stored in.
    pub cdr_bucket: Option<String>,
}

impl BusinessCallingSettings {
    /// Settings with nothing set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// The settings of Voice Connectors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct VoiceConnectorSettings {
    /// The S3 bucket that call detail records are stored in.
    pub cdr_bucket: Option<String>,
}

impl VoiceConnectorSettings {
    /// Settings with nothing set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// The settings of the AWS account's phone numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PhoneNumberSettings {
    /// The calling name of numbers that have none of their own. It may be empty.
    pub calling_name: Option<Sensitive>,
    /// When the calling name was last set.
    #[serde(default, deserialize_with = "timestamp")]
    pub calling_name_updated_timestamp: Option<DateTime<Utc>>,
}

impl PhoneNumberSettings {
    const MEMBERS: &[&str] = &["CallingName", "CallingNameUpdatedTimestamp"];

    /// Settings with nothing set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Decode for PhoneNumberSettings {
    type AsJson = Json<Self>;

    fn decode(json: &str) -> Decoded<Self> {
        bare(json, Self::MEMBERS)
    }
}

impl Decode for Json<PhoneNumberSettings> {
    type AsJson = Self;

    fn decode(json: &str) -> Decoded<Self> {
        bare(json, PhoneNumberSettings::MEMBERS)
    }
}

/// Settings of the AWS account.
impl Client {
    /// Retrieves the settings of the AWS account. Gives the [`GlobalSettings`].
    ///
    /// API: [GetGlobalSettings](https://docs.aws.amazon.com/chime/latest/APIReference/API_GetGlobalSettings.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// let settings = client.get_global_settings().await?;
    /// assert_eq!(settings.business_calling, None);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// None but those of every [`Request`](Request#errors).
    pub fn get_global_settings(&self) -> Request<GetGlobalSettings> {
        self.request(GetGlobalSettings)
    }

    /// Changes the settings of the AWS account. Gives nothing. What is not
    /// [set on the request](Request#impl-Request%3CUpdateGlobalSettings%3E) stays:
    ///
    /// - `business_calling_cdr_bucket`: the S3 bucket for the call detail records of Business Calling
    /// - `voice_connector_cdr_bucket`: the S3 bucket for the call detail records of Voice Connectors
    ///
    /// API: [UpdateGlobalSettings](https://docs.aws.amazon.com/chime/latest/APIReference/API_UpdateGlobalSettings.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// client.update_global_settings().business_calling_cdr_bucket("acme-calls").await?;
    /// let business_calling = client.get_global_settings().await?.business_calling;
    /// let bucket = business_calling.and_then(|settings| settings.cdr_bucket);
    /// assert_eq!(bucket.as_deref(), Some("acme-calls"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// None but those of every [`Request`](Request#errors).
    pub fn update_global_settings(&self) -> Request<UpdateGlobalSettings> {
        self.request(UpdateGlobalSettings { business_calling: None, voice_connector: None })
    }

    /// Retrieves the settings of the AWS account's phone numbers. Gives the [`PhoneNumberSettings`].
    ///
    /// API: [GetPhoneNumberSettings](https://docs.aws.amazon.com/chime/latest/APIReference/API_GetPhoneNumberSettings.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// let settings = client.get_phone_number_settings().await?;
    /// assert_eq!(settings.calling_name_updated_timestamp, None);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// None but those of every [`Request`](Request#errors).
    pub fn get_phone_number_settings(&self) -> Request<GetPhoneNumberSettings> {
        self.request(GetPhoneNumberSettings)
    }

    /// Sets the calling name of the phone numbers that have none of their own. Gives nothing.
    ///
    /// `calling_name` has 2 to 15 letters, digits and spaces, or is empty. It can be changed
    /// once in 7 days.
    ///
    /// API: [UpdatePhoneNumberSettings](https://docs.aws.amazon.com/chime/latest/APIReference/API_UpdatePhoneNumberSettings.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// client.update_phone_number_settings("Acme").await?;
    /// let settings = client.get_phone_number_settings().await?;
    /// assert_eq!(settings.calling_name, Some("Acme".into()));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_bad_request`](crate::Error::is_bad_request) if another name was set in the last 7 days.
    pub fn update_phone_number_settings(
        &self,
        calling_name: impl Into<Sensitive>,
    ) -> Request<UpdatePhoneNumberSettings> {
        self.request(UpdatePhoneNumberSettings { calling_name: calling_name.into() })
    }
}

/// The operation of [`Client::get_global_settings`]: `GET /settings`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetGlobalSettings;

impl Operation for GetGlobalSettings {
    type Output = GlobalSettings;
    const SPEC: Spec = Spec::get("GetGlobalSettings");

    fn route(&self) -> Route {
        Route::new("settings")
    }
}

/// The operation of [`Client::update_global_settings`]: `PUT /settings`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateGlobalSettings {
    business_calling: Option<BusinessCallingSettings>,
    voice_connector: Option<VoiceConnectorSettings>,
}

/// Optional parameters of [`Client::update_global_settings`].
impl Request<UpdateGlobalSettings> {
    /// The S3 bucket for the call detail records of Business Calling.
    pub fn business_calling_cdr_bucket(self, bucket: impl Into<String>) -> Self {
        let settings = BusinessCallingSettings { cdr_bucket: Some(bucket.into()) };
        self.set(|operation| operation.business_calling = Some(settings))
    }

    /// The S3 bucket for the call detail records of Voice Connectors.
    pub fn voice_connector_cdr_bucket(self, bucket: impl Into<String>) -> Self {
        let settings = VoiceConnectorSettings { cdr_bucket: Some(bucket.into()) };
        self.set(|operation| operation.voice_connector = Some(settings))
    }
}

impl Operation for UpdateGlobalSettings {
    type Output = ();
    const SPEC: Spec = Spec::put("UpdateGlobalSettings");

    fn route(&self) -> Route {
        Route::new("settings")
    }

    fn body(&self) -> Body {
        Body::json(self)
    }
}

/// The operation of [`Client::get_phone_number_settings`]: `GET /settings/phone-number`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetPhoneNumberSettings;

impl Operation for GetPhoneNumberSettings {
    type Output = PhoneNumberSettings;
    const SPEC: Spec = Spec::get("GetPhoneNumberSettings");

    fn route(&self) -> Route {
        Route::new("settings").then("phone-number")
    }
}

/// The operation of [`Client::update_phone_number_settings`]: `PUT /settings/phone-number`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdatePhoneNumberSettings {
    calling_name: Sensitive,
}

impl Operation for UpdatePhoneNumberSettings {
    type Output = ();
    const SPEC: Spec = Spec::put("UpdatePhoneNumberSettings");

    fn route(&self) -> Route {
        Route::new("settings").then("phone-number")
    }

    fn validate(&self) -> Validity {
        validate::calling_name("CallingName", Some(&self.calling_name))
    }

    fn body(&self) -> Body {
        Body::json(self).sensitive([&self.calling_name])
    }
}
