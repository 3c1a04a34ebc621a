//! Orders of phone numbers: their operations, and what the embedded Chime stores of each.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;
use super::document::{Document, timestamp};
use super::members::Members;
use super::phone_number_catalog as catalog;
use super::phone_numbers::{PhoneNumber, product_type};
use super::seed::identify;
use super::table::Row;
use super::validate;

pub(super) fn create_phone_number_order(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let members = call.members()?;
    let product_type = members.text("ProductType", product_type)?;
    let product_type = validate::required("ProductType", product_type)?;
    let numbers = members.texts("E164PhoneNumbers", usize::MAX, validate::e164)?;
    let numbers = validate::required("E164PhoneNumbers", numbers)?;
    if numbers.is_empty() {
        return Err(validate::must_be("E164PhoneNumbers", "a list of at least one item"));
    }
    for digits in &numbers {
        catalog::check_product_type(digits, product_type)?;
    }

    let mut order = PhoneNumberOrder::new(product_type, &numbers, call.now());
    let answer = json!({ "PhoneNumberOrder": order.document });
    let mut acquired = Vec::new();
    for digits in numbers {
        let range = catalog::range_of(digits);
        let range = range.filter(|_| !directory.phone_numbers.has(digits, call.now()));
        acquired.push(range.is_some());
        if let Some(range) = range {
            let number = PhoneNumber::new(range, digits, product_type, call.now());
            directory.phone_numbers.add(number);
        }
    }
    order.settle(&acquired);
    directory.phone_number_orders.insert(order);
    Ok(Answer::created(answer))
}

pub(super) fn get_phone_number_order(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let id = validate::uuid("phoneNumberOrderId", call.id("phoneNumberOrderId")?)?;
    let order = directory.phone_number_orders.find(id)?;
    Ok(Answer::ok(json!({ "PhoneNumberOrder": order.document })))
}

pub(super) fn list_phone_number_orders(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let paging = call.paging(99)?;

    let Directory { phone_number_orders, tokens, .. } = directory;
    let (page, next_token) = tokens
        .page("ListPhoneNumberOrders", &paging, |position| phone_number_orders.after(position))?;
    let page: Vec<_> = page.into_iter().map(|order| &order.document).collect();
    Ok(Answer::ok(json!({ "PhoneNumberOrders": page, "NextToken": next_token })))
}

/// Adds an order as it is. The inventory does not change.
pub(super) fn seed(
    directory: &mut Directory,
    _ids: &Members,
    mut document: Document,
) -> Result<(), Refusal> {
    identify(&mut document, ID)?;
    directory.phone_number_orders.try_insert(PhoneNumberOrder { document }).map(drop)
}

pub(super) struct PhoneNumberOrder {
    document: Document,
}

impl PhoneNumberOrder {
    /// An order that is being worked on.
    fn new(product_type: &str, numbers: &[&str], now: DateTime<Utc>) -> Self {
        let ordered = numbers
            .iter()
            .map(|digits| json!({ "E164PhoneNumber": format!("+{digits}"), "Status": PROCESSING }));
        let document = Document::new(json!({
            "PhoneNumberOrderId": Uuid::new_v4().to_string(),
            "ProductType": product_type,
            "Status": PROCESSING,
            "OrderedPhoneNumbers": ordered.collect::<Vec<_>>(),
            "CreatedTimestamp": timestamp(now),
            "UpdatedTimestamp": timestamp(now),
        }));
        Self { document }
    }

    /// Ends the work on the order. `acquired` says of each number whether it is in the inventory now.
    fn settle(&mut self, acquired: &[bool]) {
        let mut ordered = self.document.member(ORDERED).as_array().cloned().unwrap_or_default();
        for (number, acquired) in ordered.iter_mut().zip(acquired) {
            number[STATUS] = Value::from(if *acquired { "Acquired" } else { "Failed" });
        }
        self.document.set(ORDERED, ordered);
        let status = match (acquired.contains(&true), acquired.contains(&false)) {
            (true, true) => "Partial",
            (true, false) => "Successful",
            (false, _) => "Failed",
        };
        self.document.set(STATUS, status);
    }
}

impl Row for PhoneNumberOrder {
    const NOT_FOUND: &'static str = "The phone number order does not exist.";

    fn id(&self) -> &str {
        self.document.text(ID).unwrap_or_default()
    }
}

const ID: &str = "PhoneNumberOrderId";
const ORDERED: &str = "OrderedPhoneNumbers";
const STATUS: &str = "Status";
const PROCESSING: &str = "Processing";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_says_what_became_of_it_and_of_each_number() {
        for (acquired, status) in [
            ([true, true], "Successful"),
            ([true, false], "Partial"),
            ([false, true], "Partial"),
            ([false, false], "Failed"),
        ] {
            let mut order = PhoneNumberOrder::new("VoiceConnector", &["10", "11"], Utc::now());
            assert_eq!(order.document.text(STATUS), Some(PROCESSING));
            order.settle(&acquired);
            assert_eq!(order.document.text(STATUS), Some(status));
            let ordered = acquired.map(|acquired| if acquired { "Acquired" } else { "Failed" });
            let expected = json!([
                { "E164PhoneNumber": "+10", "Status": ordered[0] },
                { "E164PhoneNumber": "+11", "Status": ordered[1] },
            ]);
            assert_eq!(*order.document.member(ORDERED), expected);
        }
    }

    #[test]
    fn an_order_is_seeded_once_and_as_it_is() {
        let mut directory = Directory::default();
        let document =
            json!({ "PhoneNumberOrderId": "abc12345-de67-89f0-123g-h45i678j9012", "New": 1 });
        let mut seed = |document: &Value| {
            super::seed(&mut directory, &Members::default(), Document::new(document.clone()))
        };
        assert_eq!(seed(&document), Ok(()));
        assert!(seed(&document).is_err());
        assert!(seed(&json!({ "PhoneNumberOrderId": 1 })).is_err());
        let orders: Vec<Value> =
            directory.phone_number_orders.rows().map(|order| json!(order.document)).collect();
        assert_eq!(orders, [document]);
    }
}
