//! The form of resources, and their listings.

use std::thread;

use amazon_chime::local::LocalChime;
use serde_json::{Value, json};

use crate::client::{account, call, enterprise, send};

#[test]
fn an_account_has_the_members_of_a_real_account() {
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
fn a_user_is_deleted_with_its_account() {
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
fn rooms_memberships_and_bots_have_the_members_of_real_resources() {
    let (chime, account) = enterprise();
    let answers: Value = serde_json::from_str(include_str!("../data/answers.json")).unwrap();
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
fn a_batch_with_an_invalid_entry_adds_no_member() {
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
fn concurrent_clients_create_each_user_exactly_once() {
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

/// Returns the member `name` of every item in a listing, which is read with one item per page.
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
fn listings_have_filters_and_the_order_of_creation() {
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
fn the_addresses_of_a_deleted_account_are_no_longer_found() {
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
fn a_page_token_is_valid_only_for_its_listing() {
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
