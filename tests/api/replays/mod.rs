//! Operations that are safe to repeat: after two runs, the embedded Chime must have the same state as after one run.

use std::collections::BTreeSet;
use std::pin::Pin;

use amazon_chime::local::{Fault, LocalChime};
use amazon_chime::operations::Operation;
use amazon_chime::{Client, Error, Request};

use crate::operations::model::MODEL;
use crate::operations::replay::safe;
use plays::plays;
use snapshot::snapshot;

mod plays;
mod snapshot;

/// A play: a call of one operation.
struct Play {
    name: &'static str,
    call: Box<dyn Fn(&Client) -> Attempts>,
}

/// The number of attempts of a call.
type Attempts = Pin<Box<dyn Future<Output = Result<u32, Error>>>>;

fn play<O: Operation>(
    name: &'static str,
    request: impl Fn(&Client) -> Request<O> + 'static,
) -> Play {
    let call = move |client: &Client| -> Attempts {
        let request = request(client);
        Box::pin(async move { Ok(request.send_with_metadata().await?.attempts) })
    };
    Play { name, call: Box::new(call) }
}

/// Starts an embedded Chime with the initial state of every play, and returns it with a client.
fn start() -> (LocalChime, Client) {
    let chime = LocalChime::start().unwrap();
    chime.seed(include_bytes!("state.jsonl").as_slice()).unwrap();
    let client = chime.client();
    (chime, client)
}

/// The operations whose effects the API does not show.
const UNSEEN: &[&str] = &["LogoutUser", "RedactConversationMessage", "RedactRoomMessage"];

#[test]
fn every_operation_that_is_safe_to_repeat_has_a_play() {
    let played: BTreeSet<_> = plays().iter().map(|play| play.name).collect();
    assert_eq!(played, safe().collect());
}

#[tokio::test]
async fn two_runs_of_a_safe_operation_have_the_same_result_as_one_run() {
    let (_untouched, client) = start();
    let before = snapshot(&client).await;
    for Play { name, call } in plays() {
        let (_once, client) = start();
        let attempts = call(&client).await.expect(name);
        assert_eq!(attempts, 1, "{name}");
        let after_one_run = snapshot(&client).await;
        let changes = MODEL.operation(name).method != "GET" && !UNSEEN.contains(&name);
        assert_eq!(after_one_run != before, changes, "{name} ran once");

        let (twice, client) = start();
        twice.inject(Fault::reset().after_effect().on(name));
        let second = call(&client).await;
        // The second response may be an error, for example because the resource is already deleted.
        let attempts = second.unwrap_or_else(|error| error.attempts());
        assert_eq!(attempts, 2, "{name}: the first answer is lost");
        assert_eq!(snapshot(&client).await, after_one_run, "{name} ran twice");
    }
}
