//! Meetings: the operation that dials out to a phone number.

use serde_json::json;
use uuid::Uuid;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;
use super::validate;

pub(super) fn create_meeting_dial_out(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    validate::uuid("meetingId", call.id("meetingId")?)?;
    let members = call.members()?;
    let from = members.text("FromPhoneNumber", validate::e164)?;
    let from = validate::required("FromPhoneNumber", from)?;
    let to = members.text("ToPhoneNumber", validate::e164)?;
    validate::required("ToPhoneNumber", to)?;
    let join_token = members.text("JoinToken", join_token)?;
    validate::required("JoinToken", join_token)?;
    if !directory.phone_numbers.has(from, call.now()) {
        return Err(Refusal::forbidden("FromPhoneNumber is not in the inventory."));
    }
    Ok(Answer::created(json!({ "TransactionId": Uuid::new_v4().to_string() })))
}

/// Checks the token of an attendee: 2 to 2048 letters, digits, plus signs and slashes.
fn join_token<'a>(name: &str, text: &'a str) -> Result<&'a str, Refusal> {
    let is_part = |byte: u8| matches!(byte, b'+' | b'/') || byte.is_ascii_alphanumeric();
    if (2..=2048).contains(&text.len()) && text.bytes().all(is_part) {
        Ok(text)
    } else {
        Err(validate::must_be(name, "2 to 2048 letters, digits, \"+\" and \"/\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn join_tokens_are_2_to_2048_letters_digits_plus_signs_and_slashes() {
        for good in ["aA", "a+/0", &"a".repeat(2048)] {
            assert!(join_token("JoinToken", good).is_ok(), "{good}");
        }
        for bad in ["", "a", "a=", "a b", "ää", &"a".repeat(2049)] {
            assert!(join_token("JoinToken", bad).is_err(), "{bad}");
        }
    }
}
