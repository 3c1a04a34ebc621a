//! Bots and the targets of their events.

use amazon_chime::chrono::TimeDelta;
use amazon_chime::{Bot, BotType, EventsTarget, Sensitive};

use super::{start, start_with_enterprise};

fn token(bot: &Bot) -> &str {
    bot.security_token.as_ref().map(Sensitive::expose).unwrap()
}

#[tokio::test]
async fn a_bot_is_created_read_stopped_and_started() {
    let (chime, client, acme) = start_with_enterprise();
    let bot = client.create_bot(&acme, "myBot").await.unwrap();
    assert_eq!(bot.user_id.as_deref(), Some(bot.bot_id.as_str()));
    assert_eq!(bot.display_name, Some("myBot (Bot)".into()));
    assert_eq!(bot.bot_email, Some("myBot-chimebot@example.com".into()));
    assert_eq!((&bot.bot_type, bot.disabled), (&Some(BotType::ChatBot), Some(false)));
    assert!(bot.created_timestamp.is_some());
    assert_eq!(bot.created_timestamp, bot.updated_timestamp);
    assert_eq!(client.get_bot(&acme, &bot.bot_id).await.unwrap(), bot);

    chime.advance(TimeDelta::days(1));
    assert_eq!(client.update_bot(&acme, &bot.bot_id).await.unwrap(), bot, "nothing is set");
    for disabled in [true, false] {
        let changed = client.update_bot(&acme, &bot.bot_id).disabled(disabled).await.unwrap();
        assert!(changed.updated_timestamp > bot.updated_timestamp);
        let mut expected = bot.clone();
        expected.disabled = Some(disabled);
        expected.updated_timestamp = changed.updated_timestamp;
        assert_eq!(changed, expected);
        assert_eq!(client.get_bot(&acme, &bot.bot_id).await.unwrap(), expected);
    }

    let other = client.create_bot(&acme, "myBot").domain("example.org").await.unwrap();
    assert_eq!(other.bot_email, Some("myBot-chimebot@example.org".into()));
    for error in [
        client.get_bot(&acme, "no-bot").await.unwrap_err(),
        client.update_bot(&acme, "no-bot").disabled(true).await.unwrap_err(),
        client.regenerate_security_token(&acme, "no-bot").await.unwrap_err(),
        client.create_bot("no-account", "myBot").await.unwrap_err(),
    ] {
        assert!(error.is_not_found() && !error.may_have_applied(), "{error}");
    }
}

#[tokio::test]
async fn a_new_security_token_replaces_the_old_one() {
    let (_chime, client, acme) = start_with_enterprise();
    let before = client.create_bot(&acme, "myBot").await.unwrap();
    let other = client.create_bot(&acme, "other").await.unwrap();
    let after = client.regenerate_security_token(&acme, &before.bot_id).await.unwrap();
    assert_eq!((token(&before).len(), token(&after).len()), (40, 40));
    assert!(token(&before) != token(&after) && token(&before) != token(&other));
    assert_eq!(client.get_bot(&acme, &before.bot_id).await.unwrap(), after);
    assert_eq!(client.get_bot(&acme, &other.bot_id).await.unwrap(), other);
}

