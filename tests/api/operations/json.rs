//! The responses of all operations as JSON.

use amazon_chime::{ErrorKind, RetryConfig};
use serde_json::{Value, json};

use super::sample;
use super::stage::{Stage, about, answer_with_output};
use super::table;
use super::wire::expected_output;
use crate::support::{answer, answer_with};

/// Adds an unknown member to each object in a value.
fn with_unknown_members(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(with_unknown_members).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, member)| (name, with_unknown_members(member)))
            .chain([("Unknown".to_owned(), json!([{ "Since": null }]))])
            .collect(),
        other => other,
    }
}

#[tokio::test]
async fn the_json_of_every_response_has_all_members() {
    let stage = Stage::new().await;
    for entry in table() {
        let members = entry.model().output();
        for variant in 0..entry.model().most_values() {
            let output = Value::Object(sample::output(members, variant));
            let mut output = about(&entry, &entry.sample(), output);
            output.as_object_mut().unwrap().values_mut().for_each(|value| {
                *value = with_unknown_members(value.take());
            });
            stage.will_answer([answer_with_output(&entry, &output)]);
            let text = entry.sample_call(&stage.client).sending_as_json.await.unwrap();
            output = expected_output(output, members);
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), output, "{}", entry.name);
        }
    }
}

#[tokio::test]
async fn a_bad_response_is_also_refused_as_json() {
    let stage = Stage::with(|builder| builder.retry(RetryConfig::disabled())).await;
    for entry in table() {
        let has_output = !entry.model().output().is_empty();
        let failed = r#"{"Message":"ana@example.com"}"#;
        let mut bad = vec![
            answer_with(200, &[("x-amzn-ErrorType", "ServiceFailure")], failed),
            answer(200, "<html>ana@example.com</html>"),
        ];
        if has_output {
            bad.extend([answer(200, failed), answer(200, "null"), answer(200, "[]")]);
        }
        for (number, action) in bad.into_iter().enumerate() {
            stage.will_answer([action]);
            let call = entry.sample_call(&stage.client);
            let error = call.sending_as_json.await.expect_err(&format!("{} {number}", entry.name));
            assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{} {error}", entry.name);
            assert!(!format!("{error} {error:?}").contains("ana@"), "{error:?}");
        }
    }
}
