//! The operations for available phone numbers and for orders.

use amazon_chime::{
    OrderedPhoneNumberStatus, PhoneNumberOrderStatus, PhoneNumberProductType, PhoneNumberType,
    Sensitive,
};
use serde_json::{Value, json};

use super::entry::{Entry, call, list_with};
use crate::service::{Service, bodyless, post};

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        call("CreatePhoneNumberOrder", |client, given| {
            let numbers = given.texts("E164PhoneNumbers");
            client.create_phone_number_order(given.text("ProductType"), numbers)
        }),
        call("GetPhoneNumberOrder", |client, given| {
            client.get_phone_number_order(given.text("PhoneNumberOrderId"))
        }),
        list_with(
            "ListPhoneNumberOrders",
            |client, _| client.list_phone_number_orders(),
            |request, _| request,
        ),
        call("ListSupportedPhoneNumberCountries", |client, given| {
            client.list_supported_phone_number_countries(given.text("ProductType"))
        }),
        list_with(
            "SearchAvailablePhoneNumbers",
            |client, _| client.search_available_phone_numbers(),
            |request, given| {
                request
                    .area_code(given.text("AreaCode"))
                    .city(given.text("City"))
                    .country(given.text("Country"))
                    .state(given.text("State"))
                    .toll_free_prefix(given.text("TollFreePrefix"))
                    .phone_number_type(given.text("PhoneNumberType"))
            },
        ),
    ]
}

const ORDER_ID: &str = "01234567-89ab-cdef-0123-456789abcdef";

fn order_json() -> Value {
    json!({
        "PhoneNumberOrderId": ORDER_ID,
        "ProductType": "VoiceConnector",
        "Status": "Partial",
        "OrderedPhoneNumbers": [
            { "E164PhoneNumber": "+12065550100", "Status": "Acquired" },
            { "E164PhoneNumber": "+12065550101" },
        ],
        "CreatedTimestamp": "2019-08-09T21:35:21.427Z",
        "UpdatedTimestamp": "2019-08-09T21:35:22Z",
    })
}

#[tokio::test]
async fn create_phone_number_order_posts_the_numbers_and_gives_the_order() {
    let service = Service::with_json(201, json!({ "PhoneNumberOrder": order_json() })).await;
    let numbers = ["+12065550100", "+12065550101"];
    let product_type = PhoneNumberProductType::VoiceConnector;
    let order = service.client.create_phone_number_order(product_type, numbers).await.unwrap();

    let body = json!({ "ProductType": "VoiceConnector", "E164PhoneNumbers": numbers });
    assert_eq!(service.sent().await, [post("/phone-number-orders", body)]);
    assert_eq!(order.phone_number_order_id, ORDER_ID);
    assert_eq!(order.product_type, Some(PhoneNumberProductType::VoiceConnector));
    assert_eq!(order.status, Some(PhoneNumberOrderStatus::Partial));
    let created = order.created_timestamp.unwrap();
    assert_eq!(created.to_rfc3339(), "2019-08-09T21:35:21.427+00:00");
    assert_eq!(order.updated_timestamp.unwrap().to_rfc3339(), "2019-08-09T21:35:22+00:00");
    let [first, second] = &order.ordered_phone_numbers[..] else { panic!("two numbers") };
    assert_eq!(first.e164_phone_number, Some("+12065550100".into()));
    assert_eq!(first.status, Some(OrderedPhoneNumberStatus::Acquired));
    assert_eq!(second.status, None);
}

#[tokio::test]
async fn orders_are_read_and_listed() {
    let service = Service::with_json(200, json!({ "PhoneNumberOrder": order_json() })).await;
    let order = service.client.get_phone_number_order(ORDER_ID).await.unwrap();
    let target = format!("/phone-number-orders/{ORDER_ID}");
    assert_eq!(service.sent().await, [bodyless("GET", &target)]);

    let answer = json!({ "PhoneNumberOrders": [order_json()], "NextToken": "t" });
    let service = Service::with_json(200, answer).await;
    let page = service.client.list_phone_number_orders().max_results(1).await.unwrap();
    assert_eq!(service.sent().await, [bodyless("GET", "/phone-number-orders?max-results=1")]);
    assert_eq!(page.items, [order]);
    assert_eq!(page.next_token.as_deref(), Some("t"));
}

#[tokio::test]
async fn countries_have_the_types_of_their_numbers() {
    let answer = json!({ "PhoneNumberCountries": [
        { "CountryCode": "US", "SupportedPhoneNumberTypes": ["Local", "TollFree"] },
        { "CountryCode": "CA", "SupportedPhoneNumberTypes": null },
    ] });
    let service = Service::with_json(200, answer).await;
    let product_type = PhoneNumberProductType::BusinessCalling;
    let countries =
        service.client.list_supported_phone_number_countries(product_type).await.unwrap();

    let target = "/phone-number-countries?product-type=BusinessCalling";
    assert_eq!(service.sent().await, [bodyless("GET", target)]);
    assert_eq!(countries.len(), 2);
    assert_eq!(countries[0].country_code.as_deref(), Some("US"));
    assert_eq!(
        countries[0].supported_phone_number_types,
        [PhoneNumberType::Local, PhoneNumberType::TollFree]
    );
    assert_eq!(countries[1].supported_phone_number_types, []);
}

#[tokio::test]
async fn a_search_has_its_filters_in_the_query_and_gives_numbers() {
    let answer = json!({ "E164PhoneNumbers": ["+12065550100", "+12065550101"] });
    let service = Service::with_json(200, answer).await;
    let search = || service.client.search_available_phone_numbers();
    let page = search().await.unwrap();
    search()
        .area_code("206")
        .city("New York")
        .country("US")
        .state("NY")
        .toll_free_prefix("800")
        .phone_number_type(PhoneNumberType::TollFree)
        .max_results(500)
        .await
        .unwrap();

    let all = "/search?type=phone-numbers&area-code=206&city=New%20York&country=US&state=NY\
               &toll-free-prefix=800&phone-number-type=TollFree&max-results=500";
    assert_eq!(
        service.sent().await,
        [bodyless("GET", "/search?type=phone-numbers"), bodyless("GET", all)]
    );
    let numbers: Vec<_> = page.items.iter().map(Sensitive::expose).collect();
    assert_eq!(numbers, ["+12065550100", "+12065550101"]);
    assert!(!format!("{page:?} {page:#?}").contains("5550100"));
}

#[tokio::test]
async fn the_debug_form_of_an_order_shows_no_number() {
    let service = Service::with_json(201, json!({ "PhoneNumberOrder": order_json() })).await;
    let request = service.client.create_phone_number_order("VoiceConnector", ["+12065550100"]);
    let requested = format!("{request:?} {request:#?}");
    let order = request.await.unwrap();

    let shown = format!("{requested} {order:?} {order:#?}");
    assert!(!shown.contains("206555"), "{shown}");
    assert!(shown.contains(ORDER_ID), "{shown}");
}