#[tokio::test]
async fn bots_are_listed_in_the_order_of_creation() {
    let (_chime, client, acme) = start_with_enterprise();
    let mut bots = Vec::new();
    for name in ["one", "two", "three"] {
        bots.push(client.create_bot(&acme, name).await.unwrap());
    }
    for max_results in [1, 2, 3, 99] {
        let listed = client.list_bots(&acme).max_results(max_results).items();
        assert_eq!(listed.try_collect::<Vec<_>>().await.unwrap(), bots);
    }
    assert!(client.list_bots("no-account").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn the_events_of_a_bot_go_to_one_target() {
    let (_chime, client, acme) = start_with_enterprise();
    let bot = client.create_bot(&acme, "myBot").await.unwrap().bot_id;
    let none = client.get_events_configuration(&acme, &bot).await.unwrap_err();
    assert!(none.is_not_found(), "{none}");
    client.delete_events_configuration(&acme, &bot).await.unwrap();

    let (url, arn) = ("https://example.com/e", "arn:aws:lambda:us-east-1:111122223333:function:e");
    for (target, endpoint, function) in [
        (EventsTarget::https_endpoint(url), Some(url.into()), None),
        (EventsTarget::lambda_function(arn), None, Some(arn.into())),
    ] {
        let put = client.put_events_configuration(&acme, &bot, target);
        let put = put.send_with_metadata().await.unwrap();
        assert_eq!((put.status, &put.output.bot_id), (201, &Some(bot.clone())));
        assert_eq!(put.output.outbound_events_https_endpoint, endpoint);
        assert_eq!(put.output.lambda_function_arn, function);
        assert_eq!(client.get_events_configuration(&acme, &bot).await.unwrap(), put.output);
    }

    client.delete_events_configuration(&acme, &bot).await.unwrap();
    let target = || EventsTarget::https_endpoint(url);
    for error in [
        client.get_events_configuration(&acme, &bot).await.unwrap_err(),
        client.get_events_configuration(&acme, "no-bot").await.unwrap_err(),
        client.put_events_configuration(&acme, "no-bot", target()).await.unwrap_err(),
        client.delete_events_configuration(&acme, "no-bot").await.unwrap_err(),
    ] {
        assert!(error.is_not_found(), "{error}");
    }
}

#[tokio::test]
async fn a_team_account_has_no_bots() {
    let (_chime, client, acme) = start_with_enterprise();
    let bot = client.create_bot(&acme, "myBot").await.unwrap().bot_id;
    let team = client.create_account("Team").await.unwrap().account_id;
    let target = EventsTarget::https_endpoint("https://example.com");
    for error in [
        client.create_bot(&team, "myBot").await.unwrap_err(),
        client.get_bot(&team, &bot).await.unwrap_err(),
        client.list_bots(&team).await.unwrap_err(),
        client.update_bot(&team, &bot).await.unwrap_err(),
        client.regenerate_security_token(&team, &bot).await.unwrap_err(),
        client.get_events_configuration(&team, &bot).await.unwrap_err(),
        client.put_events_configuration(&team, &bot, target).await.unwrap_err(),
        client.delete_events_configuration(&team, &bot).await.unwrap_err(),
    ] {
        assert!(error.is_access_denied(), "{error}");
        assert_eq!((error.status(), error.code()), (Some(403), Some("ForbiddenException")));
    }
}

#[tokio::test]
async fn bots_and_their_events_are_served_as_in_the_seed() {
    let (chime, client) = start();
    let seed = r#"
        {"Account": {"AccountId": "acme", "Name": "Acme", "AccountType": "EnterpriseOIDC"}}
        {"Bot": {"BotId": "bot", "DisplayName": "myBot (Bot)", "Disabled": true}, "AccountId": "acme"}
        {"EventsConfiguration": {"LambdaFunctionArn": "arn"}, "AccountId": "acme", "BotId": "bot"}
    "#;
    chime.seed(seed.as_bytes()).unwrap();
    let bot = client.get_bot("acme", "bot").await.unwrap();
    assert_eq!((bot.display_name, bot.disabled), (Some("myBot (Bot)".into()), Some(true)));
    assert_eq!(bot.created_timestamp, None);
    let configuration = client.get_events_configuration("acme", "bot").await.unwrap();
    assert_eq!(configuration.lambda_function_arn, Some("arn".into()));

    for wrong in [
        r#"{"Bot": {"BotId": "bot"}, "AccountId": "acme"}"#,
        r#"{"Bot": {}, "AccountId": "no-account"}"#,
        r#"{"EventsConfiguration": {"BotId": "bot"}, "AccountId": "acme"}"#,
        r#"{"EventsConfiguration": {"BotId": "no-bot"}, "AccountId": "acme"}"#,
    ] {
        assert!(chime.seed(wrong.as_bytes()).is_err(), "{wrong}");
    }
    assert_eq!(client.list_bots("acme").await.unwrap().items.len(), 1);
}
