use serde_json::json;

use super::entry::{Entry, call};
use crate::service::{Service, bodyless};

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        call("RedactConversationMessage", |client, given| {
            client.redact_conversation_message(
                given.text("AccountId"),
                given.text("ConversationId"),
                given.text("MessageId"),
            )
        }),
        call("RedactRoomMessage", |client, given| {
            client.redact_room_message(
                given.text("AccountId"),
                given.text("RoomId"),
                given.text("MessageId"),
            )
        }),
    ]
}

#[tokio::test]
async fn messages_are_redacted_by_their_ids_without_a_body() {
    let service = Service::with_json(200, json!({})).await;
    service.client.redact_conversation_message("a-1", "c/1", "m 1").await.unwrap();
    service.client.redact_room_message("a-1", "r-1", "m-1").await.unwrap();

    let conversation = "/accounts/a-1/conversations/c%2F1/messages/m%201?operation=redact";
    let room = "/accounts/a-1/rooms/r-1/messages/m-1?operation=redact";
    assert_eq!(service.sent().await, [bodyless("POST", conversation), bodyless("POST", room)]);
}
