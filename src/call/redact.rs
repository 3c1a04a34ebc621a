//! The parts of a response that an error may show, because a service may quote personal data and secrets of the
//! request.

use std::cmp::Reverse;

use crate::call::escapes::{Escaped, MAX_VALUE, is_of_word};
use crate::problem::{MESSAGE_QUOTES_REQUEST, MESSAGE_TOO_LONG};
use crate::sensitive::Sensitive;

/// The maximum length of a shown message, in characters.
const MAX_MESSAGE: usize = 300;

/// The maximum length of a message that is examined, in bytes. A part of a longer message might end within a value.
const MAX_EXAMINED: usize = 8 * 1024;

/// Values of up to this many bytes are not hidden, because they are harmless and occur in every text.
const MAX_HARMLESS: usize = 2;

/// The values of a request that no error may show, even if the service quotes them.
#[derive(Clone, Default)]
pub(crate) struct Hidden(Vec<Value>);

#[derive(Clone)]
struct Value {
    /// The value as one line in lower case.
    text: String,
    /// Whether the value is hidden only as a whole word.
    is_word: bool,
}

impl Hidden {
    /// Hides `values` in any place.
    pub(crate) fn new<'a>(values: impl IntoIterator<Item = &'a Sensitive>) -> Self {
        Self::default().with(values, false)
    }

    /// Also hides `names`, but not within other words, because names may be common words.
    pub(crate) fn and_names<'a>(self, names: impl IntoIterator<Item = &'a Sensitive>) -> Self {
        self.with(names, true)
    }

    fn with<'a>(mut self, values: impl IntoIterator<Item = &'a Sensitive>, is_word: bool) -> Self {
        for value in values {
            let text = one_line(value.expose()).to_ascii_lowercase();
            let digits = text.strip_prefix('+');
            // A service may quote a phone number without its plus.
            let digits = digits.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
            let digits = digits.map(|digits| Value { text: digits.to_owned(), is_word });
            self.0.extend(digits);
            self.0.push(Value { text, is_word });
        }
        self.0.retain(|value| value.text.len() > MAX_HARMLESS);
        // A value may be the beginning of another one.
        self.0.sort_by_key(|value| Reverse(value.text.len()));
        self
    }

    /// Returns a message as an error may show it: one line of limited length, without hidden values, e-mail addresses,
    /// phone numbers, and words that look like a key, a token or a signature. If a hidden value is in the message in
    /// another form, for example with escapes, a fixed text replaces the message.
    pub(super) fn clean(&self, message: &str) -> Option<String> {
        // After these words, AWS quotes the signed headers, including the session token.
        let message = message.split("The Canonical String").next().unwrap_or_default();
        if message.len() > MAX_EXAMINED {
            return Some(MESSAGE_TOO_LONG.to_owned());
        }
        let plain = self.0.iter().fold(one_line(message), |text, value| value.removed_from(&text));
        let words: Vec<&str> =
            plain.split(' ').map(|word| if is_private(word) { "***" } else { word }).collect();
        let text = words.join(" ");
        // This must come before phone numbers are removed: a number in the middle of a quote would leave the ends of
        // the quote.
        if self.is_said_in(&text) {
            return Some(MESSAGE_QUOTES_REQUEST.to_owned());
        }
        let text = without_phone_numbers(&text);
        let cut = text.char_indices().nth(MAX_MESSAGE).map(|(index, _)| index);
        let text = match cut {
            Some(index) => format!("{}…", &text[..index]),
            None => text,
        };
        (!text.is_empty()).then_some(text)
    }

    /// Returns `true` if a text contains a hidden value in any form.
    pub(super) fn is_said_in(&self, text: &str) -> bool {
        // Escapes only make a text longer, so a value that is longer than the text cannot be in it.
        let mut values = self.0.iter().filter(|value| value.fits_in(text)).peekable();
        if values.peek().is_none() {
            return false;
        }
        let text = Escaped::new(text);
        values.any(|value| text.says(&value.text, value.is_word))
    }
}

