//! HTTP with reqwest. Only this file classifies the errors of reqwest.

use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{ClientBuilder, Method, Proxy, redirect, retry};

use crate::call::answer::Answer;
use crate::call::redact::Hidden;
use crate::call::retry::{Ending, Failure};
use crate::call::tls;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::problem::{ConfigurationProblem, Problem};

/// The maximum length of a response body: twice a page of 200 users with texts of maximum length.
/// In memory a body takes up to 35 times its length, if it is a list of empty objects.
const MAX_ANSWER_BYTES: usize = 4 * 1024 * 1024;

/// How long idle connections are kept: shorter than servers keep them, so that a server rarely closes a connection
/// while a request begins.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(15);

#[derive(Clone)]
pub(super) struct Transport(reqwest::Client);

pub(super) struct SignedRequest<'a> {
    pub(super) method: Method,
    pub(super) url: &'a str,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Option<&'a str>,
    /// The values that no error may show.
    pub(super) hidden: &'a Hidden,
}

impl Transport {
    /// Creates the HTTP client, from the builder that the user set or from the default builder.
    pub(super) fn new(
        custom_builder: Option<ClientBuilder>,
        endpoint: &Endpoint,
        connect_timeout: Duration,
    ) -> Result<Self, ConfigurationProblem> {
        tls::check(endpoint, custom_builder.is_some())?;
        let builder = match custom_builder {
            // Any proxy on a builder, even one that matches nothing, turns off the proxies of the environment. The
            // proxies that the user set stay.
            Some(builder) if endpoint.is_direct => {
                builder.proxy(Proxy::custom(|_| None::<reqwest::Url>))
            }
            Some(builder) => builder,
            None => default_builder(endpoint),
        };
        let builder = builder
            .connect_timeout(connect_timeout)
            // A redirect would send the signature and the session token to another host.
            .redirect(redirect::Policy::none())
            // Only this crate knows which requests may be sent twice.
            .retry(retry::never());
        builder.build().map(Self).map_err(ConfigurationProblem::HttpClient)
    }

    /// Sends a request once and reads the response, all within `timeout`.
    pub(super) async fn send(
        &self,
        request: SignedRequest<'_>,
        timeout: Duration,
    ) -> Result<Answer, Failure> {
        tokio::time::timeout(timeout, self.exchange(request)).await.unwrap_or_else(|_| {
            Err(Failure::new(Ending::MayHaveRun, Error::new(Problem::AttemptTimeout(timeout))))
        })
    }

    async fn exchange(&self, request: SignedRequest<'_>) -> Result<Answer, Failure> {
        let mut builder = self.0.request(request.method, request.url);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        if let Some(body) = request.body {
            builder = builder.body(body.to_owned());
        }
        let mut response = builder.send().await.map_err(broken)?;
        let status = response.status().as_u16();
        let mut answer = Answer::new(status, std::mem::take(response.headers_mut()), Vec::new());
        if let Err(failure) = read_body(response, &mut answer.body).await {
            let error = failure.error.with_answer(answer.answered(request.hidden));
            return Err(Failure { error, ..failure });
        }
        Ok(answer)
    }
}

fn default_builder(endpoint: &Endpoint) -> ClientBuilder {
    let builder = reqwest::Client::builder().pool_idle_timeout(POOL_IDLE_TIMEOUT);
    let builder = tls::configure(builder, endpoint);
    if endpoint.is_direct { builder.no_proxy() } else { builder }
}

/// Reads a body to its end, unless it is too long.
async fn read_body(mut response: reqwest::Response, body: &mut Vec<u8>) -> Result<(), Failure> {
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            let error = Error::new(Problem::AnswerTooLong { limit: MAX_ANSWER_BYTES });
            return Err(Failure::new(Ending::MayHaveRunForGood, error));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(())
}

/// Returns how an attempt with an error of reqwest ended. Only an attempt without a connection certainly never reached
/// the service.
fn broken(error: reqwest::Error) -> Failure {
    let error = error.without_url();
    let (ending, problem): (_, fn(_) -> _) = match (error.is_timeout(), error.is_connect()) {
        _ if error.is_builder() => (Ending::NotSentForGood, Problem::RefusedByHttpClient),
        (true, true) => (Ending::NeverSent, Problem::ConnectTimeout),
        (false, true) => (Ending::NeverSent, Problem::Unreachable),
        (true, false) => (Ending::MayHaveRun, Problem::HttpClientTimeout),
        // The connection had accepted the request, so the request may have been sent.
        (false, false) if has_lost_runtime(&error) => (Ending::MayHaveRun, Problem::LostRuntime),
        (false, false) => (Ending::MayHaveRun, Problem::BrokenConnection),
    };
    Failure::new(ending, Error::new(problem(error)))
}

/// Returns `true` if the runtime of the connection has ended, which hyper reports only as a text.
fn has_lost_runtime(error: &reqwest::Error) -> bool {
    let first: &dyn std::error::Error = error;
    std::iter::successors(Some(first), |error| error.source())
        .any(|error| error.to_string() == "runtime dropped the dispatch task")
}
