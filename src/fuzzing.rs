//! Reads data as a server may send it and checks the required properties, for fuzz targets and property tests.

use std::time::{Duration, SystemTime};

use percent_encoding::percent_decode_str;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::{Value, json};

use crate::aws_error_codes::is_known;
use crate::call::{Answer, Clock, Hidden, corrected};
use crate::decode::Decode;
use crate::problem::{MESSAGE_QUOTES_REQUEST, MESSAGE_TOO_LONG};
use crate::route::Route;
use crate::{Account, GlobalSettings, Page, User, UserError};

/// Reads `data` as an error response: a first line with headers, then the body.
pub fn error_body(data: &[u8]) {
    let line = data.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (header, body) = data.split_at(line);
    let mut headers = HeaderMap::new();
    for (name, value) in ["x-amzn-errortype", "content-type", "x-amzn-requestid"]
        .into_iter()
        .zip(header.split(|b| *b == b'|'))
    {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.insert(name, value);
        }
    }
    let error = Answer::new(400, headers, body.to_vec()).error(&Hidden::default());
    for text in [&error.code, &error.message, &error.request_id].into_iter().flatten() {
        assert!(!text.is_empty() && text.chars().count() <= 301, "{text:?}");
        assert!(!text.contains('@') && !text.contains(char::is_control), "{text:?}");
    }
}

/// Reads `data` as the error of a service that quotes the request. The lines are a sensitive value, a user's name, and
/// the service's message.
pub fn redaction(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.splitn(3, '\n');
    let [value, name, said] = [(); 3].map(|()| lines.next().unwrap_or_default());
    let mut headers = HeaderMap::new();
    for header in ["x-amzn-errortype", "x-amzn-requestid"] {
        if let Ok(value) = HeaderValue::from_str(said) {
            headers.insert(header, value);
        }
    }
    let body = json!({ "Message": said, "Code": said }).to_string();
    let hidden = Hidden::new(&[value.into()]).and_names(&[name.into()]);
    let error = Answer::new(400, headers, body.into()).error(&hidden);
    for text in [error.message, error.code, error.request_id].into_iter().flatten() {
        assert!(!text.is_empty() && text.chars().count() <= 301, "{text:?}");
        if ![MESSAGE_QUOTES_REQUEST, MESSAGE_TOO_LONG].contains(&text.as_str()) && !is_known(&text)
        {
            let is_there = |text: &str| text.contains(&value.to_ascii_lowercase());
            let shows = is_secret(value) && says(&text, value, &is_there, 3);
            assert!(!shows, "{value:?} in {text:?}");
            let is_there = |text: &str| has_word(text, &name.to_ascii_lowercase());
            // After a cut, the last word may be only a part of a word.
            let is_whole = !text.ends_with('…');
            let shows = is_secret(name) && is_whole && says(&text, name, &is_there, 3);
            assert!(!shows, "{name:?} in {text:?}");
        }
    }
}

/// Returns `true` if a value is long enough to be hidden, does not change when it becomes one line, and has no
/// character that the cleaning adds.
fn is_secret(value: &str) -> bool {
    let is_one_line = !value.contains("  ") && !value.contains(char::is_control);
    let is_odd = |c: char| "*…%\u{FFFD}".contains(c) || c.is_whitespace() && c != ' ';
    value.len() > 2 && value.trim() == value && is_one_line && !value.contains(is_odd)
}

/// Returns `true` if a text contains a value after up to `rounds` rounds, each of which undoes escapes of one kind.
fn says(text: &str, value: &str, is_there: &impl Fn(&str) -> bool, rounds: u8) -> bool {
    let undone = |form: &dyn Fn(char) -> Vec<String>| {
        // Characters that begin an escape come last, so that undoing makes no new escape.
        let letters = value.chars().flat_map(|c| [c.to_ascii_lowercase(), c.to_ascii_uppercase()]);
        let letters = letters.filter(|c| !"%&=\\".contains(*c)).chain("%&=\\".chars());
        letters.fold(text.to_owned(), |text, c| {
            form(c).iter().fold(text, |text, form| text.replace(form.as_str(), &c.to_string()))
        })
    };
    let percent = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    is_there(&text.to_ascii_lowercase())
        || rounds > 0
            && [
                percent(text),
                percent(&text.replace('%', "%25").replace('=', "%")),
                undone(&|c| vec![format!("\\u{:04x}", c as u32), format!("\\u{:04X}", c as u32)]),
                undone(&|c| vec![format!("&#{};", c as u32), format!("&#x{:x};", c as u32)]),
            ]
            .iter()
            .any(|undone| undone != text && says(undone, value, is_there, rounds - 1))
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(start, found)| {
        let (before, after) = (&text[..start], &text[start + found.len()..]);
        let goes_on = |c: char| c.is_alphanumeric() || c == '\u{FFFD}';
        !before.ends_with(goes_on) && !after.starts_with(goes_on)
    })
}

