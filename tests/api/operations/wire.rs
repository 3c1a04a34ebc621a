//! The request and the output of each operation.

use amazon_chime::ErrorKind;
use amazon_chime::chrono::DateTime;
use serde::Serialize;
use serde_json::{Map, Value, json, to_value};

use super::entry::{Entry, Success};
use super::model::{Location, Member, Members, Operation, Shape, Type};
use super::sample::{self, is_phone_number_id};
use super::stage::{Stage, about, answer_with_output, right_answer};
use super::table;
use crate::support::{Seen, answer, answer_with};

/// A request in the form of the API.
#[derive(Serialize)]
struct Wire {
    method: String,
    path: String,
    /// In alphabetical order, because the order has no meaning.
    query: Vec<String>,
    body: Option<Value>,
}

impl Wire {
    /// Returns the request for these values according to AWS's model.
    fn expected(operation: &Operation, values: &Map<String, Value>) -> Self {
        let (path, query) = operation.uri.split_once('?').unwrap_or((&operation.uri, ""));
        let mut wire = Self {
            method: operation.method.clone(),
            path: path.to_owned(),
            query: query.split_terminator('&').map(str::to_owned).collect(),
            body: None,
        };
        for (name, member) in operation.input() {
            let value = values.get(name);
            match (member.location, &member.name) {
                (Location::Body, None) => {
                    let body = wire.body.get_or_insert_with(|| json!({}));
                    if let Some(value) = value {
                        body[name] = value.clone();
                    }
                }
                (Location::Uri, Some(placeholder)) => {
                    let mut id = text(value.expect("what is in the path is required"));
                    if is_phone_number_id(name) {
                        id = id.replace("%2B", "+");
                    }
                    wire.path = wire.path.replace(&format!("{{{placeholder}}}"), &encoded(&id));
                }
                (Location::Querystring, Some(key)) => {
                    wire.query
                        .extend(value.map(|value| format!("{key}={}", encoded(&text(value)))));
                }
                (location, key) => panic!("the model has {name} in {location:?} as {key:?}"),
            }
        }
        wire.query.sort();
        wire
    }

    /// Returns the request that was sent. Asserts its content type and signed headers.
    fn seen(request: &Seen) -> Self {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let mut query: Vec<_> = query.split_terminator('&').map(str::to_owned).collect();
        query.sort();
        let authorization = request.header("authorization").expect("every request is signed");
        let body = match request.header("content-type") {
            None => {
                assert_eq!(request.body, "");
                assert!(authorization.contains("SignedHeaders=host;x-amz-date,"));
                None
            }
            Some(content_type) => {
                assert_eq!(content_type, "application/json");
                assert!(authorization.contains("SignedHeaders=content-type;host;x-amz-date,"));
                Some(serde_json::from_str(&request.body).unwrap())
            }
        };
        Self { method: request.method.clone(), path: path.to_owned(), query, body }
    }
}

/// Returns the text of a value in a path or a query, before it is encoded.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Percent-encodes a text by the rules of `SigV4`.
fn encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// Asserts that two values are equal. A failure names the members that differ.
pub(super) fn assert_same(
    entry: &Entry,
    what: &str,
    seen: &impl Serialize,
    expected: &impl Serialize,
) {
    let (seen, expected) = (to_value(seen).unwrap(), to_value(expected).unwrap());
    let mut differences = Vec::new();
    add_differences(&mut differences, "", &seen, &expected);
    assert!(
        differences.is_empty(),
        "the {what} of {} is not as AWS's model has it:\n{}",
        entry.name,
        differences.join("\n")
    );
}

fn add_differences(differences: &mut Vec<String>, at: &str, seen: &Value, expected: &Value) {
    match (seen, expected) {
        (Value::Object(seen), Value::Object(expected)) => {
            for (name, expected) in expected {
                let at = format!("{at}/{name}");
                match seen.get(name) {
                    Some(seen) => add_differences(differences, &at, seen, expected),
                    None => differences.push(format!("{at} is missing; expected {expected}")),
                }
            }
            for (name, value) in seen.iter().filter(|(name, _)| !expected.contains_key(*name)) {
                differences.push(format!("{at}/{name} should not be there; it is {value}"));
            }
        }
        (Value::Array(seen), Value::Array(expected)) if seen.len() == expected.len() => {
            for (index, (seen, expected)) in seen.iter().zip(expected).enumerate() {
                add_differences(differences, &format!("{at}/{index}"), seen, expected);
            }
        }
        _ if seen == expected => {}
        _ => differences.push(format!("{at} is {seen}; expected {expected}")),
    }
}

