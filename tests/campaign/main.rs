//! The fault campaign in a short form: whatever fails between a client and the service, no create runs twice, and every
//! error says whether the call may have run. `benches/faults` has the long form, also for the official client.
//!
//! The words: a *subject* is a client under test; its *settings* are timeouts, attempts and the probability of faults.
//! A *trouble* is one cause of failures. A *stage* is an embedded Chime (a local server that behaves like Amazon Chime)
//! with one trouble. Each stage has a *decoy*, the target of redirects. Some stages have a *line*, a TCP proxy that
//! breaks connections at certain *moments*. A *tally* counts outcomes. The *plan* is the code that both forms share.

// With this attribute, the compiler looks for the modules of `plan.rs` in the directory of `plan.rs`. `benches/faults`
// has the same kind of attribute.
#[path = "plan.rs"]
mod plan;

use std::time::Duration;

use anyhow::Result;

use plan::creates::{self, Operation as Create};
use plan::decoy::Seen;
use plan::line::Moment;
use plan::listings;
use plan::repeats::{self, Operation};
use plan::settings::Settings;
use plan::subject::Subject;
use plan::this_crate::{Ensuring, ThisCrate};
use plan::trouble::{self, Cause, Effect, Trouble};
use plan::turned_away::{self, Reason};

const CREATES: usize = 60;
/// The number of calls for each of several operations.
const FEWER_CREATES: usize = 20;
const TURNED_AWAY: usize = 5;
const REPEATS: usize = 20;
const PAGES: usize = 15;
const STREAMS: usize = 1;

/// Returns `true` if the trouble makes the client wait.
fn takes_time(trouble: &Trouble) -> bool {
    matches!(trouble.cause, Cause::Silence(_) | Cause::Line(Moment::HeldUp) | Cause::Mix)
}

/// Returns short timeouts only for troubles that make the client wait, so that a slow machine causes no other timeouts.
fn settings(trouble: &Trouble) -> Settings {
    let hasty = Settings::hasty();
    if takes_time(trouble) {
        return hasty;
    }
    let patience = Duration::from_secs(10);
    Settings { connect_timeout: patience, attempt_timeout: patience, ..hasty }
}

/// Runs creates with each of these troubles, and asserts what must be true for all of them.
async fn create_amid(
    create: Create,
    calls: usize,
    troubles: impl Fn(&Trouble) -> bool,
) -> Result<Vec<creates::Tally>> {
    create_amid_by::<ThisCrate>(create, calls, 3, troubles).await
}

async fn create_amid_by<S: Subject>(
    create: Create,
    calls: usize,
    max_attempts: u32,
    troubles: impl Fn(&Trouble) -> bool,
) -> Result<Vec<creates::Tally>> {
    let mut tallies = Vec::new();
    for trouble in trouble::all().into_iter().filter(troubles) {
        let settings = Settings { max_attempts, ..settings(&trouble) };
        let tally = creates::run::<S>(create, &trouble, &settings, calls).await?;
        let context = format!("{create:?}, {}: {tally:?}", trouble.name);
        assert_eq!(tally.doubled, 0, "doubled: {context}");
        assert_eq!(tally.claimed, 0, "claimed: {context}");
        assert_eq!(tally.unflagged, 0, "not flagged: {context}");
        assert_eq!(tally.falsely_flagged, 0, "falsely flagged: {context}");
        assert_eq!(tally.given_up_early, 0, "given up early: {context}");
        assert_eq!(tally.at_decoy, Seen::default(), "followed: {context}");
        tallies.push(tally);
    }
    assert!(!tallies.is_empty());
    Ok(tallies)
}

