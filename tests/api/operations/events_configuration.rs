use amazon_chime::EventsTarget;
use serde_json::{from_value, json, to_value};
use wiremock::ResponseTemplate;

use super::entry::{Entry, call};
use crate::service::{Service, bodyless, put};

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        call("DeleteEventsConfiguration", |client, given| {
            client.delete_events_configuration(given.text("AccountId"), given.text("BotId"))
        }),
        call("GetEventsConfiguration", |client, given| {
            client.get_events_configuration(given.text("AccountId"), given.text("BotId"))
        }),
        call("PutEventsConfiguration", |client, given| {
            let target = EventsTarget::https_endpoint(given.text("OutboundEventsHTTPSEndpoint"));
            let (account_id, bot_id) = (given.text("AccountId"), given.text("BotId"));
            client.put_events_configuration(account_id, bot_id, target)
        })
        .without("LambdaFunctionArn"),
        call("PutEventsConfiguration", |client, given| {
            let target = EventsTarget::lambda_function(given.text("LambdaFunctionArn"));
            let (account_id, bot_id) = (given.text("AccountId"), given.text("BotId"));
            client.put_events_configuration(account_id, bot_id, target)
        })
        .without("OutboundEventsHTTPSEndpoint"),
    ]
}

const TARGET: &str = "/accounts/a-1/bots/b-1/events-configuration";
const URL: &str = "https://example.com/events?key=1234";
const ARN: &str = "arn:aws:lambda:us-east-1:111122223333:function:events";

#[tokio::test]
async fn the_events_of_a_bot_go_to_an_endpoint() {
    let configuration = json!({ "BotId": "b-1", "OutboundEventsHTTPSEndpoint": URL });
    let answer = json!({ "EventsConfiguration": configuration });
    let service = Service::with_json(201, answer).await;
    let target = EventsTarget::https_endpoint(URL);
    let set = service.client.put_events_configuration("a-1", "b-1", target).await.unwrap();
    let got = service.client.get_events_configuration("a-1", "b-1").await.unwrap();

    let body = json!({ "OutboundEventsHTTPSEndpoint": URL });
    assert_eq!(service.sent().await, [put(TARGET, body), bodyless("GET", TARGET)]);
    assert_eq!(set, got);
    assert_eq!(set.bot_id, Some("b-1".into()));
    assert_eq!(set.outbound_events_https_endpoint, Some(URL.into()));
    assert_eq!(set.lambda_function_arn, None);
}

#[tokio::test]
async fn the_events_of_a_bot_go_to_a_function() {
    let configuration = json!({ "BotId": "b-1", "LambdaFunctionArn": ARN });
    let answer = json!({ "EventsConfiguration": configuration });
    let service = Service::with_json(201, answer).await;
    let target = EventsTarget::lambda_function(ARN);
    let set = service.client.put_events_configuration("a-1", "b-1", target).await.unwrap();

    assert_eq!(service.sent().await, [put(TARGET, json!({ "LambdaFunctionArn": ARN }))]);
    assert_eq!(set.lambda_function_arn, Some(ARN.into()));
    assert_eq!(set.outbound_events_https_endpoint, None);
}

#[tokio::test]
async fn delete_events_configuration_sends_and_receives_no_body() {
    let service = Service::answering(ResponseTemplate::new(204)).await;
    service.client.delete_events_configuration("a-1", "b-1").await.unwrap();
    assert_eq!(service.sent().await, [bodyless("DELETE", TARGET)]);
}

#[test]
fn a_target_is_hidden_in_debug_and_serialises_as_an_object_with_one_member() {
    for (target, member) in [
        (EventsTarget::https_endpoint(URL), json!({ "OutboundEventsHTTPSEndpoint": URL })),
        (EventsTarget::lambda_function(ARN), json!({ "LambdaFunctionArn": ARN })),
    ] {
        assert_eq!(to_value(&target).unwrap(), member);
        assert_eq!(from_value::<EventsTarget>(member).unwrap(), target);
        let shown = format!("{target:?} {target:#?}");
        assert!(!shown.contains("1234") && !shown.contains("1111"), "{shown}");
    }
}
