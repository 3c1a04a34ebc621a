//! Calls for settings of accounts and users, for retention, and for the events of bots.

use amazon_chime::operations::{PutRetentionSettings, UpdateAccountSettings};
use amazon_chime::{Client, EventsTarget, Request, TelephonySettings};
use serde_json::{Value, json};

use super::{required, with};
use crate::call::{Failure, Parameters, RetentionSettings, Telephony};

pub(super) async fn call(
    client: &Client,
    operation: &str,
    p: Parameters,
) -> Result<Value, Failure> {
    let account_id = || required("AccountId", p.account_id.as_deref());
    let user_id = || required("UserId", p.user_id.as_deref());
    let bot_id = || required("BotId", p.bot_id.as_deref());
    let answer = match operation {
        "GetAccountSettings" => {
            json!({ "AccountSettings": client.get_account_settings(account_id()?).await? })
        }
        "UpdateAccountSettings" => {
            let settings = required("AccountSettings", p.account_settings.as_ref())?;
            let request = client.update_account_settings(account_id()?);
            let request = with(
                request,
                settings.disable_remote_control,
                Request::<UpdateAccountSettings>::disable_remote_control,
            );
            let dial_out = settings.enable_dial_out;
            with(request, dial_out, Request::<UpdateAccountSettings>::enable_dial_out).await?;
            json!({})
        }
        "GetUserSettings" => {
            json!({ "UserSettings": client.get_user_settings(account_id()?, user_id()?).await? })
        }
        "UpdateUserSettings" => {
            let settings = required("UserSettings", p.user_settings.as_ref())?;
            let telephony = telephony(&settings.telephony);
            client.update_user_settings(account_id()?, user_id()?, telephony).await?;
            json!({})
        }
        "GetRetentionSettings" => json!(client.get_retention_settings(account_id()?).await?),
        "PutRetentionSettings" => {
            let settings = required("RetentionSettings", p.retention_settings.as_ref())?;
            let request = client.put_retention_settings(account_id()?);
            json!(retention(request, settings).await?)
        }
        "GetEventsConfiguration" => {
            let configuration = client.get_events_configuration(account_id()?, bot_id()?).await?;
            json!({ "EventsConfiguration": configuration })
        }
        "PutEventsConfiguration" => {
            let target = target(p.outbound_events_https_endpoint, p.lambda_function_arn)?;
            let request = client.put_events_configuration(account_id()?, bot_id()?, target);
            json!({ "EventsConfiguration": request.await? })
        }
        "DeleteEventsConfiguration" => {
            client.delete_events_configuration(account_id()?, bot_id()?).await?;
            json!({})
        }
        other => return Err(Failure::Broken(format!("no such call: {other}"))),
    };
    Ok(answer)
}

fn telephony(telephony: &Telephony) -> TelephonySettings {
    TelephonySettings::new()
        .inbound_calling(telephony.inbound_calling)
        .outbound_calling(telephony.outbound_calling)
        .sms(telephony.sms)
}

fn retention(
    request: Request<PutRetentionSettings>,
    settings: &RetentionSettings,
) -> Request<PutRetentionSettings> {
    let rooms = settings.room_retention_settings.as_ref();
    let request = match rooms.map(|rooms| rooms.retention_days) {
        None => request,
        Some(None) => request.room_retention_off(),
        Some(Some(days)) => request.room_retention_days(days.into()),
    };
    let conversations = settings.conversation_retention_settings.as_ref();
    match conversations.map(|conversations| conversations.retention_days) {
        None => request,
        Some(None) => request.conversation_retention_off(),
        Some(Some(days)) => request.conversation_retention_days(days.into()),
    }
}

/// Returns the only target. The Rust API has no call with two targets or without one.
fn target(endpoint: Option<String>, function: Option<String>) -> Result<EventsTarget, Failure> {
    match (endpoint, function) {
        (Some(endpoint), None) => Ok(EventsTarget::https_endpoint(endpoint)),
        (None, Some(function)) => Ok(EventsTarget::lambda_function(function)),
        _ => Err(Failure::Unsent("exactly one target is required".to_owned())),
    }
}
