use amazon_chime::BotType;
use serde_json::{Value, json};

use super::entry::{Entry, call, call_with, list_with};
use crate::service::{Service, bodyless, post};

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        call_with(
            "CreateBot",
            |client, given| client.create_bot(given.text("AccountId"), given.text("DisplayName")),
            |request, given| request.domain(given.text("Domain")),
        ),
        call("GetBot", |client, given| {
            client.get_bot(given.text("AccountId"), given.text("BotId"))
        }),
        list_with(
            "ListBots",
            |client, given| client.list_bots(given.text("AccountId")),
            |request, _| request,
        ),
        call("RegenerateSecurityToken", |client, given| {
            client.regenerate_security_token(given.text("AccountId"), given.text("BotId"))
        }),
        call_with(
            "UpdateBot",
            |client, given| client.update_bot(given.text("AccountId"), given.text("BotId")),
            |request, given| request.disabled(given.flag("Disabled")),
        ),
    ]
}

fn bot_json() -> Value {
    json!({
        "BotId": "b-1",
        "UserId": "u-1",
        "DisplayName": "minutes (Bot)",
        "BotType": "ChatBot",
        "Disabled": false,
        "CreatedTimestamp": "2019-09-09T18:05:56.749Z",
        "UpdatedTimestamp": "2019-09-10T18:05:56Z",
        "BotEmail": "minutes-chimebot@example.com",
        "SecurityToken": "je7MtGbClwBF/2Zp9Utk",
    })
}

async fn bot_service(status: u16) -> Service {
    Service::with_json(status, json!({ "Bot": bot_json() })).await
}

#[tokio::test]
async fn create_bot_posts_only_what_is_set_and_gives_the_bot() {
    let service = bot_service(201).await;
    let bot = service.client.create_bot("a-1", "minutes").await.unwrap();
    service.client.create_bot("a-1", "minutes").domain("example.com").await.unwrap();

    let target = "/accounts/a-1/bots";
    let all = json!({ "DisplayName": "minutes", "Domain": "example.com" });
    assert_eq!(
        service.sent().await,
        [post(target, json!({ "DisplayName": "minutes" })), post(target, all)]
    );
    assert_eq!(bot.bot_id, "b-1");
    assert_eq!(bot.user_id, Some("u-1".into()));
    assert_eq!(bot.display_name, Some("minutes (Bot)".into()));
    assert_eq!(bot.bot_type, Some(BotType::ChatBot));
    assert_eq!(bot.disabled, Some(false));
    let created = bot.created_timestamp.unwrap();
    assert_eq!(created.to_rfc3339(), "2019-09-09T18:05:56.749+00:00");
    assert_eq!(bot.updated_timestamp.unwrap().to_rfc3339(), "2019-09-10T18:05:56+00:00");
    assert_eq!(bot.bot_email, Some("minutes-chimebot@example.com".into()));
    assert_eq!(bot.security_token, Some("je7MtGbClwBF/2Zp9Utk".into()));
}

#[tokio::test]
async fn bots_are_read_and_listed() {
    let service = bot_service(200).await;
    let bot = service.client.get_bot("a-1", "b-1").await.unwrap();
    assert_eq!(service.sent().await, [bodyless("GET", "/accounts/a-1/bots/b-1")]);

    let service = Service::with_json(200, json!({ "Bots": [bot_json()] })).await;
    let page = service.client.list_bots("a-1").max_results(99).await.unwrap();
    assert_eq!(service.sent().await, [bodyless("GET", "/accounts/a-1/bots?max-results=99")]);
    assert_eq!(page.items, [bot]);
}

#[tokio::test]
async fn update_bot_posts_only_what_is_set() {
    let service = bot_service(200).await;
    let request = || service.client.update_bot("a-1", "b-1");
    request().await.unwrap();
    request().disabled(false).await.unwrap();
    request().disabled(true).await.unwrap();

    let target = "/accounts/a-1/bots/b-1";
    assert_eq!(
        service.sent().await,
        [
            post(target, json!({})),
            post(target, json!({ "Disabled": false })),
            post(target, json!({ "Disabled": true })),
        ]
    );
}

#[tokio::test]
async fn regenerate_security_token_has_no_body_and_gives_the_token() {
    let service = bot_service(200).await;
    let bot = service.client.regenerate_security_token("a-1", "b-1").await.unwrap();

    let target = "/accounts/a-1/bots/b-1?operation=regenerate-security-token";
    assert_eq!(service.sent().await, [bodyless("POST", target)]);
    assert_eq!(bot.security_token.unwrap().expose(), "je7MtGbClwBF/2Zp9Utk");
}

#[tokio::test]
async fn the_debug_form_of_a_bot_shows_nothing_private() {
    let service = bot_service(201).await;
    let request = service.client.create_bot("a-1", "minutes");
    let requested = format!("{request:?} {request:#?}");
    let bot = request.await.unwrap();

    let shown = format!("{requested} {bot:?} {bot:#?}");
    for secret in ["minutes", "example.com", "je7MtGbClwBF"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("b-1"), "{shown}");
}
