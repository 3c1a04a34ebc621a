//! The retention settings of accounts: their operations and their seed.

use chrono::TimeDelta;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;
use super::document::{later, timestamp};
use super::seed::Line;
use super::validate;

pub(super) fn get_retention_settings(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let account = directory.accounts.enterprise(call.id("accountId")?)?;
    Ok(Answer::ok(&account.retention))
}

pub(super) fn put_retention_settings(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let settings = call.members()?.object("RetentionSettings")?;
    let settings = validate::required("RetentionSettings", settings)?;
    let mut parts = Vec::new();
    for name in ["RoomRetentionSettings", "ConversationRetentionSettings"] {
        if let Some(part) = settings.object(name)? {
            parts.push((name, part.whole_number(DAYS, 1..=5475)?));
        }
    }
    let account = directory.accounts.enterprise_mut(account_id)?;

    if !parts.is_empty() {
        let deletion = later(call.now(), TIME_TO_DELETION);
        account.retention.set("InitiateDeletionTimestamp", timestamp(deletion));
    }
    for (name, days) in parts {
        account.retention.change("RetentionSettings", |settings| {
            settings.change(name, |part| match days {
                Some(days) => part.set(DAYS, days),
                // Without a number of days, messages are kept.
                None => part.remove(DAYS),
            });
        });
    }
    Ok(Answer::no_content())
}

pub(super) fn seed(directory: &mut Directory, line: Line) -> Result<(), Refusal> {
    let account = directory.accounts.enterprise_mut(&line.parent("AccountId")?)?;
    account.retention = line.document;
    Ok(())
}

/// The time from setting retention to the deletion of messages.
const TIME_TO_DELETION: TimeDelta = TimeDelta::days(30);

const DAYS: &str = "RetentionDays";
