//! What the service answered: success or error, and which error, in all the
//! forms that services and the proxies before them give it.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::call::transport::Answer;
use crate::error::Answered;
use crate::sensitive::Sensitive;

/// How much of the body of an error is looked at.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// The longest message that is kept, in characters.
const MAX_MESSAGE: usize = 300;

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(crate) fn request_id(&self) -> Option<String> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "-_=+/".contains(c);
        let names = ["x-amzn-requestid", "x-amz-request-id"];
        let id = names.into_iter().find_map(|name| text(&self.headers, name))?;
        ((1..=100).contains(&id.len()) && id.chars().all(is_part)).then(|| id.to_owned())
    }

    /// The facts of a success.
    pub(crate) fn answered(&self) -> Answered {
        Answered { status: Some(self.status), request_id: self.request_id(), ..Answered::default() }
    }

    /// The facts of an error, whose message must not show what is sensitive of the request.
    pub(crate) fn error(&self, sensitive: &[Sensitive]) -> Answered {
        let body = self.body.get(..MAX_ERROR_BYTES).unwrap_or(&self.body);
        let json = serde_json::from_slice::<ErrorBody>(body).ok();
        let members = json.as_ref().map(|json| [&json.r#type, &json.code, &json.upper_code]);
        let header = text(&self.headers, "x-amzn-errortype").into_iter();
        let members = members.into_iter().flatten().filter_map(Lenient::text);
        let code = header.chain(members).find_map(error_code);
        let message = match &json {
            Some(json) => [&json.upper_message, &json.message]
                .into_iter()
                .find_map(|message| clean(&without(message.text()?, sensitive))),
            None => clean(&without(&self.excerpt().unwrap_or_default(), sensitive)),
        };
        Answered { code, message, ..self.answered() }
    }

    /// How long the service asks to be left alone.
    pub(crate) fn retry_after(&self, now: SystemTime) -> Option<Duration> {
        let milliseconds = text(&self.headers, "x-amz-retry-after");
        if let Some(milliseconds) = milliseconds.and_then(|text| text.trim().parse().ok()) {
            return Some(Duration::from_millis(milliseconds));
        }
        let value = text(&self.headers, "retry-after")?.trim();
        if let Ok(seconds) = value.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let date = DateTime::parse_from_rfc2822(value).ok()?;
        (date.with_timezone(&Utc) - DateTime::<Utc>::from(now)).to_std().ok()
    }

    /// What a proxy says: the title of its page, or the first line of its text.
    fn excerpt(&self) -> Option<String> {
        let body = String::from_utf8_lossy(self.body.get(..4096).unwrap_or(&self.body));
        let content_type = text(&self.headers, CONTENT_TYPE.as_str()).unwrap_or_default();
        if content_type.contains("html") || body.trim_start().starts_with('<') {
            let lower = body.to_ascii_lowercase();
            let start = lower.find("<title>")? + "<title>".len();
            let end = start + lower.get(start..)?.find('<')?;
            return body.get(start..end).map(str::to_owned);
        }
        let mut lines = body.lines().filter(|_| content_type.starts_with("text/plain"));
        lines.find(|line| clean(line).is_some()).map(str::to_owned)
    }
}

/// The members of an error, in the spellings of AWS's protocols.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    #[serde(rename = "__type")]
    r#type: Lenient,
    code: Lenient,
    #[serde(rename = "Code")]
    upper_code: Lenient,
    message: Lenient,
    #[serde(rename = "Message")]
    upper_message: Lenient,
}

/// A text, or what is none and of no interest.
#[derive(Deserialize)]
#[serde(untagged)]
enum Lenient {
    Text(String),
    Other(IgnoredAny),
}

impl Lenient {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Other(_) => None,
        }
    }
}

