//! Phone numbers: the forms of their identifiers, their users, and refused requests.

use amazon_chime::chrono::{DateTime, TimeDelta, Utc};
use amazon_chime::local::LocalChime;
use serde_json::{Value, json};

use crate::client::call;

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
fn an_invalid_request_about_phone_numbers_is_refused_and_changes_nothing() {
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

fn seed(chime: &LocalChime, rows: &[Value]) {
    let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
    chime.seed(lines.join("\n").as_bytes()).unwrap();
}

fn number(chime: &LocalChime, digits: &str) -> Value {
    call(chime, "GET", &format!("/phone-numbers/+{digits}"), &Value::Null).1["PhoneNumber"].clone()
}

/// Associates or disassociates a number, and returns the status and the user's number afterwards.
fn ask(chime: &LocalChime, user: &str, operation: &str, body: &Value) -> (u16, Value) {
    let uri = format!("{user}?operation={operation}-phone-number");
    let (status, _) = call(chime, "POST", &uri, body);
    let (_, answer) = call(chime, "GET", user, &Value::Null);
    (status, answer["User"].get("PrimaryProvisionedNumber").cloned().unwrap_or_default())
}

/// Creates a user `u` in each of the accounts `a` and `b`. The user in `b` has a number.
fn two_users_with_one_identifier() -> LocalChime {
    let chime = LocalChime::start().unwrap();
    seed(
        &chime,
        &[
            json!({ "Account": { "AccountId": "a", "Name": "A", "AccountType": "Team" } }),
            json!({ "Account": { "AccountId": "b", "Name": "B", "AccountType": "Team" } }),
            json!({ "User": { "UserId": "u", "UserRegistrationStatus": "Suspended" }, "AccountId": "a" }),
            json!({ "User": { "UserId": "u", "PrimaryProvisionedNumber": "+12065550100" }, "AccountId": "b" }),
            json!({ "PhoneNumber": {
                "PhoneNumberId": "%2B12065550100", "Status": "Assigned", "Associations": [
                    { "Name": "AccountId", "Value": "b" }, { "Name": "UserId", "Value": "u" },
                ],
            } }),
            json!({ "PhoneNumber": {
                "PhoneNumberId": "%2B12065550101", "Status": "Unassigned", "ProductType": "BusinessCalling",
            } }),
        ],
    );
    chime
}

#[test]
fn a_number_belongs_to_one_user_of_one_account() {
    let chime = two_users_with_one_identifier();
    let before = number(&chime, "12065550100");
    let (of_a, of_b) = ("/accounts/a/users/u", "/accounts/b/users/u");
    let first = json!({ "E164PhoneNumber": "+12065550100" });
    let second = json!({ "E164PhoneNumber": "+12065550101" });

    assert_eq!(ask(&chime, of_a, "associate", &first), (400, Value::Null));
    assert_eq!(ask(&chime, of_a, "disassociate", &Value::Null), (200, Value::Null));
    assert_eq!(number(&chime, "12065550100"), before);
    assert_eq!(ask(&chime, of_b, "associate", &second), (400, json!("+12065550100")));
    assert_eq!(ask(&chime, of_a, "associate", &second), (200, json!("+12065550101")));
    assert_eq!(ask(&chime, of_b, "disassociate", &Value::Null), (200, Value::Null));
    assert_eq!(number(&chime, "12065550100")["Status"], "Unassigned");
    assert_eq!(number(&chime, "12065550101")["Status"], "Assigned");
}

#[test]
fn deleting_an_account_unassigns_the_numbers_of_its_own_users() {
    let chime = two_users_with_one_identifier();
    let before = number(&chime, "12065550100");
    let second = json!({ "E164PhoneNumber": "+12065550101" });
    assert_eq!(ask(&chime, "/accounts/a/users/u", "associate", &second).0, 200);

    assert_eq!(call(&chime, "DELETE", "/accounts/a", &Value::Null).0, 204);
    assert_eq!(number(&chime, "12065550101")["Status"], "Unassigned");
    assert_eq!(number(&chime, "12065550100"), before);
}

#[test]
fn associating_adds_a_seeded_association_to_the_row_that_lacks_it() {
    let chime = LocalChime::start().unwrap();
    let number = |digits: &str, status: &str, associations: Value| {
        json!({ "PhoneNumber": {
            "PhoneNumberId": format!("%2B{digits}"), "ProductType": "BusinessCalling", "Status": status,
            "Associations": associations,
        } })
    };
    seed(
        &chime,
        &[
            json!({ "Account": { "AccountId": "a", "Name": "A" } }),
            json!({ "User": { "UserId": "u" }, "AccountId": "a" }),
            json!({ "User": { "UserId": "v", "PrimaryProvisionedNumber": "+12065550101" }, "AccountId": "a" }),
            number("12065550100", "Assigned", json!([{ "Name": "UserId", "Value": "u" }])),
            number(
                "12065550101",
                "Unassigned",
                json!([{ "Name": "VoiceConnectorId", "Value": "c" }]),
            ),
            number("12065550102", "Unassigned", json!([])),
        ],
    );
    let body = |digits: &str| json!({ "E164PhoneNumber": digits });
    let (u, v) = ("/accounts/a/users/u", "/accounts/a/users/v");
    assert_eq!(ask(&chime, u, "associate", &body("12065550102")), (400, Value::Null));
    assert_eq!(ask(&chime, u, "associate", &body("12065550100")), (200, json!("+12065550100")));
    assert_eq!(ask(&chime, v, "associate", &body("12065550102")), (400, json!("+12065550101")));
    assert_eq!(ask(&chime, v, "associate", &body("12065550101")), (200, json!("+12065550101")));

    let associations = self::number(&chime, "12065550101")["Associations"].clone();
    let names = associations.as_array().unwrap().iter().map(|association| &association["Name"]);
    assert_eq!(names.collect::<Vec<_>>(), ["VoiceConnectorId", "AccountId", "UserId"]);
}

#[test]
fn disassociating_a_user_without_a_number_changes_nothing() {
    let chime = LocalChime::start().unwrap();
    seed(
        &chime,
        &[
            json!({ "Account": { "AccountId": "a", "Name": "A" } }),
            json!({ "User": { "UserId": "u" }, "AccountId": "a" }),
        ],
    );
    let user = || call(&chime, "GET", "/accounts/a/users/u", &Value::Null);
    let before = user();
    ask(&chime, "/accounts/a/users/u", "disassociate", &Value::Null);
    assert_eq!(user(), before);
}

#[test]
fn the_status_decides_if_a_number_is_in_the_deletion_queue() {
    let chime = LocalChime::start().unwrap();
    let associations = json!([{ "Name": "UserId", "Value": "u" }]);
    seed(
        &chime,
        &[
            json!({ "Account": { "AccountId": "a", "Name": "A" } }),
            json!({ "User": { "UserId": "u" }, "AccountId": "a" }),
            json!({ "PhoneNumber": {
                "PhoneNumberId": "%2B12065550100", "Status": "ReleaseInProgress", "Associations": associations,
                "DeletionTimestamp": "2999-01-01T00:00:00Z",
            } }),
            json!({ "PhoneNumber": {
                "PhoneNumberId": "%2B12065550101", "Status": "Unassigned",
                "DeletionTimestamp": "2020-01-01T00:00:00Z",
            } }),
        ],
    );
    assert_eq!(ask(&chime, "/accounts/a/users/u", "disassociate", &Value::Null).0, 200);
    assert_eq!(number(&chime, "12065550100")["Status"], "ReleaseInProgress");
    assert_eq!(number(&chime, "12065550101")["Status"], "Unassigned");
}

#[test]
fn a_number_that_is_gone_can_be_seeded_again() {
    let chime = LocalChime::start().unwrap();
    let row = json!({ "PhoneNumber": { "PhoneNumberId": "+12065550100", "Status": "Unassigned" } });
    seed(&chime, std::slice::from_ref(&row));
    assert!(chime.seed(row.to_string().as_bytes()).is_err());
    assert_eq!(call(&chime, "DELETE", "/phone-numbers/+12065550100", &Value::Null).0, 204);
    chime.advance(TimeDelta::days(8));
    assert_eq!(number(&chime, "12065550100"), Value::Null);
    seed(&chime, std::slice::from_ref(&row));
    assert_eq!(number(&chime, "12065550100"), row["PhoneNumber"]);
}

#[test]
fn a_seeded_number_without_an_identifier_gets_one_from_the_number() {
    let chime = LocalChime::start().unwrap();
    seed(&chime, &[json!({ "PhoneNumber": { "E164PhoneNumber": "+12065550109" } })]);
    assert_eq!(number(&chime, "12065550109")["PhoneNumberId"], "%2B12065550109");
}

#[test]
fn the_last_possible_time_causes_no_panic() {
    let chime = LocalChime::start().unwrap();
    let end = "+262142-12-31T00:00:00Z";
    seed(
        &chime,
        &[
            json!({ "PhoneNumberSettings": { "CallingName": "Acme", "CallingNameUpdatedTimestamp": end } }),
            json!({ "PhoneNumber": { "PhoneNumberId": "+12065550100", "Status": "Unassigned" } }),
        ],
    );
    let other = json!({ "CallingName": "Other" });
    assert_eq!(call(&chime, "PUT", "/settings/phone-number", &other).0, 400);

    chime.advance(DateTime::<Utc>::MAX_UTC - Utc::now() - TimeDelta::days(2));
    assert_eq!(call(&chime, "DELETE", "/phone-numbers/+12065550100", &Value::Null).0, 204);
    assert_eq!(number(&chime, "12065550100")["Status"], "ReleaseInProgress");
}