async fn create_accounts_amid(troubles: impl Fn(&Trouble) -> bool) -> Result<Vec<creates::Tally>> {
    create_amid(Create::CreateAccount, CREATES, troubles).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_create_runs_twice_and_errors_say_whether_the_create_may_have_run() -> Result<()> {
    let tallies = create_accounts_amid(|trouble| {
        matches!(trouble.cause, Cause::Fault(_)) && trouble.effect == Effect::Unknown
    });
    for tally in tallies.await? {
        assert!(!tally.failures.is_empty(), "nothing went wrong: {tally:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_or_missing_response_makes_no_create_run_twice() -> Result<()> {
    create_accounts_amid(|trouble| matches!(trouble.cause, Cause::Silence(_))).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_create_follows_a_redirect() -> Result<()> {
    create_accounts_amid(|trouble| matches!(trouble.cause, Cause::Redirect(_))).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_create_runs_twice_if_an_idle_connection_ends_at_the_next_request() -> Result<()> {
    create_accounts_amid(|trouble| matches!(trouble.cause, Cause::Line(_))).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_create_runs_twice_in_a_mix_of_all_troubles() -> Result<()> {
    create_accounts_amid(|trouble| matches!(trouble.cause, Cause::Mix)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn throttling_loses_only_creates_with_three_throttled_attempts() -> Result<()> {
    for tally in create_accounts_amid(|trouble| trouble.effect == Effect::None).await? {
        // On average, about 0.5 calls are lost. With one attempt per call, about 12 calls would be lost.
        assert!(tally.lost <= 4, "{tally:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_clock_or_a_revoked_token_loses_no_create() -> Result<()> {
    for tally in create_accounts_amid(|trouble| trouble.effect == Effect::NoneAndMended).await? {
        assert_eq!(tally.lost, 0, "{tally:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_create_with_a_token_is_sent_again_and_never_runs_twice() -> Result<()> {
    for tally in create_amid(Create::CreateRoom, CREATES, |trouble| !takes_time(trouble)).await? {
        // On average, about 0.5 calls are lost. With one attempt per call, about 12 calls would be lost.
        assert!(tally.lost <= 4, "{tally:?}");
    }
    create_amid(Create::CreateRoom, FEWER_CREATES, takes_time).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_create_without_a_token_runs_twice() -> Result<()> {
    let amid_all = |create| create_amid(create, FEWER_CREATES, |_| true);
    // They run concurrently, because they mostly wait.
    tokio::try_join!(
        amid_all(Create::CreateBot),
        amid_all(Create::InviteUsers),
        amid_all(Create::CreatePhoneNumberOrder),
    )?;
    Ok(())
}

/// Runs ensured creates with each of these troubles, and asserts that each resource exists exactly once.
async fn ensure_amid(
    create: Create,
    calls: usize,
    troubles: impl Fn(&Trouble) -> bool,
) -> Result<()> {
    let tallies = create_amid_by::<Ensuring>(create, calls, 5, troubles).await?;
    let failed: usize = tallies.iter().map(creates::Tally::failed).sum();
    assert!(failed * 100 <= calls * tallies.len(), "more than 1 % failed: {tallies:?}");
    for tally in &tallies {
        assert!(tally.once >= calls - tally.failed(), "{tally:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ensured_user_exists_once_and_at_most_1_percent_of_calls_fail() -> Result<()> {
    ensure_amid(Create::CreateUser, CREATES, |trouble| !takes_time(trouble)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ensured_user_exists_once_even_if_responses_never_come() -> Result<()> {
    ensure_amid(Create::CreateUser, FEWER_CREATES, takes_time).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ensured_account_exists_once() -> Result<()> {
    // A request on a half-closed connection may arrive after the look.
    let is_late =
        |trouble: &Trouble| matches!(trouble.cause, Cause::Line(Moment::HalfClosed) | Cause::Mix);
    ensure_amid(Create::CreateAccount, FEWER_CREATES, |trouble| !is_late(trouble)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_create_that_did_not_run_is_never_reported_as_may_have_run() -> Result<()> {
    for reason in Reason::ALL {
        let settings = Settings { attempt_timeout: Duration::from_secs(10), ..Settings::hasty() };
        let tally = turned_away::run::<ThisCrate>(reason, &settings, TURNED_AWAY).await?;
        assert_eq!((tally.succeeded, tally.accounts), (0, 0), "{reason:?}: {tally:?}");
        assert_eq!(tally.falsely_flagged, 0, "{reason:?}: {tally:?}");
        let attempts = match reason {
            Reason::NobodyListens | Reason::TooManyCalls => settings.max_attempts,
            Reason::WrongSecret | Reason::TokenRevokedForGood | Reason::BadRequest => 1,
            Reason::BlankName => 0,
        };
        assert_eq!(tally.attempts, [Some(attempts); TURNED_AWAY], "{reason:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_safe_to_repeat_survives_every_fault() -> Result<()> {
    for trouble in trouble::all().iter().filter(|trouble| !takes_time(trouble)) {
        for operation in Operation::ALL {
            let tally =
                repeats::run::<ThisCrate>(operation, trouble, &settings(trouble), REPEATS).await?;
            let context = format!("{operation:?}, {}: {tally:?}", trouble.name);
            assert_eq!((tally.wrong, tally.lost_early), (0, 0), "{context}");
            assert!(tally.lost <= 3, "{context}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_misses_and_repeats_no_item() -> Result<()> {
    for trouble in trouble::all().iter().filter(|trouble| !takes_time(trouble)) {
        let tally = listings::run::<ThisCrate>(trouble, &settings(trouble), PAGES, STREAMS).await?;
        let context = format!("{}: {tally:?}", trouble.name);
        assert_eq!((tally.missing, tally.doubled, tally.broken_early), (0, 0, 0), "{context}");
    }
    Ok(())
}
