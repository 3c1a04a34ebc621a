//! How long accounts keep messages: the operations, and the seed.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;
use super::document::{Document, timestamp};
use super::members::Members;
use super::validate;

pub(super) fn get_retention_settings(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let account = directory.accounts.enterprise(call.id("accountId")?)?;
    Ok(Answer::ok(json!(account.retention)))
}

pub(super) fn put_retention_settings(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let settings = call.members()?.object("RetentionSettings")?;
    let settings = validate::required("RetentionSettings", settings)?;
    let rooms = part(&settings, "RoomRetentionSettings")?;
    let conversations = part(&settings, "ConversationRetentionSettings")?;
    let account = directory.accounts.enterprise_mut(account_id)?;

    if rooms.is_some() || conversations.is_some() {
        let mut settings = Document::new(account.retention.member("RetentionSettings").clone());
        settings.set_some("RoomRetentionSettings", rooms);
        settings.set_some("ConversationRetentionSettings", conversations);
        account.retention.set("RetentionSettings", settings);
        account.retention.set("InitiateDeletionTimestamp", timestamp(deletion_after(call.now())));
    }
    Ok(Answer::no_content())
}

/// The settings for one kind of messages. Without a number of days they turn retention off.
fn part(settings: &Members, name: &str) -> Result<Option<Value>, Refusal> {
    let Some(part) = settings.object(name)? else {
        return Ok(None);
    };
    let days = part.whole_number("RetentionDays", 1..=5475)?;
    Ok(Some(days.map_or(json!({}), |days| json!({ "RetentionDays": days }))))
}

/// When the deletion of messages begins after retention is set: 30 days later.
fn deletion_after(now: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_add_signed(TimeDelta::days(30)).unwrap_or(now)
}

pub(super) fn seed(
    directory: &mut Directory,
    ids: &Members,
    document: Document,
) -> Result<(), Refusal> {
    let account_id = ids.text("AccountId", validate::not_blank)?;
    let account_id = validate::required("AccountId", account_id)?;
    directory.accounts.enterprise_mut(account_id)?.retention = document;
    Ok(())
}
