//! The settings of the AWS account: global settings and settings of phone numbers.

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

/// The settings that apply to all Chime accounts of the AWS account.
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

    /// Creates settings in which nothing is set.
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
    /// The S3 bucket for call detail records.
    pub cdr_bucket: Option<String>,
}

impl BusinessCallingSettings {
    /// Creates settings in which nothing is set.
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
    /// The S3 bucket for call detail records.
    pub cdr_bucket: Option<String>,
}

impl VoiceConnectorSettings {
    /// Creates settings in which nothing is set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// The settings of all phone numbers of the AWS account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PhoneNumberSettings {
    /// The calling name of phone numbers that have no calling name of their own; it may be empty.
    pub calling_name: Option<Sensitive>,
    /// The time of the last change of the calling name.
    #[serde(default, deserialize_with = "timestamp")]
    pub calling_name_updated_timestamp: Option<DateTime<Utc>>,
}

impl PhoneNumberSettings {
    const MEMBERS: &[&str] = &["CallingName", "CallingNameUpdatedTimestamp"];

    /// Creates settings in which nothing is set.
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
    /// Retrieves the settings of the AWS account and returns the [`GlobalSettings`].
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
    /// The operation has only the [errors that every request has](Request#errors).
    pub fn get_global_settings(&self) -> Request<GetGlobalSettings> {
        self.request(GetGlobalSettings)
    }

    /// Changes the settings of the AWS account.
    ///
    /// Optional parameters; a value that is not set stays as it is:
    ///
    /// - [`business_calling_cdr_bucket`](Request::business_calling_cdr_bucket): the S3 bucket for the call detail
    ///   records of Business Calling
    /// - [`voice_connector_cdr_bucket`](Request::voice_connector_cdr_bucket): the S3 bucket for the call detail records
    ///   of Voice Connectors
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
    /// The operation has only the [errors that every request has](Request#errors).
    pub fn update_global_settings(&self) -> Request<UpdateGlobalSettings> {
        self.request(UpdateGlobalSettings { business_calling: None, voice_connector: None })
    }

    /// Retrieves the settings of all phone numbers and returns the [`PhoneNumberSettings`].
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
    /// The operation has only the [errors that every request has](Request#errors).
    pub fn get_phone_number_settings(&self) -> Request<GetPhoneNumberSettings> {
        self.request(GetPhoneNumberSettings)
    }

    /// Sets the calling name of all phone numbers that have no calling name of their own.
    ///
    /// `calling_name` is empty or has 2 to 15 letters, digits and spaces. It can be changed once in 7 days.
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
    /// - [`is_bad_request`](crate::Error::is_bad_request): another name was set in the last 7 days
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
    /// Sets the S3 bucket for the call detail records of Business Calling.
    pub fn business_calling_cdr_bucket(self, bucket: impl Into<String>) -> Self {
        let settings = BusinessCallingSettings { cdr_bucket: Some(bucket.into()) };
        self.set(|operation| operation.business_calling = Some(settings))
    }

    /// Sets the S3 bucket for the call detail records of Voice Connectors.
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
