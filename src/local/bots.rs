//! Bots: their operations and their rows.

use std::borrow::Cow;
use std::iter::repeat_with;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::answer::{Answer, Refusal, enveloped};
use super::call::Call;
use super::directory::Directory;
use super::document::{Document, timestamp};
use super::seed::Line;
use super::table::Row;
use super::validate;

pub(super) fn create_bot(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let members = call.members()?;
    let name = members.text("DisplayName", validate::anything)?;
    let name = validate::required("DisplayName", name)?;
    let domain = members.text("Domain", validate::not_blank)?;
    let bots = &mut directory.accounts.enterprise_mut(account_id)?.bots;

    let bot = Bot::new(name, domain, call.now());
    let answer = Answer::created(enveloped("Bot", &bot.document));
    bots.insert(bot);
    Ok(answer)
}

pub(super) fn get_bot(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let (account_id, bot_id) = (call.id("accountId")?, call.id("botId")?);
    let bot = directory.accounts.enterprise(account_id)?.bots.find(bot_id)?;
    Ok(Answer::ok(enveloped("Bot", &bot.document)))
}

pub(super) fn list_bots(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let paging = call.paging(99)?;

    let Directory { accounts, tokens, .. } = directory;
    let bots = &accounts.enterprise(account_id)?.bots;
    let listing = format!("ListBots {account_id:?}");
    tokens.list("Bots", &listing, &paging, |position| bots.after(position))
}

pub(super) fn update_bot(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let (account_id, bot_id) = (call.id("accountId")?, call.id("botId")?);
    let disabled = call.members()?.flag("Disabled")?;
    let bot = directory.accounts.enterprise_mut(account_id)?.bots.find_mut(bot_id)?;

    if let Some(disabled) = disabled {
        bot.document.set("Disabled", disabled);
        bot.document.set("UpdatedTimestamp", timestamp(call.now()));
    }
    Ok(Answer::ok(enveloped("Bot", &bot.document)))
}

pub(super) fn regenerate_security_token(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let (account_id, bot_id) = (call.id("accountId")?, call.id("botId")?);
    let bot = directory.accounts.enterprise_mut(account_id)?.bots.find_mut(bot_id)?;

    bot.document.set("SecurityToken", random_security_token());
    bot.document.set("UpdatedTimestamp", timestamp(call.now()));
    Ok(Answer::ok(enveloped("Bot", &bot.document)))
}

pub(super) fn seed(directory: &mut Directory, mut line: Line) -> Result<(), Refusal> {
    line.identify("BotId")?;
    let bots = &mut directory.accounts.enterprise_mut(&line.parent("AccountId")?)?.bots;
    bots.try_insert(Bot { document: line.document, events_configuration: None }).map(drop)
}

#[derive(Deserialize, Serialize)]
pub(super) struct Bot {
    document: Document,
    /// The target of the bot's events, `None` at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) events_configuration: Option<Document>,
}

impl Bot {
    fn new(name: &str, domain: Option<&str>, now: DateTime<Utc>) -> Self {
        let id = Uuid::new_v4().to_string();
        let domain = domain.unwrap_or("example.com");
        let document = Document::new(json!({
            "BotId": id,
            "UserId": id,
            "DisplayName": format!("{name} (Bot)"),
            "BotType": "ChatBot",
            "Disabled": false,
            "CreatedTimestamp": timestamp(now),
            "UpdatedTimestamp": timestamp(now),
            "BotEmail": format!("{name}-chimebot@{domain}"),
            "SecurityToken": random_security_token(),
        }));
        Self { document, events_configuration: None }
    }

    pub(super) fn email(&self) -> Option<Cow<'_, str>> {
        self.document.text("BotEmail")
    }

    pub(super) fn display_name(&self) -> Option<Cow<'_, str>> {
        self.document.text("DisplayName")
    }
}

/// Returns a token with which a bot verifies that an event comes from the service.
fn random_security_token() -> String {
    repeat_with(fastrand::alphanumeric).take(40).collect()
}

impl Row for Bot {
    const NOT_FOUND: &'static str = "The bot does not exist in this account.";

    fn id(&self) -> Cow<'_, str> {
        self.document.text("BotId").unwrap_or_default()
    }

    fn document(&self) -> &Document {
        &self.document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_display_name_and_address_of_a_bot_contain_its_name() {
        let bot = Bot::new("myBot", None, Utc::now());
        assert_eq!(bot.display_name().as_deref(), Some("myBot (Bot)"));
        assert_eq!(bot.email().as_deref(), Some("myBot-chimebot@example.com"));
        let bot = Bot::new("myBot", Some("example.org"), Utc::now());
        assert_eq!(bot.email().as_deref(), Some("myBot-chimebot@example.org"));
        assert_eq!(bot.document.text("UserId"), Some(bot.id()));
    }

    #[test]
    fn security_tokens_are_random_and_have_40_characters() {
        let tokens = [random_security_token(), random_security_token()];
        assert!(tokens.iter().all(|token| token.chars().count() == 40), "{tokens:?}");
        assert_ne!(tokens[0], tokens[1]);
    }
}
