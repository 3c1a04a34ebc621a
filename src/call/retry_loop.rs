//! The loop over the attempts of a call: whether and when there is another one.

use std::time::Duration;

use tokio::time::Instant;

use crate::call::retry::{Ending, Failure, Reserved, RetryBudget, RetryConfig};
use crate::error::Error;

/// The target of everything that is traced, for filters. It stays the same when files move.
pub(crate) const TARGET: &str = "amazon_chime";

/// What the loop goes by.
#[derive(Debug)]
pub(super) struct Policy<'a> {
    pub(super) config: &'a RetryConfig,
    pub(super) budget: &'a RetryBudget,
    /// Whether this crate may send the call again after it may have run.
    pub(super) may_resend: bool,
    /// Whether the caller may make the same call again after it may have run.
    pub(super) caller_may_repeat: bool,
    pub(super) deadline: Option<Instant>,
}

/// The attempts of a call, one after the other.
pub(super) trait Attempts {
    type Output;

    /// Makes one attempt. One that is a retry spends what is reserved for it when it is sent.
    fn next(
        &mut self,
        reserved: Option<Reserved<'_>>,
    ) -> impl Future<Output = Result<Self::Output, Failure>> + Send;
}

/// Attempts until one succeeds, or until another would be unsafe, useless or too late.
/// Gives what the last one gave, with how many there were.
pub(super) async fn retry_loop<A: Attempts>(
    policy: Policy<'_>,
    mut attempts: A,
) -> Result<(A::Output, u32), Error> {
    let mut made = 0;
    let mut may_have_applied = false;
    let mut cost_of_last_retry = None;
    let mut reserved = None;
    loop {
        let failure = match attempts.next(reserved.take()).await {
            Ok(output) => {
                made += 1;
                tracing::trace!(target: TARGET, attempt = made, ending = "Succeeded", "attempt");
                policy.budget.give_back(cost_of_last_retry);
                return Ok((output, made));
            }
            Err(failure) => failure,
        };
        let ending = failure.ending;
        made += u32::from(ending != Ending::NotSentForGood);
        may_have_applied |= ending.may_have_run();
        let error = failure.error.after(made, may_have_applied, policy.caller_may_repeat);
        tracing::trace!(target: TARGET, attempt = made, ?ending, status = error.status(), "attempt");

        let may_help = match ending {
            Ending::NeverSent | Ending::Throttled => true,
            Ending::SignatureRefused | Ending::CredentialsRefused => failure.is_mended,
            Ending::MayHaveRun => policy.may_resend,
            Ending::MayHaveRunForGood | Ending::NotSentForGood | Ending::Answered => false,
        };
        let delay = policy.config.delay(ending, made, failure.retry_after, fastrand::f64);
        if !may_help || !policy.config.allows_another(made) || policy.is_too_late_after(delay) {
            return Err(error);
        }
        reserved = policy.budget.take(ending.cost());
        if reserved.is_none() {
            return Err(error);
        }
        cost_of_last_retry = Some(ending.cost());
        tracing::debug!(target: TARGET, attempt = made, reason = ?ending, ?delay, "retrying");
        tokio::time::sleep(delay).await;
    }
}

