//! The loop over the attempts of a call, which decides whether and when there is another attempt.

use std::time::Duration;

use tokio::time::Instant;

use crate::call::retry::{Ending, Failure, Reserved, RetryBudget, RetryConfig};
use crate::error::Error;

/// The target of all traces. Programs use it in filters, so it must not change when files move.
pub(crate) const TARGET: &str = "amazon_chime";

const GATEWAY_TIMEOUT: u16 = 504;

/// The settings and the rules of the loop.
#[derive(Debug)]
pub(super) struct Policy<'a> {
    pub(super) config: &'a RetryConfig,
    pub(super) budget: &'a RetryBudget,
    /// Whether this crate may send the request again after an attempt that may have run.
    pub(super) may_resend: bool,
    /// Whether the caller may repeat the call after an attempt that may have run.
    pub(super) caller_may_repeat: bool,
    /// Whether the call looks for the resource before it sends the request again.
    pub(super) looks: bool,
    /// The time limit of one attempt. After a timeout, a look waits up to this time, because the attempt may still be
    /// running.
    pub(super) attempt_timeout: Duration,
    pub(super) deadline: Option<Instant>,
}

/// The attempts of a call, one after the other.
pub(super) trait Attempts {
    type Output;

    /// Makes one attempt. When the attempt is sent, the tokens of the retry budget in `reserved` are spent.
    fn next(
        &mut self,
        reserved: Option<Reserved<'_>>,
    ) -> impl Future<Output = Result<Self::Output, Failure>> + Send;

    /// Looks for the resource that the attempts so far may have created, and returns `true` if nothing is left to do.
    fn look(&mut self) -> impl Future<Output = Result<bool, Error>> + Send;
}

/// A call that succeeded.
pub(super) struct Done<T> {
    /// The output of the last attempt; `None` if a look found that nothing was left to do.
    pub(super) output: Option<T>,
    pub(super) attempts: u32,
    /// Whether an attempt without a readable response may have run.
    pub(super) was_in_doubt: bool,
}

