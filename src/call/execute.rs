//! The steps of one call: load credentials, sign, send, classify the response, decode.

use std::pin::Pin;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use tokio::time::Instant;

use crate::asked::Asked;
use crate::call::answer::Answer;
use crate::call::clock::corrected;
use crate::call::redact::Hidden;
use crate::call::retry::{Ending, Failure, Reserved, RetryConfig};
use crate::call::retry_loop::{Attempts, Done, Policy, retry_loop};
use crate::call::shared::Shared;
use crate::call::sign::{Signable, sign};
use crate::call::transport::SignedRequest;
use crate::error::{Answered, Error};
use crate::problem::Problem;
use crate::sensitive::Sensitive;

const JSON: &str = "application/json";

/// A call, validated and encoded.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) body: Option<String>,
    /// The values of the request that no error may show.
    pub(crate) sensitive: Vec<Sensitive>,
    /// The values that the response must match.
    pub(crate) asked: Asked,
    /// The names of users in the request, which no error may show as whole words.
    pub(crate) user_names: Vec<Sensitive>,
    /// Whether this crate may send the request again after an attempt that may have run.
    pub(crate) may_resend: bool,
    /// Whether the caller may repeat the call after an attempt that may have run.
    pub(crate) caller_may_repeat: bool,
    pub(crate) retry: RetryConfig,
    pub(crate) attempt_timeout: Duration,
    pub(crate) deadline: Deadline,
}

/// The facts about a successful call, besides its output.
#[derive(Debug)]
pub(crate) struct Success {
    /// The status of the response; `None` if a read request found that the resource already exists.
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<String>,
    pub(crate) attempts: u32,
    /// Whether an attempt without a readable response may have run.
    pub(crate) was_in_doubt: bool,
}

/// Decodes the body of a success, checks that it belongs to the request, and keeps the output.
pub(crate) type ReadBody<'a> = &'a mut (dyn FnMut(&str, &Asked) -> Result<(), Problem> + Send);

/// Looks for the resource that a call may have created, before the request is sent again.
pub(crate) trait Look: Send {
    /// Returns the call that is still to be made; `None` if nothing is left to do.
    fn look(&mut self) -> Looking<'_>;
}

type Looking<'a> = Pin<Box<dyn Future<Output = Result<Option<Call>, Error>> + Send + 'a>>;

/// Makes the call, with as many attempts as are safe and may help. A call that looks is always safe to send again.
pub(crate) async fn execute(
    shared: &Shared,
    call: Call,
    read_body: ReadBody<'_>,
    look: Option<&mut dyn Look>,
) -> Result<Success, Error> {
    shared.runtime.check();
    let retry = call.retry.clone();
    let looks = look.is_some();
    let policy = Policy {
        config: &retry,
        budget: &shared.budget,
        may_resend: call.may_resend || looks,
        caller_may_repeat: call.caller_may_repeat,
        looks,
        attempt_timeout: call.attempt_timeout,
        deadline: call.deadline.at,
    };
    let attempts = SignedAttempts { shared, call, read_body, look, refused: None };
    let Done { output, attempts, was_in_doubt } = retry_loop(policy, attempts).await?;
    let (status, request_id) = output.unzip();
    Ok(Success { status, request_id: request_id.flatten(), attempts, was_in_doubt })
}

/// The attempts of one call, each with a new signature.
struct SignedAttempts<'a, 'l> {
    shared: &'a Shared,
    call: Call,
    read_body: ReadBody<'a>,
    look: Option<&'l mut dyn Look>,
    /// Credentials that the service refused, and its response.
    refused: Option<(Credentials, Answered)>,
}

impl Attempts for SignedAttempts<'_, '_> {
    /// The status and the request id of a successful attempt.
    type Output = (u16, Option<String>);

    async fn next(&mut self, reserved: Option<Reserved<'_>>) -> Result<Self::Output, Failure> {
        let clock_offset = self.shared.clock.offset();
        let credentials = self.credentials(clock_offset).await?;
        let hidden = self.hidden(&credentials);
        let request = self.sign(&credentials, clock_offset, &hidden).map_err(Failure::not_sent)?;
        let sent = Sent { credentials, clock_offset, at: self.shared.clock.now() };
        if let Some(reserved) = reserved {
            reserved.spend();
        }
        let exchange = self.shared.transport.send(request, self.call.attempt_timeout);
        let deadline = self.call.deadline;
        let answer = deadline.limit(exchange, Ending::MayHaveRunForGood).await??;
        if answer.is_success() {
            let asked = &self.call.asked;
            read(&answer, &hidden, &mut |json| (self.read_body)(json, asked))
        } else {
            Err(self.refusal(&answer, sent, &hidden))
        }
    }

    async fn look(&mut self) -> Result<bool, Error> {
        let Some(look) = &mut self.look else { return Ok(false) };
        let Some(call) = look.look().await? else { return Ok(true) };
        self.call = call;
        Ok(false)
    }
}

/// The credentials and the clock offset of a signed attempt, and its time by the uncorrected clock.
struct Sent {
    credentials: Credentials,
    clock_offset: i64,
    at: SystemTime,
}

