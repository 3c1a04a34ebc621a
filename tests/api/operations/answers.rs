//! AWS's example responses, each as a response to its operation.

use serde_json::{Value, json};

use super::stage::{Stage, about};
use super::table;
use super::wire::{assert_same, expected_output, read, with_plain_timestamps, without_absent};

/// The examples that show one item where the API has a list: operation, item and list.
const ITEMS: &[(&str, &str, &str)] = &[("ListBots", "Bot", "Bots"), ("ListRooms", "Room", "Rooms")];

/// The examples, by operation.
fn examples() -> Vec<(String, Value)> {
    let json = include_str!("../../data/answers.json");
    let pages: serde_json::Map<String, Value> = serde_json::from_str(json).unwrap();
    let examples = pages.into_iter().flat_map(|(command, page)| {
        let answers = match page {
            Value::Array(answers) => answers,
            answer => vec![answer],
        };
        answers.into_iter().map(move |answer| (operation(&command), answer))
    });
    let mut examples: Vec<_> = examples.collect();
    for (operation, item, list) in ITEMS {
        let (_, answer) = examples.iter_mut().find(|(name, _)| name == operation).unwrap();
        *answer = json!({ *list: [answer[*item].take()] });
    }
    examples
}

/// Returns the operation of a command, such as `GetBot` for `get-bot`.
fn operation(command: &str) -> String {
    let words = command.split('-').map(|word| word[..1].to_uppercase() + &word[1..]);
    words.collect()
}

#[tokio::test]
async fn every_member_of_an_example_is_read() {
    let stage = Stage::new().await;
    let table = table();
    for (name, answer) in examples() {
        let entries: Vec<_> = table.iter().filter(|entry| entry.name == name).collect();
        assert!(!entries.is_empty(), "{name} is no operation");
        for entry in entries {
            let members = entry.model().output();
            for member in answer.as_object().unwrap().keys() {
                // The AWS CLI adds `ResponseMetadata` to a response.
                let is_known = members.contains_key(member) || member == "ResponseMetadata";
                assert!(is_known, "the model of {name} has no {member}");
            }
            let answer = about(entry, &entry.sample(), answer.clone());
            let success = read(&stage, entry, &answer).await;
            let expected = expected_output(answer.clone(), members);
            let expected = without_absent(with_plain_timestamps(expected));
            let seen = without_absent(with_plain_timestamps(success.json));
            assert_same(entry, "output", &seen, &expected);
        }
    }
}
