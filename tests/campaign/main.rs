//! The fault campaign in short: what goes wrong on the way to the service costs no caller more than an honest error.
//!
//! The whole of it, with the official client beside this crate, is in `benches/faults`.

// As `benches/faults` names it, so that its modules are found from there, too.
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
/// For each of several operations.
const FEWER_CREATES: usize = 20;
const TURNED_AWAY: usize = 5;
const REPEATS: usize = 20;
const PAGES: usize = 15;
const STREAMS: usize = 1;

/// Whether the trouble is that time passes.
fn takes_time(trouble: &Trouble) -> bool {
    matches!(trouble.cause, Cause::Silence(_) | Cause::Line(Moment::HeldUp) | Cause::Mix)
}

/// Hasty only where time must pass: elsewhere a slow machine is not to be taken for trouble.
fn settings(trouble: &Trouble) -> Settings {
    let hasty = Settings::hasty();
    if takes_time(trouble) {
        return hasty;
    }
    let patience = Duration::from_secs(10);
    Settings { connect_timeout: patience, attempt_timeout: patience, ..hasty }
}

/// Creates something amid each of these, and asserts what holds for all of them.
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
async fn a_create_is_never_doubled_and_never_fails_unnoticed() -> Result<()> {
    let tallies = create_accounts_amid(|trouble| {
        matches!(trouble.cause, Cause::Fault(_)) && trouble.effect == Effect::Unknown
    });
    for tally in tallies.await? {
        assert!(!tally.failures.is_empty(), "nothing went wrong: {tally:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_comes_late_or_never_doubles_no_create() -> Result<()> {
    create_accounts_amid(|trouble| matches!(trouble.cause, Cause::Silence(_))).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redirect_takes_no_create_elsewhere() -> Result<()> {
    create_accounts_amid(|trouble| matches!(trouble.cause, Cause::Redirect(_))).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_connection_that_ends_as_it_is_used_doubles_no_create() -> Result<()> {
    create_accounts_amid(|trouble| matches!(trouble.cause, Cause::Line(_))).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_create_is_safe_where_everything_goes_wrong() -> Result<()> {
    create_accounts_amid(|trouble| matches!(trouble.cause, Cause::Mix)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn throttling_costs_no_more_creates_than_three_attempts_explain() -> Result<()> {
    for tally in create_accounts_amid(|trouble| trouble.effect == Effect::None).await? {
        // Half a call is expected; with one attempt each it would be a dozen.
        assert!(tally.lost <= 4, "{tally:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_clock_or_a_revoked_token_costs_nothing() -> Result<()> {
    for tally in create_accounts_amid(|trouble| trouble.effect == Effect::NoneAndMended).await? {
        assert_eq!(tally.lost, 0, "{tally:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_create_with_a_token_is_sent_again_and_never_doubled() -> Result<()> {
    for tally in create_amid(Create::CreateRoom, CREATES, |trouble| !takes_time(trouble)).await? {
        // Half a call is expected; with one attempt each it would be a dozen.
        assert!(tally.lost <= 4, "{tally:?}");
    }
    create_amid(Create::CreateRoom, FEWER_CREATES, takes_time).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_create_without_a_token_is_ever_doubled() -> Result<()> {
    let amid_all = |create| create_amid(create, FEWER_CREATES, |_| true);
    // All at once, since they mostly wait.
    tokio::try_join!(
        amid_all(Create::CreateBot),
        amid_all(Create::InviteUsers),
        amid_all(Create::CreatePhoneNumberOrder),
    )?;
    Ok(())
}

/// Ensures something amid each of these, and asserts that it is there exactly once.
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
async fn an_ensured_user_is_there_once_and_hardly_any_call_fails() -> Result<()> {
    ensure_amid(Create::CreateUser, CREATES, |trouble| !takes_time(trouble)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ensured_user_is_there_once_even_if_answers_never_come() -> Result<()> {
    ensure_amid(Create::CreateUser, FEWER_CREATES, takes_time).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ensured_account_is_there_once() -> Result<()> {
    // A request on a half-closed connection may arrive after the look.
    let is_late =
        |trouble: &Trouble| matches!(trouble.cause, Cause::Line(Moment::HalfClosed) | Cause::Mix);
    ensure_amid(Create::CreateAccount, FEWER_CREATES, |trouble| !is_late(trouble)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_turned_away_is_never_in_doubt() -> Result<()> {
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
async fn a_call_that_may_run_twice_outlives_every_fault() -> Result<()> {
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
async fn a_stream_misses_and_repeats_nothing() -> Result<()> {
    for trouble in trouble::all().iter().filter(|trouble| !takes_time(trouble)) {
        let tally = listings::run::<ThisCrate>(trouble, &settings(trouble), PAGES, STREAMS).await?;
        let context = format!("{}: {tally:?}", trouble.name);
        assert_eq!((tally.missing, tally.doubled, tally.broken_early), (0, 0, 0), "{context}");
    }
    Ok(())
}
