//! HTTP, by reqwest. The only place that knows its errors.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{ClientBuilder, Method, Proxy, redirect, retry};

use crate::call::retry::Ending;
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};

/// The longest body of an answer that is read.
pub(crate) const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// Shorter than what servers keep idle connections for, so that a request
/// rarely meets a connection that is just being closed.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(15);

pub(crate) struct Transport(reqwest::Client);

/// A request, signed and ready to be sent.
pub(crate) struct SignedRequest<'a> {
    pub(crate) method: Method,
    pub(crate) url: &'a str,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Option<&'a str>,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// An attempt without an answer, or with half of one.
pub(crate) struct Broken {
    pub(crate) ending: Ending,
    pub(crate) error: Error,
}

impl Transport {
    /// Makes the client, from the user's own builder if there is one.
    pub(crate) fn new(
        builder: Option<ClientBuilder>,
        endpoint: &Endpoint,
        connect_timeout: Duration,
    ) -> Result<Self, Error> {
        tls::check(endpoint, builder.is_some())?;
        let builder = match builder {
            // Any proxy of the builder's own, even one that matches nothing, turns
            // the environment's off; those that the user set stay in force.
            Some(builder) if endpoint.is_direct => {
                builder.proxy(Proxy::custom(|_| None::<reqwest::Url>))
            }
            Some(builder) => builder,
            None => own_builder(endpoint),
        };
        let builder = builder
            .connect_timeout(connect_timeout)
            // A redirect would carry the signature and the session token to another host.
            .redirect(redirect::Policy::none())
            // Only this crate knows what may be sent twice.
            .retry(retry::never());
        builder.build().map(Self).map_err(|error| {
            let problem = "the HTTP client could not be set up; if the system has no CA \
                           certificates, install them (package ca-certificates) or give \
                           http_client_builder root certificates of your own";
            Error::configuration(format!("{problem}: {}", root_cause(&error))).with_source(error)
        })
    }

    /// Sends a request once and reads the answer, all within `timeout`.
    pub(crate) async fn send(
        &self,
        request: SignedRequest<'_>,
        timeout: Duration,
    ) -> Result<Answer, Broken> {
        tokio::time::timeout(timeout, self.exchange(request)).await.unwrap_or_else(|_| {
            let problem = format!("no complete answer within the {timeout:?} for one attempt");
            Err(Broken {
                ending: Ending::MayHaveRun,
                error: Error::new(ErrorKind::Timeout, problem),
            })
        })
    }

    async fn exchange(&self, request: SignedRequest<'_>) -> Result<Answer, Broken> {
        let mut builder = self.0.request(request.method, request.url);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        if let Some(body) = request.body {
            builder = builder.body(body.to_owned());
        }
        let mut response = builder.send().await.map_err(broken)?;
        let mut answer = Answer {
            status: response.status().as_u16(),
            headers: std::mem::take(response.headers_mut()),
            body: Vec::new(),
        };
        if let Err(Broken { ending, error }) = read_body(response, &mut answer.body).await {
            return Err(Broken { ending, error: error.with_answer(answer.answered()) });
        }
        Ok(answer)
    }
}

fn own_builder(endpoint: &Endpoint) -> ClientBuilder {
    let builder = reqwest::Client::builder().pool_idle_timeout(POOL_IDLE_TIMEOUT);
    let builder = tls::configure(builder, endpoint);
    if endpoint.is_direct { builder.no_proxy() } else { builder }
}

/// Reads a body to its end, unless that is too far.
async fn read_body(mut response: reqwest::Response, body: &mut Vec<u8>) -> Result<(), Broken> {
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            let problem = format!("the answer is longer than {} MiB", MAX_ANSWER_BYTES >> 20);
            let error = Error::new(ErrorKind::UnreadableAnswer, problem);
            return Err(Broken { ending: Ending::MayHaveRunForGood, error });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(())
}

/// What became of a request whose exchange broke: it never reached the service
/// only if there was no connection to send it on.
fn broken(error: reqwest::Error) -> Broken {
    let error = error.without_url();
    let (ending, what) = if error.is_builder() {
        (Ending::NotSentForGood, "not sent: the HTTP client refuses the request")
    } else if error.is_connect() {
        (Ending::NeverSent, "the service could not be reached")
    } else {
        (Ending::MayHaveRun, "the connection broke before the answer was complete")
    };
    let (kind, cause) = if error.is_timeout() {
        (ErrorKind::Timeout, "it took too long".to_owned())
    } else {
        (ErrorKind::Connection, root_cause(&error))
    };
    let error = Error::new(kind, format!("{what}: {cause}")).with_source(error);
    Broken { ending, error }
}

/// The innermost error, which is the one that says what happened.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

mod tls {
    use reqwest::ClientBuilder;

    use super::{Endpoint, Error};

    /// Which TLS is used, whatever else in the dependency tree turns on in reqwest.
    pub(super) fn configure(builder: ClientBuilder, endpoint: &Endpoint) -> ClientBuilder {
        #[cfg(any(feature = "rustls", feature = "rustls-no-provider"))]
        let builder = builder.tls_backend_rustls();
        #[cfg(all(
            feature = "native-tls",
            not(any(feature = "rustls", feature = "rustls-no-provider"))
        ))]
        let builder = builder.tls_backend_native();
        if endpoint.is_https { builder } else { plain_http(builder) }
    }

    /// Plain HTTP needs no CA certificates, so it works where there are none.
    fn plain_http(builder: ClientBuilder) -> ClientBuilder {
        #[cfg(any(feature = "rustls", feature = "native-tls", feature = "rustls-no-provider"))]
        let builder = builder.tls_certs_only([]);
        #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls"), feature = "local"))]
        let builder = match local_tls() {
            Some(tls) => builder.tls_backend_preconfigured(tls),
            None => builder,
        };
        builder
    }

    /// A provider that is missing would make reqwest panic.
    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
    pub(super) fn check(endpoint: &Endpoint, is_own_builder: bool) -> Result<(), Error> {
        let needs_none = cfg!(feature = "local") && !endpoint.is_https && !is_own_builder;
        if needs_none || rustls::crypto::CryptoProvider::get_default().is_some() {
            return Ok(());
        }
        Err(Error::configuration(
            "no rustls crypto provider is installed, as the feature `rustls-no-provider` asks \
             for: install one first, for example with \
             rustls::crypto::ring::default_provider().install_default(), or use the feature `rustls`",
        ))
    }

    #[cfg(any(
        feature = "rustls",
        all(feature = "native-tls", not(feature = "rustls-no-provider"))
    ))]
    #[allow(clippy::unnecessary_wraps, reason = "with other features it can fail")]
    pub(super) fn check(_: &Endpoint, _: bool) -> Result<(), Error> {
        Ok(())
    }

    #[cfg(not(any(feature = "rustls", feature = "native-tls", feature = "rustls-no-provider")))]
    pub(super) fn check(endpoint: &Endpoint, is_own_builder: bool) -> Result<(), Error> {
        if is_own_builder || !endpoint.is_https {
            return Ok(());
        }
        Err(Error::configuration(
            "https needs TLS: turn on one of the features `rustls`, `native-tls` and \
             `rustls-no-provider` of amazon-chime",
        ))
    }

    /// TLS that trusts nobody and is never used: reqwest must have some.
    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls"), feature = "local"))]
    fn local_tls() -> Option<rustls::ClientConfig> {
        let provider = rustls::crypto::ring::default_provider();
        let config = rustls::ClientConfig::builder_with_provider(provider.into());
        let config = config.with_safe_default_protocol_versions().ok()?;
        Some(config.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth())
    }
}
