//! Where the operations are played: a client, and a service that answers what it is told to.

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
            play.answers.pop_front().unwrap_or_else(|| answer(418, "nothing was told"))
        })
        .await;
        let client = settings(server.builder()).build().unwrap();
        Self { client, _server: server, play }
    }

    /// What the next requests are answered.
    pub(crate) fn will_answer(&self, answers: impl IntoIterator<Item = Action>) {
        self.play.lock().unwrap().answers.extend(answers);
    }

    /// The requests since this was asked last.
    pub(crate) fn requests(&self) -> Vec<Seen> {
        let mut play = self.play.lock().unwrap();
        play.answers.clear();
        std::mem::take(&mut play.requests)
    }

    /// The only request since this was asked last.
    pub(crate) fn request(&self) -> Seen {
        let requests = self.requests();
        let [request] = &requests[..] else { panic!("one request was sent, not {requests:?}") };
        request.clone()
    }
}

/// The answer to an operation when all is well, with everything in it that the API has.
pub(crate) fn right_answer(entry: &Entry) -> Action {
    answer_with_output(entry, &Value::Object(sample::output(entry.model().output(), 0)))
}

pub(crate) fn answer_with_output(entry: &Entry, output: &Value) -> Action {
    let model = entry.model();
    let has_output = !model.output().is_empty();
    match model.status {
        // HTTP has no body there, though the model has an output for one operation.
        204 if has_output => answer(200, &output.to_string()),
        204 => answer(204, ""),
        status => answer(status, &output.to_string()),
    }
}