impl Value {
    /// Returns `true` if a text is long enough for the part of this value that is searched for.
    fn fits_in(&self, text: &str) -> bool {
        self.text.chars().take(MAX_VALUE).count() <= text.chars().count()
    }

    /// Returns the text without this value, where the value is not escaped.
    fn removed_from(&self, text: &str) -> String {
        let lower = text.to_ascii_lowercase();
        let mut rest = 0;
        let mut removed = String::with_capacity(text.len());
        for (start, found) in lower.match_indices(&self.text) {
            let end = start + found.len();
            let is_part =
                text[..start].ends_with(is_of_word) || text[end..].starts_with(is_of_word);
            if !(self.is_word && is_part) {
                removed.push_str(&text[rest..start]);
                removed.push_str("***");
                rest = end;
            }
        }
        removed.push_str(&text[rest..]);
        removed
    }
}

/// Returns the text without line breaks and other control characters, and with an unescaped plus, because phone numbers
/// in URLs have an escaped plus.
fn one_line(text: &str) -> String {
    let parts = text.split(|c: char| c.is_whitespace() || c.is_control());
    let line = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if !line.contains('%') {
        return line;
    }
    let encoded = ["%252B", "%252b", "%2B", "%2b"];
    encoded.into_iter().fold(line, |text, plus| text.replace(plus, "+"))
}

/// Returns `true` if a word contains an e-mail address, or is long enough to be a secret.
fn is_private(word: &str) -> bool {
    let is_opaque = |c: char| c.is_ascii_alphanumeric() || "+/=_-%".contains(c);
    // The ARN of a role may be long, but it is no secret and says who was not authorised.
    let names_a_role = word.contains("arn:aws:iam:") || word.contains("arn:aws:sts:");
    word.contains(['@', '＠'])
        || word.contains("%40")
        || !names_a_role && word.split(|c| !is_opaque(c)).any(|part| part.len() >= 40)
}