/// Asserts that the crate knows every enum value in this `Debug` form.
fn assert_knows_every_value(entry: &Entry, shown: &str) {
    if let Some((_, unknown)) = shown.split_once("Unknown(") {
        let value = unknown.split(')').next().unwrap_or_default();
        panic!("{}: an enum of the crate has no variant for {value}", entry.name);
    }
}

#[tokio::test]
async fn every_parameter_is_sent_where_the_api_has_it() {
    let stage = Stage::new().await;
    for entry in table() {
        for variant in 0..entry.model().most_values() {
            let given = entry.variant(variant);
            stage.will_answer([right_answer(&entry, &given)]);
            let call = entry.call(&stage.client, &given);
            assert_knows_every_value(&entry, &call.shown);
            let result = call.sending.await;
            assert!(result.is_ok(), "{}: {result:?}", entry.name);
            let expected = Wire::expected(entry.model(), &given.0);
            assert_same(&entry, "request", &Wire::seen(&stage.request()), &expected);
        }
    }
}

#[tokio::test]
async fn optional_parameters_that_are_not_set_are_not_sent() {
    let stage = Stage::new().await;
    for entry in table() {
        let input = entry.model().input();
        let given = entry.minimal_sample();
        stage.will_answer([right_answer(&entry, &given)]);
        entry.call_with_required(&stage.client, &given).sending.await.expect(entry.name);

        let mut seen = Wire::seen(&stage.request());
        for (name, _) in input.iter().filter(|(_, member)| member.is_filled_in) {
            let body =
                seen.body.as_mut().and_then(Value::as_object_mut).expect("it is in the body");
            let token = body.remove(name);
            assert!(token.is_some_and(|token| token.is_string()), "{} has its {name}", entry.name);
        }
        assert_same(&entry, "request", &seen, &Wire::expected(entry.model(), &given.0));
    }
}

/// Calls the operation with a response that has this output, and returns the result.
pub(super) async fn read(stage: &Stage, entry: &Entry, output: &Value) -> Success {
    stage.will_answer([answer_with_output(entry, output)]);
    let result = entry.sample_call(&stage.client).sending.await;
    result.unwrap_or_else(|error| panic!("{error} in {output}"))
}

/// Returns the expected result for an output: a page, the only member, or the whole output.
pub(super) fn expected_output(mut output: Value, members: &Members) -> Value {
    let names: Vec<_> = members.keys().collect();
    match names[..] {
        [] => Value::Null,
        [name] => output[name].take(),
        [one, other] if one == "NextToken" || other == "NextToken" => {
            let items = if one == "NextToken" { other } else { one };
            json!({ "items": output[items].take(), "next_token": output["NextToken"].take() })
        }
        _ => output,
    }
}

/// Converts all timestamps to one format, so that equal times are equal texts.
pub(super) fn with_plain_timestamps(value: Value) -> Value {
    match value {
        Value::String(text) => match DateTime::parse_from_rfc3339(&text) {
            Ok(time) => json!(time.to_utc().to_rfc3339()),
            Err(_) => json!(text),
        },
        Value::Array(items) => items.into_iter().map(with_plain_timestamps).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, member)| (name, with_plain_timestamps(member)))
            .collect(),
        other => other,
    }
}

#[tokio::test]
async fn every_member_of_a_response_is_read() {
    let stage = Stage::new().await;
    for entry in table() {
        let members = entry.model().output();
        for variant in 0..entry.model().most_values() {
            let output = Value::Object(sample::output(members, variant));
            let output = about(&entry, &entry.sample(), output);
            let success = read(&stage, &entry, &output).await;
            let expected = with_plain_timestamps(expected_output(output, members));
            assert_same(&entry, "output", &with_plain_timestamps(success.json), &expected);
            assert_knows_every_value(&entry, &success.shown);
        }
    }
}

/// Removes nulls and empty lists, because absent members become nulls and empty lists.
pub(super) fn without_absent(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(without_absent).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, member)| (name, without_absent(member)))
            .filter(|(_, member)| !member.is_null() && *member != json!([]))
            .collect(),
        other => other,
    }
}

