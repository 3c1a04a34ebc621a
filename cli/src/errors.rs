//! Failed requests: counts them by kind, so that an outage is one line, and notices too many failures in a row.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use amazon_chime::{Error, ErrorKind};
use tokio::sync::Notify;

use crate::format;
use crate::output::tell;

/// The number of failures in a row after which the command stops.
const IN_A_ROW: u32 = 8;

/// The largest number of identifiers in a line.
const NAMED: usize = 3;

/// The failed requests of a command.
#[derive(Default)]
pub(crate) struct Failures {
    state: RefCell<State>,
    enough: Notify,
}

#[derive(Default)]
struct State {
    by_kind: BTreeMap<String, Failed>,
    in_a_row: u32,
}

/// The failures of one kind.
struct Failed {
    count: u64,
    /// The text of the first error.
    first: String,
    /// The identifiers of the first resources.
    about: Vec<String>,
}

impl Failures {
    /// Records that the service answered.
    pub(crate) fn succeeded(&self) {
        self.state.borrow_mut().in_a_row = 0;
    }

    /// Records a failure, and the identifier of the resource.
    pub(crate) fn add(&self, error: &Error, about: &str) {
        let mut state = self.state.borrow_mut();
        let failed = state.by_kind.entry(kind(error)).or_insert_with(|| Failed {
            count: 0,
            first: error.to_string(),
            about: Vec::new(),
        });
        failed.count += 1;
        if failed.about.len() < NAMED
            && !about.is_empty()
            && !failed.about.iter().any(|known| known == about)
        {
            failed.about.push(about.to_owned());
        }
        if is_of_all(error) {
            state.in_a_row += 1;
            if state.in_a_row == IN_A_ROW {
                self.enough.notify_one();
            }
        } else {
            state.in_a_row = 0;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.state.borrow().by_kind.is_empty()
    }

    /// Completes when `IN_A_ROW` requests in a row have failed for a reason that affects all requests.
    pub(crate) async fn enough(&self) {
        self.enough.notified().await;
    }

    pub(crate) fn tell(&self) {
        for Failed { count, first, about } in self.state.borrow().by_kind.values() {
            let requests = format::count(*count, "request");
            let about = if about.is_empty() {
                String::new()
            } else {
                format!("; first identifiers: {}", about.join(", "))
            };
            tell(format_args!("{requests} failed: {first}{about}"));
        }
    }
}

/// Returns `true` if the error affects all requests: the service does not work, or refuses the credentials. A missing
/// permission affects only one operation.
fn is_of_all(error: &Error) -> bool {
    let is_about_a_permission = error
        .code()
        .is_some_and(|code| code.starts_with("AccessDenied") || code.starts_with("Forbidden"));
    match error.kind() {
        ErrorKind::Connection
        | ErrorKind::Timeout
        | ErrorKind::Credentials
        | ErrorKind::UnreadableAnswer => true,
        _ => error.is_server_error() || error.is_access_denied() && !is_about_a_permission,
    }
}

/// Returns the kind of a failure. Each kind is printed in one line.
pub(crate) fn kind(error: &Error) -> String {
    match (error.code(), error.status(), error.kind()) {
        (Some(code), ..) => code.to_owned(),
        (None, Some(status), ErrorKind::Service) => format!("HTTP {status}"),
        (_, _, kind) => format!("{kind:?}"),
    }
}

/// Returns the reason of a failure, without the details that differ between failures of one kind.
pub(crate) fn reason(error: &Error) -> String {
    match (error.operation(), error.code(), error.status()) {
        (Some(operation), Some(code), Some(status)) => {
            format!("{operation}: {code} (HTTP {status})")
        }
        (Some(operation), None, Some(status)) => format!("{operation}: HTTP {status}"),
        _ => error.to_string(),
    }
}

/// Returns the time to wait before a throttled request is sent again.
pub(crate) fn backoff(interval: Duration) -> Duration {
    (interval * 2).clamp(Duration::from_millis(20), Duration::from_secs(5))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the error of a call to a port without a server, or the error for an `account_id` that is not valid.
    fn error(account_id: &str) -> Error {
        let client = amazon_chime::Client::builder()
            .credentials_provider(amazon_chime::Credentials::new("a", "b", None, None, "test"))
            .endpoint_url("http://127.0.0.1:1")
            .retry(amazon_chime::RetryConfig::disabled())
            .build()
            .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(client.get_account(account_id).send()).unwrap_err()
    }

    #[test]
    fn failures_of_one_kind_are_counted_with_the_first_identifiers() {
        let failures = Failures::default();
        for about in ["a", "b", "c", "d"] {
            failures.add(&error(""), about);
        }
        let state = failures.state.borrow();
        let failed: Vec<_> = state.by_kind.values().collect();
        assert_eq!(failed.len(), 1);
        assert_eq!((failed[0].count, failed[0].about.len()), (4, NAMED));
    }

    #[tokio::test]
    async fn only_failures_in_a_row_that_affect_all_requests_stop_the_command() {
        let failures = Failures::default();
        let of_one = std::thread::spawn(|| error("")).join().unwrap();
        let error = std::thread::spawn(|| error("a")).join().unwrap();
        for _ in 0..2 * IN_A_ROW {
            failures.add(&of_one, "");
        }
        for _ in 1..IN_A_ROW {
            failures.add(&error, "");
        }
        failures.succeeded();
        for _ in 1..IN_A_ROW {
            failures.add(&error, "");
        }
        assert!(futures_util::FutureExt::now_or_never(failures.enough()).is_none());
        failures.add(&error, "");
        failures.enough().await;
    }
}
