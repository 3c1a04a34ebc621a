//! Chat messages: their operations. Messages are not stored, so every message counts as existing.

use serde_json::json;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;

pub(super) fn redact_conversation_message(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    call.id("conversationId")?;
    call.id("messageId")?;
    directory.accounts.enterprise(account_id)?;
    Ok(Answer::ok(json!({})))
}

pub(super) fn redact_room_message(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let (account_id, room_id) = (call.id("accountId")?, call.id("roomId")?);
    call.id("messageId")?;
    directory.accounts.enterprise(account_id)?.rooms.find(room_id)?;
    Ok(Answer::ok(json!({})))
}
