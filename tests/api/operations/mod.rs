//! The operations, all of them: one table, held against AWS's model of the API.
//!
//! An entry says how an operation is called. The model gives all the rest: the
//! values of the parameters, the request that must be seen, the answer and what
//! it becomes, what must not show, and the limits.
//!
//! Entries are grouped by theme, each with the tests of its own operations.

use std::collections::BTreeSet;

use entry::Entry;
use model::MODEL;
use serde_json::Value;

mod accounts;
mod entry;
mod limits;
pub(crate) mod model;
mod pattern;
pub(crate) mod replay;
mod sample;
mod sensitive;
mod stage;
mod users;
mod wire;

/// Every operation of the crate.
fn table() -> Vec<Entry> {
    [accounts::entries(), users::entries()].into_iter().flatten().collect()
}

/// The operations of the API that the crate does not have yet.
const MISSING: &[&str] = &[
    "AssociatePhoneNumberWithUser",
    "AssociateSigninDelegateGroupsWithAccount",
    "BatchCreateRoomMembership",
    "BatchDeletePhoneNumber",
    "BatchUpdatePhoneNumber",
    "BatchUpdateUser",
    "CreateBot",
    "CreateMeetingDialOut",
    "CreatePhoneNumberOrder",
    "CreateRoom",
    "CreateRoomMembership",
    "DeleteEventsConfiguration",
    "DeletePhoneNumber",
    "DeleteRoom",
    "DeleteRoomMembership",
    "DisassociatePhoneNumberFromUser",
    "DisassociateSigninDelegateGroupsFromAccount",
    "GetAccountSettings",
    "GetBot",
    "GetEventsConfiguration",
    "GetGlobalSettings",
    "GetPhoneNumber",
    "GetPhoneNumberOrder",
    "GetPhoneNumberSettings",
    "GetRetentionSettings",
    "GetRoom",
    "GetUserSettings",
    "InviteUsers",
    "ListBots",
    "ListPhoneNumberOrders",
    "ListPhoneNumbers",
    "ListRoomMemberships",
    "ListRooms",
    "ListSupportedPhoneNumberCountries",
    "LogoutUser",
    "PutEventsConfiguration",
    "PutRetentionSettings",
    "RedactConversationMessage",
    "RedactRoomMessage",
    "RegenerateSecurityToken",
    "ResetPersonalPIN",
    "RestorePhoneNumber",
    "SearchAvailablePhoneNumbers",
    "UpdateAccountSettings",
    "UpdateBot",
    "UpdateGlobalSettings",
    "UpdatePhoneNumber",
    "UpdatePhoneNumberSettings",
    "UpdateRoom",
    "UpdateRoomMembership",
    "UpdateUserSettings",
];

#[test]
fn every_operation_of_the_api_is_in_the_table_or_known_to_be_missing() {
    let mut known = BTreeSet::new();
    let table = table();
    for name in table.iter().map(|entry| entry.name).chain(MISSING.iter().copied()) {
        assert!(MODEL.operations.contains_key(name), "the API has no operation {name}");
        assert!(
            known.insert(name),
            "{name} is in the table and in MISSING, or twice in one of them"
        );
    }
    for name in MODEL.operations.keys() {
        assert!(known.contains(name.as_str()), "{name} is neither in the table nor in MISSING");
    }
}

#[test]
fn values_can_be_made_for_every_operation_of_the_api() {
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