impl SignedAttempts<'_, '_> {
    /// Returns credentials for the signature, or an error if the service has just refused them.
    async fn credentials(&mut self, clock_offset: i64) -> Result<Credentials, Failure> {
        // A corrected clock may be wrong. It must not expire credentials that are valid by the uncorrected clock,
        // because only the response to another request can correct the clock again.
        let now = self.shared.clock.now().min(self.now(clock_offset));
        let load = self.shared.credentials.get(now);
        let loaded = self.call.deadline.limit(load, Ending::NotSentForGood).await?;
        let credentials = loaded.map_err(Failure::not_sent)?;
        match self.refused.take_if(|(refused, _)| *refused == credentials) {
            Some((_, answer)) => Err(Failure::new(Ending::NotSentForGood, Error::service(answer))),
            None => Ok(credentials),
        }
    }

    fn sign<'h>(
        &'h self,
        credentials: &Credentials,
        clock_offset: i64,
        hidden: &'h Hidden,
    ) -> Result<SignedRequest<'h>, Problem> {
        let Call { method, url, body, .. } = &self.call;
        let mut headers = vec![(USER_AGENT, self.shared.user_agent.clone())];
        let mut signable =
            Signable { method, url, headers: &[], body: body.as_deref().unwrap_or_default() };
        if body.is_some() {
            headers.push((CONTENT_TYPE, HeaderValue::from_static(JSON)));
            signable.headers = &[("content-type", JSON)];
        }
        let region = &self.shared.endpoint.signing_region;
        let signed = sign(signable, credentials, region, self.now(clock_offset))?;
        headers
            .extend(signed.into_iter().map(|(name, value)| (HeaderName::from_static(name), value)));
        Ok(SignedRequest { method: method.clone(), url, headers, body: body.as_deref(), hidden })
    }

    /// Reads an error response, and tries to replace the time or the credentials if the service refused them.
    fn refusal(&mut self, answer: &Answer, sent: Sent, hidden: &Hidden) -> Failure {
        let said = answer.error(hidden);
        let ending = Ending::of_answer(answer.status, said.code.as_deref());
        let retry_after = answer.retry_after(self.now(sent.clock_offset));
        let is_corrected = match ending {
            Ending::SignatureRefused => self.correct_clock(answer, &sent),
            Ending::CredentialsRefused => {
                self.shared.credentials.invalidate(&sent.credentials);
                self.refused = Some((sent.credentials, said.clone()));
                true
            }
            _ => false,
        };
        Failure { retry_after, is_corrected, ..Failure::new(ending, Error::service(said)) }
    }

    /// Returns the values that no error may show, even if the service quotes them.
    fn hidden(&self, credentials: &Credentials) -> Hidden {
        let secrets = [Some(credentials.secret_access_key()), credentials.session_token()];
        let secrets: Vec<Sensitive> = secrets.into_iter().flatten().map(Sensitive::from).collect();
        Hidden::new(self.call.sensitive.iter().chain(&secrets)).and_names(&self.call.user_names)
    }

    /// Sets the clock by the date of a response, and returns `true` if the request was signed with a wrong time.
    fn correct_clock(&self, answer: &Answer, sent: &Sent) -> bool {
        let clock = &self.shared.clock;
        answer.date().is_some_and(|date| clock.learn(sent.clock_offset, date, sent.at, clock.now()))
    }

    /// Returns the time by the clock of the service, which is `clock_offset` seconds ahead.
    fn now(&self, clock_offset: i64) -> SystemTime {
        corrected(self.shared.clock.now(), clock_offset)
    }
}

/// Reads a response with a success status. The call may have succeeded even if the body cannot be read.
fn read(
    answer: &Answer,
    hidden: &Hidden,
    read_body: &mut dyn FnMut(&str) -> Result<(), Problem>,
) -> Result<(u16, Option<String>), Failure> {
    match problem(answer, hidden, read_body) {
        None => Ok((answer.status, answer.request_id(hidden))),
        Some(problem) => {
            let error = Error::new(problem).with_answer(answer.answered(hidden));
            Err(Failure::new(Ending::MayHaveRun, error))
        }
    }
}

/// Checks that a response with a success status is a response of the operation, and returns the problem otherwise.
fn problem(
    answer: &Answer,
    hidden: &Hidden,
    read_body: &mut dyn FnMut(&str) -> Result<(), Problem>,
) -> Option<Problem> {
    if answer.has_error_type() {
        let code = answer.answered(hidden).code;
        return Some(Problem::ErrorInSuccess(code.unwrap_or_else(|| "unreadable".to_owned())));
    }
    let Ok(json) = std::str::from_utf8(&answer.body) else { return Some(Problem::NotUtf8) };
    read_body(json).err()
}

/// The time when a call must end, if it has a time limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    at: Option<Instant>,
    /// The time limit of the whole call.
    timeout: Duration,
}

impl Deadline {
    pub(crate) fn after(timeout: Option<Duration>) -> Self {
        let at = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        Self { at, timeout: timeout.unwrap_or(Duration::MAX) }
    }

    /// Returns the output of the future, or ends the attempt with `ending` at the deadline.
    async fn limit<T>(self, future: impl Future<Output = T>, ending: Ending) -> Result<T, Failure> {
        let Some(at) = self.at else { return Ok(future.await) };
        tokio::time::timeout_at(at, future)
            .await
            .map_err(|_| Failure::new(ending, Error::new(Problem::OperationTimeout(self.timeout))))
    }
}
