//! The embedded Chime as any client sees it: over sockets, with requests that are signed here.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, SystemTime};

use amazon_chime::local::{Fault, LocalChime, SkewError};
use amazon_chime::{AccountType, Credentials};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde_json::{Value, json};

fn send(
    chime: &LocalChime,
    credentials: Credentials,
    method: &str,
    uri: &str,
    body: &str,
) -> Response {
    let url = format!("{}{uri}", chime.endpoint_url());
    let host = &chime.endpoint_url()["http://".len()..];
    let mut headers = vec![("host", host)];
    if !body.is_empty() {
        headers.push(("content-type", "application/json"));
    }
    let identity = credentials.into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(chime.region())
        .name("chime")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let signable = SignableRequest::new(
        method,
        url.as_str(),
        headers.iter().copied(),
        SignableBody::Bytes(body.as_bytes()),
    );
    let (signed, _) = sign(signable.unwrap(), &params).unwrap().into_parts();

    let mut stream = connect(chime);
    let length = body.len();
    write!(stream, "{method} {uri} HTTP/1.1\r\nconnection: close\r\ncontent-length: {length}\r\n")
        .unwrap();
    for (name, value) in headers.into_iter().chain(signed.headers()) {
        write!(stream, "{name}: {value}\r\n").unwrap();
    }
    write!(stream, "\r\n{body}").unwrap();
    Response::read(stream)
}

struct Response {
    status: u16,
    headers: HashMap<String, String>,
    body: String,
}

