//! Tests of values at and beyond the limits in AWS's model.

use amazon_chime::{Error, ErrorKind};
use serde_json::{Value, json};

use super::entry::Entry;
use super::model::{Location, Members, Shape, Type};
use super::pattern::Pattern;
use super::sample::{Given, is_marked};
use super::stage::{Stage, right_answer};
use super::table;

/// The JSON pointer to a parameter, or to a value within a parameter, with its shape.
pub(crate) type Place = (String, &'static Shape);

/// A value of a parameter, within its limits or beyond them.
pub(crate) struct Trial {
    value: Value,
    /// The text that the error must contain; `None` if the limits allow the value.
    problem: Option<String>,
}

pub(crate) fn places(members: &'static Members) -> Vec<Place> {
    let mut places = Vec::new();
    for (name, member) in members {
        add_places(&mut places, format!("/{name}"), member.shape());
    }
    places
}

fn add_places(places: &mut Vec<Place>, pointer: String, shape: &'static Shape) {
    match shape.r#type {
        // The second item of the sample, because a check must not stop at the first.
        Type::List => add_places(places, format!("{pointer}/1"), shape.item()),
        _ => {
            for (name, member) in &shape.members {
                add_places(places, format!("{pointer}/{name}"), member.shape());
            }
        }
    }
    places.push((pointer, shape));
}

/// Returns values at and beyond each limit of a shape.
pub(crate) fn trials(shape: &Shape, sample: &Value) -> Vec<Trial> {
    let pattern = shape.pattern.as_deref().map(Pattern::of);
    let mut trials = Vec::new();
    let mut sizes = |of_size: &dyn Fn(usize) -> Value| {
        for (limit, beyond) in [
            (shape.min, shape.min.and_then(|min| min.checked_sub(1))),
            (shape.max, shape.max.map(|max| max + 1)),
        ] {
            let problem = || limit.unwrap_or_default().to_string();
            trials.extend(limit.map(|size| Trial { value: of_size(size), problem: None }));
            trials.extend(
                beyond.map(|size| Trial { value: of_size(size), problem: Some(problem()) }),
            );
        }
    };
    match shape.r#type {
        Type::Integer => {
            sizes(&|number| json!(number));
            let largest = shape
                .max
                .map(|max| Trial { value: json!(u32::MAX), problem: Some(max.to_string()) });
            trials.extend(largest);
        }
        Type::List => {
            let items = sample.as_array().expect("a sample of a list is one").iter().cycle();
            sizes(&|length| items.clone().take(length).cloned().collect());
        }
        Type::String => {
            if pattern.is_none_or(|pattern| pattern.repeatable.is_some()) {
                let character = pattern.and_then(|pattern| pattern.repeatable).unwrap_or('🦀');
                sizes(&|length| json!(character.to_string().repeat(length)));
            }
        }
        Type::Structure | Type::Boolean | Type::Timestamp => {}
    }
    if let Some(pattern) = pattern {
        let good = pattern.matching.iter().map(|text| Trial { value: json!(text), problem: None });
        // For a text that is too short, the error may name the length instead of the pattern.
        let is_long_enough = |text: &str| text.chars().count() >= shape.min.unwrap_or_default();
        let bad = pattern.other.iter().map(|text| Trial {
            value: json!(text),
            problem: Some(if is_long_enough(text) {
                pattern.problem.to_owned()
            } else {
                String::new()
            }),
        });
        trials.extend(good.chain(bad));
    }
    trials
}

/// Describes a call with this value in this place, for a failed assertion.
fn description(entry: &Entry, pointer: &str, value: &Value) -> String {
    let value = match value {
        Value::Array(items) => format!("{} items", items.len()),
        Value::String(text) if text.len() > 30 => format!("{} characters", text.chars().count()),
        value => value.to_string(),
    };
    format!("{} with {pointer} = {value}", entry.name)
}

/// Makes a call with this value in this place, and with sample values in all other places.
async fn call(stage: &Stage, entry: &Entry, pointer: &str, value: &Value) -> Result<(), Error> {
    let mut members = Value::Object(entry.sample().0);
    *members.pointer_mut(pointer).expect("a sample has every member") = value.clone();
    let Value::Object(members) = members else { unreachable!("it was made of one") };
    let given = Given(members);
    stage.will_answer([right_answer(entry, &given)]);
    entry.call(&stage.client, &given).sending.await.map(drop)
}

/// Asserts that a call with this value is refused before it is sent, with an error that names
/// the parameter, contains the problem, and shows no sensitive value.
async fn assert_refused(stage: &Stage, entry: &Entry, pointer: &str, value: &Value, problem: &str) {
    let what = description(entry, pointer, value);
    let Err(error) = call(stage, entry, pointer, value).await else {
        panic!("{what} is not refused");
    };
    assert_eq!(error.kind(), ErrorKind::InvalidParameter, "{what}: {error}");
    assert_eq!((error.attempts(), error.may_have_applied()), (0, false), "{what}: {error}");
    assert_eq!(stage.requests().len(), 0, "{what} is sent");
    let text = error.to_string();
    let start = format!("{}: not sent: ", entry.name);
    // The error names the parameter as `MaxResults`, or with the path to it, separated by dots.
    let parameter = text.strip_prefix(&start).and_then(|text| text.split(' ').next());
    let is_named = parameter.is_some_and(|parameter| {
        parameter.split('.').all(|name| pointer.split('/').skip(1).any(|known| known == name))
    });
    assert!(is_named, "{what}: the error does not name the parameter: {text}");
    assert!(text.contains(problem), "{what}: {problem:?} is not in {text}");
    assert!(!is_marked(&format!("{error:?} {text}")), "{what}: {error:?}");
}

async fn assert_sent(stage: &Stage, entry: &Entry, pointer: &str, value: &Value) {
    let result = call(stage, entry, pointer, value).await;
    let what = description(entry, pointer, value);
    assert!(result.is_ok(), "{what} is within the limits, but refused: {result:?}");
    assert_eq!(stage.requests().len(), 1, "{what}");
}

#[tokio::test]
async fn values_at_the_limits_are_sent_and_values_beyond_them_are_refused() {
    let stage = Stage::new().await;
    for entry in table() {
        let sample = Value::Object(entry.sample().0);
        for (pointer, shape) in places(entry.model().input()) {
            // Another entry of the operation sets the parameters that this entry does not set.
            let Some(value) = sample.pointer(&pointer) else { continue };
            for Trial { value, problem } in trials(shape, value) {
                match problem {
                    Some(problem) => {
                        assert_refused(&stage, &entry, &pointer, &value, &problem).await;
                    }
                    None => assert_sent(&stage, &entry, &pointer, &value).await,
                }
            }
        }
    }
}

#[tokio::test]
async fn ids_that_would_reach_another_resource_are_not_sent() {
    let blank = "must not be empty or blank";
    let dots = r#"must not be "." or "..""#;
    let stage = Stage::new().await;
    for entry in table() {
        let ids = entry.model().input().iter().filter(|(_, id)| id.location == Location::Uri);
        for (name, id) in ids {
            let has_form = id.shape().pattern.as_deref().is_some_and(|regex| regex != r".*\S.*");
            let pointer = format!("/{name}");
            for (id, problem) in
                [("", blank), (" ", blank), ("\t\n", blank), (".", dots), ("..", dots)]
            {
                // If the model has a stricter pattern for the id, the error is about this pattern.
                let problem = if has_form { "" } else { problem };
                assert_refused(&stage, &entry, &pointer, &json!(id), problem).await;
            }
        }
    }
}
