//! Decisions after an attempt, without I/O: whether another attempt may help, the delay, the retry budget.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::aws_error_codes::{IDENTITY, SIGNATURE, THROTTLING, names};
use crate::error::Error;
use crate::problem::Problem;

/// How often a call is tried, and how long it waits between attempts.
///
/// The defaults follow the standard mode of the AWS SDKs: three attempts, with random delays between them. The maximum
/// delay starts at 50 ms, or at 1 s if the service throttles, and doubles with each attempt, up to 20 s. If the service
/// asks for a longer delay, the call waits for that delay, up to 20 s.
///
/// A call that may have taken effect is sent again only if running it twice has the same effect as running it once.
///
/// ```
/// use std::time::Duration;
/// use amazon_chime::RetryConfig;
///
/// let patient = RetryConfig::standard().max_attempts(8).max_backoff(Duration::from_secs(60));
/// let never = RetryConfig::disabled();
/// # let _ = (patient, never);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RetryConfig {
    max_attempts: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
}

impl RetryConfig {
    /// Returns the default: three attempts, with the delays of the AWS SDKs.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            max_attempts: 3,
            initial_backoff: Duration::from_millis(50),
            max_backoff: Duration::from_secs(20),
        }
    }

    /// Returns a configuration with only one attempt.
    #[must_use]
    pub fn disabled() -> Self {
        Self::standard().max_attempts(1)
    }

    /// Sets the maximum number of attempts per call; 0 counts as 1.
    #[must_use]
    pub fn max_attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = max_attempts.max(1);
        self
    }

    /// Sets the maximum delay before the second attempt; 50 ms by default, and at least 1 s if the service throttles.
    #[must_use]
    pub fn initial_backoff(mut self, initial_backoff: Duration) -> Self {
        self.initial_backoff = initial_backoff;
        self
    }

    /// Sets the maximum delay before any attempt, including delays that the service asks for; 20 s by default.
    #[must_use]
    pub fn max_backoff(mut self, max_backoff: Duration) -> Self {
        self.max_backoff = max_backoff;
        self
    }

    pub(super) fn allows_another(&self, attempts: u32) -> bool {
        attempts < self.max_attempts
    }

    /// Returns the delay after attempt number `attempts`: a random part of a ceiling that doubles, or `retry_after` of
    /// the service if that is longer.
    pub(super) fn delay(
        &self,
        ending: Ending,
        attempts: u32,
        retry_after: Option<Duration>,
        random: impl FnOnce() -> f64,
    ) -> Duration {
        if matches!(
            ending,
            Ending::SignatureRefused | Ending::CredentialsRefused | Ending::Answered
        ) {
            // Waiting would not help: refused credentials or times have been replaced, and an answer is final.
            return Duration::ZERO;
        }
        let shortest =
            if ending == Ending::Throttled { THROTTLING_BACKOFF } else { Duration::ZERO };
        let base = self.initial_backoff.max(shortest);
        let doublings = attempts.saturating_sub(1).min(31);
        let ceiling = base.saturating_mul(1 << doublings).min(self.max_backoff);
        let asked = retry_after.unwrap_or_default().min(self.max_backoff);
        ceiling.mul_f64(random()).max(asked)
    }
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self::standard()
    }
}

pub(super) struct Failure {
    pub(super) ending: Ending,
    pub(super) error: Error,
    /// How long the service asks to wait before the next attempt.
    pub(super) retry_after: Option<Duration>,
    /// Whether the clock or the credentials that the service refused have been replaced.
    pub(super) is_corrected: bool,
}

impl Failure {
    pub(super) fn new(ending: Ending, error: Error) -> Self {
        Self { ending, error, retry_after: None, is_corrected: false }
    }

    /// Returns the failure of an attempt that was not sent, after which another attempt cannot help.
    pub(super) fn not_sent(problem: impl Into<Problem>) -> Self {
        Self::new(Ending::NotSentForGood, Error::new(problem))
    }
}

/// How an attempt that did not succeed ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The request never reached the service.
    NeverSent,
    /// The request was not sent, and another attempt cannot help.
    NotSentForGood,
    /// The service did not process the request, because there were too many calls.
    Throttled,
    /// The service did not process the request, because the signature is wrong, for example because of a wrong clock.
    SignatureRefused,
    /// The service did not process the request, because the credentials are unknown or have expired.
    CredentialsRefused,
    /// The request may have run, and another attempt may help.
    MayHaveRun,
    /// The request may have run, and another attempt cannot help.
    MayHaveRunForGood,
    /// The service responded with a final error.
    Answered,
}

