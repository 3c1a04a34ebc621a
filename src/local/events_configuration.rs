//! Events configurations of bots: their operations. They are stored in the rows of the bots.

use serde_json::json;

use super::answer::{Answer, Refusal, enveloped};
use super::call::Call;
use super::directory::Directory;
use super::document::Document;
use super::members::Members;
use super::seed::Line;
use super::validate;

pub(super) fn get_events_configuration(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let (account_id, bot_id) = (call.id("accountId")?, call.id("botId")?);
    let bot = directory.accounts.enterprise(account_id)?.bots.find(bot_id)?;
    let Some(configuration) = &bot.events_configuration else {
        return Err(Refusal::not_found("The bot has no events configuration."));
    };
    Ok(Answer::ok(enveloped("EventsConfiguration", configuration)))
}

pub(super) fn put_events_configuration(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let (account_id, bot_id) = (call.id("accountId")?, call.id("botId")?);
    let members = call.members()?;
    let (target, address) = target(&members)?;
    let bot = directory.accounts.enterprise_mut(account_id)?.bots.find_mut(bot_id)?;

    let configuration = Document::new(json!({ "BotId": bot_id, target: address }));
    let answer = Answer::created(enveloped("EventsConfiguration", &configuration));
    bot.events_configuration = Some(configuration);
    Ok(answer)
}

pub(super) fn delete_events_configuration(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let (account_id, bot_id) = (call.id("accountId")?, call.id("botId")?);
    let bot = directory.accounts.enterprise_mut(account_id)?.bots.find_mut(bot_id)?;
    bot.events_configuration = None;
    Ok(Answer::no_content())
}

pub(super) fn seed(directory: &mut Directory, mut line: Line) -> Result<(), Refusal> {
    let (account_id, bot_id) = (line.parent("AccountId")?, line.fill_in_parent("BotId")?);
    let bot = directory.accounts.enterprise_mut(&account_id)?.bots.find_mut(&bot_id)?;
    if bot.events_configuration.is_some() {
        return Err(Refusal::conflict("The bot has an events configuration."));
    }
    bot.events_configuration = Some(line.document);
    Ok(())
}

/// Returns the name and the value of the member that has the target of the events.
fn target(members: &Members) -> Result<(&'static str, &str), Refusal> {
    let endpoint = members.text(ENDPOINT, |name, text| starts_with("https://", name, text))?;
    let function = members.text(FUNCTION, |name, text| starts_with("arn:", name, text))?;
    match (endpoint, function) {
        (Some(endpoint), None) => Ok((ENDPOINT, endpoint)),
        (None, Some(function)) => Ok((FUNCTION, function)),
        _ => {
            let message = format!("Exactly one of {ENDPOINT} and {FUNCTION} is required.");
            Err(Refusal::bad_request(message))
        }
    }
}

fn starts_with<'a>(start: &str, name: &str, text: &'a str) -> Result<&'a str, Refusal> {
    if text.starts_with(start) {
        Ok(text)
    } else {
        Err(validate::must_be(name, &format!("a text that begins with {start}")))
    }
}

const ENDPOINT: &str = "OutboundEventsHTTPSEndpoint";
const FUNCTION: &str = "LambdaFunctionArn";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::members::members;
    use super::*;

    #[test]
    fn events_go_to_exactly_one_target() {
        let (url, arn) =
            ("https://example.com", "arn:aws:lambda:us-east-1:111122223333:function:f");
        let endpoint = members(json!({ ENDPOINT: url, FUNCTION: null }));
        assert_eq!(target(&endpoint), Ok((ENDPOINT, url)));
        let function = members(json!({ FUNCTION: arn }));
        assert_eq!(target(&function), Ok((FUNCTION, arn)));
        for wrong in [json!({}), json!({ ENDPOINT: url, FUNCTION: arn }), json!({ ENDPOINT: 1 })] {
            assert!(target(&members(wrong)).is_err());
        }
    }
}
