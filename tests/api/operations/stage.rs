//! A client, and a service that sends the responses of a script.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use amazon_chime::{Client, ClientBuilder};
use serde_json::Value;

use super::entry::Entry;
use super::model::Location;
use super::sample::{self, Given};
use crate::support::{Action, Seen, Server, answer};

pub(crate) struct Stage {
    pub(crate) client: Client,
    _server: Server,
    play: Arc<Mutex<Play>>,
}

#[derive(Default)]
struct Play {
    answers: VecDeque<Action>,
    requests: Vec<Seen>,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    pub(crate) async fn with(settings: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        let play = Arc::<Mutex<Play>>::default();
        let plays = Arc::clone(&play);
        let server = Server::start(move |request| {
            let mut play = plays.lock().unwrap();
            play.requests.push(request.clone());
            play.answers
                .pop_front()
                .unwrap_or_else(|| answer(418, "the script has no more answers"))
        })
        .await;
        let client = settings(server.builder()).build().unwrap();
        Self { client, _server: server, play }
    }

    /// Adds responses to the script, for the next requests.
    pub(crate) fn will_answer(&self, answers: impl IntoIterator<Item = Action>) {
        self.play.lock().unwrap().answers.extend(answers);
    }

    /// Returns the requests since the last call of this method, and empties the script.
    pub(crate) fn requests(&self) -> Vec<Seen> {
        let mut play = self.play.lock().unwrap();
        play.answers.clear();
        std::mem::take(&mut play.requests)
    }

    /// Returns the only request since the last call of [`requests`](Self::requests).
    pub(crate) fn request(&self) -> Seen {
        let requests = self.requests();
        let [request] = &requests[..] else { panic!("one request was sent, not {requests:?}") };
        request.clone()
    }
}

/// Returns a success with every member of the output, for a call with these values.
pub(crate) fn right_answer(entry: &Entry, given: &Given) -> Action {
    let output = Value::Object(sample::output(entry.model().output(), 0));
    answer_with_output(entry, &about(entry, given, output))
}

/// The parameters in a body that the response repeats: operation, parameter, and member of the response.
pub(crate) const ECHOED: &[(&str, &str, &str)] = &[
    ("CreateAccount", "Name", "Name"),
    ("CreateBot", "DisplayName", "DisplayName"),
    ("CreateRoom", "Name", "Name"),
    ("CreateRoomMembership", "MemberId", "MemberId"),
    ("CreateUser", "Email", "PrimaryEmail"),
];

/// Sets the values of the request in an output: the identifiers of the path, and the repeated parameters of the body.
pub(crate) fn about(entry: &Entry, given: &Given, mut output: Value) -> Value {
    let ids = entry.model().input().iter().filter(|(_, id)| id.location == Location::Uri);
    let ids = ids.map(|(name, _)| (name.as_str(), name.as_str()));
    let echoed = ECHOED.iter().filter(|(operation, ..)| *operation == entry.name);
    for (parameter, member) in ids.chain(echoed.map(|(_, parameter, member)| (*parameter, *member)))
    {
        if let Some(value) = given.0.get(parameter) {
            replace(&mut output, member, value);
        }
    }
    output
}

/// Replaces all members with this name that are not null, at any depth.
fn replace(output: &mut Value, name: &str, value: &Value) {
    match output {
        Value::Object(members) => {
            for (known, member) in members {
                if known == name && !member.is_null() {
                    *member = value.clone();
                } else {
                    replace(member, name, value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, name, value)),
        _ => {}
    }
}

pub(crate) fn answer_with_output(entry: &Entry, output: &Value) -> Action {
    let model = entry.model();
    let has_output = !model.output().is_empty();
    match model.status {
        // A 204 has no body in HTTP, although one operation with an output has that status.
        204 if has_output => answer(200, &output.to_string()),
        204 => answer(204, ""),
        status => answer(status, &output.to_string()),
    }
}
