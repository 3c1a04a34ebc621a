//! A table of all operations, which the tests compare with AWS's model of the API.
//!
//! An entry says how to call an operation. Everything else comes from the model: the values of the parameters, the
//! expected request, the response, the expected output, the sensitive values and the limits. An operation has several
//! entries if its parameters exclude each other.
//!
//! Each file has the entries of a theme, and tests of its operations.

use std::collections::BTreeSet;

use entry::Entry;
use model::MODEL;
use serde_json::Value;

mod account_settings;
mod accounts;
mod answers;
mod bots;
mod entry;
mod events_configuration;
mod global_settings;
mod invitations;
mod json;
mod limits;
mod meetings;
mod messages;
pub(crate) mod model;
mod other_answers;
mod pattern;
mod phone_number_orders;
mod phone_numbers;
mod received;
pub(crate) mod replay;
mod room_memberships;
mod rooms;
mod sample;
mod sensitive;
mod signin_delegate_groups;
mod stage;
mod user_settings;
mod users;
mod wire;

fn table() -> Vec<Entry> {
    [
        account_settings::entries(),
        accounts::entries(),
        bots::entries(),
        events_configuration::entries(),
        global_settings::entries(),
        invitations::entries(),
        meetings::entries(),
        messages::entries(),
        phone_number_orders::entries(),
        phone_numbers::entries(),
        room_memberships::entries(),
        rooms::entries(),
        signin_delegate_groups::entries(),
        user_settings::entries(),
        users::entries(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn every_operation_and_every_parameter_of_the_api_is_in_the_table() {
    let table = table();
    let mut known = BTreeSet::new();
    for entry in &table {
        let name = entry.name;
        assert!(MODEL.operations.contains_key(name), "the API has no operation {name}");
        assert!(known.insert((name, entry.without)), "two entries of {name} are alike");
    }
    for (name, operation) in &MODEL.operations {
        let samples: Vec<_> = table
            .iter()
            .filter(|entry| entry.name == name)
            .map(|entry| Value::Object(entry.sample().0))
            .collect();
        assert!(!samples.is_empty(), "{name} is not in the table");
        for (pointer, _) in limits::places(operation.input()) {
            let is_set = samples.iter().any(|sample| sample.pointer(&pointer).is_some());
            assert!(is_set, "no entry of {name} sets {pointer}");
        }
    }
}

#[test]
fn every_operation_of_the_api_has_sample_values() {
    for operation in MODEL.operations.values() {
        for variant in 0..operation.most_values() {
            sample::output(operation.output(), variant);
            let input = Value::Object(sample::input(operation.input(), variant));
            for (pointer, shape) in limits::places(operation.input()) {
                limits::trials(shape, input.pointer(&pointer).expect(&pointer));
            }
        }
    }
}
