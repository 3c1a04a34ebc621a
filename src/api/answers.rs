//! A test that the models keep all that AWS's published examples of answers have in them.

use serde::Serialize;
use serde_json::{Value, json};

use super::{GlobalSettings, PhoneNumber, PhoneNumberError, PhoneNumberOrder, PhoneNumberSettings};
use crate::decode::Decode;
use crate::operation::Body;
use crate::sensitive::Sensitive;

/// The answer, by the name of the operation on the command line.
fn answer(operation: &str) -> Value {
    let answers = include_str!("../../tests/data/answers.json");
    serde_json::from_str::<Value>(answers).unwrap()[operation].take()
}

/// What the output has of an answer, without what the answer does not have.
fn kept<T: Decode + Serialize>(answer: &Value) -> Value {
    let output = T::decode(&answer.to_string()).unwrap();
    let json = Body::json(&output).json.unwrap().unwrap();
    serde_json::from_str(&json).unwrap()
}

#[test]
fn a_model_alone_is_read_whole() {
    let number = answer("get-phone-number");
    assert_eq!(kept::<PhoneNumber>(&number), number["PhoneNumber"]);
    let order = answer("create-phone-number-order");
    assert_eq!(kept::<PhoneNumberOrder>(&order), order["PhoneNumberOrder"]);
}

#[test]
fn a_list_of_models_is_read_whole() {
    let numbers = answer("list-phone-numbers");
    assert_eq!(kept::<Vec<PhoneNumber>>(&numbers), numbers["PhoneNumbers"]);
    let orders = answer("list-phone-number-orders");
    assert_eq!(kept::<Vec<PhoneNumberOrder>>(&orders), orders["PhoneNumberOrders"]);
    let available = answer("search-available-phone-numbers");
    assert_eq!(kept::<Vec<Sensitive>>(&available), available["E164PhoneNumbers"]);
}

#[test]
fn a_batch_without_errors_is_an_empty_list() {
    let answers = [
        answer("batch-delete-phone-number"),
        answer("batch-update-phone-number")[0].take(),
        answer("batch-update-phone-number")[1].take(),
    ];
    for answer in answers {
        assert_eq!(answer, json!({ "PhoneNumberErrors": [] }));
        assert_eq!(kept::<Vec<PhoneNumberError>>(&answer), json!([]));
    }
}

#[test]
fn settings_without_an_envelope_are_read_whole() {
    let settings = answer("get-global-settings");
    assert_eq!(kept::<GlobalSettings>(&settings), settings);
    let settings = answer("get-phone-number-settings");
    assert_eq!(kept::<PhoneNumberSettings>(&settings), settings);
}
