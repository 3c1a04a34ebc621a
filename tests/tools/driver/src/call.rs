//! A call from the input, and its outcome.

use serde::Deserialize;
use serde_json::{Value, json};

/// A client library.
pub(crate) trait Tool {
    /// Makes a call, and returns the JSON of the API. A listing with a page size returns a list of its pages.
    async fn call(&self, call: Call) -> Result<Value, Failure>;
}

#[derive(Debug, Deserialize)]
pub(crate) struct Call {
    pub(crate) operation: String,
    /// For a listing: reads all pages, with this page size, by the paginator of the library. `None` reads one page.
    pub(crate) page_size: Option<i32>,
    pub(crate) parameters: Parameters,
}

/// All parameters of all operations.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Parameters {
    pub(crate) account_id: Option<String>,
    pub(crate) user_id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) default_license: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) user_type: Option<String>,
    pub(crate) license_type: Option<String>,
    pub(crate) alexa_for_business_metadata: Option<Alexa>,
    pub(crate) user_id_list: Option<Vec<String>>,
    pub(crate) user_email: Option<String>,
    pub(crate) max_results: Option<i32>,
    pub(crate) next_token: Option<String>,
    pub(crate) account_settings: Option<AccountSettings>,
    pub(crate) user_settings: Option<UserSettings>,
    pub(crate) retention_settings: Option<RetentionSettings>,
    pub(crate) bot_id: Option<String>,
    #[serde(rename = "OutboundEventsHTTPSEndpoint")]
    pub(crate) outbound_events_https_endpoint: Option<String>,
    pub(crate) lambda_function_arn: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Alexa {
    pub(crate) is_alexa_for_business_enabled: Option<bool>,
    pub(crate) alexa_for_business_room_arn: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct AccountSettings {
    pub(crate) disable_remote_control: Option<bool>,
    pub(crate) enable_dial_out: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct UserSettings {
    pub(crate) telephony: Telephony,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Telephony {
    pub(crate) inbound_calling: bool,
    pub(crate) outbound_calling: bool,
    #[serde(rename = "SMS")]
    pub(crate) sms: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct RetentionSettings {
    pub(crate) room_retention_settings: Option<Retention>,
    pub(crate) conversation_retention_settings: Option<Retention>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Retention {
    pub(crate) retention_days: Option<u16>,
}

pub(crate) enum Failure {
    /// The service answered with an error.
    Refused {
        code: Option<String>,
        status: Option<u16>,
        message: Option<String>,
        request_id: Option<String>,
    },
    /// The library did not send the call.
    Unsent(String),
    /// Another error.
    Broken(String),
}

/// Returns the line that is printed for an outcome.
pub(crate) fn outcome(result: Result<Value, Failure>) -> Value {
    match result {
        Ok(answer) => json!({ "answer": answer }),
        Err(Failure::Refused { code, status, message, request_id }) => json!({
            "refused": { "code": code, "status": status, "message": message, "request_id": request_id },
        }),
        Err(Failure::Unsent(why)) => json!({ "unsent": why }),
        Err(Failure::Broken(why)) => json!({ "broken": why }),
    }
}
