//! Operations that change resources, and refused requests that change nothing.

use std::time::{Duration, Instant};

use amazon_chime::chrono::TimeDelta;
use amazon_chime::local::LocalChime;
use serde_json::{Value, json};

use crate::client::{account, call, enterprise};

#[test]
fn a_refused_request_changes_nothing() {
    let chime = LocalChime::start().unwrap();
    let seed = r#"
        {"Account": {"AccountId": "a-1", "Name": "Acme", "AccountType": "EnterpriseLWA"}}
        {"Account": {"AccountId": "t-1", "Name": "Team", "AccountType": "Team"}}
        {"User": {"UserId": "u-1", "AccountId": "t-1", "PersonalPIN": "0123456789"}}
    "#;
    chime.seed(seed.as_bytes()).unwrap();
    let uris = [
        "/accounts",
        "/accounts/a-1/settings",
        "/accounts/a-1/retention-settings",
        "/accounts/t-1/users",
        "/accounts/t-1/users/u-1/settings",
    ];
    let state = || uris.map(|uri| call(&chime, "GET", uri, &Value::Null));
    let before = state();

    let part = |name: &str, days: Value| {
        let other = json!({ "RetentionDays": 1 });
        let mut settings =
            json!({ "RoomRetentionSettings": other, "ConversationRetentionSettings": other });
        settings[name]["RetentionDays"] = days;
        json!({ "RetentionSettings": settings })
    };
    let telephony = |sms: Value| {
        let telephony = json!({ "InboundCalling": true, "OutboundCalling": true, "SMS": sms });
        json!({ "UserSettings": { "Telephony": telephony } })
    };
    let emails = |count: usize| vec!["eve@example.com"; count];
    let (rooms, conversations) = ("RoomRetentionSettings", "ConversationRetentionSettings");
    let (associate, disassociate) = (
        "/accounts/a-1?operation=associate-signin-delegate-groups",
        "/accounts/a-1?operation=disassociate-signin-delegate-groups",
    );
    let (settings, retention) = ("/accounts/a-1/settings", "/accounts/a-1/retention-settings");
    let user_settings = "/accounts/t-1/users/u-1/settings";
    let (users, invite) = ("/accounts/t-1/users", "/accounts/t-1/users?operation=add");
    let item = |license: &str| json!({ "UserId": "u-1", "UserType": "SharedDevice", "LicenseType": license });
    for (method, uri, body) in [
        ("PUT", settings, json!({})),
        ("PUT", settings, json!({ "AccountSettings": true })),
        (
            "PUT",
            settings,
            json!({ "AccountSettings": { "DisableRemoteControl": true, "EnableDialOut": "true" } }),
        ),
        ("PUT", retention, json!({})),
        ("PUT", retention, part(rooms, json!(0))),
        ("PUT", retention, part(conversations, json!(5476))),
        ("PUT", retention, part(conversations, json!("1"))),
        ("POST", associate, json!({})),
        (
            "POST",
            associate,
            json!({ "SigninDelegateGroups": [{ "GroupName": "a" }, { "GroupName": " " }] }),
        ),
        ("POST", associate, json!({ "SigninDelegateGroups": [{ "GroupName": "a" }, "b"] })),
        ("POST", disassociate, json!({ "GroupNames": [] })),
        ("POST", disassociate, json!({})),
        ("PUT", user_settings, json!({})),
        ("PUT", user_settings, json!({ "UserSettings": {} })),
        ("PUT", user_settings, telephony(Value::Null)),
        ("PUT", user_settings, telephony(json!(1))),
        ("POST", invite, json!({})),
        ("POST", invite, json!({ "UserEmailList": emails(51) })),
        ("POST", invite, json!({ "UserEmailList": ["eve@example.com", "eve"] })),
        ("POST", invite, json!({ "UserEmailList": emails(1), "UserType": "Robot" })),
        ("POST", users, json!({})),
        ("POST", users, json!({ "UpdateUserRequestItems": vec![item("Pro"); 21] })),
        ("POST", users, json!({ "UpdateUserRequestItems": [item("Pro"), item("Platinum")] })),
        (
            "POST",
            users,
            json!({ "UpdateUserRequestItems": [item("Pro"), { "UserType": "PrivateUser" }] }),
        ),
    ] {
        assert_eq!(call(&chime, method, uri, &body).0, 400, "{method} {uri} {body}");
        assert_eq!(state(), before, "{method} {uri} {body}");
    }
    let forbidden = "/accounts/t-1/retention-settings";
    assert_eq!(call(&chime, "PUT", forbidden, &part(rooms, json!(1))).0, 403);
    let forbidden = "/accounts/a-1/users?operation=add";
    assert_eq!(call(&chime, "POST", forbidden, &json!({ "UserEmailList": emails(1) })).0, 403);
    assert_eq!(state(), before);
}

