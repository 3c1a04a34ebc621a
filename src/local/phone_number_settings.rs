//! The settings of all phone numbers.

use chrono::TimeDelta;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;
use super::document::timestamp;
use super::seed::Line;
use super::validate;

#[expect(clippy::unnecessary_wraps, reason = "an operation like the others")]
pub(super) fn get_phone_number_settings(
    _call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    Ok(Answer::ok(directory.phone_number_settings.document()))
}

pub(super) fn update_phone_number_settings(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let members = call.members()?;
    let calling_name = members.text(CALLING_NAME, validate::calling_name)?;
    let calling_name = validate::required(CALLING_NAME, calling_name)?;
    let settings = directory.phone_number_settings.document();
    let updated = settings.time(UPDATED_TIMESTAMP);
    if updated
        .is_some_and(|updated| call.now().signed_duration_since(updated) < TIME_BETWEEN_CHANGES)
    {
        if settings.text(CALLING_NAME).as_deref() == Some(calling_name) {
            return Ok(Answer::no_content());
        }
        return Err(Refusal::bad_request("The CallingName can be changed once in 7 days."));
    }

    let settings = directory.phone_number_settings.document_mut();
    settings.set(CALLING_NAME, calling_name);
    settings.set(UPDATED_TIMESTAMP, timestamp(call.now()));
    Ok(Answer::no_content())
}

pub(super) fn seed(directory: &mut Directory, line: Line) -> Result<(), Refusal> {
    let document = line.document;
    let updated = document.member(UPDATED_TIMESTAMP);
    if !updated.is_null() && document.time(UPDATED_TIMESTAMP).is_none() {
        return Err(validate::must_be(UPDATED_TIMESTAMP, "a time in RFC 3339 form"));
    }
    *directory.phone_number_settings.document_mut() = document;
    Ok(())
}

const TIME_BETWEEN_CHANGES: TimeDelta = TimeDelta::days(7);

const CALLING_NAME: &str = "CallingName";
const UPDATED_TIMESTAMP: &str = "CallingNameUpdatedTimestamp";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::document::Document;
    use super::*;

    #[test]
    fn seeded_settings_must_have_a_valid_time() {
        let mut directory = Directory::default();
        let mut seed = |updated: &str| {
            let document = json!({ "CallingName": "Acme", "CallingNameUpdatedTimestamp": updated });
            super::seed(&mut directory, Line::of(Document::new(document)))
        };
        assert!(seed("yesterday").is_err());
        assert_eq!(seed("2019-10-28T18:56:42.911Z"), Ok(()));
        let settings = directory.phone_number_settings.document();
        assert_eq!(settings.text(CALLING_NAME).as_deref(), Some("Acme"));
    }
}
