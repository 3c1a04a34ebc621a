//! A client, and a service that gives it the answers of a script.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use amazon_chime::{Client, ClientBuilder};
use serde_json::Value;

use super::entry::Entry;
use super::sample;
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

    /// Adds answers to the script, for the next requests.
    pub(crate) fn will_answer(&self, answers: impl IntoIterator<Item = Action>) {
        self.play.lock().unwrap().answers.extend(answers);
    }

    /// Takes the requests that were sent since the last time. The script is empty then.
    pub(crate) fn requests(&self) -> Vec<Seen> {
        let mut play = self.play.lock().unwrap();
        play.answers.clear();
        std::mem::take(&mut play.requests)
    }

    /// Takes the only request that was sent since the last time.
    pub(crate) fn request(&self) -> Seen {
        let requests = self.requests();
        let [request] = &requests[..] else { panic!("one request was sent, not {requests:?}") };
        request.clone()
    }
}

/// A success of an operation, with every member of its output.
pub(crate) fn right_answer(entry: &Entry) -> Action {
    answer_with_output(entry, &Value::Object(sample::output(entry.model().output(), 0)))
}

/// A success of an operation with this output.
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
