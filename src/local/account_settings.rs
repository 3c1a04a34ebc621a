//! The settings of accounts: their operations, and their seed.

use serde_json::json;

use super::answer::{Answer, Refusal, enveloped};
use super::call::Call;
use super::directory::Directory;
use super::document::Document;
use super::seed::Line;
use super::validate;

pub(super) fn get_account_settings(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let account = directory.accounts.find(call.id("accountId")?)?;
    let settings = account.settings.clone().unwrap_or_else(initial);
    Ok(Answer::ok(enveloped("AccountSettings", &settings)))
}

pub(super) fn update_account_settings(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let settings = call.members()?.object("AccountSettings")?;
    let settings = validate::required("AccountSettings", settings)?;
    let disable_remote_control = settings.flag("DisableRemoteControl")?;
    let enable_dial_out = settings.flag("EnableDialOut")?;
    let account = directory.accounts.find_mut(account_id)?;

    let settings = account.settings.get_or_insert_with(initial);
    settings.set_some("DisableRemoteControl", disable_remote_control);
    settings.set_some("EnableDialOut", enable_dial_out);
    Ok(Answer::no_content())
}

fn initial() -> Document {
    Document::new(json!({ "DisableRemoteControl": false, "EnableDialOut": false }))
}

pub(super) fn seed(directory: &mut Directory, line: Line) -> Result<(), Refusal> {
    let account = directory.accounts.find_mut(&line.parent("AccountId")?)?;
    account.settings = Some(line.document);
    Ok(())
}
