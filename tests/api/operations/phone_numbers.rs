//! The operations for the phone numbers of the inventory.

use amazon_chime::{
    CallingNameStatus, ErrorCode, PhoneNumberAssociationName, PhoneNumberId,
    PhoneNumberProductType, PhoneNumberStatus, PhoneNumberType, Sensitive,
    UpdatePhoneNumberRequestItem,
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::entry::{Entry, call, call_with, call_with_items, list_with};
use super::sample::Given;
use crate::service::{Service, bodyless, post};

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        call("AssociatePhoneNumberWithUser", |client, given| {
            client.associate_phone_number_with_user(
                given.text("AccountId"),
                given.text("UserId"),
                given.text("E164PhoneNumber"),
            )
        }),
        call("BatchDeletePhoneNumber", |client, given| {
            client.batch_delete_phone_number(given.texts("PhoneNumberIds"))
        }),
        call_with_items(
            "BatchUpdatePhoneNumber",
            |client, given| {
                let items = given.parts("UpdatePhoneNumberRequestItems");
                client.batch_update_phone_number(items.iter().map(item))
            },
            |client, given| {
                let items = given.parts("UpdatePhoneNumberRequestItems");
                client.batch_update_phone_number(
                    items.iter().map(|given| item(given).product_type(given.text("ProductType"))),
                )
            },
        )
        .without("CallingName"),
        call_with_items(
            "BatchUpdatePhoneNumber",
            |client, given| {
                let items = given.parts("UpdatePhoneNumberRequestItems");
                client.batch_update_phone_number(items.iter().map(item))
            },
            |client, given| {
                let items = given.parts("UpdatePhoneNumberRequestItems");
                client.batch_update_phone_number(
                    items.iter().map(|given| item(given).calling_name(given.text("CallingName"))),
                )
            },
        )
        .without("ProductType"),
        call("DeletePhoneNumber", |client, given| {
            client.delete_phone_number(given.text("PhoneNumberId"))
        }),
        call("DisassociatePhoneNumberFromUser", |client, given| {
            client
                .disassociate_phone_number_from_user(given.text("AccountId"), given.text("UserId"))
        }),
        call("GetPhoneNumber", |client, given| {
            client.get_phone_number(given.text("PhoneNumberId"))
        }),
        list_with(
            "ListPhoneNumbers",
            |client, _| client.list_phone_numbers(),
            |request, given| {
                request
                    .status(given.text("Status"))
                    .product_type(given.text("ProductType"))
                    .filter(given.text("FilterName"), given.text("FilterValue"))
            },
        ),
        call("RestorePhoneNumber", |client, given| {
            client.restore_phone_number(given.text("PhoneNumberId"))
        }),
        call_with(
            "UpdatePhoneNumber",
            |client, given| client.update_phone_number(given.text("PhoneNumberId")),
            |request, given| request.product_type(given.text("ProductType")),
        )
        .without("CallingName"),
        call_with(
            "UpdatePhoneNumber",
            |client, given| client.update_phone_number(given.text("PhoneNumberId")),
            |request, given| request.calling_name(given.text("CallingName")),
        )
        .without("ProductType"),
    ]
}

fn item(given: &Given) -> UpdatePhoneNumberRequestItem {
    UpdatePhoneNumberRequestItem::new(given.text("PhoneNumberId"))
}

fn number_json() -> Value {
    json!({
        "PhoneNumberId": "%2B12065550100",
        "E164PhoneNumber": "+12065550100",
        "Country": "US",
        "Type": "TollFree",
        "ProductType": "BusinessCalling",
        "Status": "Assigned",
        "Capabilities": {
            "InboundCall": true,
            "OutboundCall": false,
            "InboundSMS": true,
            "OutboundSMS": false,
            "InboundMMS": true,
        },
        "Associations": [
            { "Value": "u-1", "Name": "UserId", "AssociatedTimestamp": "2019-10-28T18:40:37Z" },
        ],
        "CallingName": "Acme",
        "CallingNameStatus": "UpdateSucceeded",
        "CreatedTimestamp": "2019-08-09T21:35:21.445Z",
        "UpdatedTimestamp": "2019-08-09T21:35:31Z",
        "DeletionTimestamp": "2019-08-16T21:35:31Z",
    })
}

async fn number_service() -> Service {
    Service::with_json(200, json!({ "PhoneNumber": number_json() })).await
}

