//! Rows that were seeded.

use amazon_chime::local::LocalChime;
use serde_json::{Value, json};

use crate::client::call;

#[test]
fn a_seeded_row_is_served_as_it_was_seeded() {
    let chime = LocalChime::start().unwrap();
    let account = json!({
        "AccountId": "a-1", "Name": "Acme", "AwsAccountId": "999988887777", "AccountType": "EnterpriseOIDC",
        "CreatedTimestamp": "2019-01-08T17:59:18.006Z", "Admins": null, "Unheard": { "Of": [1, 2.5, "ü"] },
    });
    let user = json!({
        "UserId": "u-1", "AccountId": "a-1", "PrimaryEmail": "ana@example.com", "Nickname": null,
        "UserRegistrationStatus": "Registered", "RegisteredOn": "2019-02-01T10:30:00+01:00",
    });
    let settings = json!({ "EnableDialOut": true, "Unheard": "of" });
    let telephony =
        json!({ "Telephony": { "InboundCalling": true, "Fax": true }, "Unheard": "of" });
    let retention = json!({ "RetentionSettings": { "Mail": {} }, "Unheard": "of" });
    let bot = json!({ "BotId": "b-1", "DisplayName": "myBot (Bot)", "Unheard": "of" });
    let events = json!({
        "BotId": "b-1", "LambdaFunctionArn": "arn", "OutboundEventsHTTPSEndpoint": null, "Unheard": "of",
    });
    let room = json!({
        "RoomId": "r-1", "AccountId": "a-1", "CreatedTimestamp": "2019-12-02", "Unheard": "of",
    });
    let membership =
        json!({ "RoomId": "r-1", "Member": { "MemberId": "m-1", "Age": 7 }, "Unheard": "of" });
    let lines = [
        json!({ "Account": account }),
        json!({ "User": user }),
        json!({ "AccountSettings": settings, "AccountId": "a-1" }),
        json!({ "UserSettings": telephony, "AccountId": "a-1", "UserId": "u-1" }),
        json!({ "AccountRetention": retention, "AccountId": "a-1" }),
        json!({ "Bot": bot, "AccountId": "a-1" }),
        json!({ "EventsConfiguration": events, "AccountId": "a-1", "BotId": "b-1" }),
        json!({ "Room": room, "AccountId": "a-1" }),
        json!({ "RoomMembership": membership, "AccountId": "a-1", "RoomId": "r-1" }),
    ];
    let seed = lines.map(|line| line.to_string()).join("\n");
    chime.seed(seed.as_bytes()).unwrap();

    for (uri, answer) in [
        ("/accounts/a-1", json!({ "Account": account })),
        ("/accounts", json!({ "Accounts": [account], "NextToken": null })),
        ("/accounts/a-1/users/u-1", json!({ "User": user })),
        (
            "/accounts/a-1/users?user-email=ANA%40example.com",
            json!({ "Users": [user], "NextToken": null }),
        ),
        ("/accounts/a-1/settings", json!({ "AccountSettings": settings })),
        ("/accounts/a-1/users/u-1/settings", json!({ "UserSettings": telephony })),
        ("/accounts/a-1/retention-settings", retention),
        ("/accounts/a-1/bots/b-1", json!({ "Bot": bot })),
        ("/accounts/a-1/bots", json!({ "Bots": [bot], "NextToken": null })),
        ("/accounts/a-1/bots/b-1/events-configuration", json!({ "EventsConfiguration": events })),
        ("/accounts/a-1/rooms/r-1", json!({ "Room": room })),
        ("/accounts/a-1/rooms?member-id=m-1", json!({ "Rooms": [room], "NextToken": null })),
        (
            "/accounts/a-1/rooms/r-1/memberships",
            json!({ "RoomMemberships": [membership], "NextToken": null }),
        ),
    ] {
        assert_eq!(call(&chime, "GET", uri, &Value::Null), (200, answer), "{uri}");
    }
    let unchanged = call(&chime, "POST", "/accounts/a-1/users/u-1", &json!({}));
    assert_eq!(unchanged, (200, json!({ "User": user })), "nothing is set");

    let update = json!({ "UserSettings": { "Telephony": {
        "InboundCalling": false, "OutboundCalling": false, "SMS": true,
    } } });
    assert_eq!(call(&chime, "PUT", "/accounts/a-1/users/u-1/settings", &update).0, 204);
    let (_, answer) = call(&chime, "GET", "/accounts/a-1/users/u-1/settings", &Value::Null);
    let telephony = &answer["UserSettings"]["Telephony"];
    assert_eq!((&telephony["Fax"], &telephony["InboundCalling"]), (&json!(true), &json!(false)));
}

