//! The operations for the settings of the AWS account.

use serde_json::json;
use wiremock::ResponseTemplate;

use super::entry::{Entry, call, call_with};
use crate::service::{Service, bodyless, put};

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        call("GetGlobalSettings", |client, _| client.get_global_settings()),
        call("GetPhoneNumberSettings", |client, _| client.get_phone_number_settings()),
        call_with(
            "UpdateGlobalSettings",
            |client, _| client.update_global_settings(),
            |request, given| {
                let [calling, connector] = ["BusinessCalling", "VoiceConnector"]
                    .map(|name| given.part(name).text("CdrBucket").to_owned());
                request.business_calling_cdr_bucket(calling).voice_connector_cdr_bucket(connector)
            },
        ),
        call("UpdatePhoneNumberSettings", |client, given| {
            client.update_phone_number_settings(given.text("CallingName"))
        }),
    ]
}

#[tokio::test]
async fn global_settings_have_no_envelope() {
    let answer = json!({
        "BusinessCalling": { "CdrBucket": "calls" },
        "VoiceConnector": { "CdrBucket": null },
    });
    let service = Service::with_json(200, answer).await;
    let settings = service.client.get_global_settings().await.unwrap();

    assert_eq!(service.sent().await, [bodyless("GET", "/settings")]);
    assert_eq!(settings.business_calling.unwrap().cdr_bucket.as_deref(), Some("calls"));
    assert_eq!(settings.voice_connector.unwrap().cdr_bucket, None);
}

#[tokio::test]
async fn settings_that_were_never_set_are_absent() {
    for answer in [json!({}), json!({ "BusinessCalling": null, "VoiceConnector": null })] {
        let service = Service::with_json(200, answer).await;
        let settings = service.client.get_global_settings().await.unwrap();
        assert_eq!((settings.business_calling, settings.voice_connector), (None, None));
    }
    for answer in [json!({}), json!({ "CallingName": null, "CallingNameUpdatedTimestamp": null })] {
        let service = Service::with_json(200, answer).await;
        let settings = service.client.get_phone_number_settings().await.unwrap();
        assert_eq!((settings.calling_name, settings.calling_name_updated_timestamp), (None, None));
    }
}

#[tokio::test]
async fn update_global_settings_puts_only_what_is_set() {
    let service = Service::answering(ResponseTemplate::new(204)).await;
    let request = || service.client.update_global_settings();
    request().await.unwrap();
    request().business_calling_cdr_bucket("calls").await.unwrap();
    request().voice_connector_cdr_bucket("voice").await.unwrap();

    let bodies = [
        json!({}),
        json!({ "BusinessCalling": { "CdrBucket": "calls" } }),
        json!({ "VoiceConnector": { "CdrBucket": "voice" } }),
    ];
    assert_eq!(service.sent().await, bodies.map(|body| put("/settings", body)));
}

#[tokio::test]
async fn phone_number_settings_have_a_calling_name_that_is_hidden() {
    let answer = json!({
        "CallingName": "Acme",
        "CallingNameUpdatedTimestamp": "2019-10-28T18:56:42.911Z",
    });
    let service = Service::with_json(200, answer).await;
    let settings = service.client.get_phone_number_settings().await.unwrap();

    assert_eq!(service.sent().await, [bodyless("GET", "/settings/phone-number")]);
    assert!(!format!("{settings:?} {settings:#?}").contains("Acme"));
    assert_eq!(settings.calling_name, Some("Acme".into()));
    let updated = settings.calling_name_updated_timestamp.unwrap();
    assert_eq!(updated.to_rfc3339(), "2019-10-28T18:56:42.911+00:00");
}

#[tokio::test]
async fn a_calling_name_is_put_even_if_it_is_empty() {
    let service = Service::answering(ResponseTemplate::new(204)).await;
    for name in ["Acme", ""] {
        let request = service.client.update_phone_number_settings(name);
        assert!(!format!("{request:?} {request:#?}").contains("Acme"));
        request.await.unwrap();
    }
    let sent =
        ["Acme", ""].map(|name| put("/settings/phone-number", json!({ "CallingName": name })));
    assert_eq!(service.sent().await, sent);
}
