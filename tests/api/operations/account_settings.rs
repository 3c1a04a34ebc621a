//! The operations for settings and retention of accounts.

use amazon_chime::AccountRetention;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::entry::{Entry, call, call_with};
use crate::service::{Service, bodyless, put};

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        call("GetAccountSettings", |client, given| {
            client.get_account_settings(given.text("AccountId"))
        }),
        call("GetRetentionSettings", |client, given| {
            client.get_retention_settings(given.text("AccountId"))
        }),
        call_with(
            "PutRetentionSettings",
            |client, given| client.put_retention_settings(given.text("AccountId")),
            |request, given| {
                let settings = given.part("RetentionSettings");
                let [rooms, conversations] =
                    ["RoomRetentionSettings", "ConversationRetentionSettings"]
                        .map(|name| settings.part(name).number("RetentionDays"));
                request.room_retention_days(rooms).conversation_retention_days(conversations)
            },
        ),
        call_with(
            "PutRetentionSettings",
            |client, given| client.put_retention_settings(given.text("AccountId")),
            |request, _| request.room_retention_off().conversation_retention_off(),
        )
        .without("RetentionDays"),
        call_with(
            "UpdateAccountSettings",
            |client, given| client.update_account_settings(given.text("AccountId")),
            |request, given| {
                let settings = given.part("AccountSettings");
                request
                    .disable_remote_control(settings.flag("DisableRemoteControl"))
                    .enable_dial_out(settings.flag("EnableDialOut"))
            },
        ),
    ]
}

fn retention_json() -> Value {
    json!({
        "RetentionSettings": {
            "RoomRetentionSettings": { "RetentionDays": 30 },
            "ConversationRetentionSettings": {},
        },
        "InitiateDeletionTimestamp": "2019-01-08T17:59:18.006Z",
    })
}

fn assert_is_of_the_service(retention: &AccountRetention) {
    let settings = retention.retention_settings.as_ref().unwrap();
    assert_eq!(settings.room_retention_settings.as_ref().unwrap().retention_days, Some(30));
    assert_eq!(settings.conversation_retention_settings.as_ref().unwrap().retention_days, None);
    let deletion = retention.initiate_deletion_timestamp.unwrap();
    assert_eq!(deletion.to_rfc3339(), "2019-01-08T17:59:18.006+00:00");
}

#[tokio::test]
async fn get_account_settings_gives_the_flags() {
    let answer = json!({ "AccountSettings": { "DisableRemoteControl": true } });
    let service = Service::with_json(200, answer).await;
    let settings = service.client.get_account_settings("a-1").await.unwrap();

    assert_eq!(service.sent().await, [bodyless("GET", "/accounts/a-1/settings")]);
    assert_eq!(settings.disable_remote_control, Some(true));
    assert_eq!(settings.enable_dial_out, None);
}

#[tokio::test]
async fn update_account_settings_puts_only_what_is_set() {
    let service = Service::answering(ResponseTemplate::new(204)).await;
    let request = || service.client.update_account_settings("a-1");
    request().await.unwrap();
    request().enable_dial_out(false).await.unwrap();
    request().enable_dial_out(true).disable_remote_control(false).await.unwrap();

    let target = "/accounts/a-1/settings";
    let all = json!({ "DisableRemoteControl": false, "EnableDialOut": true });
    assert_eq!(
        service.sent().await,
        [
            put(target, json!({ "AccountSettings": {} })),
            put(target, json!({ "AccountSettings": { "EnableDialOut": false } })),
            put(target, json!({ "AccountSettings": all })),
        ]
    );
}

#[tokio::test]
async fn get_retention_settings_gives_what_is_set() {
    let service = Service::with_json(200, retention_json()).await;
    let retention = service.client.get_retention_settings("a-1").await.unwrap();

    assert_eq!(service.sent().await, [bodyless("GET", "/accounts/a-1/retention-settings")]);
    assert_is_of_the_service(&retention);
}

#[tokio::test]
async fn retention_that_was_never_set_is_empty() {
    let nothing = [
        json!({}),
        json!({ "RetentionSettings": null, "InitiateDeletionTimestamp": null }),
        json!({ "RetentionSettings": null }),
    ];
    for answer in nothing {
        let service = Service::with_json(200, answer).await;
        let retention = service.client.get_retention_settings("a-1").await.unwrap();
        assert_eq!(retention, AccountRetention::default());
    }
}

#[tokio::test]
async fn retention_is_set_turned_off_or_left_as_it_is() {
    let service = Service::answering(ResponseTemplate::new(204)).await;
    let request = || service.client.put_retention_settings("a-1");
    request().await.unwrap();
    request().room_retention_days(30).await.unwrap();
    request().conversation_retention_off().await.unwrap();
    request().room_retention_off().conversation_retention_days(1).await.unwrap();
    request().room_retention_off().room_retention_days(5475).await.unwrap();
    request().conversation_retention_days(7).conversation_retention_off().await.unwrap();

    let rooms = |rooms| json!({ "RoomRetentionSettings": rooms });
    let conversations = |all| json!({ "ConversationRetentionSettings": all });
    let both = json!({
        "RoomRetentionSettings": {},
        "ConversationRetentionSettings": { "RetentionDays": 1 },
    });
    let settings = [
        json!({}),
        rooms(json!({ "RetentionDays": 30 })),
        conversations(json!({})),
        both,
        rooms(json!({ "RetentionDays": 5475 })),
        conversations(json!({})),
    ];
    let target = "/accounts/a-1/retention-settings";
    let puts = settings.map(|settings| put(target, json!({ "RetentionSettings": settings })));
    assert_eq!(service.sent().await, puts);
}

#[tokio::test]
async fn put_retention_settings_gives_the_settings_if_the_answer_has_them() {
    let service = Service::with_json(200, retention_json()).await;
    let retention = service.client.put_retention_settings("a-1").await.unwrap();
    assert_is_of_the_service(&retention);

    let service = Service::answering(ResponseTemplate::new(204)).await;
    let retention = service.client.put_retention_settings("a-1").await.unwrap();
    assert_eq!(retention, AccountRetention::default());
}
