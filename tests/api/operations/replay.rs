//! The operations that are sent again after an attempt that may have run.

use std::collections::BTreeSet;

use super::model::MODEL;
use super::stage::{Stage, right_answer};
use super::table;
use crate::support::answer;

/// The POSTs with the same result after one run and after two runs.
const SAFE: &[&str] = &[
    "AssociatePhoneNumberWithUser",
    "AssociateSigninDelegateGroupsWithAccount",
    "BatchDeletePhoneNumber",
    "BatchSuspendUser",
    "BatchUnsuspendUser",
    "BatchUpdatePhoneNumber",
    "BatchUpdateUser",
    "DisassociatePhoneNumberFromUser",
    "DisassociateSigninDelegateGroupsFromAccount",
    "LogoutUser",
    "RedactConversationMessage",
    "RedactRoomMessage",
    "RestorePhoneNumber",
    "UpdateAccount",
    "UpdateBot",
    "UpdatePhoneNumber",
    "UpdateRoom",
    "UpdateRoomMembership",
    "UpdateUser",
];

/// The POSTs that run only once for requests with the same client request token.
const TOKEN: &[&str] = &["CreateRoom"];

/// The POSTs that must not run twice.
const NEVER: &[&str] = &[
    "BatchCreateRoomMembership",
    "CreateAccount",
    "CreateBot",
    "CreateMeetingDialOut",
    "CreatePhoneNumberOrder",
    "CreateRoomMembership",
    "CreateUser",
    "InviteUsers",
    "RegenerateSecurityToken",
    "ResetPersonalPIN",
];

/// Returns the operations with the same result after one run and after two runs.
pub(crate) fn safe() -> impl Iterator<Item = &'static str> {
    let operations = MODEL.operations.iter().map(|(name, operation)| (name.as_str(), operation));
    let safe = operations.filter(|(name, it)| it.method != "POST" || SAFE.contains(name));
    safe.map(|(name, _)| name)
}

#[test]
fn every_post_is_in_exactly_one_of_the_lists() {
    let mut said = BTreeSet::new();
    for name in [SAFE, TOKEN, NEVER].concat() {
        assert_eq!(
            MODEL.operation(name).method,
            "POST",
            "{name}: only of a POST this is to be said"
        );
        assert!(said.insert(name), "{name} is there twice");
    }
    for (name, operation) in &MODEL.operations {
        let is_said = operation.method != "POST" || said.contains(name.as_str());
        assert!(is_said, "{name} is a POST, but neither SAFE nor TOKEN nor NEVER");
    }
}

#[tokio::test]
async fn only_calls_that_are_safe_to_repeat_are_sent_again() {
    for entry in table() {
        let name = entry.name;
        let stage = Stage::new().await;
        stage.will_answer([answer(500, ""), right_answer(&entry, &entry.sample())]);
        let result = entry.sample_call(&stage.client).sending.await;
        let requests = stage.requests();
        if NEVER.contains(&name) {
            assert_eq!(requests.len(), 1, "{name} must be sent once, since it may have run");
            let error = result.expect_err(name);
            assert!(error.may_have_applied(), "{name}: {error}");
        } else {
            assert_eq!(requests.len(), 2, "{name} must be sent again, since it may run twice");
            result.expect(name);
            assert_eq!(requests[0].target, requests[1].target, "{name}");
            assert_eq!(requests[0].body, requests[1].body, "{name}");
        }
    }
}
