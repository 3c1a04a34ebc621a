//! The settings of users: their operations, and their seed.

use serde_json::json;

use super::answer::{Answer, Refusal, enveloped};
use super::call::Call;
use super::directory::Directory;
use super::document::Document;
use super::seed::Line;
use super::validate;

pub(super) fn get_user_settings(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let (account_id, user_id) = (call.any_id("accountId"), call.any_id("userId"));
    let user = directory.accounts.find(account_id)?.user(user_id)?;
    let settings = user.settings.clone().unwrap_or_else(initial);
    Ok(Answer::ok(enveloped("UserSettings", &settings)))
}

pub(super) fn update_user_settings(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let (account_id, user_id) = (call.any_id("accountId"), call.any_id("userId"));
    let settings = call.members()?.object("UserSettings")?;
    let settings = validate::required("UserSettings", settings)?;
    let telephony = validate::required("Telephony", settings.object("Telephony")?)?;
    let flag = |name| validate::required(name, telephony.flag(name)?);
    let inbound_calling = flag("InboundCalling")?;
    let outbound_calling = flag("OutboundCalling")?;
    let sms = flag("SMS")?;
    let user = directory.accounts.find_mut(account_id)?.user_mut(user_id)?;

    let settings = user.settings.get_or_insert_with(initial);
    settings.change("Telephony", |telephony| {
        telephony.set("InboundCalling", inbound_calling);
        telephony.set("OutboundCalling", outbound_calling);
        telephony.set("SMS", sms);
    });
    Ok(Answer::no_content())
}

fn initial() -> Document {
    Document::new(json!({
        "Telephony": { "InboundCalling": false, "OutboundCalling": false, "SMS": false },
    }))
}

pub(super) fn seed(directory: &mut Directory, line: Line) -> Result<(), Refusal> {
    let (account_id, user_id) = (line.parent("AccountId")?, line.parent("UserId")?);
    let user = directory.accounts.find_mut(&account_id)?.user_mut(&user_id)?;
    user.settings = Some(line.document);
    Ok(())
}
