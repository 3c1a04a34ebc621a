//! Calls for settings of accounts and users, for retention, and for the events of bots.

use aws_sdk_chime::Client;
use aws_sdk_chime::types::{
    AccountSettings, ConversationRetentionSettings, EventsConfiguration, RetentionSettings,
    RoomRetentionSettings, TelephonySettings, UserSettings,
};
use serde_json::{Value, json};

use super::time;
use crate::call::{self, Failure, Parameters};

pub(super) async fn call(
    client: &Client,
    operation: &str,
    p: Parameters,
) -> Result<Value, Failure> {
    let answer = match operation {
        "GetAccountSettings" => {
            let request = client.get_account_settings().set_account_id(p.account_id);
            let settings = request.send().await?.account_settings;
            json!({ "AccountSettings": settings.as_ref().map(account_settings) })
        }
        "UpdateAccountSettings" => {
            let settings = p.account_settings.map(|settings| {
                AccountSettings::builder()
                    .set_disable_remote_control(settings.disable_remote_control)
                    .set_enable_dial_out(settings.enable_dial_out)
                    .build()
            });
            let request = client.update_account_settings().set_account_id(p.account_id);
            request.set_account_settings(settings).send().await?;
            json!({})
        }
        "GetUserSettings" => {
            let request = client.get_user_settings().set_account_id(p.account_id);
            let settings = request.set_user_id(p.user_id).send().await?.user_settings;
            json!({ "UserSettings": settings.as_ref().map(user_settings) })
        }
        "UpdateUserSettings" => {
            let telephony = p.user_settings.map(|settings| telephony(&settings.telephony));
            let telephony = telephony.transpose()?;
            let settings = UserSettings::builder().set_telephony(telephony).build();
            let request = client.update_user_settings().set_account_id(p.account_id);
            request.set_user_id(p.user_id).user_settings(settings).send().await?;
            json!({})
        }
        "GetRetentionSettings" => {
            let request = client.get_retention_settings().set_account_id(p.account_id);
            let output = request.send().await?;
            json!({
                "RetentionSettings": output.retention_settings.as_ref().map(retention_settings),
                "InitiateDeletionTimestamp": time(output.initiate_deletion_timestamp.as_ref()),
            })
        }
        "PutRetentionSettings" => {
            let request = client.put_retention_settings().set_account_id(p.account_id);
            let settings = p.retention_settings.as_ref().map(retention);
            let output = request.set_retention_settings(settings).send().await?;
            json!({
                "RetentionSettings": output.retention_settings.as_ref().map(retention_settings),
                "InitiateDeletionTimestamp": time(output.initiate_deletion_timestamp.as_ref()),
            })
        }
        "GetEventsConfiguration" => {
            let request = client.get_events_configuration().set_account_id(p.account_id);
            let configuration = request.set_bot_id(p.bot_id).send().await?.events_configuration;
            json!({ "EventsConfiguration": configuration.as_ref().map(events_configuration) })
        }
        "PutEventsConfiguration" => {
            let request = client.put_events_configuration().set_account_id(p.account_id);
            let output = request
                .set_bot_id(p.bot_id)
                .set_outbound_events_https_endpoint(p.outbound_events_https_endpoint)
                .set_lambda_function_arn(p.lambda_function_arn)
                .send()
                .await?;
            let configuration = output.events_configuration;
            json!({ "EventsConfiguration": configuration.as_ref().map(events_configuration) })
        }
        "DeleteEventsConfiguration" => {
            let request = client.delete_events_configuration().set_account_id(p.account_id);
            request.set_bot_id(p.bot_id).send().await?;
            json!({})
        }
        other => return Err(Failure::Broken(format!("no such call: {other}"))),
    };
    Ok(answer)
}

fn telephony(telephony: &call::Telephony) -> Result<TelephonySettings, Failure> {
    TelephonySettings::builder()
        .inbound_calling(telephony.inbound_calling)
        .outbound_calling(telephony.outbound_calling)
        .sms(telephony.sms)
        .build()
        .map_err(|error| Failure::Unsent(error.to_string()))
}

fn retention(settings: &call::RetentionSettings) -> RetentionSettings {
    let days = |part: &call::Retention| part.retention_days.map(i32::from);
    let rooms = settings
        .room_retention_settings
        .as_ref()
        .map(|rooms| RoomRetentionSettings::builder().set_retention_days(days(rooms)).build());
    let conversations = settings.conversation_retention_settings.as_ref().map(|conversations| {
        ConversationRetentionSettings::builder().set_retention_days(days(conversations)).build()
    });
    RetentionSettings::builder()
        .set_room_retention_settings(rooms)
        .set_conversation_retention_settings(conversations)
        .build()
}

fn account_settings(settings: &AccountSettings) -> Value {
    json!({
        "DisableRemoteControl": settings.disable_remote_control,
        "EnableDialOut": settings.enable_dial_out,
    })
}

fn user_settings(settings: &UserSettings) -> Value {
    json!({
        "Telephony": settings.telephony.as_ref().map(|telephony| json!({
            "InboundCalling": telephony.inbound_calling,
            "OutboundCalling": telephony.outbound_calling,
            "SMS": telephony.sms,
        })),
    })
}

fn retention_settings(settings: &RetentionSettings) -> Value {
    let rooms = settings.room_retention_settings.as_ref();
    let conversations = settings.conversation_retention_settings.as_ref();
    json!({
        "RoomRetentionSettings": rooms.map(|rooms| json!({ "RetentionDays": rooms.retention_days })),
        "ConversationRetentionSettings":
            conversations.map(|all| json!({ "RetentionDays": all.retention_days })),
    })
}

fn events_configuration(configuration: &EventsConfiguration) -> Value {
    json!({
        "BotId": configuration.bot_id,
        "OutboundEventsHTTPSEndpoint": configuration.outbound_events_https_endpoint,
        "LambdaFunctionArn": configuration.lambda_function_arn,
    })
}
