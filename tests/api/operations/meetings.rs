//! The operation that calls a phone number from a meeting.

use serde_json::json;

use super::entry::{Entry, call};
use crate::service::{Service, post};

pub(crate) fn entries() -> Vec<Entry> {
    vec![call("CreateMeetingDialOut", |client, given| {
        client.create_meeting_dial_out(
            given.text("MeetingId"),
            given.text("FromPhoneNumber"),
            given.text("ToPhoneNumber"),
            given.text("JoinToken"),
        )
    })]
}

#[tokio::test]
async fn create_meeting_dial_out_posts_both_numbers_and_gives_the_transaction() {
    let service = Service::with_json(201, json!({ "TransactionId": "t-1" })).await;
    let meeting_id = "01234567-89ab-cdef-0123-456789abcdef";
    let (from, to, token) = ("+12065550100", "+12065550101", "c2VjcmV0");
    let request = service.client.create_meeting_dial_out(meeting_id, from, to, token);
    let shown = format!("{request:?} {request:#?}");
    let transaction = request.await.unwrap();

    let target = format!("/meetings/{meeting_id}/dial-outs");
    let body = json!({ "FromPhoneNumber": from, "ToPhoneNumber": to, "JoinToken": token });
    assert_eq!(service.sent().await, [post(&target, body)]);
    assert_eq!(transaction, "t-1");
    assert!(!shown.contains("206555") && !shown.contains(token), "{shown}");
    assert!(shown.contains(meeting_id), "{shown}");
}