#[tokio::test]
async fn get_phone_number_gives_the_number() {
    let service = number_service().await;
    let number = service.client.get_phone_number("+12065550100").await.unwrap();

    assert_eq!(service.sent().await, [bodyless("GET", "/phone-numbers/%2B12065550100")]);
    assert_eq!(number.phone_number_id, "+12065550100");
    assert_eq!(number.e164_phone_number, Some("+12065550100".into()));
    assert_eq!(number.country.as_deref(), Some("US"));
    assert_eq!(number.phone_number_type, Some(PhoneNumberType::TollFree));
    assert_eq!(number.product_type, Some(PhoneNumberProductType::BusinessCalling));
    assert_eq!(number.status, Some(PhoneNumberStatus::Assigned));
    let capabilities = number.capabilities.unwrap();
    assert_eq!(capabilities.inbound_call, Some(true));
    assert_eq!(capabilities.outbound_call, Some(false));
    assert_eq!(capabilities.inbound_sms, Some(true));
    assert_eq!(capabilities.outbound_sms, Some(false));
    assert_eq!(capabilities.inbound_mms, Some(true));
    assert_eq!(capabilities.outbound_mms, None);
    let [association] = &number.associations[..] else { panic!("one association") };
    assert_eq!(association.name, Some(PhoneNumberAssociationName::UserId));
    assert_eq!(association.value.as_deref(), Some("u-1"));
    let associated = association.associated_timestamp.unwrap();
    assert_eq!(associated.to_rfc3339(), "2019-10-28T18:40:37+00:00");
    assert_eq!(number.calling_name, Some("Acme".into()));
    assert_eq!(number.calling_name_status, Some(CallingNameStatus::UpdateSucceeded));
    let created = number.created_timestamp.unwrap();
    assert_eq!(created.to_rfc3339(), "2019-08-09T21:35:21.445+00:00");
    assert_eq!(number.updated_timestamp.unwrap().to_rfc3339(), "2019-08-09T21:35:31+00:00");
    assert_eq!(number.deletion_timestamp.unwrap().to_rfc3339(), "2019-08-16T21:35:31+00:00");
}

#[tokio::test]
async fn an_id_in_a_path_may_have_either_form() {
    let service = number_service().await;
    let client = &service.client;
    let number = Sensitive::from("+12065550100");
    for id in [
        PhoneNumberId::from("+12065550100"),
        PhoneNumberId::from("%2B12065550100"),
        PhoneNumberId::from(&number),
    ] {
        client.get_phone_number(&id).await.unwrap();
        client.update_phone_number(&id).await.unwrap();
        client.delete_phone_number(&id).await.unwrap();
        client.restore_phone_number(id).await.unwrap();
    }

    let target = "/phone-numbers/%2B12065550100";
    let sent = || {
        [
            bodyless("GET", target),
            post(target, json!({})),
            bodyless("DELETE", target),
            bodyless("POST", &format!("{target}?operation=restore")),
        ]
    };
    let expected: Vec<_> = (0..3).flat_map(|_| sent()).collect();
    assert_eq!(service.sent().await, expected);
}

#[tokio::test]
async fn an_id_in_a_body_may_have_either_form() {
    let service = Service::with_json(200, json!({})).await;
    let client = &service.client;
    let item = UpdatePhoneNumberRequestItem::new;
    client.batch_delete_phone_number(["+12065550100", "%2B12065550101"]).await.unwrap();
    let items = [item("+12065550100"), item("%2B12065550101")];
    client.batch_update_phone_number(items).await.unwrap();

    let ids = ["%2B12065550100", "%2B12065550101"];
    let items = ids.map(|id| json!({ "PhoneNumberId": id }));
    assert_eq!(
        service.sent().await,
        [
            post("/phone-numbers?operation=batch-delete", json!({ "PhoneNumberIds": ids })),
            post(
                "/phone-numbers?operation=batch-update",
                json!({ "UpdatePhoneNumberRequestItems": items })
            ),
        ]
    );
}

#[tokio::test]
async fn list_phone_numbers_has_its_filters_in_the_query() {
    let service = Service::with_json(200, json!({ "PhoneNumbers": [number_json()] })).await;
    let list = || service.client.list_phone_numbers();
    let page = list().await.unwrap();
    list()
        .status(PhoneNumberStatus::Unassigned)
        .product_type(PhoneNumberProductType::VoiceConnector)
        .filter(PhoneNumberAssociationName::AccountId, "a 1")
        .max_results(99)
        .next_token("t")
        .await
        .unwrap();

    let all = "/phone-numbers?status=Unassigned&product-type=VoiceConnector\
               &filter-name=AccountId&filter-value=a%201&max-results=99&next-token=t";
    assert_eq!(service.sent().await, [bodyless("GET", "/phone-numbers"), bodyless("GET", all)]);
    assert_eq!(page.items[0].phone_number_id, "%2B12065550100");
}

