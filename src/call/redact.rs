//! What of a message of the service an error may show.
//!
//! Services echo what they are sent, so a message may hold personal data and secrets.

use std::cmp::Reverse;

use crate::sensitive::Sensitive;

/// The longest message that is kept, in characters.
const MAX_MESSAGE: usize = 300;

/// The message without the `sensitive` values of the request, which the service may have quoted.
pub(super) fn without(message: &str, sensitive: &[Sensitive]) -> String {
    let mut values: Vec<String> =
        sensitive.iter().map(|value| with_plain_plus(value.expose())).collect();
    let numbers = values.iter().filter_map(|value| value.strip_prefix('+'));
    // A phone number may be quoted without its plus.
    let digits = numbers.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    values.extend(digits.map(str::to_owned).collect::<Vec<_>>());
    values.retain(|value| value.len() > 2);
    // A value may be the beginning of another one.
    values.sort_by_key(|value| Reverse(value.len()));
    values
        .iter()
        .fold(with_plain_plus(message), |message, value| message.replace(value.as_str(), "***"))
}

/// The text with the plus of a phone number as it is, which URLs and identifiers have encoded.
fn with_plain_plus(text: &str) -> String {
    let encoded = ["%252B", "%252b", "%2B", "%2b"];
    encoded.into_iter().fold(text.to_owned(), |text, plus| text.replace(plus, "+"))
}

/// A message as an error may show it: one line of bounded length, without
/// e-mail addresses, phone numbers and what looks like a key, a token or a signature.
pub(super) fn clean(message: &str) -> Option<String> {
    // After these words, AWS quotes the signed headers, including the session token.
    let message = message.split("The Canonical String").next().unwrap_or_default();
    let printable: String = message.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = printable
        .split_whitespace()
        .map(|word| if is_private(word) { "***" } else { word })
        .collect();
    let text = blot_phone_numbers(&words.join(" "));
    let cut = text.char_indices().nth(MAX_MESSAGE).map(|(index, _)| index);
    let text = match cut {
        Some(index) => format!("{}…", &text[..index]),
        None => text,
    };
    (!text.is_empty()).then_some(text)
}

/// Whether a word holds an e-mail address, or is long enough to be a secret.
fn is_private(word: &str) -> bool {
    let is_opaque = |c: char| c.is_ascii_alphanumeric() || "+/=_-%".contains(c);
    // The ARN of a role may be long, but tells who was not authorised and is no secret.
    let names_a_role = word.contains("arn:aws:iam:") || word.contains("arn:aws:sts:");
    word.contains(['@', '＠'])
        || word.contains("%40")
        || !names_a_role && word.split(|c| !is_opaque(c)).any(|part| part.len() >= 40)
}

/// Replaces every run of seven digits or more, which may be a phone number, together with the
/// punctuation within it. Digits next to letters belong to an identifier and stay, unless a `+`
/// comes before them.
fn blot_phone_numbers(text: &str) -> String {
    let is_part =
        |c: char| c.is_ascii_digit() || " ()-./\u{a0}\u{2010}\u{2011}\u{2013}".contains(c);
    let mut blotted = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || c == '+') {
        let (before, from) = rest.split_at(start);
        blotted.push_str(before);
        let plus = usize::from(from.starts_with('+'));
        let end = from[plus..].find(|c| !is_part(c)).map_or(from.len(), |end| plus + end);
        let mut number = from[..end].trim_end_matches(|c: char| !c.is_ascii_digit());
        let touches = |text: &str| text.trim_end_matches('-').ends_with(char::is_alphanumeric);
        if plus == 0 && from[number.len()..].starts_with(char::is_alphabetic) {
            number = number.rsplit_once(' ').map_or("", |(others, _)| others);
        }
        let is_spared = plus == 0 && touches(&blotted);
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        if digits >= 7 && !is_spared {
            blotted.push_str("***");
            rest = &from[number.len()..];
        } else {
            // Continue behind this word, or behind the plus.
            let is_of_word = |c: char| c.is_alphanumeric() || c == '-';
            let word = from[1..].find(|c| !is_of_word(c)).map_or(from.len(), |end| end + 1);
            blotted.push_str(&from[..word]);
            rest = &from[word..];
        }
    }
    blotted.push_str(rest);
    blotted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_never_shows_addresses_numbers_or_secrets() {
        for (message, shown) in [
            ("User 'ana@example.com' exists", "User *** exists"),
            ("user-email=ana%40example.com", "***"),
            ("Call +12065550100.", "Call ***."),
            ("Call +1 (206) 555-0100 now", "Call *** now"),
            ("Call 206.555.0100", "Call ***"),
            ("E164: 12065550100", "E164: ***"),
            ("at most 100, not 1200", "at most 100, not 1200"),
            ("in 2026 and 100", "in 2026 and 100"),
            ("id 12a3456b-7c89-012d-3456-78901e23fg45", "id 12a3456b-7c89-012d-3456-78901e23fg45"),
            ("two\r\nlines\u{0}", "two lines"),
            ("+ and - stay", "+ and - stay"),
            ("User u1 +12065550100 exists", "User u1 *** exists"),
            ("id 23fg45 +1 206 555 0100", "id 23fg45 ***"),
            ("+12065550100 2nd try", "***nd try"),
            ("Phone+12065550100", "Phone***"),
            ("+12065550100x", "***x"),
            ("u1 206 555 0100 x", "u1 *** x"),
            ("206 555 0100 2nd", "*** 2nd"),
            ("206/555/0100", "***"),
            ("206\u{2011}555\u{2011}0100", "***"),
            ("111122223333", "***"),
            ("E164PhoneNumber=12065550100", "E164PhoneNumber=***"),
            ("e164PhoneNumbers[0]:12065550100", "e164PhoneNumbers[0]:***"),
            ("1:2065550100", "1:***"),
            ("&#43;12065550100", "&#43;***"),
        ] {
            assert_eq!(clean(message).as_deref(), Some(shown), "{message}");
        }
        let secret = "a".repeat(40);
        assert_eq!(clean(&format!("token='{secret}'")).unwrap(), "***");
        let quoted = format!(
            "No match. The Canonical String for this should have been 'x-amz-security-token:{secret}'"
        );
        assert_eq!(clean(&quoted).unwrap(), "No match.");
        assert_eq!(clean(" \n"), None);
    }

    #[test]
    fn who_is_not_authorised_is_told() {
        let message = "User: arn:aws:sts::1:assumed-role/directory-sync-production-role-of-ours/i is not authorized";
        assert_eq!(clean(message).as_deref(), Some(message));
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let cut = clean(&"ü ".repeat(1_000)).unwrap();
        assert_eq!(cut.chars().count(), MAX_MESSAGE + 1);
        assert!(cut.ends_with('…'));
    }
}
