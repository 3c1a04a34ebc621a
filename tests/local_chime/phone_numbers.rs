//! Phone numbers: their identifiers in every form, and what is refused.

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
