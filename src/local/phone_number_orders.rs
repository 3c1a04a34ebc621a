//! Orders of phone numbers: their operations and their rows.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::{Answer, Refusal, enveloped};
use super::call::Call;
use super::directory::Directory;
use super::document::{Document, timestamp};
use super::phone_number_catalog as catalog;
use super::phone_numbers::{PhoneNumber, product_type};
use super::seed::Line;
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
    let numbers = validate::not_empty("E164PhoneNumbers", numbers)?;
    for digits in &numbers {
        catalog::check_product_type(digits, product_type)?;
    }

    let mut order = PhoneNumberOrder::new(product_type, &numbers, call.now());
    let answer = Answer::created(enveloped("PhoneNumberOrder", &order.document));
    let mut acquired = Vec::new();
    for digits in numbers {
        let range = catalog::range_of(digits);
        acquired.push(range.is_some_and(|range| {
            let number = PhoneNumber::new(range, digits, product_type, call.now());
            directory.phone_numbers.add(number, call.now()).is_ok()
        }));
    }
    order.settle(&acquired);
    directory.phone_number_orders.insert(order);
    Ok(answer)
}

pub(super) fn get_phone_number_order(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let id = validate::uuid("phoneNumberOrderId", call.id("phoneNumberOrderId")?)?;
    let order = directory.phone_number_orders.find(id)?;
    Ok(Answer::ok(enveloped("PhoneNumberOrder", &order.document)))
}

pub(super) fn list_phone_number_orders(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let paging = call.paging(99)?;

    let Directory { phone_number_orders, tokens, .. } = directory;
    tokens.list("PhoneNumberOrders", "ListPhoneNumberOrders", &paging, |position| {
        phone_number_orders.after(position)
    })
}

/// Adds an order from a seed and does not change the inventory.
pub(super) fn seed(directory: &mut Directory, mut line: Line) -> Result<(), Refusal> {
    line.identify(ID)?;
    let order = PhoneNumberOrder { document: line.document };
    validate::uuid(ID, &order.id())?;
    directory.phone_number_orders.try_insert(order).map(drop)
}

#[derive(Deserialize, Serialize)]
pub(super) struct PhoneNumberOrder {
    document: Document,
}

impl PhoneNumberOrder {
    /// Creates an order with the status `Processing`.
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

    /// Sets the outcome of the order. `acquired` is `true` for each number that is now in the inventory.
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

    fn id(&self) -> Cow<'_, str> {
        self.document.text(ID).unwrap_or_default()
    }

    fn document(&self) -> &Document {
        &self.document
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
    fn an_order_has_its_final_status_and_the_status_of_each_number() {
        for (acquired, status) in [
            ([true, true], "Successful"),
            ([true, false], "Partial"),
            ([false, true], "Partial"),
            ([false, false], "Failed"),
        ] {
            let mut order = PhoneNumberOrder::new("VoiceConnector", &["10", "11"], Utc::now());
            assert_eq!(order.document.text(STATUS).as_deref(), Some(PROCESSING));
            order.settle(&acquired);
            assert_eq!(order.document.text(STATUS).as_deref(), Some(status));
            let ordered = acquired.map(|acquired| if acquired { "Acquired" } else { "Failed" });
            let expected = json!([
                { "E164PhoneNumber": "+10", "Status": ordered[0] },
                { "E164PhoneNumber": "+11", "Status": ordered[1] },
            ]);
            assert_eq!(order.document.member(ORDERED), expected);
        }
    }

    #[test]
    fn a_seeded_order_is_kept_unchanged_and_cannot_be_seeded_twice() {
        let mut directory = Directory::default();
        let document =
            json!({ "PhoneNumberOrderId": "abc12345-de67-89f0-123a-b45c678d9012", "New": 1 });
        let mut seed = |document: &Value| {
            super::seed(&mut directory, Line::of(Document::new(document.clone())))
        };
        assert_eq!(seed(&document), Ok(()));
        assert!(seed(&document).is_err());
        assert!(seed(&json!({ "PhoneNumberOrderId": 1 })).is_err());
        let orders: Vec<Value> =
            directory.phone_number_orders.rows().map(|order| json!(order.document)).collect();
        assert_eq!(orders, [document]);
    }
}
