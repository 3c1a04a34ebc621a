//! The timeouts and retries of the clients, and the probability of faults.

use std::fmt;
use std::time::Duration;

/// The settings of all subjects of a comparison.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) connect_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) initial_backoff: Duration,
    pub(crate) max_backoff: Duration,
    pub(crate) max_attempts: u32,
    /// The probability of a fault, for each request.
    pub(crate) probability: f64,
    pub(crate) seed: u64,
}

impl Settings {
    /// Returns settings with short timeouts, so that thousands of calls fail in minutes.
    pub(crate) fn hasty() -> Self {
        Self {
            connect_timeout: Duration::from_millis(200),
            attempt_timeout: Duration::from_millis(250),
            initial_backoff: Duration::from_millis(1),
            max_backoff: Duration::from_millis(5),
            max_attempts: 3,
            probability: 0.2,
            seed: 2018,
        }
    }
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connect_timeout, attempt_timeout, initial_backoff, .. } = self;
        let Self { max_backoff, max_attempts, probability, seed, .. } = self;
        write!(
            f,
            "{max_attempts} attempts, {attempt_timeout:?} for each, {connect_timeout:?} for connecting, \
             {initial_backoff:?} to {max_backoff:?} between them; faults with probability {probability}, seed {seed}"
        )
    }
}