/// Reads `data` as each kind of success, and compares the accepted kinds with another parser.
pub fn success(data: &[u8]) {
    let Ok(json) = std::str::from_utf8(data) else { return };
    let page = Page::<Account>::decode(json);
    for (names, is_accepted, may_be_empty) in [
        (["Account", "NextToken"], Account::decode(json).is_ok(), false),
        (["Accounts", "NextToken"], page.is_ok(), true),
        (["UserErrors", "NextToken"], Vec::<UserError>::decode(json).is_ok(), true),
        (["BusinessCalling", "VoiceConnector"], GlobalSettings::decode(json).is_ok(), true),
    ] {
        let Ok(Members(members)) = serde_json::from_str(json) else {
            // The other parser refuses some objects, such as an object with 1e999.
            assert!(!is_accepted || json.trim_start().starts_with('{'), "{json}");
            continue;
        };
        let values = |name| members.iter().filter(move |(known, _)| known == name);
        let counts = names.map(|name| values(name).count());
        let is_known = members.is_empty() && may_be_empty || counts.iter().any(|count| *count > 0);
        let is_sound = is_known && counts.iter().all(|count| *count < 2);
        assert!(!is_accepted || is_sound, "{names:?} accept {json}");
        let is_null = |name| values(name).all(|(_, value)| value.is_null());
        let is_nothing = may_be_empty && names.into_iter().all(is_null);
        assert!(is_accepted || !(is_sound && is_nothing), "{names:?} refuse {json}");
        if names[0] == "Accounts"
            && let Ok(page) = &page
        {
            let items = values("Accounts").find_map(|(_, value)| value.as_array());
            assert_eq!(page.items.len(), items.map_or(0, Vec::len), "{json}");
            let token = values("NextToken").find_map(|(_, value)| value.as_str());
            assert_eq!(
                page.next_token.as_deref(),
                token.filter(|token| !token.is_empty()),
                "{json}"
            );
        }
    }
}

/// The members of an object, in order and with duplicates.
struct Members(Vec<(String, Value)>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: serde::de::MapAccess<'de>>(
                self,
                mut map: M,
            ) -> Result<Members, M::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

/// Reads `data` as the body of each kind of success.
pub fn page(data: &[u8]) {
    let Ok(json) = std::str::from_utf8(data) else { return };
    let _ = <()>::decode(json);
    let _ = Vec::<UserError>::decode(json);
    if let Ok(page) = Page::<Account>::decode(json) {
        assert_ne!(page.next_token.as_deref(), Some(""));
        round_trip(&page);
    }
    if let Ok(page) = Page::<User>::decode(json) {
        round_trip(&page);
    }
}

/// Reads `data` as a `Date`, a `Retry-After` and a timestamp of a model.
pub fn timestamp(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let now = SystemTime::UNIX_EPOCH + Duration::from_hours(490_000);
    let clock = Clock::default();
    if clock.learn(0, text, now, now + Duration::from_secs(1)) {
        assert!(corrected(now, clock.offset()) != now);
    }
    if let Ok(value) = HeaderValue::from_bytes(data) {
        for name in ["retry-after", "x-amz-retry-after"] {
            let headers = HeaderMap::from_iter([(name.parse().unwrap(), value.clone())]);
            let _ = Answer::new(429, headers, Vec::new()).retry_after(now);
        }
    }
    let user = serde_json::json!({ "UserId": "u", "InvitedOn": text });
    if let Ok(user) = serde_json::from_value::<User>(user) {
        round_trip(&user);
    }
}

/// Sends `data` as an identifier and as a page token.
pub fn token(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let route = Route::new("accounts").id("AccountId", text).query("next-token", Some(&text));
    let Ok(url) = route.url("https://example.com") else { return };
    let parsed = url::Url::parse(&url).unwrap();
    assert_eq!(parsed.as_str(), url);
    let decode = |text| percent_decode_str(text).decode_utf8().unwrap();
    let mut segments = parsed.path_segments().unwrap();
    assert_eq!(
        (segments.next(), segments.next().map(decode)),
        (Some("accounts"), Some(text.into()))
    );
    assert_eq!(segments.next(), None);
    assert_eq!(
        parsed.query().and_then(|query| query.strip_prefix("next-token=")).map(decode),
        Some(text.into())
    );
}