/// Replaces every run of seven or more digits, with the punctuation in it, because it may be a phone number. Digits
/// next to letters belong to an identifier and stay, unless a `+` is before them.
fn without_phone_numbers(text: &str) -> String {
    let is_part =
        |c: char| c.is_ascii_digit() || " ()-./\u{a0}\u{2010}\u{2011}\u{2013}".contains(c);
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || c == '+') {
        let (before, from) = rest.split_at(start);
        written.push_str(before);
        let plus = usize::from(from.starts_with('+'));
        let end = from[plus..].find(|c| !is_part(c)).map_or(from.len(), |end| plus + end);
        let mut number = from[..end].trim_end_matches(|c: char| !c.is_ascii_digit());
        let touches = |text: &str| text.trim_end_matches('-').ends_with(char::is_alphanumeric);
        if plus == 0 && from[number.len()..].starts_with(char::is_alphabetic) {
            number = number.rsplit_once(' ').map_or("", |(others, _)| others);
        }
        let is_spared = plus == 0 && touches(&written);
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        if digits >= 7 && !is_spared {
            written.push_str("***");
            rest = &from[number.len()..];
        } else {
            // Continue after this word, or after the plus.
            let is_of_word = |c: char| c.is_alphanumeric() || c == '-';
            let word = from[1..].find(|c| !is_of_word(c)).map_or(from.len(), |end| end + 1);
            written.push_str(&from[..word]);
            rest = &from[word..];
        }
    }
    written.push_str(rest);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(message: &str) -> Option<String> {
        Hidden::default().clean(message)
    }

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
    fn the_role_that_is_not_authorised_is_shown() {
        let message = "User: arn:aws:sts::1:assumed-role/directory-sync-production-role-of-ours/i is not authorized";
        assert_eq!(clean(message).as_deref(), Some(message));
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let cut = clean(&"ü ".repeat(1_000)).unwrap();
        assert_eq!(cut.chars().count(), MAX_MESSAGE + 1);
        assert!(cut.ends_with('…'));
    }

    #[test]
    fn a_value_is_removed_in_upper_and_lower_case() {
        let hidden = Hidden::new(&["Ana's den".into(), "tok+en".into()]);
        for (message, shown) in [
            ("No room ANA's Den, ana's\nden or Ana's  den.", "No room ***, *** or ***."),
            ("xtok+enx tok%2Ben", "x***x ***"),
        ] {
            assert_eq!(hidden.clean(message).as_deref(), Some(shown));
        }
    }

    #[test]
    fn a_message_with_a_value_in_another_form_is_withheld() {
        let hidden = Hidden::new(&["ana@example.com".into(), "Žofie's den".into()]);
        for quote in [
            "ana%2540example.com",
            "ana&#64;example.com",
            "ana&commat;example.com",
            "ana=40example.com",
            r"ana\u0040example.com",
            "%C5%BDofie's den",
            "žofie's den",
            "Žofie's+den",
        ] {
            let message = format!("ana@example.com: {quote}, {}", "x ".repeat(MAX_MESSAGE));
            assert_eq!(hidden.clean(&message).as_deref(), Some(MESSAGE_QUOTES_REQUEST), "{quote}");
            let other = Hidden::new(&["bea@example.com".into()]).clean(&message).unwrap();
            assert!(other.starts_with("*** "), "{other}");
        }
        // Another form of the value does not matter in a part that is removed.
        for message in
            ["user-email=ana%40example.com", "No. The Canonical String: ana=40example.com"]
        {
            assert_ne!(hidden.clean(message).as_deref(), Some(MESSAGE_QUOTES_REQUEST));
        }
    }

    #[test]
    fn a_name_is_hidden_as_a_word() {
        let hidden = Hidden::default().and_names(&["Ana".into(), "Bo".into()]);
        for (message, shown) in [
            ("Ana, ana_b and 'ANA' exist", "***, ***_b and '***' exist"),
            ("Diana is analytical, Bo is not", "Diana is analytical, Bo is not"),
            ("name=%41na", MESSAGE_QUOTES_REQUEST),
            ("name%3DAna%26", MESSAGE_QUOTES_REQUEST),
            ("%41nabel", "%41nabel"),
        ] {
            assert_eq!(hidden.clean(message).as_deref(), Some(shown));
        }
    }

    #[test]
    fn a_message_that_is_too_long_to_look_at_is_withheld() {
        let long = "x ".repeat(MAX_EXAMINED / 2);
        assert!(clean(&long).unwrap().starts_with("x x"));
        assert_eq!(clean(&format!("{long}x")).as_deref(), Some(MESSAGE_TOO_LONG));
        let (text, limit) = (MESSAGE_TOO_LONG, format!("{} KiB", MAX_EXAMINED >> 10));
        assert!(text.contains(&limit), "{limit}");
        assert_eq!(clean(&format!("No. The Canonical String{long}")).as_deref(), Some("No."));
    }

    #[test]
    fn a_quote_is_withheld_even_if_some_of_its_digits_look_like_a_phone_number() {
        let quote = concat!(
            r"\u005cu\%750%3030%5C%75%30%30%330%5Cu00%336\u0031\u005cu0%30%5C%75%30033%5C%75%30064a\%5Cu",
            r"%3007500\%750032\u00%364%5C\u%30%30%37%35%300%34\u0%30300\u005c\u0075%30%30%5C%75003%32%5C",
            r"%750065\%750%3061\u00%35cu006\u0%303%31",
        );
        let hidden = Hidden::new(&["a=a-@0.aa".into()]);
        let message = hidden.clean(&format!("No {quote}, sorry"));
        assert_eq!(message.as_deref(), Some(MESSAGE_QUOTES_REQUEST));
    }
}
