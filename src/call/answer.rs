//! Responses: success or error, and the error in all forms that services and the proxies in front of them use.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::aws_error_codes::is_known;
use crate::call::redact::Hidden;
use crate::error::Answered;

/// The header that names an error.
const ERROR_TYPE: &str = "x-amzn-errortype";

/// The maximum length of the part of an error's body that is read.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// A response, read to its end.
pub(crate) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn new(status: u16, headers: HeaderMap, body: Vec<u8>) -> Self {
        Self { status, headers, body }
    }

    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns the request id, unless it contains a `hidden` value.
    pub(super) fn request_id(&self, hidden: &Hidden) -> Option<String> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "-_=+/".contains(c);
        let names = ["x-amzn-requestid", "x-amz-request-id"];
        let id = names.into_iter().find_map(|name| text(&self.headers, name))?;
        let is_id = (1..=100).contains(&id.len()) && id.chars().all(is_part);
        (is_id && !hidden.is_said_in(id)).then(|| id.to_owned())
    }

    /// Returns the status, and the error code and the request id of the headers.
    pub(super) fn answered(&self, hidden: &Hidden) -> Answered {
        let (status, request_id) = (Some(self.status), self.request_id(hidden));
        let code = text(&self.headers, ERROR_TYPE).and_then(|text| error_code(text, hidden));
        Answered { status, code, request_id, ..Answered::default() }
    }

    /// Returns `true` if a header names an error, for any status.
    pub(super) fn has_error_type(&self) -> bool {
        self.headers.contains_key(ERROR_TYPE)
    }

    /// Returns the error of the response, without `hidden` values.
    pub(crate) fn error(&self, hidden: &Hidden) -> Answered {
        let body = self.body.get(..MAX_ERROR_BYTES).unwrap_or(&self.body);
        let json = serde_json::from_slice::<ErrorBody>(body).ok();
        let answered = self.answered(hidden);
        let members = json.as_ref().map(|json| [&json.r#type, &json.code, &json.upper_code]);
        let mut members = members.into_iter().flatten().filter_map(Lenient::text);
        let code = answered.code.or_else(|| members.find_map(|text| error_code(text, hidden)));
        let message = match &json {
            Some(json) => [&json.upper_message, &json.message]
                .into_iter()
                .find_map(|message| hidden.clean(message.text()?)),
            None => hidden.clean(&self.excerpt().unwrap_or_default()),
        };
        Answered { code, message, ..answered }
    }

    /// Returns the time when the response was sent, by the clock of the service.
    pub(super) fn date(&self) -> Option<&str> {
        text(&self.headers, DATE.as_str())
    }

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

    /// Returns the message of a proxy: the title of its page, or the first line of its text.
    fn excerpt(&self) -> Option<String> {
        let body = String::from_utf8_lossy(self.body.get(..MAX_ERROR_BYTES).unwrap_or(&self.body));
        let content_type = text(&self.headers, CONTENT_TYPE.as_str()).unwrap_or_default();
        if content_type.contains("html") || body.trim_start().starts_with('<') {
            let lower = body.to_ascii_lowercase();
            let start = lower.find("<title>")? + "<title>".len();
            let end = start + lower.get(start..)?.find('<')?;
            return body.get(start..end).map(str::to_owned);
        }
        let mut lines = body.lines().filter(|_| content_type.starts_with("text/plain"));
        let is_printed = |c: char| !c.is_whitespace() && !c.is_control();
        lines.find(|line| line.contains(is_printed)).map(str::to_owned)
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

/// A text, or any other value, which is ignored.
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

/// Returns the code in `aws.protocols#NotFoundException:http://…`, unless it contains a `hidden` value. A known code is
/// always returned, because it is not a quote of the request.
fn error_code(text: &str, hidden: &Hidden) -> Option<String> {
    let code = text.split(':').next()?;
    let code = code.rsplit('#').next()?.trim();
    let is_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let is_code = !code.is_empty() && code.len() <= 100 && code.chars().all(is_code);
    (is_code && (is_known(code) || !hidden.is_said_in(code))).then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;
    use crate::sensitive::Sensitive;

    fn answer(status: u16, headers: &[(&'static str, &str)], body: &str) -> Answer {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_str(value).unwrap());
        }
        Answer::new(status, map, body.as_bytes().to_vec())
    }

    fn code_and_message(
        headers: &[(&'static str, &str)],
        body: &str,
    ) -> (Option<String>, Option<String>) {
        let error = answer(400, headers, body).error(&Hidden::default());
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
    fn an_unknown_code_keeps_its_text_and_a_malformed_code_is_ignored() {
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
    fn of_the_page_of_a_proxy_only_the_title_is_kept() {
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
        let blank_lines_first = " \u{a0}\n\u{1}\nno healthy upstream";
        assert_eq!(code_and_message(&plain, blank_lines_first).1.unwrap(), "no healthy upstream");
        assert_eq!(code_and_message(&[("content-type", "image/png")], "x").1, None);
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
        // A number that is too short to be recognised as a phone number, quoted in another form than it was sent.
        for [sent, quoted] in [["%2B120", "+120"], ["+120", "%2B120"]] {
            let body = format!("{{\"Message\": \"No {quoted}.\"}}");
            let error = answer(404, &[], &body).error(&Hidden::new(&[sent.into()]));
            assert_eq!(error.message.as_deref(), Some("No ***."));
        }
    }

    #[test]
    fn sensitive_values_of_the_request_are_removed_whatever_they_look_like() {
        let body = r#"{"Message": "No room Ana's den, and no a."}"#;
        let sensitive = [Sensitive::from("Ana's den"), Sensitive::from("a")];
        let error = answer(400, &[], body).error(&Hidden::new(&sensitive));
        assert_eq!(error.message.as_deref(), Some("No room ***, and no a."));
    }

    #[test]
    fn a_value_that_begins_with_another_one_is_removed_whole() {
        for (values, message, shown) in [
            (["Ana", "Ana Smith"], "name Ana Smith is taken", "name *** is taken"),
            (["+120655501", "+12065550199"], "from +12065550199", "from ***"),
            (["+1206555", "x"], "from 1206555", "from ***"),
        ] {
            let sensitive = values.map(Sensitive::from);
            let body = format!("{{\"Message\": \"{message}\"}}");
            let error = answer(400, &[], &body).error(&Hidden::new(&sensitive));
            assert_eq!(error.message.as_deref(), Some(shown));
        }
    }

    #[test]
    fn a_code_or_a_request_id_with_a_sensitive_value_is_dropped() {
        let hidden = Hidden::new(&["mark/2".into(), "Found".into()]).and_names(&["ana".into()]);
        let read = |code: &str, id: &str| {
            let headers = [("x-amzn-errortype", code), ("x-amzn-requestid", id)];
            let error = answer(400, &headers, "{}").error(&hidden);
            (error.code.is_some(), error.request_id.is_some())
        };
        assert_eq!(read("Diana", "id=D6/a=A6"), (true, true));
        assert_eq!(read("Not-Ana", "x-ana"), (false, false));
        assert_eq!(read("FoundAnother", "abFOUNDcd"), (false, false));
        assert_eq!(read("NotFoundException", "MARK/2x"), (true, false), "a known code is no quote");
        for form in ["mark=2F2", "m=61rk/2", "mark=3D2F2", "=3D=36Dark/2"] {
            assert_eq!(read("BadRequest", form), (true, false), "{form}");
        }
        // An unknown code in the body is not returned if it quotes the request.
        assert_eq!(answer(400, &[], r#"{"Code": "Ana"}"#).error(&hidden).code, None);
    }

    #[test]
    fn a_line_of_a_proxy_is_never_cut_within_a_value() {
        let line = format!("{}ana's den", "x".repeat(4089));
        let hidden = Hidden::new(&["ana's den".into()]);
        let error = answer(502, &[("content-type", "text/plain")], &line).error(&hidden);
        assert_eq!(error.message.as_deref(), Some("***"));
    }

    #[test]
    fn an_error_body_of_the_maximum_length_is_read() {
        let json = r#"{"Message": "Hm."}"#;
        let body = [&" ".repeat(65_536 - json.len()), json].concat();
        assert_eq!(code_and_message(&[], &body).1.as_deref(), Some("Hm."));
    }

    #[test]
    fn a_huge_error_body_is_not_read_whole() {
        let body = format!("{{\"Message\": \"{}\"}}", "x ".repeat(MAX_ERROR_BYTES));
        assert_eq!(code_and_message(&[("x-amzn-errortype", "NotFoundException")], &body).1, None);
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
        let id =
            |value| answer(200, &[("x-amzn-requestid", value)], "").request_id(&Hidden::default());
        assert_eq!(id("d4f09103-9543-4ff9").as_deref(), Some("d4f09103-9543-4ff9"));
        assert_eq!(id("ana@example.com"), None);
        assert_eq!(id(""), None);
    }
}
