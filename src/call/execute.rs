//! The one orchestration of a call: credentials, sign, send, classify, decode.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderName, HeaderValue, USER_AGENT};
use tokio::time::Instant;

use crate::call::clock::corrected;
use crate::call::retry::{Ending, RetryConfig};
use crate::call::retry_loop::{Attempts, Failure, Policy, retry_loop};
use crate::call::shared::Shared;
use crate::call::sign::{Signable, sign};
use crate::call::transport::{Answer, SignedRequest};
use crate::error::{Error, ErrorKind};
use crate::sensitive::Sensitive;

const JSON: &str = "application/json";

/// A call, validated and encoded.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) body: Option<String>,
    /// What of the request no error may show.
    pub(crate) sensitive: Vec<Sensitive>,
    /// Whether it may be sent again after it may have run.
    pub(crate) may_repeat: bool,
    /// Whether its caller may make it again after it may have run.
    pub(crate) is_repeatable: bool,
    pub(crate) retry: RetryConfig,
    pub(crate) attempt_timeout: Duration,
    pub(crate) operation_timeout: Option<Duration>,
}

/// What is known of a call that succeeded, beyond its output.
#[derive(Debug)]
pub(crate) struct Success {
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    pub(crate) attempts: u32,
}

/// Takes the body of a success.
pub(crate) type Decode<'a> = &'a mut (dyn FnMut(&str) -> Result<(), serde_json::Error> + Send);

/// Makes the call, with as many attempts as are safe and may help.
pub(crate) async fn execute(
    shared: &Shared,
    call: &Call,
    decode: Decode<'_>,
) -> Result<Success, Error> {
    let deadline = call.operation_timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    let policy = Policy {
        config: &call.retry,
        budget: &shared.budget,
        may_repeat: call.may_repeat,
        is_repeatable: call.is_repeatable,
        deadline,
    };
    let attempts = SignedAttempts { shared, call, deadline, decode, refused: None };
    let (answer, attempts) = retry_loop(policy, attempts).await?;
    Ok(Success { status: answer.status, request_id: answer.request_id(), attempts })
}

/// The attempts of one call, each signed anew.
struct SignedAttempts<'a> {
    shared: &'a Shared,
    call: &'a Call,
    deadline: Option<Instant>,
    decode: Decode<'a>,
    /// Credentials that the service refused, and the error that it gave.
    refused: Option<(Credentials, Error)>,
}

impl Attempts for SignedAttempts<'_> {
    type Output = Answer;

    async fn next(&mut self) -> Result<Answer, Failure> {
        let clock = &self.shared.clock;
        let clock_offset = clock.offset();
        let now = || corrected(clock.now(), clock_offset);

        // A corrected clock may be wrong, too: that must not expire credentials which are
        // valid by this machine's, for only an answer can correct it again.
        let expiring = clock.now().min(now());
        let not_sent = |error| Failure::new(Ending::NotSentForGood, error);
        let credentials = within(self.deadline, self.shared.credentials.get(expiring)).await;
        let credentials =
            credentials.ok_or_else(|| not_sent(self.out_of_time()))?.map_err(not_sent)?;
        if let Some((_, error)) = self.refused.take_if(|(refused, _)| *refused == credentials) {
            return Err(not_sent(error));
        }
        let request = self.sign(&credentials, now()).map_err(not_sent)?;

        let sent = clock.now();
        let answer =
            within(self.deadline, self.shared.transport.send(request, self.call.attempt_timeout))
                .await;
        let answer = answer
            .ok_or_else(|| Failure::new(Ending::MayHaveRunForGood, self.out_of_time()))?
            .map_err(|broken| Failure::new(broken.ending, broken.error))?;

        if answer.is_success() {
            return read(answer, self.decode);
        }
        let mut sensitive = self.call.sensitive.clone();
        sensitive.push(credentials.secret_access_key().into());
        sensitive.extend(credentials.session_token().map(Sensitive::from));
        let refusal = || refusal(&answer, &sensitive, now());
        let mut failure = refusal();
        failure.is_mended = match failure.ending {
            Ending::SignatureRefused => {
                let date = answer.headers.get(DATE).and_then(|date| date.to_str().ok());
                let learn = |date| clock.learn(clock_offset, date, sent, clock.now());
                date.is_some_and(learn)
            }
            Ending::CredentialsRefused => {
                self.shared.credentials.invalidate(&credentials);
                self.refused = Some((credentials, refusal().error));
                true
            }
            _ => false,
        };
        Err(failure)
    }
}

impl SignedAttempts<'_> {
    fn sign(
        &self,
        credentials: &Credentials,
        time: SystemTime,
    ) -> Result<SignedRequest<'_>, Error> {
        let Call { method, url, body, .. } = self.call;
        let mut headers = vec![(USER_AGENT, self.shared.user_agent.clone())];
        let mut signable =
            Signable { method, url, headers: &[], body: body.as_deref().unwrap_or_default() };
        if body.is_some() {
            headers.push((CONTENT_TYPE, HeaderValue::from_static(JSON)));
            signable.headers = &[("content-type", JSON)];
        }
        let signed = sign(signable, credentials, &self.shared.endpoint.signing_region, time)?;
        headers
            .extend(signed.into_iter().map(|(name, value)| (HeaderName::from_static(name), value)));
        Ok(SignedRequest { method: method.clone(), url, headers, body: body.as_deref() })
    }

    fn out_of_time(&self) -> Error {
        Error::deadline(self.call.operation_timeout.unwrap_or_default())
    }
}

/// What the future gives, unless the deadline passes first.
async fn within<T>(deadline: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    match deadline {
        Some(deadline) => tokio::time::timeout_at(deadline, future).await.ok(),
        None => Some(future.await),
    }
}

/// Reads a success. One that cannot be read may well have been one.
fn read(answer: Answer, decode: Decode<'_>) -> Result<Answer, Failure> {
    let decoded = match std::str::from_utf8(&answer.body) {
        // serde_json's own message quotes values, e-mail addresses among them.
        Ok(json) => decode(json).map_err(|error| {
            let (category, line, column) = (error.classify(), error.line(), error.column());
            format!("{category:?} error in its JSON at line {line}, column {column}")
        }),
        Err(_) => Err("it is not UTF-8".to_owned()),
    };
    let Err(problem) = decoded else { return Ok(answer) };
    let problem = format!("the answer says success but cannot be read: {problem}");
    let error = Error::new(ErrorKind::UnreadableAnswer, problem).with_answer(answer.answered());
    Err(Failure::new(Ending::MayHaveRun, error))
}

fn refusal(answer: &Answer, sensitive: &[Sensitive], now: SystemTime) -> Failure {
    let answered = answer.error(sensitive);
    let ending = Ending::of_answer(answer.status, answered.code.as_deref());
    Failure {
        retry_after: answer.retry_after(now),
        ..Failure::new(ending, Error::service(answered))
    }
}