impl Response {
    fn read(mut stream: TcpStream) -> Self {
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let (status, headers) = head.split_once("\r\n").unwrap();
        let headers = headers.lines().map(|line| line.split_once(": ").unwrap());
        Self {
            status: status.split(' ').nth(1).unwrap().parse().unwrap(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: body.to_owned(),
        }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }
}

fn call(chime: &LocalChime, method: &str, uri: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let response = send(chime, chime.credentials(), method, uri, &body);
    (response.status, response.json())
}

fn account(chime: &LocalChime, name: &str) -> String {
    let (status, answer) = call(chime, "POST", "/accounts", &json!({ "Name": name }));
    assert_eq!(status, 201);
    answer["Account"]["AccountId"].as_str().unwrap().to_owned()
}

/// An embedded Chime with an Enterprise account, and the path of this account.
fn enterprise() -> (LocalChime, String) {
    let chime = LocalChime::start().unwrap();
    let account = chime.add_account("Acme", AccountType::EnterpriseDirectory).unwrap();
    (chime, format!("/accounts/{}", account.account_id))
}

fn connect(chime: &LocalChime) -> TcpStream {
    let stream = TcpStream::connect(address(chime)).unwrap();
    let patience = Some(Duration::from_secs(20));
    stream.set_read_timeout(patience).unwrap();
    stream
}

fn address(chime: &LocalChime) -> SocketAddr {
    chime.endpoint_url()["http://".len()..].parse().unwrap()
}

/// Reads until `text` was seen.
fn read_until(stream: &mut TcpStream, text: &str) {
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains(text) {
        let mut buffer = [0; 4096];
        let length = stream.read(&mut buffer).unwrap();
        assert_ne!(length, 0, "the connection ended");
        seen.extend_from_slice(&buffer[..length]);
    }
}

/// Whether the other side has closed the connection; fails if nothing happens.
fn is_closed(stream: &mut TcpStream) -> bool {
    match stream.read(&mut [0; 4096]) {
        Ok(length) => length == 0,
        Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
    }
}

#[test]
fn an_account_has_the_form_of_the_real_one() {
    let chime = LocalChime::start().unwrap();
    let response =
        send(&chime, chime.temporary_credentials(), "POST", "/accounts", r#"{"Name": "example"}"#);
    assert_eq!(response.status, 201);
    assert_eq!(response.headers["content-type"], "application/json");
    assert_eq!(response.headers["x-amzn-requestid"].len(), 36);
    assert!(response.headers.contains_key("date"));

    let answer = response.json();
    let account = &answer["Account"];
    assert_eq!(
        *account,
        json!({
            "AccountId": account["AccountId"],
            "AccountStatus": "Active",
            "AccountType": "Team",
            "Admins": null,
            "AwsAccountId": "111122223333",
            "BillingType": "SeatBilling",
            "CreatedTimestamp": account["CreatedTimestamp"],
            "DefaultLicense": "Pro",
            "DelegationStatus": "NoDelegation",
            "DirectoryId": null,
            "Domains": null,
            "Groups": [],
            "Name": "example",
            "Owner": null,
            "SigninDelegateGroups": null,
            "SupportedLicenses": ["Basic", "Pro"],
            "UseProTrialLicense": false,
        })
    );
    assert_eq!(account["AccountId"].as_str().unwrap().len(), 36);
    let created = account["CreatedTimestamp"].as_str().unwrap();
    assert_eq!(created.len(), "2019-01-08T17:59:18.006Z".len());
}

#[test]
fn errors_have_a_type_a_code_and_a_message() {
    let chime = LocalChime::start().unwrap();
    let response = send(&chime, chime.credentials(), "GET", "/accounts/x", "");
    assert_eq!(response.status, 404);
    assert_eq!(response.headers["x-amzn-errortype"], "NotFoundException");
    let body = response.json();
    assert_eq!(body["Code"], "NotFound");
    assert!(body["Message"].is_string());
}

#[test]
fn a_user_lives_as_long_as_its_account() {
    let chime = LocalChime::start().unwrap();
    let account = format!("/accounts/{}", account(&chime, "Acme"));
    let users = format!("{account}/users");
    let create = format!("{users}?operation=create");
    let ana = json!({ "Email": "ana@example.com", "UserType": null });

    let (status, created) = call(&chime, "POST", &create, &ana);
    assert_eq!((status, &created["User"]["LicenseType"]), (201, &json!("Pro")));
    assert_eq!(call(&chime, "POST", &create, &ana).0, 409);
    let user = created["User"]["UserId"].as_str().unwrap();
    let uri = format!("{users}/{user}");
    assert_eq!(call(&chime, "GET", &uri, &Value::Null), (200, created.clone()));

    assert_eq!(call(&chime, "DELETE", &account, &Value::Null).0, 422);
    let suspend = format!("{users}?operation=suspend");
    let answer = call(&chime, "POST", &suspend, &json!({ "UserIdList": [user] }));
    assert_eq!(answer, (200, json!({ "UserErrors": [] })));
    assert_eq!(call(&chime, "DELETE", &account, &Value::Null), (204, Value::Null));
    assert_eq!(call(&chime, "GET", &uri, &Value::Null).0, 404);
}

#[test]
fn rooms_members_and_bots_have_the_form_of_the_real_ones() {
    let (chime, account) = enterprise();
    let answers: Value = serde_json::from_str(include_str!("data/answers.json")).unwrap();
    let create = |resource: &str, body: Value| {
        let (status, answer) = call(&chime, "POST", &format!("{account}/{resource}"), &body);
        assert_eq!(status, 201);
        answer
    };
    let room = create("rooms", json!({ "Name": "chatRoom" }));
    let memberships = format!("rooms/{}/memberships", room["Room"]["RoomId"].as_str().unwrap());
    let bot = create("bots", json!({ "DisplayName": "myBot" }));
    let membership = create(&memberships, json!({ "MemberId": bot["Bot"]["BotId"] }));
    for (answer, real) in [
        (&room["Room"], &answers["create-room"]["Room"]),
        (&bot["Bot"], &answers["get-bot"]["Bot"]),
        (&membership["RoomMembership"], &answers["create-room-membership"]["RoomMembership"]),
        (
            &membership["RoomMembership"]["Member"],
            &answers["create-room-membership"]["RoomMembership"]["Member"],
        ),
    ] {
        let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let sorted = |mut names: Vec<String>| {
            names.sort();
            names
        };
        assert_eq!(sorted(names(answer)), sorted(names(real)));
    }
    assert_eq!(bot["Bot"]["DisplayName"], answers["get-bot"]["Bot"]["DisplayName"]);
    assert_eq!(bot["Bot"]["BotEmail"], answers["get-bot"]["Bot"]["BotEmail"]);
}

#[test]
fn a_batch_with_an_entry_that_is_not_well_formed_adds_nobody() {
    let (chime, account) = enterprise();
    let post =
        |resource: &str, body: &Value| call(&chime, "POST", &format!("{account}/{resource}"), body);
    let (_, room) = post("rooms", &json!({ "Name": "chatRoom" }));
    let memberships = format!("rooms/{}/memberships", room["Room"]["RoomId"].as_str().unwrap());
    let (_, bot) = post("bots", &json!({ "DisplayName": "myBot" }));
    let good = json!({ "MemberId": bot["Bot"]["BotId"] });
    let batch = format!("{memberships}?operation=batch-create");
    for wrong in
        [json!({}), json!({ "MemberId": " " }), json!({ "MemberId": "a", "Role": "Owner" })]
    {
        let items = json!({ "MembershipItemList": [good, wrong] });
        assert_eq!(post(&batch, &items).0, 400, "{wrong}");
    }
    assert_eq!(post(&batch, &json!({})).0, 400);
    assert_eq!(post(&batch, &json!({ "MembershipItemList": vec![&good; 51] })).0, 400);

    let (_, page) = call(&chime, "GET", &format!("{account}/{memberships}"), &Value::Null);
    assert_eq!(page["RoomMemberships"], json!([]));
    let items = json!({ "MembershipItemList": [good] });
    assert_eq!(post(&batch, &items), (201, json!({ "Errors": [] })));
}

#[test]
fn many_clients_at_once_lose_and_double_nothing() {
    let chime = LocalChime::start().unwrap();
    let account = account(&chime, "Acme");
    let create = format!("/accounts/{account}/users?operation=create");
    let statuses: Vec<u16> = thread::scope(|scope| {
        let clients: Vec<_> = (0..32)
            .map(|client| {
                let email = json!({ "Email": format!("u{}@example.com", client / 4) });
                let (chime, create) = (&chime, &create);
                scope.spawn(move || call(chime, "POST", create, &email).0)
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 8);
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 24);

    let (mut seen, mut uri) = (0, format!("/accounts/{account}/users?max-results=3"));
    loop {
        let (_, page) = call(&chime, "GET", &uri, &Value::Null);
        seen += page["Users"].as_array().unwrap().len();
        let Some(token) = page["NextToken"].as_str() else {
            break;
        };
        let token =
            percent_encoding::utf8_percent_encode(token, percent_encoding::NON_ALPHANUMERIC);
        uri = format!("/accounts/{account}/users?max-results=3&next-token={token}");
    }
    assert_eq!(seen, 8);
}

/// Everything in a listing, one item per page, by the member that names an item.
fn list(chime: &LocalChime, uri: &str, items: &str, name: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let separator = if uri.contains('?') { '&' } else { '?' };
    let first = format!("{uri}{separator}max-results=1");
    let mut next = first.clone();
    loop {
        let (status, page) = call(chime, "GET", &next, &Value::Null);
        assert_eq!(status, 200);
        let names = page[items].as_array().unwrap().iter().map(|item| &item[name]);
        seen.extend(names.map(|name| name.as_str().unwrap().to_owned()));
        let Some(token) = page["NextToken"].as_str() else {
            return seen;
        };
        next = format!("{first}&next-token={}", encoded(token));
    }
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[test]
fn listings_are_filtered_by_name_and_address_and_in_the_order_of_creation() {
    let chime = LocalChime::start().unwrap();
    for name in ["Acme 2", "Other", "Acme 1"] {
        let users = format!("/accounts/{}/users", account(&chime, name));
        let create = |email: &str, user_type: &str| {
            let user = json!({ "Email": email, "UserType": user_type });
            call(&chime, "POST", &format!("{users}?operation=create"), &user).0
        };
        assert_eq!(create("bea@example.com", "SharedDevice"), 201);
        assert_eq!(create("Ana@example.com", "PrivateUser"), 201);
        assert_eq!(create("ANA@example.com", "PrivateUser"), 409);

        let emails =
            |query: &str| list(&chime, &format!("{users}{query}"), "Users", "PrimaryEmail");
        assert_eq!(emails(""), ["bea@example.com", "Ana@example.com"]);
        assert_eq!(emails("?user-email=ana%40EXAMPLE.com"), ["Ana@example.com"]);
        assert_eq!(emails("?user-email=bea%40example.com&user-type=PrivateUser"), [""; 0]);
        assert_eq!(emails("?user-type=SharedDevice"), ["bea@example.com"]);
    }
    let names = |query: &str| list(&chime, &format!("/accounts{query}"), "Accounts", "Name");
    assert_eq!(names(""), ["Acme 2", "Other", "Acme 1"]);
    assert_eq!(names("?name=Acme"), ["Acme 2", "Acme 1"]);
    assert_eq!(names("?user-email=ANA%40example.com"), ["Acme 2", "Other", "Acme 1"]);
    assert_eq!(names("?user-email=ana%40example.com&name=Acme"), ["Acme 2", "Acme 1"]);
    assert_eq!(names("?user-email=eve%40example.com"), [""; 0]);
}

#[test]
fn the_addresses_in_a_deleted_account_are_no_longer_found() {
    let chime = LocalChime::start().unwrap();
    let accounts = ["Acme", "Other"].map(|name| {
        let account = format!("/accounts/{}", account(&chime, name));
        let create = format!("{account}/users?operation=create");
        let (_, created) = call(&chime, "POST", &create, &json!({ "Email": "ana@example.com" }));
        (account, created["User"]["UserId"].as_str().unwrap().to_owned())
    });
    let (deleted, user) = &accounts[0];
    let suspend = format!("{deleted}/users?operation=suspend");
    assert_eq!(call(&chime, "POST", &suspend, &json!({ "UserIdList": [user] })).0, 200);
    assert_eq!(call(&chime, "DELETE", deleted, &Value::Null).0, 204);
    let left = list(&chime, "/accounts?user-email=ana%40example.com", "Accounts", "Name");
    assert_eq!(left, ["Other"]);
}

#[test]
fn a_token_is_for_the_listing_it_came_from() {
    let chime = LocalChime::start().unwrap();
    for name in ["Acme 1", "Acme 2", "Acme 3"] {
        account(&chime, name);
    }
    let list = |query: &str| call(&chime, "GET", &format!("/accounts?{query}"), &Value::Null);
    let (_, page) = list("max-results=1&name=Acme");
    let token = page["NextToken"].as_str().unwrap();
    let token = encoded(token);

    let next = format!("name=Acme&next-token={token}");
    assert_eq!(list(&next).1["Accounts"].as_array().unwrap().len(), 2);
    assert_eq!(list(&next).0, 200, "a token can be used again");
    for other in [format!("next-token={token}"), format!("name=Other&next-token={token}")] {
        assert_eq!(list(&other).0, 400);
    }
    assert_eq!(list("name=Acme&next-token=1").0, 400, "made up");
}

#[test]
fn a_phone_number_is_found_by_its_identifier_in_every_form() {
    let chime = LocalChime::start().unwrap();
    let order = json!({ "ProductType": "VoiceConnector", "E164PhoneNumbers": ["+12065550100"] });
    let (status, answer) = call(&chime, "POST", "/phone-number-orders", &order);
    assert_eq!((status, &answer["PhoneNumberOrder"]["Status"]), (201, &json!("Processing")));

    for id in ["%2B12065550100", "+12065550100", "%252B12065550100"] {
        let (status, answer) = call(&chime, "GET", &format!("/phone-numbers/{id}"), &Value::Null);
        assert_eq!(status, 200, "{id}");
        assert_eq!(answer["PhoneNumber"]["PhoneNumberId"], "%2B12065550100");
    }
    for id in ["%2B12065550100", "+12065550100"] {
        let body = json!({ "PhoneNumberIds": [id] });
        let (_, answer) = call(&chime, "POST", "/phone-numbers?operation=batch-delete", &body);
        assert_eq!(answer, json!({ "PhoneNumberErrors": [] }), "{id}");
    }
    for id in ["12065550100", "%2B1206555010", "%2B", "%25252B12065550100"] {
        let (status, _) = call(&chime, "GET", &format!("/phone-numbers/{id}"), &Value::Null);
        assert_eq!(status, 404, "{id}");
    }
}

#[test]
fn what_is_wrong_with_a_request_about_phone_numbers_is_refused_and_changes_nothing() {
    let chime = LocalChime::start().unwrap();
    let order = json!({ "ProductType": "BusinessCalling", "E164PhoneNumbers": ["+12065550100"] });
    call(&chime, "POST", "/phone-number-orders", &order);
    let uri = "/phone-numbers/%2B12065550100";
    let (_, before) = call(&chime, "GET", uri, &Value::Null);

    let both = json!({ "ProductType": "VoiceConnector", "CallingName": "Acme" });
    let mut both_in_batch = both.clone();
    both_in_batch["PhoneNumberId"] = "%2B12065550100".into();
    let good = json!({ "PhoneNumberId": "%2B12065550100", "CallingName": "Acme" });
    let meeting = "/meetings/12a3456b-7c89-412d-8456-78901e23fa45/dial-outs";
    let dial = json!({
        "FromPhoneNumber": "+12065550100", "ToPhoneNumber": "+12065550199", "JoinToken": "a+b",
    });
    let without = |name: &str| {
        let mut body = dial.clone();
        body[name] = Value::Null;
        body
    };
    let batch_update = "/phone-numbers?operation=batch-update";
    let batch_delete = "/phone-numbers?operation=batch-delete";
    for (method, uri, body) in [
        ("POST", uri, both),
        ("POST", uri, json!({ "CallingName": "A" })),
        ("POST", uri, json!({ "ProductType": "Fax" })),
        ("POST", batch_update, json!({ "UpdatePhoneNumberRequestItems": [good, both_in_batch] })),
        ("POST", batch_update, json!({ "UpdatePhoneNumberRequestItems": [good, {}] })),
        ("POST", batch_update, json!({})),
        ("POST", batch_delete, json!({ "PhoneNumberIds": [] })),
        ("POST", batch_delete, json!({})),
        (
            "POST",
            "/phone-number-orders",
            json!({ "ProductType": "VoiceConnector", "E164PhoneNumbers": [] }),
        ),
        (
            "POST",
            "/phone-number-orders",
            json!({ "ProductType": "VoiceConnector", "E164PhoneNumbers": ["+12065550101", "+0"] }),
        ),
        ("POST", "/phone-number-orders", json!({ "E164PhoneNumbers": ["+12065550101"] })),
        ("GET", "/phone-number-orders/12a3456b", Value::Null),
        ("GET", "/phone-numbers?filter-name=UserId", Value::Null),
        ("GET", "/phone-numbers?filter-value=u", Value::Null),
        ("GET", "/phone-numbers?filter-name=user&filter-value=u", Value::Null),
        ("GET", "/phone-numbers?status=Free", Value::Null),
        ("GET", "/phone-numbers?max-results=100", Value::Null),
        ("GET", "/phone-number-orders?max-results=100", Value::Null),
        ("GET", "/phone-number-countries", Value::Null),
        ("GET", "/search?type=phone-numbers&state=WA&max-results=501", Value::Null),
        ("GET", "/search?type=phone-numbers&toll-free-prefix=900", Value::Null),
        ("GET", "/search?type=phone-numbers&country=gb&phone-number-type=Local", Value::Null),
        ("PUT", "/settings/phone-number", json!({})),
        ("PUT", "/settings/phone-number", json!({ "CallingName": "much too long a name" })),
        (
            "PUT",
            "/settings",
            json!({ "BusinessCalling": { "CdrBucket": "b" }, "VoiceConnector": 1 }),
        ),
        ("POST", "/meetings/12a3456b/dial-outs", dial.clone()),
        ("POST", meeting, without("FromPhoneNumber")),
        ("POST", meeting, without("ToPhoneNumber")),
        ("POST", meeting, without("JoinToken")),
    ] {
        let (status, answer) = call(&chime, method, uri, &body);
        assert_eq!((status, &answer["Code"]), (400, &json!("BadRequest")), "{method} {uri} {body}");
    }

    assert_eq!(call(&chime, "GET", uri, &Value::Null).1, before);
    let (_, listed) = call(&chime, "GET", "/phone-numbers", &Value::Null);
    assert_eq!(listed["PhoneNumbers"].as_array().unwrap().len(), 1);
    for uri in ["/settings", "/settings/phone-number"] {
        assert_eq!(call(&chime, "GET", uri, &Value::Null), (200, json!({})));
    }
    assert_eq!(call(&chime, "POST", meeting, &dial).0, 201);
}

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
    let lines = [
        json!({ "Account": account }),
        json!({ "User": user }),
        json!({ "AccountSettings": settings, "AccountId": "a-1" }),
        json!({ "UserSettings": telephony, "AccountId": "a-1", "UserId": "u-1" }),
        json!({ "AccountRetention": retention, "AccountId": "a-1" }),
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
fn what_is_refused_changes_nothing() {
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
fn successes_have_the_status_and_the_body_of_the_model() {
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
fn instances_share_nothing() {
    let (one, other) = (LocalChime::start().unwrap(), LocalChime::start().unwrap());
    let account = format!("/accounts/{}", account(&one, "Acme"));
    assert_eq!(call(&other, "GET", &account, &Value::Null).0, 404);
    let response = send(&other, one.credentials(), "GET", "/accounts", "");
    assert_eq!(response.status, 401);
}

#[test]
fn pipelined_requests_are_answered_in_order_and_too_long_ones_too() {
    let chime = LocalChime::start().unwrap();
    let mut stream = connect(&chime);
    let head = "POST /accounts HTTP/1.1\r\nhost: x\r\n";
    let long = "x".repeat(3 << 20);
    write!(stream, "{head}content-length: {}\r\n\r\n{long}", long.len()).unwrap();
    read_until(&mut stream, "RequestEntityTooLargeException");
    write!(stream, "{head}\r\n{head}\r\n").unwrap();
    read_until(&mut stream, "MissingAuthenticationTokenException");
}

#[test]
fn dropping_it_closes_every_connection_and_frees_the_port() {
    let chime = LocalChime::start().unwrap();
    let address = address(&chime);

    let mut idle = connect(&chime);
    write!(idle, "GET /accounts HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    read_until(&mut idle, "no Authorization header.\"}");
    let mut stalled = connect(&chime);
    let head = "POST /accounts HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n";
    write!(stalled, "{head}expect: 100-continue\r\n\r\n").unwrap();
    read_until(&mut stalled, "100 Continue\r\n\r\n");

    drop(chime);
    assert!(is_closed(&mut idle));
    assert!(is_closed(&mut stalled));
    assert!(TcpStream::connect(address).is_err());
    assert!(LocalChime::start_on(address.port()).is_ok());
}

#[test]
fn starts_and_drops_inside_an_async_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.build().unwrap();
    runtime.block_on(async {
        for _ in 0..50 {
            let chime = LocalChime::start().unwrap();
            let _open = connect(&chime);
            drop(chime);
        }
    });
}

#[test]
fn debug_shows_no_secrets() {
    let chime = LocalChime::start().unwrap();
    let shown = format!("{chime:?}");
    assert_eq!(shown, format!("LocalChime {{ endpoint_url: {:?}, .. }}", chime.endpoint_url()));
}

#[test]
fn can_be_shared_between_threads() {
    fn shareable<T: Send + Sync + 'static>() {}
    shareable::<LocalChime>();
}

#[test]
fn a_fault_is_played_once_unless_told_otherwise() {
    let chime = LocalChime::start().unwrap();
    let list = || call(&chime, "GET", "/accounts", &Value::Null).0;
    chime.inject(Fault::status(503));
    assert_eq!([list(), list()], [503, 200]);
    chime.inject(Fault::status(500).times(2));
    assert_eq!([list(), list(), list()], [500, 500, 200]);
    chime.inject(Fault::status(500).times(9));
    chime.clear_faults();
    assert_eq!(list(), 200);
}

#[test]
fn a_fault_is_for_one_operation_if_told_so() {
    let chime = LocalChime::start().unwrap();
    chime.inject(Fault::html(502).on("CreateAccount"));
    assert_eq!(call(&chime, "GET", "/accounts", &Value::Null).0, 200);
    let response = send(&chime, chime.credentials(), "POST", "/accounts", r#"{"Name": "Acme"}"#);
    assert_eq!((response.status, response.headers["content-type"].as_str()), (502, "text/html"));
    assert!(response.body.contains("<title>502"));
}

#[test]
fn a_fault_comes_before_the_effect_or_after_it() {
    let chime = LocalChime::start().unwrap();
    let accounts =
        || call(&chime, "GET", "/accounts", &Value::Null).1["Accounts"].as_array().unwrap().len();
    let create = || call(&chime, "POST", "/accounts", &json!({ "Name": "Acme" })).0;
    chime.inject(Fault::status(500));
    assert_eq!((create(), accounts()), (500, 0));
    chime.inject(Fault::status(500).after_effect());
    assert_eq!((create(), accounts()), (500, 1));
    chime.inject(Fault::redirect("http://127.0.0.1:9/"));
    assert_eq!((create(), accounts()), (307, 1));
    chime.inject(Fault::invalid_json());
    assert_eq!((create(), accounts()), (201, 2));
}

#[test]
fn the_same_seed_plays_a_fault_on_the_same_requests() {
    let statuses = || {
        let chime = LocalChime::start().unwrap();
        chime.inject(
            Fault::status(429).retry_after(Duration::from_millis(1)).with_probability(0.2, 7),
        );
        (0..50).map(|_| call(&chime, "GET", "/accounts", &Value::Null).0).collect::<Vec<_>>()
    };
    let first = statuses();
    let faults = first.iter().filter(|status| **status == 429).count();
    assert!((3..=20).contains(&faults), "{faults}");
    assert_eq!(first, statuses());
}

/// What comes back on a connection whose answer is broken, as far as it comes.
fn broken_answer(fault: Fault) -> (String, Option<std::io::ErrorKind>) {
    let chime = LocalChime::start().unwrap();
    chime.inject(fault);
    let mut stream = connect(&chime);
    write!(stream, "GET /accounts HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut bytes = Vec::new();
    let ended = stream.read_to_end(&mut bytes);
    (String::from_utf8(bytes).unwrap(), ended.err().map(|error| error.kind()))
}

#[test]
fn connections_break_as_the_faults_say() {
    let (answer, ended) = broken_answer(Fault::reset());
    assert_eq!((answer.as_str(), ended), ("", Some(std::io::ErrorKind::ConnectionReset)));
    assert_eq!(broken_answer(Fault::close()), (String::new(), None));
    let (answer, _) = broken_answer(Fault::not_http(100));
    assert!(answer.starts_with("nonsense ") && answer.len() >= 100, "{answer}");

    let (answer, ended) = broken_answer(Fault::cut_off());
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert_eq!(body.len(), length.parse::<usize>().unwrap() / 2);
    assert_eq!(ended, None);
    let (answer, _) = broken_answer(Fault::long_header(100_000));
    assert!(answer.contains(&"x".repeat(100_000)));
    let (answer, _) = broken_answer(Fault::long_body(100_000));
    assert!(answer.ends_with(&"x".repeat(100_000)));
}

#[test]
fn a_shifted_clock_refuses_the_right_time_under_the_name_it_is_told() {
    let chime = LocalChime::start().unwrap();
    for (error, name) in [
        (SkewError::InvalidSignature, "InvalidSignatureException"),
        (SkewError::SignatureDoesNotMatch, "SignatureDoesNotMatch"),
        (SkewError::RequestTimeTooSkewed, "RequestTimeTooSkewed"),
        (SkewError::RequestExpired, "RequestExpired"),
    ] {
        chime.shift_clock(chrono::TimeDelta::hours(1), error);
        let response = send(&chime, chime.credentials(), "GET", "/accounts", "");
        assert_eq!((response.status, response.headers["x-amzn-errortype"].as_str()), (403, name));
        let date = chrono::DateTime::parse_from_rfc2822(&response.headers["date"]).unwrap();
        let ahead = date.timestamp() - chrono::Utc::now().timestamp();
        assert!((3590..=3610).contains(&ahead), "{ahead}");
    }
}

#[test]
fn renewing_the_temporary_credentials_expires_the_former() {
    let chime = LocalChime::start().unwrap();
    let former = chime.temporary_credentials();
    let renewed = chime.renew_temporary_credentials();
    let response = send(&chime, former, "GET", "/accounts", "");
    assert_eq!(response.headers["x-amzn-errortype"], "ExpiredTokenException");
    assert_eq!(send(&chime, renewed.clone(), "GET", "/accounts", "").status, 200);
    assert_eq!(chime.temporary_credentials(), renewed);
}