impl Ending {
    /// Returns the ending of an attempt with an error response, by its status and code.
    pub(super) fn of_answer(status: u16, code: Option<&str>) -> Self {
        let is = |codes| code.is_some_and(|code| names(codes, code));
        match status {
            501 | 505 => Self::MayHaveRunForGood,
            // A proxy with a temporary fault may send a redirect.
            300..=399 | 408 | 500.. => Self::MayHaveRun,
            429 => Self::Throttled,
            400..=499 if is(THROTTLING) => Self::Throttled,
            400..=499 if is(SIGNATURE) => Self::SignatureRefused,
            400..=499 if is(IDENTITY) => Self::CredentialsRefused,
            400..=499 => Self::Answered,
            _ => Self::MayHaveRunForGood,
        }
    }

    pub(super) fn may_have_run(self) -> bool {
        matches!(self, Self::MayHaveRun | Self::MayHaveRunForGood)
    }

    /// Returns the number of tokens that another attempt takes from the retry budget.
    pub(super) fn cost(self) -> u32 {
        match self {
            Self::Throttled => 5,
            Self::SignatureRefused | Self::CredentialsRefused => 0,
            _ => 14,
        }
    }
}

/// The maximum delay before the second attempt after throttling.
const THROTTLING_BACKOFF: Duration = Duration::from_secs(1);

/// The retry budget: tokens that a client and its clones share, so that they stop retrying when most calls fail.
#[derive(Debug)]
pub(super) struct RetryBudget(AtomicU32);

impl RetryBudget {
    const FULL: u32 = 500;

    pub(super) fn new() -> Self {
        Self(AtomicU32::new(Self::FULL))
    }

    pub(super) fn take(&self, cost: u32) -> Option<Reserved<'_>> {
        let taken = |left: u32| left.checked_sub(cost);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken).ok()?;
        Some(Reserved { budget: self, cost })
    }

    /// Gives back the cost of the last retry of a successful call, or 1 token if the call had no retry.
    pub(super) fn give_back(&self, cost_of_last_retry: Option<u32>) {
        let returned = cost_of_last_retry.unwrap_or(1);
        let given = |left: u32| Some(left.saturating_add(returned).min(Self::FULL));
        // The closure never returns `None`, so the update cannot fail.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, given);
    }
}

/// The cost of a retry that has not been sent yet, which returns to the budget on drop.
#[derive(Debug)]
pub(super) struct Reserved<'a> {
    budget: &'a RetryBudget,
    cost: u32,
}

