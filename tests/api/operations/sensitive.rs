//! Sensitive values are in no `Debug` form, error or trace.

use std::fmt::Write as _;

use amazon_chime::{Credentials, Error};
use serde_json::{Value, json};

use super::sample::{MARKS, is_marked};
use super::stage::{Stage, right_answer};
use super::table;
use crate::capture::traced;
use crate::support::{Action, Seen, answer};

pub(crate) fn assert_hides(text: &str, origin: &str) {
    for hidden in MARKS {
        let at = text.find(hidden).map(|at| {
            let start = text.floor_char_boundary(at.saturating_sub(200));
            &text[start..text.ceil_char_boundary(at + 100)]
        });
        assert!(at.is_none(), "{hidden} shows in {origin}: {at:?}");
    }
}

fn marked_texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) if is_marked(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(marked_texts).collect(),
        Value::Object(members) => members.values().flat_map(marked_texts).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn debug_forms_of_requests_streams_and_outputs_hide_sensitive_values() {
    let stage = Stage::new().await;
    for entry in table() {
        stage.will_answer([right_answer(&entry, &entry.sample())]);
        let call = entry.sample_call(&stage.client);
        assert_hides(&call.shown, &format!("a request of {}", entry.name));
        let success = call.sending.await.unwrap();
        assert_hides(&success.shown, &format!("the answer to {}", entry.name));
    }
}

/// Returns a refusal that quotes a text directly after a letter. Errors keep digits after a letter, because the digits
/// look like a part of an identifier. An error therefore hides a phone number after a letter only if the operation
/// marks the phone number as sensitive.
fn refusal(quote: &str) -> Action {
    answer(
        400,
        &json!({ "Code": "BadRequest", "Message": format!("This: x{quote} no") }).to_string(),
    )
}

/// Returns a refusal that quotes the whole request.
fn echo(request: &Seen) -> Action {
    let target = percent_encoding::percent_decode_str(&request.target).decode_utf8_lossy();
    let Seen { method, headers, body, .. } = request;
    refusal(&format!("{method} {target} {body} {headers:?}"))
}

/// Returns all texts of an error and its sources.
fn shown(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        write!(text, " {cause} {cause:?}").unwrap();
        source = cause.source();
    }
    text
}

#[test]
fn no_error_shows_sensitive_values_even_if_the_service_quotes_them() {
    let log = traced(async || {
        let token = Some("mark-session-token".to_owned());
        let credentials = Credentials::new("AKIDEXAMPLE", "mark-secret", token, None, "test");
        let stage = Stage::with(|builder| builder.credentials_provider(credentials)).await;
        for entry in table() {
            let call = || entry.sample_call(&stage.client).sending;
            stage.will_answer([right_answer(&entry, &entry.sample())]);
            call().await.unwrap();
            let whole = echo(stage.requests().last().expect("it was sent"));
            let sample = Value::Object(entry.sample().0);
            let quotes = marked_texts(&sample).into_iter().map(refusal);
            for quote in quotes.chain([whole]) {
                stage.will_answer([quote]);
                let text = shown(&call().await.unwrap_err());
                for part in [entry.name, "BadRequest", "This: ", "HTTP 400"] {
                    assert!(text.contains(part), "{part} in: {text}");
                }
                assert_hides(&text, "an error");
                for secret in ["AWS4-HMAC-SHA256 Credential", "Signature="] {
                    assert!(!text.contains(secret), "{secret} in: {text}");
                }
            }
        }
    });
    let traced = format!("{:?} {:?}", log.spans, log.events);
    for entry in table() {
        assert!(traced.contains(entry.name), "{} is traced", entry.name);
    }
    assert_hides(&traced, "what is traced");
    for secret in ["AWS4-HMAC-SHA256 Credential", "Signature="] {
        assert!(!traced.contains(secret), "{secret} is traced");
    }
}