#[test]
fn successful_responses_have_the_status_and_the_body_of_the_model() {
    let chime = LocalChime::start().unwrap();
    let seed = r#"
        {"Account": {"AccountId": "a-1", "Name": "Acme", "AccountType": "EnterpriseLWA"}}
        {"Account": {"AccountId": "t-1", "Name": "Team", "AccountType": "Team"}}
        {"User": {"UserId": "u-1", "AccountId": "t-1"}}
    "#;
    chime.seed(seed.as_bytes()).unwrap();
    let telephony = json!({ "InboundCalling": true, "OutboundCalling": true, "SMS": true });
    let (group, user) = ("/accounts/a-1?operation", "/accounts/t-1/users/u-1");
    for (method, uri, body, status, answer) in [
        ("GET", "/accounts/a-1/retention-settings", Value::Null, 200, json!({})),
        (
            "PUT",
            "/accounts/a-1/retention-settings",
            json!({ "RetentionSettings": { "RoomRetentionSettings": {} } }),
            204,
            Value::Null,
        ),
        ("PUT", "/accounts/a-1/settings", json!({ "AccountSettings": {} }), 204, Value::Null),
        (
            "POST",
            &format!("{group}=associate-signin-delegate-groups"),
            json!({ "SigninDelegateGroups": [{ "GroupName": "a" }, {}] }),
            200,
            json!({}),
        ),
        (
            "POST",
            &format!("{group}=disassociate-signin-delegate-groups"),
            json!({ "GroupNames": ["a"] }),
            200,
            json!({}),
        ),
        (
            "PUT",
            &format!("{user}/settings"),
            json!({ "UserSettings": { "Telephony": telephony } }),
            204,
            Value::Null,
        ),
        ("POST", &format!("{user}?operation=logout"), Value::Null, 204, Value::Null),
        (
            "POST",
            "/accounts/t-1/users?operation=add",
            json!({ "UserEmailList": [] }),
            201,
            json!({ "Invites": [] }),
        ),
        (
            "POST",
            "/accounts/t-1/users",
            json!({ "UpdateUserRequestItems": [] }),
            200,
            json!({ "UserErrors": [] }),
        ),
    ] {
        assert_eq!(call(&chime, method, uri, &body), (status, answer), "{method} {uri}");
    }
    let (status, answer) =
        call(&chime, "POST", &format!("{user}?operation=reset-personal-pin"), &Value::Null);
    assert_eq!((status, &answer["User"]["UserId"]), (200, &json!("u-1")));
}

#[test]
fn updates_keep_unknown_members_of_objects() {
    let chime = LocalChime::start().unwrap();
    let seed = r#"
        {"Account": {"AccountId": "a", "Name": "Acme", "AccountType": "EnterpriseLWA"}}
        {"GlobalSettings": {"VoiceConnector": {"CdrBucket": "b", "New": 1}}}
        {"AccountRetention": {"RetentionSettings": {"RoomRetentionSettings": {"RetentionDays": 3, "New": 1}}}, "AccountId": "a"}
    "#;
    chime.seed(seed.as_bytes()).unwrap();
    let get = |uri: &str| call(&chime, "GET", uri, &Value::Null).1;

    call(&chime, "PUT", "/settings", &json!({ "VoiceConnector": { "CdrBucket": "c" } }));
    assert_eq!(get("/settings")["VoiceConnector"], json!({ "CdrBucket": "c", "New": 1 }));

    let retention = "/accounts/a/retention-settings";
    for part in [json!({ "RetentionDays": 4 }), json!({})] {
        let settings = json!({ "RetentionSettings": { "RoomRetentionSettings": part } });
        assert_eq!(call(&chime, "PUT", retention, &settings).0, 204);
        let mut expected = part;
        expected["New"] = json!(1);
        assert_eq!(get(retention)["RetentionSettings"]["RoomRetentionSettings"], expected);
    }
}

#[test]
fn the_target_of_events_is_an_https_url_or_an_arn() {
    let (chime, account) = enterprise();
    let bot = json!({ "DisplayName": "myBot" });
    let (_, answer) = call(&chime, "POST", &format!("{account}/bots"), &bot);
    let bot = answer["Bot"]["BotId"].as_str().unwrap();
    let uri = format!("{account}/bots/{bot}/events-configuration");
    for (name, value, status) in [
        ("OutboundEventsHTTPSEndpoint", "https://example.com", 201),
        ("OutboundEventsHTTPSEndpoint", "http://example.com", 400),
        ("OutboundEventsHTTPSEndpoint", "", 400),
        ("LambdaFunctionArn", "arn:aws:lambda:us-east-1:111122223333:function:f", 201),
        ("LambdaFunctionArn", "https://example.com", 400),
    ] {
        assert_eq!(call(&chime, "PUT", &uri, &json!({ name: value })).0, status, "{value}");
    }
}

#[test]
fn the_clock_of_resources_never_goes_back() {
    let chime = LocalChime::start().unwrap();
    let created = || {
        let (_, answer) = call(&chime, "POST", "/accounts", &json!({ "Name": "Acme" }));
        let created = answer["Account"]["CreatedTimestamp"].as_str().unwrap().to_owned();
        created.parse::<amazon_chime::chrono::DateTime<amazon_chime::chrono::Utc>>().unwrap()
    };
    let mut last = created();
    for days in [30, 99_000_000, 99_000_000] {
        chime.advance(TimeDelta::days(days));
        let now = created();
        assert!(now >= last, "{now} is before {last}");
        last = now;
    }
    chime.advance(TimeDelta::MAX);
    assert!(created() >= last);
}

#[test]
fn thousands_of_sign_in_delegate_groups_are_fast() {
    let chime = LocalChime::start().unwrap();
    let account = format!("/accounts/{}", account(&chime, "Acme"));
    let names: Vec<String> = (0..20_000).map(|number| format!("group {number}")).collect();
    let groups: Vec<Value> = names.iter().map(|name| json!({ "GroupName": name })).collect();
    let (associate, disassociate) = (
        format!("{account}?operation=associate-signin-delegate-groups"),
        format!("{account}?operation=disassociate-signin-delegate-groups"),
    );
    let started = Instant::now();
    call(&chime, "POST", &associate, &json!({ "SigninDelegateGroups": groups }));
    call(&chime, "POST", &associate, &json!({ "SigninDelegateGroups": groups }));
    let of_account = || call(&chime, "GET", &account, &Value::Null).1["Account"].clone();
    assert_eq!(of_account()["SigninDelegateGroups"], json!(groups));
    call(&chime, "POST", &disassociate, &json!({ "GroupNames": names }));
    assert_eq!(of_account()["SigninDelegateGroups"], json!([]));
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}