/// Makes attempts until one succeeds, until a look finds the resource, or until another attempt would be unsafe,
/// useless or too late.
pub(super) async fn retry_loop<A: Attempts>(
    policy: Policy<'_>,
    mut attempts: A,
) -> Result<Done<A::Output>, Error> {
    let mut made = 0;
    let mut may_have_applied = false;
    let mut cost_of_last_retry = None;
    let mut reserved = None;
    loop {
        let begun = Instant::now();
        let failure = match attempts.next(reserved.take()).await {
            Ok(output) => {
                made += 1;
                tracing::trace!(target: TARGET, attempt = made, ending = "Succeeded", "attempt");
                policy.budget.give_back(cost_of_last_retry);
                return Ok(Done {
                    output: Some(output),
                    attempts: made,
                    was_in_doubt: may_have_applied,
                });
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
            Ending::SignatureRefused | Ending::CredentialsRefused => failure.is_corrected,
            Ending::MayHaveRun => policy.may_resend,
            Ending::MayHaveRunForGood | Ending::NotSentForGood | Ending::Answered => false,
        };
        let mut delay = policy.config.delay(ending, made, failure.retry_after, fastrand::f64);
        let timed_out = error.is_timeout() || error.status() == Some(GATEWAY_TIMEOUT);
        if policy.looks && ending.may_have_run() && timed_out {
            // A timeout of the HTTP client or of a gateway may end the attempt before `attempt_timeout`.
            delay = delay.max(begun.elapsed().min(policy.attempt_timeout));
        }
        if ending == Ending::NotSentForGood {
            // The cost of this retry is already back in the budget.
            cost_of_last_retry = None;
        }
        if policy.is_too_late_after(delay) {
            return Err(error);
        }
        if policy.looks && (may_have_applied || error.is_conflict()) {
            tracing::debug!(target: TARGET, attempt = made, reason = ?ending, ?delay, "looking");
            tokio::time::sleep(delay).await;
            delay = Duration::ZERO;
            let is_done = attempts.look().await.map_err(|error| {
                let attempts = error.attempts();
                error.after(attempts, may_have_applied, policy.caller_may_repeat)
            })?;
            if is_done {
                policy.budget.give_back(cost_of_last_retry);
                return Ok(Done { output: None, attempts: made, was_in_doubt: may_have_applied });
            }
        }
        if !may_help || !policy.config.allows_another(made) {
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

    pub(super) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

    /// Ends its attempts as scripted; `None` is a success.
    struct Script<'a> {
        endings: VecDeque<Option<Ending>>,
        times: &'a mut Vec<Instant>,
        retry_after: Option<Duration>,
        is_corrected: bool,
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
            let (retry_after, is_corrected) = (self.retry_after, self.is_corrected);
            Err(Failure { ending, error, retry_after, is_corrected })
        }

        async fn look(&mut self) -> Result<bool, Error> {
            panic!("a plain call does not look")
        }
    }

    /// Returns the policy of a create without looks.
    pub(super) fn policy<'a>(config: &'a RetryConfig, budget: &'a RetryBudget) -> Policy<'a> {
        Policy {
            config,
            budget,
            may_resend: false,
            caller_may_repeat: false,
            looks: false,
            attempt_timeout: ATTEMPT_TIMEOUT,
            deadline: None,
        }
    }

    struct Run {
        result: Result<u32, Error>,
        times: Vec<Instant>,
    }

    async fn run_with(
        policy: Policy<'_>,
        endings: &[Option<Ending>],
        retry_after: Option<Duration>,
        is_corrected: bool,
    ) -> Run {
        let mut times = Vec::new();
        let script = Script {
            endings: endings.iter().copied().collect(),
            times: &mut times,
            retry_after,
            is_corrected,
        };
        let result = retry_loop(policy, script).await.map(|done| done.attempts);
        Run { result, times }
    }

    async fn run(may_resend: bool, endings: &[Option<Ending>]) -> Run {
        let (config, budget) = (RetryConfig::standard(), RetryBudget::new());
        let policy = Policy { may_resend, ..policy(&config, &budget) };
        run_with(policy, endings, None, false).await
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_certainly_did_not_run_is_always_sent_again() {
        for ending in [Ending::NeverSent, Ending::Throttled] {
            let run = run(false, &[Some(ending), Some(ending), None]).await;
            assert_eq!(run.result.unwrap(), 3, "{ending:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_may_have_run_is_sent_again_only_if_it_may_run_twice() {
        assert_eq!(run(true, &[Some(Ending::MayHaveRun), None]).await.result.unwrap(), 2);
        let error = run(false, &[Some(Ending::MayHaveRun)]).await.result.unwrap_err();
        assert!(error.may_have_applied());
        assert_eq!(error.attempts(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_is_not_sent_again_if_that_cannot_help() {
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
    async fn even_a_create_is_sent_again_at_once_after_a_correction() {
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
    async fn a_call_fails_at_once_if_the_deadline_is_before_the_next_attempt() {
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
    async fn an_empty_budget_ends_retries_and_a_success_gives_tokens_back() {
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

#[cfg(test)]
mod tests_of_looks {
    use std::collections::VecDeque;

    use super::tests::{ATTEMPT_TIMEOUT, policy};
    use super::*;
    use crate::error::Answered;
    use crate::problem::{CredentialsProblem, Problem};

    #[derive(Clone, Copy)]
    enum Act {
        Succeed,
        End(Ending),
        /// The attempt fails before it is sent.
        NeverBegin,
        /// The attempt times out after this time.
        TimeOut(Duration),
        /// A gateway reports a timeout after this time.
        GatewayTimeOut(Duration),
        /// The connection breaks after this time.
        Break(Duration),
        /// The connection is not made within this time.
        ConnectTimeOut(Duration),
        Conflict,
    }

    #[derive(Debug, PartialEq)]
    enum Event {
        Attempt,
        Look,
    }

    /// The results of attempts, and whether looks find the resource; for `None`, the look fails.
    struct Script {
        acts: VecDeque<Act>,
        looks: VecDeque<Option<bool>>,
        retry_after: Option<Duration>,
    }

    struct Playing<'a> {
        script: Script,
        events: &'a mut Vec<(Event, Instant)>,
    }

    impl Attempts for Playing<'_> {
        type Output = ();

        async fn next(&mut self, reserved: Option<Reserved<'_>>) -> Result<(), Failure> {
            self.events.push((Event::Attempt, Instant::now()));
            let service = |status, code: &str| {
                let code = Some(code.to_owned());
                Error::service(Answered { status: Some(status), code, ..Answered::default() })
            };
            let (ending, error) = match self.script.acts.pop_front().expect("an attempt too many") {
                Act::Succeed => return Ok(()),
                Act::NeverBegin => return Err(Failure::not_sent(CredentialsProblem::Expired)),
                Act::End(ending) => (ending, service(500, "ServiceFailureException")),
                Act::TimeOut(timeout) => {
                    tokio::time::sleep(timeout).await;
                    (Ending::MayHaveRun, Error::new(Problem::AttemptTimeout(timeout)))
                }
                Act::GatewayTimeOut(timeout) => {
                    tokio::time::sleep(timeout).await;
                    (Ending::MayHaveRun, service(504, "GatewayTimeout"))
                }
                Act::Break(time) => {
                    tokio::time::sleep(time).await;
                    (Ending::MayHaveRun, service(500, "ServiceFailureException"))
                }
                Act::ConnectTimeOut(timeout) => {
                    tokio::time::sleep(timeout).await;
                    (Ending::NeverSent, Error::new(Problem::AttemptTimeout(timeout)))
                }
                Act::Conflict => (Ending::Answered, service(409, "ConflictException")),
            };
            _ = reserved.map(Reserved::spend);
            let retry_after = self.script.retry_after;
            Err(Failure { retry_after, ..Failure::new(ending, error) })
        }

        async fn look(&mut self) -> Result<bool, Error> {
            self.events.push((Event::Look, Instant::now()));
            let found = self.script.looks.pop_front().expect("a look too many");
            found.ok_or_else(|| Error::new(Problem::RepeatedToken).after(3, true, true))
        }
    }

    struct Run {
        result: Result<Done<()>, Error>,
        events: Vec<(Event, Instant)>,
    }

    impl Run {
        fn error(self) -> Error {
            self.result.err().expect("it must fail")
        }

        fn kinds(&self) -> Vec<&Event> {
            self.events.iter().map(|(event, _)| event).collect()
        }

        fn delay_before(&self, event: usize) -> Duration {
            self.events[event].1 - self.events[event - 1].1
        }
    }

    fn script<const A: usize, const L: usize>(acts: [Act; A], looks: [Option<bool>; L]) -> Script {
        Script { acts: acts.into(), looks: looks.into(), retry_after: None }
    }

    async fn run_by(
        config: &RetryConfig,
        budget: &RetryBudget,
        timeout: Option<Duration>,
        script: Script,
    ) -> Run {
        let policy = Policy {
            may_resend: true,
            caller_may_repeat: true,
            looks: true,
            deadline: timeout.map(|timeout| Instant::now() + timeout),
            ..policy(config, budget)
        };
        run_with(policy, script).await
    }

    async fn run_with(policy: Policy<'_>, script: Script) -> Run {
        let mut events = Vec::new();
        let result = retry_loop(policy, Playing { script, events: &mut events }).await;
        Run { result, events }
    }

    async fn run(script: Script) -> Run {
        run_by(&RetryConfig::standard(), &RetryBudget::new(), None, script).await
    }

    const LOST: Act = Act::End(Ending::MayHaveRun);
    const TIMED_OUT: Act = Act::TimeOut(ATTEMPT_TIMEOUT);

    #[tokio::test(start_paused = true)]
    async fn a_look_that_finds_the_resource_ends_the_call() {
        for lost in [LOST, Act::End(Ending::MayHaveRunForGood), TIMED_OUT] {
            let run = run(script([lost], [Some(true)])).await;
            assert_eq!(run.kinds(), [&Event::Attempt, &Event::Look]);
            let done = run.result.unwrap();
            assert!(done.output.is_none() && done.was_in_doubt);
            assert_eq!(done.attempts, 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_look_that_finds_nothing_the_request_is_sent_again_at_once() {
        let run = run(script([LOST, LOST, Act::Succeed], [Some(false); 2])).await;
        let (attempt, look) = (&Event::Attempt, &Event::Look);
        assert_eq!(run.kinds(), [attempt, look, attempt, look, attempt]);
        // A sleep of zero may take one tick of the clock.
        let tick = Duration::from_millis(2);
        assert!(run.delay_before(2) < tick && run.delay_before(4) < tick, "{:?}", run.events);
        let done = run.result.unwrap();
        assert!(done.output.is_some() && done.was_in_doubt);
        assert_eq!(done.attempts, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn there_is_no_look_while_no_attempt_may_have_run() {
        let acts = [Act::End(Ending::NeverSent), Act::End(Ending::Throttled), Act::Succeed];
        let done = run(script(acts, [])).await.result.unwrap();
        assert!(done.output.is_some() && !done.was_in_doubt);
        let acts = [Act::End(Ending::Throttled); 3];
        let error = run(script(acts, [])).await.error();
        assert_eq!((error.attempts(), error.may_have_applied()), (3, false));
    }

    #[tokio::test(start_paused = true)]
    async fn after_an_attempt_that_may_have_run_it_looks_before_every_attempt() {
        let acts = [LOST, Act::End(Ending::Throttled), Act::Succeed];
        let run = run(script(acts, [Some(false), Some(false)])).await;
        assert_eq!(run.events.len(), 5);
        assert!(run.result.unwrap().was_in_doubt);
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_timeout_a_look_waits_as_long_as_the_attempt_took() {
        // The timeout of the HTTP client may be shorter, and an attempt that waits for credentials may take longer.
        for timeout in [ATTEMPT_TIMEOUT, ATTEMPT_TIMEOUT / 3, ATTEMPT_TIMEOUT * 2] {
            for act in [Act::TimeOut(timeout), Act::GatewayTimeOut(timeout)] {
                let run = run(script([act], [Some(true)])).await;
                let waited = run.delay_before(1).saturating_sub(timeout);
                let expected = timeout.min(ATTEMPT_TIMEOUT);
                assert!(waited >= expected && waited < expected * 2, "{waited:?}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_timeout_a_look_waits_no_longer_than_a_retry() {
        let time = ATTEMPT_TIMEOUT / 3;
        let broken = run(script([Act::Break(time)], [Some(true)])).await;
        assert!(broken.delay_before(1) < time * 2, "{:?}", broken.events);
        let unsent = run(script([Act::ConnectTimeOut(time), Act::Succeed], [])).await;
        assert!(unsent.delay_before(1) < time * 2, "{:?}", unsent.events);
    }

    #[tokio::test(start_paused = true)]
    async fn without_looks_an_attempt_after_a_timeout_waits_no_longer_than_a_retry() {
        let (config, budget) = (RetryConfig::standard(), RetryBudget::new());
        let policy = Policy { may_resend: true, ..policy(&config, &budget) };
        let run = run_with(policy, script([TIMED_OUT, Act::Succeed], [])).await;
        let second_attempt = run.delay_before(1);
        run.result.unwrap();
        assert!(second_attempt < ATTEMPT_TIMEOUT + Duration::from_secs(1), "{second_attempt:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn it_waits_as_long_as_the_service_asks_before_it_looks() {
        let asked = Duration::from_secs(7);
        let script = Script { retry_after: Some(asked), ..script([LOST], [Some(true)]) };
        assert!(run(script).await.delay_before(1) >= asked);
    }

    #[tokio::test(start_paused = true)]
    async fn a_conflict_leads_to_a_look_at_once_and_is_the_error_if_nothing_is_found() {
        let existing = run(script([Act::Conflict], [Some(true)])).await;
        assert!(existing.delay_before(1) < Duration::from_millis(2), "{:?}", existing.events);
        assert!(!existing.result.unwrap().was_in_doubt, "another program's");

        let recovered = run(script([LOST, Act::Conflict], [Some(false), Some(true)])).await;
        assert!(recovered.result.unwrap().was_in_doubt);

        let error = run(script([Act::Conflict], [Some(false)])).await.error();
        assert!(error.is_conflict() && !error.may_have_applied());
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_returns_the_last_error_after_a_last_look() {
        let run = run(script([LOST, LOST, TIMED_OUT], [Some(false); 3])).await;
        assert_eq!(run.events.len(), 6);
        let error = run.error();
        assert_eq!((error.attempts(), error.may_have_applied()), (3, true));
        assert!(error.is_timeout(), "{error}");

        let once = RetryConfig::disabled();
        let script = script([LOST], [Some(true)]);
        let run = run_by(&once, &RetryBudget::new(), None, script).await;
        assert!(run.result.is_ok(), "the only attempt is looked for, too");
    }

    #[tokio::test(start_paused = true)]
    async fn a_look_that_fails_ends_the_call_and_says_that_it_may_have_applied() {
        let error = run(script([LOST], [None])).await.error();
        assert_eq!((error.attempts(), error.may_have_applied()), (3, true), "{error}");
        let error = run(script([Act::Conflict], [None])).await.error();
        assert!(!error.may_have_applied(), "nothing was lost");
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_neither_waits_nor_looks_if_the_deadline_is_before_the_look() {
        let (config, budget) = (RetryConfig::standard(), RetryBudget::new());
        let (start, timeout) = (Instant::now(), ATTEMPT_TIMEOUT + Duration::from_secs(29));
        let run = run_by(&config, &budget, Some(timeout), script([TIMED_OUT], [])).await;
        assert!(run.error().may_have_applied());
        let tick = Duration::from_millis(2);
        assert!(start.elapsed() < ATTEMPT_TIMEOUT + tick, "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn with_an_empty_budget_there_is_a_look_but_no_other_attempt() {
        let (config, budget) = (RetryConfig::standard(), RetryBudget::new());
        while budget.take(14).map(Reserved::spend).is_some() {}
        let found = run_by(&config, &budget, None, script([LOST], [Some(true)])).await;
        assert!(found.result.is_ok());
        let missing = run_by(&config, &budget, None, script([LOST], [Some(false)])).await;
        assert_eq!(missing.error().attempts(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_retry_that_was_never_sent_gives_back_its_cost_once() {
        let (config, budget) = (RetryConfig::standard(), RetryBudget::new());
        _ = budget.take(100).map(Reserved::spend);
        let script = script([LOST, Act::NeverBegin], [Some(false), Some(true)]);
        assert!(run_by(&config, &budget, None, script).await.result.is_ok());
        assert!(budget.take(402).is_none(), "a success without a retry gives 1");
        assert!(budget.take(401).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_look_takes_nothing_from_the_budget() {
        let (config, budget) = (RetryConfig::standard(), RetryBudget::new());
        assert!(run_by(&config, &budget, None, script([LOST], [Some(true)])).await.result.is_ok());
        assert!(budget.take(500).is_some());
    }
}