#[tokio::test]
async fn an_update_changes_only_the_value_that_was_set_last() {
    let service = number_service().await;
    let request = || service.client.update_phone_number("+12065550100");
    let number = request().calling_name("Acme").await.unwrap();
    request().calling_name("").await.unwrap();
    request().calling_name("Acme").product_type("VoiceConnector").await.unwrap();
    request().product_type("VoiceConnector").calling_name("Acme").await.unwrap();

    let bodies = [
        json!({ "CallingName": "Acme" }),
        json!({ "CallingName": "" }),
        json!({ "ProductType": "VoiceConnector" }),
        json!({ "CallingName": "Acme" }),
    ];
    let sent = bodies.map(|body| post("/phone-numbers/%2B12065550100", body));
    assert_eq!(service.sent().await, sent);
    assert_eq!(number.calling_name, Some("Acme".into()));
}

#[tokio::test]
async fn batch_operations_give_the_errors() {
    let answer = json!({ "PhoneNumberErrors": [
        {
            "PhoneNumberId": "%2B12065550100",
            "ErrorCode": "PhoneNumberAssociationsExist",
            "ErrorMessage": "In use.",
        },
        { "ErrorCode": "BrandNew" },
    ] });
    let service = Service::with_json(200, answer).await;
    let client = &service.client;
    let items = [
        UpdatePhoneNumberRequestItem::new("+12065550100").calling_name(""),
        UpdatePhoneNumberRequestItem::new("+12065550101")
            .calling_name("Acme")
            .product_type(PhoneNumberProductType::BusinessCalling),
    ];
    let errors = client.batch_update_phone_number(items).await.unwrap();
    let same_errors = client.batch_delete_phone_number(["+12065550100"]).await.unwrap();

    let items = json!([
        { "PhoneNumberId": "%2B12065550100", "CallingName": "" },
        { "PhoneNumberId": "%2B12065550101", "ProductType": "BusinessCalling" },
    ]);
    assert_eq!(
        service.sent().await[0],
        post(
            "/phone-numbers?operation=batch-update",
            json!({ "UpdatePhoneNumberRequestItems": items })
        )
    );
    assert_eq!(errors.len(), 2);
    assert_eq!(errors[0].phone_number_id, Some("+12065550100".into()));
    assert_eq!(errors[0].error_code, Some(ErrorCode::PhoneNumberAssociationsExist));
    assert_eq!(errors[0].error_message.as_ref().map(Sensitive::expose), Some("In use."));
    assert_eq!(errors[1].phone_number_id, None);
    assert_eq!(errors[1].error_code, Some("BrandNew".into()));
    assert_eq!(errors, same_errors);
    assert!(!format!("{errors:?} {errors:#?}").contains("206555"));
}

#[tokio::test]
async fn a_number_is_associated_with_a_user_and_disassociated() {
    let service = Service::answering(ResponseTemplate::new(200)).await;
    let client = &service.client;
    client.associate_phone_number_with_user("a-1", "u-1", "+12065550100").await.unwrap();
    client.disassociate_phone_number_from_user("a-1", "u-1").await.unwrap();

    let target = |operation| format!("/accounts/a-1/users/u-1?operation={operation}-phone-number");
    assert_eq!(
        service.sent().await,
        [
            post(&target("associate"), json!({ "E164PhoneNumber": "+12065550100" })),
            bodyless("POST", &target("disassociate")),
        ]
    );
}

#[tokio::test]
async fn the_debug_form_of_a_number_shows_neither_the_number_nor_its_calling_name() {
    let service = number_service().await;
    let request = service.client.update_phone_number("+12065550100").calling_name("Acme");
    let requested = format!("{request:?} {request:#?}");
    let number = request.await.unwrap();
    let item = UpdatePhoneNumberRequestItem::new("+12065550100").calling_name("Acme");

    let shown = format!("{requested} {number:?} {number:#?} {item:?} {item:#?}");
    assert!(!shown.contains("206555") && !shown.contains("Acme"), "{shown}");
    assert!(shown.contains("BusinessCalling"), "{shown}");
}