fn round_trip<T>(value: &T)
where
    T: serde::Serialize + for<'de> serde::Deserialize<'de> + PartialEq + std::fmt::Debug,
{
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *value);
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Texts like JSON, with the parts of error bodies and pages.
    const JSON: &str = r#"(\{|\}|\[|\]|,|:|"Message":|"Code":|"__type":|"Accounts":|"Users":|"NextToken":|"UserId":|"x"|"ana@example\.com"|" "|null|1e999|[0-9]{1,12}){0,40}"#;

    /// Texts like a date, a delay or a timestamp.
    const TIME: &str = "(Thu, )?[0-9]{1,20}( (Jan|Feb) [0-9]{1,5} |-)?[0-9:TZ+.-]{0,20}( GMT)?";

    /// Escapes those characters of a text for which `which` has a bit.
    fn escaped(text: &str, form: u8, which: u64) -> String {
        let escape = |(n, c): (usize, char)| {
            let bytes = |introducer| {
                let bytes = c.to_string().into_bytes().into_iter();
                bytes.map(|byte| format!("{introducer}{byte:02X}")).collect::<Vec<_>>().concat()
            };
            match form {
                _ if which >> (n % 64) & 1 == 0 => c.to_string(),
                0 => bytes('%'),
                1 => bytes('%').to_lowercase(),
                2 => bytes('='),
                3 => format!("&#{};", c as u32),
                4 => format!("&#x{:x};", c as u32),
                5 => match c {
                    '@' => "&commat;".to_owned(),
                    '.' => "&period;".to_owned(),
                    '&' => "&amp;".to_owned(),
                    c => c.to_string(),
                },
                _ => format!("\\u{:04x}", c as u32),
            }
        };
        text.chars().enumerate().map(escape).collect()
    }

    proptest! {
        #[test]
        fn a_sensitive_value_never_shows_in_any_form(
            // No hexadecimal digit first: of `%30@example.com`, an escaped `0@example.com`, the harmless `%3` would stay.
            email in "[g-zG-Z][a-zA-Z0-9._=+-]{0,7}@[a-z0-9-]{1,6}\\.[a-z]{2,3}",
            name in "[A-Z][a-z]{2,8}( [A-Z][a-zé]{1,5})?",
            forms in vec((0..7_u8, any::<u64>()), 0..=3),
            [before, between, after] in proptest::array::uniform3("[ -~]{0,8} |"),
        ) {
            let escape = |text: &str| {
                let escape = |text: String, (form, which): &(u8, u64)| escaped(&text, *form, *which);
                forms.iter().fold(text.to_owned(), escape)
            };
            let [quoted, named] = [&email, &name].map(|text| escape(text));
            for quote in [&quoted, &named, &format!("{quoted}{between}{named}")] {
                redaction(format!("{email}\n{name}\n{before}{quote}{after}").as_bytes());
            }
            // The whole value shows only if it is longer than the examined part of a text.
            let hidden = Hidden::new(&[email.as_str().into()]);
            let body = json!({ "Message": format!("No {quoted}, sorry") }).to_string();
            let error = Answer::new(400, HeaderMap::new(), body.into()).error(&hidden);
            let message = error.message.unwrap();
            let is_hidden = [MESSAGE_QUOTES_REQUEST, "No ***, sorry", "No *** sorry"];
            prop_assert!(
                is_hidden.contains(&message.as_str()) || quoted.len() > 1_000,
                "{email} as {quoted} in {message}"
            );
        }

        #[test]
        fn another_parser_accepts_the_same_successes(
            members in vec(("(Accounts?|NextToken|UserErrors|VoiceConnector|Message)", "(null|\\[\\]|\\{\\}|\"\"|\"t\"|1e999|7|\\[\\{\"AccountId\":\"a\",\"Name\":\"n\"\\}\\])"), 0..4),
        ) {
            let members: Vec<_> = members.iter().map(|(name, value)| format!("{name:?}:{value}")).collect();
            success(format!("{{{}}}", members.join(",")).as_bytes());
        }

        #[test]
        fn error_bodies_have_the_required_properties(header in "[!-~ ]{0,60}", body in JSON, bytes in vec(any::<u8>(), 0..500)) {
            error_body(format!("{header}\n{body}").as_bytes());
            error_body(format!("|text/plain|\n{body}").as_bytes());
            error_body(format!("\n{{\"Message\":{body:?}}}").as_bytes());
            error_body(&bytes);
        }

        #[test]
        fn pages_have_the_required_properties(body in JSON) {
            success(body.as_bytes());
            page(body.as_bytes());
            page(format!("{{\"Accounts\":[{body}]}}").as_bytes());
        }

        #[test]
        fn timestamps_have_the_required_properties(time in TIME, text in "\\PC{0,40}") {
            timestamp(time.as_bytes());
            timestamp(text.as_bytes());
        }

        #[test]
        fn tokens_have_the_required_properties(text in ".{0,80}") {
            token(text.as_bytes());
        }
    }
}