#[test]
fn a_row_gets_the_identifier_of_its_parent_if_the_model_of_the_row_has_this_member() {
    let chime = LocalChime::start().unwrap();
    let seed = r#"
        {"Account": {"AccountId": "a", "Name": "Acme", "AccountType": "EnterpriseOIDC"}}
        {"User": {"UserId": "u"}, "AccountId": "a"}
        {"Bot": {"BotId": "b"}, "AccountId": "a"}
        {"EventsConfiguration": {}, "AccountId": "a", "BotId": "b"}
        {"Room": {"RoomId": "r"}, "AccountId": "a"}
        {"RoomMembership": {"Member": {"MemberId": "u"}}, "AccountId": "a", "RoomId": "r"}
    "#;
    chime.seed(seed.as_bytes()).unwrap();
    for (uri, answer) in [
        ("users/u", json!({ "User": { "UserId": "u", "AccountId": "a" } })),
        ("bots/b", json!({ "Bot": { "BotId": "b" } })),
        ("bots/b/events-configuration", json!({ "EventsConfiguration": { "BotId": "b" } })),
        ("rooms/r", json!({ "Room": { "RoomId": "r", "AccountId": "a" } })),
        (
            "rooms/r/memberships",
            json!({
                "RoomMemberships": [{ "RoomId": "r", "Member": { "MemberId": "u" } }], "NextToken": null,
            }),
        ),
    ] {
        let uri = format!("/accounts/a/{uri}");
        assert_eq!(call(&chime, "GET", &uri, &Value::Null), (200, answer), "{uri}");
    }
}

#[test]
fn a_seeded_account_without_licenses_supports_every_license() {
    let chime = LocalChime::start().unwrap();
    let seed = r#"
        {"Account": {"AccountId": "a", "Name": "Acme"}}
        {"User": {"UserId": "u"}, "AccountId": "a"}
        {"Account": {"AccountId": "b", "Name": "Birch", "SupportedLicenses": ["Basic"]}}
    "#;
    chime.seed(seed.as_bytes()).unwrap();
    let post = |uri: &str, body: Value| call(&chime, "POST", uri, &body).0;
    for license in ["Basic", "Plus", "Pro", "ProTrial"] {
        assert_eq!(post("/accounts/a/users/u", json!({ "LicenseType": license })), 200);
        assert_eq!(post("/accounts/a", json!({ "DefaultLicense": license })), 200);
    }
    assert_eq!(post("/accounts/b", json!({ "DefaultLicense": "Pro" })), 400);
}

#[test]
fn a_seeded_order_can_be_read() {
    let chime = LocalChime::start().unwrap();
    let bad =
        r#"{"PhoneNumberOrder": {"PhoneNumberOrderId": "abc12345-de67-89f0-123g-h45i678j9012"}}"#;
    assert!(chime.seed(bad.as_bytes()).is_err());
    chime.seed(&br#"{"PhoneNumberOrder": {}}"#[..]).unwrap();
    let (_, listed) = call(&chime, "GET", "/phone-number-orders", &Value::Null);
    let id = listed["PhoneNumberOrders"][0]["PhoneNumberOrderId"].as_str().unwrap();
    assert_eq!(call(&chime, "GET", &format!("/phone-number-orders/{id}"), &Value::Null).0, 200);
}