impl Reserved<'_> {
    /// Keeps the tokens taken, because the retry is sent.
    pub(super) fn spend(mut self) {
        self.cost = 0;
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        self.budget.give_back(Some(self.cost));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_5xx_and_redirect_may_have_run_whatever_its_code() {
        for status in [500, 502, 503, 504, 599] {
            assert_eq!(Ending::of_answer(status, Some("ThrottlingException")), Ending::MayHaveRun);
            assert_eq!(Ending::of_answer(status, None), Ending::MayHaveRun);
        }
        for status in [301, 302, 307, 308, 408] {
            assert_eq!(Ending::of_answer(status, None), Ending::MayHaveRun, "{status}");
        }
    }

    #[test]
    fn an_attempt_that_is_not_repeated_may_have_run() {
        for status in [101, 501, 505] {
            let ending = Ending::of_answer(status, None);
            assert_eq!(ending, Ending::MayHaveRunForGood, "{status}");
            assert!(ending.may_have_run());
        }
    }

    #[test]
    fn a_retry_after_a_correction_takes_no_tokens() {
        let costs = [
            (Ending::SignatureRefused, 0),
            (Ending::CredentialsRefused, 0),
            (Ending::Throttled, 5),
            (Ending::NeverSent, 14),
            (Ending::MayHaveRun, 14),
        ];
        for (ending, cost) in costs {
            assert_eq!(ending.cost(), cost, "{ending:?}");
        }
    }

    #[test]
    fn throttling_is_known_by_status_or_code() {
        assert_eq!(Ending::of_answer(429, None), Ending::Throttled);
        assert_eq!(Ending::of_answer(429, Some("Whatever")), Ending::Throttled);
        for code in ["ThrottlingException", "Throttling", "SlowDown", "TooManyRequestsException"] {
            assert_eq!(Ending::of_answer(400, Some(code)), Ending::Throttled, "{code}");
        }
    }

    #[test]
    fn a_refused_signature_or_identity_did_not_run() {
        for code in [
            "RequestTimeTooSkewed",
            "RequestExpired",
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
        ] {
            let ending = Ending::of_answer(403, Some(code));
            assert_eq!(ending, Ending::SignatureRefused, "{code}");
            assert!(!ending.may_have_run());
        }
        for code in ["ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException"] {
            assert_eq!(Ending::of_answer(403, Some(code)), Ending::CredentialsRefused, "{code}");
        }
    }

    #[test]
    fn other_4xx_are_final() {
        for status in [400, 401, 403, 404, 409, 422] {
            assert_eq!(Ending::of_answer(status, Some("ForbiddenException")), Ending::Answered);
        }
    }

    #[test]
    fn the_delay_is_a_random_part_of_a_ceiling_that_doubles() {
        let config = RetryConfig::standard();
        let ceiling = |ending, attempts| config.delay(ending, attempts, None, || 1.0).as_millis();
        assert_eq!(ceiling(Ending::MayHaveRun, 1), 50);
        assert_eq!(ceiling(Ending::MayHaveRun, 3), 200);
        assert_eq!(ceiling(Ending::NeverSent, 2), 100);
        assert_eq!(ceiling(Ending::Throttled, 1), 1_000);
        assert_eq!(ceiling(Ending::Throttled, 4), 8_000);
        assert_eq!(ceiling(Ending::Throttled, u32::MAX), 20_000);
        assert_eq!(config.delay(Ending::Throttled, 1, None, || 0.0), Duration::ZERO);
        assert_eq!(config.delay(Ending::Throttled, 1, None, || 0.5).as_millis(), 500);
    }

    #[test]
    fn a_throttled_call_is_never_tried_again_sooner_than_another() {
        let ceiling = |initial_backoff, ending| {
            let config = RetryConfig::standard().initial_backoff(initial_backoff);
            config.delay(ending, 1, None, || 1.0).as_millis()
        };
        let (short, long) = (Duration::from_millis(1), Duration::from_secs(5));
        assert_eq!(ceiling(short, Ending::Throttled), 1_000);
        assert_eq!(ceiling(long, Ending::Throttled), 5_000);
        assert_eq!(ceiling(long, Ending::MayHaveRun), 5_000);
    }

    #[test]
    fn the_service_can_ask_for_a_longer_delay_up_to_the_longest() {
        let config = RetryConfig::standard();
        let asked = |seconds| {
            let retry_after = Some(Duration::from_secs(seconds));
            config.delay(Ending::MayHaveRun, 1, retry_after, || 0.5).as_millis()
        };
        assert_eq!(asked(3), 3_000);
        assert_eq!(asked(3_600), 20_000);
        assert_eq!(asked(0), 25);
    }

    /// Takes the cost of a retry that is sent, and returns `true` if there were enough tokens.
    fn takes(budget: &RetryBudget, cost: u32) -> bool {
        budget.take(cost).map(Reserved::spend).is_some()
    }

    #[test]
    fn the_budget_stops_retries_and_successes_refill_it() {
        let budget = RetryBudget::new();
        let retries = (0..100).take_while(|_| takes(&budget, Ending::MayHaveRun.cost())).count();
        assert_eq!(retries, 35);
        assert!(takes(&budget, Ending::Throttled.cost()), "10 are left");
        budget.give_back(Some(14));
        assert!(takes(&budget, Ending::MayHaveRun.cost()));
        for _ in 0..1_000 {
            budget.give_back(None);
        }
        assert!(takes(&budget, RetryBudget::FULL) && !takes(&budget, 1), "never more than full");
    }

    #[test]
    fn the_cost_of_a_retry_that_is_never_sent_goes_back_to_the_budget() {
        let budget = RetryBudget::new();
        drop(budget.take(RetryBudget::FULL));
        let reserved = budget.take(RetryBudget::FULL).unwrap();
        assert!(budget.take(1).is_none(), "it is taken until then");
        reserved.spend();
        assert!(budget.take(1).is_none(), "it stays taken");
    }
}
