use amazon_chime::{TelephonySettings, UserSettings};
use serde_json::json;
use wiremock::ResponseTemplate;

use super::entry::{Entry, call};
use crate::service::{Service, bodyless, put};

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        call("GetUserSettings", |client, given| {
            client.get_user_settings(given.text("AccountId"), given.text("UserId"))
        }),
        call("UpdateUserSettings", |client, given| {
            let telephony = given.part("UserSettings").part("Telephony");
            let telephony = TelephonySettings::new()
                .inbound_calling(telephony.flag("InboundCalling"))
                .outbound_calling(telephony.flag("OutboundCalling"))
                .sms(telephony.flag("SMS"));
            let (account_id, user_id) = (given.text("AccountId"), given.text("UserId"));
            client.update_user_settings(account_id, user_id, telephony)
        }),
    ]
}

#[tokio::test]
async fn get_user_settings_gives_each_flag() {
    for [inbound, outbound, sms] in
        [[true, false, false], [false, true, false], [false, false, true]]
    {
        let telephony =
            json!({ "InboundCalling": inbound, "OutboundCalling": outbound, "SMS": sms });
        let answer = json!({ "UserSettings": { "Telephony": telephony } });
        let service = Service::with_json(200, answer).await;
        let settings = service.client.get_user_settings("a-1", "u-1").await.unwrap();

        assert_eq!(service.sent().await, [bodyless("GET", "/accounts/a-1/users/u-1/settings")]);
        let TelephonySettings { inbound_calling, outbound_calling, sms: texts, .. } =
            settings.telephony;
        assert_eq!([inbound_calling, outbound_calling, texts], [inbound, outbound, sms]);
    }
}

#[tokio::test]
async fn update_user_settings_puts_every_flag() {
    let service = Service::answering(ResponseTemplate::new(204)).await;
    let client = &service.client;
    let telephony = TelephonySettings::new().outbound_calling(true);
    client.update_user_settings("a-1", "u-1", telephony.clone()).await.unwrap();
    let settings = UserSettings::new(telephony);
    client.update_user_settings("a-1", "u-1", settings).await.unwrap();

    let telephony = json!({ "InboundCalling": false, "OutboundCalling": true, "SMS": false });
    let body = json!({ "UserSettings": { "Telephony": telephony } });
    let sent = || put("/accounts/a-1/users/u-1/settings", body.clone());
    assert_eq!(service.sent().await, [sent(), sent()]);
}