impl Policy<'_> {
    fn is_too_late_after(&self, delay: Duration) -> bool {
        let left = |deadline: Instant| deadline.saturating_duration_since(Instant::now());
        self.deadline.is_some_and(|deadline| left(deadline) <= delay)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::error::Answered;

    /// Gives what it was told to give; `None` is a success.
    struct Script<'a> {
        endings: VecDeque<Option<Ending>>,
        times: &'a mut Vec<Instant>,
        retry_after: Option<Duration>,
        is_mended: bool,
    }

    impl Attempts for Script<'_> {
        type Output = ();

        async fn next(&mut self, reserved: Option<Reserved<'_>>) -> Result<(), Failure> {
            self.times.push(Instant::now());
            let ending = self.endings.pop_front().expect("an attempt too many");
            if ending != Some(Ending::NotSentForGood) {
                _ = reserved.map(Reserved::spend);
            }
            let Some(ending) = ending else { return Ok(()) };
            let message = Some(format!("{ending:?}"));
            let error = Error::service(Answered { message, ..Answered::default() });
            let (retry_after, is_mended) = (self.retry_after, self.is_mended);
            Err(Failure { ending, error, retry_after, is_mended })
        }
    }

    /// That of a plain create.
    fn policy<'a>(config: &'a RetryConfig, budget: &'a RetryBudget) -> Policy<'a> {
        Policy { config, budget, may_resend: false, caller_may_repeat: false, deadline: None }
    }

    struct Run {
        result: Result<u32, Error>,
        times: Vec<Instant>,
    }

    async fn run_with(
        policy: Policy<'_>,
        endings: &[Option<Ending>],
        retry_after: Option<Duration>,
        is_mended: bool,
    ) -> Run {
        let mut times = Vec::new();
        let script = Script {
            endings: endings.iter().copied().collect(),
            times: &mut times,
            retry_after,
            is_mended,
        };
        let result = retry_loop(policy, script).await.map(|((), attempts)| attempts);
        Run { result, times }
    }

    async fn run(may_resend: bool, endings: &[Option<Ending>]) -> Run {
        let (config, budget) = (RetryConfig::standard(), RetryBudget::new());
        let policy = Policy { may_resend, ..policy(&config, &budget) };
        run_with(policy, endings, None, false).await
    }

    #[tokio::test(start_paused = true)]
    async fn what_certainly_did_not_run_is_always_sent_again() {
        for ending in [Ending::NeverSent, Ending::Throttled] {
            let run = run(false, &[Some(ending), Some(ending), None]).await;
            assert_eq!(run.result.unwrap(), 3, "{ending:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_have_run_is_sent_again_only_if_it_may_run_twice() {
        assert_eq!(run(true, &[Some(Ending::MayHaveRun), None]).await.result.unwrap(), 2);
        let error = run(false, &[Some(Ending::MayHaveRun)]).await.result.unwrap_err();
        assert!(error.may_have_applied());
        assert_eq!(error.attempts(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_no_waiting_can_help_is_not_sent_again() {
        for (ending, may_have_applied, attempts) in [
            (Ending::Answered, false, 1),
            (Ending::MayHaveRunForGood, true, 1),
            (Ending::NotSentForGood, false, 0),
            (Ending::SignatureRefused, false, 1),
            (Ending::CredentialsRefused, false, 1),
        ] {
            let error = run(true, &[Some(ending)]).await.result.unwrap_err();
            assert_eq!(error.may_have_applied(), may_have_applied, "{ending:?}");
            assert_eq!(error.attempts(), attempts, "{ending:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_attempt_that_may_have_run_marks_the_whole_call() {
        let endings = [Some(Ending::MayHaveRun), Some(Ending::Answered)];
        let error = run(true, &endings).await.result.unwrap_err();
        assert!(error.may_have_applied(), "the first attempt may have run");
        assert!(error.to_string().contains("Answered"), "the last attempt is what is told");

        let endings = [Some(Ending::Throttled), Some(Ending::NeverSent), Some(Ending::Throttled)];
        let error = run(true, &endings).await.result.unwrap_err();
        assert!(!error.may_have_applied());
        assert_eq!(error.attempts(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_mended_signature_is_sent_again_at_once_be_it_a_create() {
        let (config, budget) = (RetryConfig::standard(), RetryBudget::new());
        for ending in [Ending::SignatureRefused, Ending::CredentialsRefused] {
            let run = run_with(policy(&config, &budget), &[Some(ending), None], None, true).await;
            assert_eq!(run.result.unwrap(), 2);
            assert_eq!(run.times[0], run.times[1]);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_waits_as_long_as_the_service_asks() {
        let (config, budget) = (RetryConfig::standard(), RetryBudget::new());
        let asked = Duration::from_secs(7);
        let run = run_with(
            policy(&config, &budget),
            &[Some(Ending::Throttled), None],
            Some(asked),
            false,
        )
        .await;
        assert!(run.result.is_ok());
        let waited = run.times[1] - run.times[0];
        assert!(waited >= asked && waited < asked + Duration::from_millis(10), "{waited:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn it_gives_up_at_once_if_the_deadline_comes_before_the_next_attempt() {
        let (config, budget) = (RetryConfig::standard(), RetryBudget::new());
        let start = Instant::now();
        let deadline = Some(start + Duration::from_secs(5));
        let policy = Policy { deadline, ..policy(&config, &budget) };
        let asked = Some(Duration::from_secs(6));
        let run = run_with(policy, &[Some(Ending::Throttled)], asked, false).await;
        let error = run.result.unwrap_err();
        assert!(!error.may_have_applied(), "backing off adds nothing");
        assert_eq!(Instant::now(), start);
    }

    #[tokio::test(start_paused = true)]
    async fn an_empty_budget_ends_retries_and_a_success_pays_back() {
        let (config, budget) = (RetryConfig::standard(), RetryBudget::new());
        while budget.take(14).map(Reserved::spend).is_some() {}
        let repeating = || Policy { may_resend: true, ..policy(&config, &budget) };
        let refused = run_with(repeating(), &[Some(Ending::MayHaveRun)], None, false).await;
        assert!(refused.result.is_err());
        for _ in 0..14 {
            assert!(run_with(repeating(), &[None], None, false).await.result.is_ok());
        }
        let run = run_with(repeating(), &[Some(Ending::MayHaveRun), None], None, false).await;
        assert_eq!(run.result.unwrap(), 2);
        assert!(budget.take(14).is_some(), "the retry that succeeded gave back its cost");
    }

    #[tokio::test(start_paused = true)]
    async fn retries_that_are_never_sent_leave_the_budget_full() {
        let (config, budget) = (RetryConfig::standard(), RetryBudget::new());
        let repeating = || Policy { may_resend: true, ..policy(&config, &budget) };
        let patience = Some(Duration::from_secs(10));
        for _ in 0..60 {
            let waiting = run_with(repeating(), &[Some(Ending::MayHaveRun)], patience, false);
            let dropped = tokio::time::timeout(Duration::from_secs(1), waiting).await;
            assert!(dropped.is_err(), "it waits for its second attempt");
            let endings = [Some(Ending::MayHaveRun), Some(Ending::NotSentForGood)];
            let not_sent = run_with(repeating(), &endings, None, false).await;
            assert!(not_sent.result.is_err());
        }
        let retry = |_: &u32| budget.take(14).map(Reserved::spend).is_some();
        assert_eq!((0..100).take_while(retry).count(), 35);
    }
}
