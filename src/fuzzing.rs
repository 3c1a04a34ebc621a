//! The reading of whatever a server may send, with what must hold then: for the fuzz targets, and
//! for property tests.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, HeaderValue};

use crate::call::{Answer, Clock, corrected};
use crate::decode::Decode;
use crate::route::Route;
use crate::{Account, Page, User, UserError};

/// Reads `data` as an error's body, behind a first line that is its headers.
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
    let error = Answer::new(400, headers, body.to_vec()).error(&[]);
    for text in [&error.code, &error.message, &error.request_id].into_iter().flatten() {
        assert!(!text.is_empty() && text.chars().count() <= 301, "{text:?}");
        assert!(!text.contains('@') && !text.contains(char::is_control), "{text:?}");
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
    let decode = |text| percent_encoding::percent_decode_str(text).decode_utf8().unwrap();
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

    /// Something like JSON, with what error bodies and pages are made of.
    const JSON: &str = r#"(\{|\}|\[|\]|,|:|"Message":|"Code":|"__type":|"Accounts":|"Users":|"NextToken":|"UserId":|"x"|"ana@example\.com"|" "|null|1e999|[0-9]{1,12}){0,40}"#;

    /// Something like a date, a delay or a timestamp.
    const TIME: &str = "(Thu, )?[0-9]{1,20}( (Jan|Feb) [0-9]{1,5} |-)?[0-9:TZ+.-]{0,20}( GMT)?";

    proptest! {
        #[test]
        fn error_bodies_hold_what_they_must(header in "[!-~ ]{0,60}", body in JSON, bytes in vec(any::<u8>(), 0..500)) {
            error_body(format!("{header}\n{body}").as_bytes());
            error_body(format!("|text/plain|\n{body}").as_bytes());
            error_body(format!("\n{{\"Message\":{body:?}}}").as_bytes());
            error_body(&bytes);
        }

        #[test]
        fn pages_hold_what_they_must(body in JSON) {
            page(body.as_bytes());
            page(format!("{{\"Accounts\":[{body}]}}").as_bytes());
        }

        #[test]
        fn timestamps_hold_what_they_must(time in TIME, text in "\\PC{0,40}") {
            timestamp(time.as_bytes());
            timestamp(text.as_bytes());
        }

        #[test]
        fn tokens_hold_what_they_must(text in ".{0,80}") {
            token(text.as_bytes());
        }
    }
}