impl Default for Lenient {
    fn default() -> Self {
        Self::Other(IgnoredAny)
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The code in `aws.protocols#NotFoundException:http://…`.
fn error_code(text: &str) -> Option<String> {
    let code = text.split(':').next()?;
    let code = code.rsplit('#').next()?.trim();
    let is_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    (!code.is_empty() && code.len() <= 100 && code.chars().all(is_code)).then(|| code.to_owned())
}

/// A message in which the service may quote the request.
fn without(message: &str, sensitive: &[Sensitive]) -> String {
    sensitive
        .iter()
        .map(|value| with_plain_plus(value.expose()))
        .filter(|value| value.len() > 2)
        .fold(with_plain_plus(message), |message, value| message.replace(&value, "***"))
}

/// A text in which the plus of a phone number is not encoded, as it is in URLs and identifiers.
fn with_plain_plus(text: &str) -> String {
    let encoded = ["%252B", "%252b", "%2B", "%2b"];
    encoded.into_iter().fold(text.to_owned(), |text, plus| text.replace(plus, "+"))
}

/// A message as an error may show it: one line of bounded length, without
/// e-mail addresses, phone numbers and what looks like a key, token or signature.
fn clean(message: &str) -> Option<String> {
    // Behind this, AWS quotes the signed headers, the session token among them.
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
    // Who was not authorised to what is no secret, and long.
    let names_a_role = word.contains("arn:aws:iam:") || word.contains("arn:aws:sts:");
    word.contains(['@', '＠'])
        || word.contains("%40")
        || !names_a_role && word.split(|c| !is_opaque(c)).any(|part| part.len() >= 40)
}

/// Blots out what has a phone number's seven digits or more, with what stands
/// between them. Digits that touch letters are of an identifier, but for those behind a `+`.
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
            // On to the next word or number, if there is one.
            let word = from[1..].find([' ', '+']).map_or(from.len(), |end| end + 1);
            blotted.push_str(&from[..word]);
            rest = &from[word..];
        }
    }
    blotted.push_str(rest);
    blotted
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &str)], body: &str) -> Answer {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_str(value).unwrap());
        }
        Answer { status, headers: map, body: body.as_bytes().to_vec() }
    }

    fn code_and_message(
        headers: &[(&'static str, &str)],
        body: &str,
    ) -> (Option<String>, Option<String>) {
        let error = answer(400, headers, body).error(&[]);
        (error.code, error.message)
    }

    #[test]
    fn the_code_is_recognised_in_header_and_body_in_all_forms() {
        let header = "x-amzn-ErrorType";
        let lower: &'static str = "x-amzn-errortype";
        assert!(header.eq_ignore_ascii_case(lower));
        for (headers, body) in [
            (vec![(lower, "NotFoundException")], ""),
            (vec![(lower, "NotFoundException:http://internal.amazon.com/x/")], "{}"),
            (vec![(lower, "com.amazon.chime#NotFoundException")], "<html>"),
            (vec![], r#"{"__type": "NotFoundException"}"#),
            (vec![], r#"{"__type": "com.amazon.coral.service#NotFoundException"}"#),
            (vec![], r#"{"code": "NotFoundException"}"#),
            (vec![], r#"{"Code": "NotFoundException", "Message": null}"#),
            (vec![(lower, "  ")], r#"{"Code": "NotFoundException"}"#),
            (vec![(lower, "NotFoundException")], r#"{"Code": "Other"}"#),
            (vec![], r#"{"x": 1e999, "Code": "NotFoundException", "message": [[]]}"#),
        ] {
            let (code, _) = code_and_message(&headers, body);
            assert_eq!(code.as_deref(), Some("NotFoundException"), "{headers:?} {body}");
        }
    }

    #[test]
    fn an_unknown_code_keeps_its_text_and_nonsense_is_no_code() {
        let (code, message) =
            code_and_message(&[("x-amzn-errortype", "BrandNewException")], r#"{"message": "Hm."}"#);
        assert_eq!((code.as_deref(), message.as_deref()), (Some("BrandNewException"), Some("Hm.")));
        for nonsense in ["ana@example.com", "two words", "{}"] {
            assert_eq!(
                code_and_message(&[("x-amzn-errortype", nonsense)], "").0,
                None,
                "{nonsense}"
            );
        }
        assert_eq!(code_and_message(&[], r#"{"Code": 7, "Message": {"a": 1}}"#), (None, None));
    }

    #[test]
    fn the_page_of_a_proxy_leaves_its_title_only() {
        let page =
            "<html>\n<head><title>502 Bad\n Gateway</title></head><body>ana@example.com</body>";
        for headers in [vec![("content-type", "text/html; charset=utf-8")], vec![]] {
            assert_eq!(
                code_and_message(&headers, page),
                (None, Some("502 Bad Gateway".to_owned()))
            );
        }
        assert_eq!(code_and_message(&[("content-type", "text/html")], "<h1>No</h1>"), (None, None));
        assert_eq!(code_and_message(&[], ""), (None, None));
        let plain = [("content-type", "text/plain")];
        assert_eq!(
            code_and_message(&plain, "no healthy upstream\nx").1.unwrap(),
            "no healthy upstream"
        );
        assert_eq!(code_and_message(&[("content-type", "image/png")], "x").1, None);
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
    fn a_message_never_shows_a_phone_number_whose_plus_is_encoded() {
        for number in ["%2B12065550100", "%2b12065550100", "%252B12065550100", "+12065550100"] {
            for (before, after) in [("", ""), ("No number ", "."), ("id=", "&x"), ("/n/", "/")] {
                let body = format!("{{\"Message\": \"{before}{number}{after}\"}}");
                let (_, message) = code_and_message(&[], &body);
                assert_eq!(message.unwrap(), format!("{before}***{after}"), "{number}");
            }
        }
        // One that is too short to be known as a phone number, in the other form than it was sent.
        for [sent, quoted] in [["%2B120", "+120"], ["+120", "%2B120"]] {
            let body = format!("{{\"Message\": \"No {quoted}.\"}}");
            let error = answer(404, &[], &body).error(&[sent.into()]);
            assert_eq!(error.message.as_deref(), Some("No ***."));
        }
    }

    #[test]
    fn what_is_sensitive_of_the_request_is_blotted_out_whatever_it_looks_like() {
        let body = r#"{"Message": "No room Ana's den, and no a."}"#;
        let sensitive = [Sensitive::from("Ana's den"), Sensitive::from("a")];
        let error = answer(400, &[], body).error(&sensitive);
        assert_eq!(error.message.as_deref(), Some("No room ***, and no a."));
    }

    #[test]
    fn who_is_not_authorised_is_told() {
        let message = "User: arn:aws:sts::1:assumed-role/directory-sync-production-role-of-ours/i is not authorized";
        assert_eq!(clean(message).as_deref(), Some(message));
    }

    #[test]
    fn a_huge_error_body_is_not_read_whole() {
        let body = format!("{{\"Message\": \"{}\"}}", "x ".repeat(MAX_ERROR_BYTES));
        assert_eq!(code_and_message(&[("x-amzn-errortype", "NotFoundException")], &body).1, None);
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let cut = clean(&"ü ".repeat(1_000)).unwrap();
        assert_eq!(cut.chars().count(), MAX_MESSAGE + 1);
        assert!(cut.ends_with('…'));
    }

    #[test]
    fn a_delay_is_read_as_seconds_date_or_milliseconds() {
        let now: SystemTime = DateTime::parse_from_rfc3339("2026-01-01T12:00:00Z").unwrap().into();
        let asked = |name, value| answer(429, &[(name, value)], "").retry_after(now);
        assert_eq!(asked("retry-after", "3"), Some(Duration::from_secs(3)));
        assert_eq!(
            asked("retry-after", "Thu, 01 Jan 2026 12:00:07 GMT"),
            Some(Duration::from_secs(7))
        );
        assert_eq!(asked("retry-after", "Thu, 01 Jan 2026 11:00:00 GMT"), None);
        assert_eq!(asked("retry-after", "soon"), None);
        assert_eq!(asked("x-amz-retry-after", "1500"), Some(Duration::from_millis(1500)));
        assert_eq!(asked("x-amz-retry-after", "-1"), None);
        let both = [("x-amz-retry-after", "soon"), ("retry-after", "3")];
        assert_eq!(answer(429, &both, "").retry_after(now), Some(Duration::from_secs(3)));
    }

    #[test]
    fn a_request_id_is_kept_if_it_looks_like_one() {
        let id = |value| answer(200, &[("x-amzn-requestid", value)], "").request_id();
        assert_eq!(id("d4f09103-9543-4ff9").as_deref(), Some("d4f09103-9543-4ff9"));
        assert_eq!(id("ana@example.com"), None);
        assert_eq!(id(""), None);
    }
}