/// Adds a null for each member of the shape that the value lacks.
fn with_nulls(value: &Value, shape: &Shape) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| with_nulls(item, shape.item())).collect(),
        Value::Object(members) => {
            let member = |(name, member): (&String, &Member)| {
                let value = members.get(name).map(|value| with_nulls(value, member.shape()));
                (name.clone(), value.unwrap_or_default())
            };
            shape.members.iter().map(member).collect()
        }
        other => other.clone(),
    }
}

#[tokio::test]
async fn optional_members_may_be_absent_or_null() {
    let stage = Stage::new().await;
    for entry in table() {
        let members = entry.model().output();
        let absent = Value::Object(sample::minimal_output(members));
        let absent = about(&entry, &entry.sample(), absent);
        let absent = absent.as_object().expect("an output is one");
        let nulls = absent
            .iter()
            .map(|(name, value)| (name.clone(), with_nulls(value, members[name].shape())));
        for output in [Value::Object(nulls.collect()), Value::Object(absent.clone())] {
            let success = read(&stage, &entry, &output).await;
            let expected = expected_output(Value::Object(absent.clone()), members);
            let expected = without_absent(with_plain_timestamps(expected));
            let seen = without_absent(with_plain_timestamps(success.json));
            assert_same(&entry, "output", &seen, &expected);
        }
    }
}

/// Lists the JSON pointers of the required members of an output.
fn required_places(at: &str, members: &'static Members) -> Vec<String> {
    let mut places = Vec::new();
    for (name, member) in members {
        let at = format!("{at}/{name}");
        let inner = match member.shape().r#type {
            Type::List => required_places(&format!("{at}/1"), &member.shape().item().members),
            _ => required_places(&at, &member.shape().members),
        };
        places.extend(inner);
        places.extend(member.required.then_some(at));
    }
    places
}

#[tokio::test]
async fn a_response_without_a_required_member_is_refused() {
    let stage = Stage::with(|builder| builder.retry(amazon_chime::RetryConfig::disabled())).await;
    for entry in table() {
        let members = entry.model().output();
        for pointer in required_places("", members) {
            let (parent, name) = pointer.rsplit_once('/').expect("it has one");
            let output = Value::Object(sample::output(members, 0));
            let mut output = about(&entry, &entry.sample(), output);
            let parent = output.pointer_mut(parent).and_then(Value::as_object_mut);
            parent.expect("a sample has every member").remove(name);
            stage.will_answer([answer_with_output(&entry, &output)]);
            let result = entry.sample_call(&stage.client).sending.await;
            let Err(error) = result else { panic!("{} is read without {pointer}", entry.name) };
            assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{pointer}: {error}");
        }
    }
}

#[tokio::test]
async fn the_error_of_every_operation_names_the_operation() {
    let stage = Stage::new().await;
    for entry in table() {
        stage.will_answer([answer_with(404, &[("x-amzn-ErrorType", "NotFoundException")], "")]);
        let error = entry.sample_call(&stage.client).sending.await.unwrap_err();
        assert_eq!(error.operation(), Some(entry.name));
        assert_eq!(error.to_string(), format!("{}: NotFoundException (HTTP 404)", entry.name));
    }
}

#[tokio::test]
async fn a_member_of_another_type_is_unreadable_and_not_quoted() {
    let stage = Stage::with(|builder| builder.retry(amazon_chime::RetryConfig::disabled())).await;
    let email = "ana@example.com";
    for entry in table() {
        let members = entry.model().output();
        for (name, member) in members {
            let wrong = match member.shape().r#type {
                Type::String | Type::Timestamp => vec![json!([email])],
                Type::List if !member.shape().item().members.is_empty() => {
                    vec![json!(email), json!([email])]
                }
                _ => vec![json!(email)],
            };
            for wrong in wrong {
                let output = Value::Object(sample::output(members, 0));
                let mut output = about(&entry, &entry.sample(), output);
                output[name] = wrong;
                stage.will_answer([answer(200, &output.to_string())]);
                let error = entry.sample_call(&stage.client).sending.await.expect_err(entry.name);
                assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{error}");
                let shown = format!("{error} {error:?} {error:#?}");
                assert!(!shown.contains("ana") && !shown.contains("example.com"), "{shown}");
            }
        }
    }
}
