//! Calls outside of a Tokio runtime, and in runtimes without time or I/O.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Waker};

use amazon_chime::local::LocalChime;
use tokio::runtime::Builder;

use crate::support;

/// Returns the message of the panic in a function.
fn message(run: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(run)).expect_err("it panics");
    match panic.downcast::<&str>() {
        Ok(text) => (*text).to_owned(),
        Err(panic) => *panic.downcast::<String>().expect("a panic has a text"),
    }
}

fn names_what_is_needed(text: &str) {
    assert!(text.starts_with("amazon-chime needs a Tokio runtime with time and I/O"), "{text}");
    assert!(text.contains("#[tokio::main]") && text.contains("enable_all"), "{text}");
}

#[test]
fn a_call_outside_of_a_runtime_panics_and_says_what_is_needed() {
    let mut call = Box::pin(support::client("http://127.0.0.1:1").get_account("a").send());
    let mut context = Context::from_waker(Waker::noop());
    names_what_is_needed(&message(|| _ = call.as_mut().poll(&mut context)));
}

#[test]
fn a_call_in_a_runtime_without_time_or_io_panics_and_says_what_is_needed() {
    for enable in [Builder::enable_io, Builder::enable_time] {
        let runtime = enable(&mut Builder::new_current_thread()).build().unwrap();
        let client = support::client("http://127.0.0.1:1");
        for _ in ["the first call", "the second"] {
            let call = client.get_account("a").send();
            names_what_is_needed(&message(|| _ = runtime.block_on(call)));
        }
    }
}

#[test]
fn a_call_outside_of_a_runtime_panics_also_after_successful_calls() {
    let chime = LocalChime::start().unwrap();
    let client = chime.client();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(client.create_account("Acme").send()).unwrap();
    let mut call = Box::pin(client.list_accounts().send());
    let mut context = Context::from_waker(Waker::noop());
    names_what_is_needed(&message(|| _ = call.as_mut().poll(&mut context)));
}
