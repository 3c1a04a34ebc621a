use std::time::Duration;

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use reqwest::header::HeaderValue;

use crate::call::{Clock, RetryConfig, Settings, Shared};
use crate::client::Client;
use crate::endpoint::EndpointSettings;
use crate::error::Error;
use crate::problem::ConfigurationProblem;

/// The default time limit for connecting.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_millis(3_100);

/// The default time limit for one attempt.
pub(crate) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// The default time limit for one load of credentials.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_secs(5);

/// The maximum length of an app name, in characters.
pub(crate) const MAX_APP_NAME: usize = 50;

/// A builder of a [`Client`], from [`Client::builder`].
///
/// A builder cannot be cloned, because `reqwest::ClientBuilder` cannot. For several clients that differ only in their
/// credentials, see [`Client::with_credentials_provider`].
///
/// ```no_run
/// use std::time::Duration;
/// use amazon_chime::{Client, Credentials, RetryConfig};
///
/// # fn main() -> Result<(), amazon_chime::Error> {
/// let client = Client::builder()
///     .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "my program"))
///     .region("us-east-1")
///     .app_name("directory-sync")
///     .operation_timeout(Duration::from_secs(60))
///     .retry(RetryConfig::standard().max_attempts(5))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a builder does nothing before `build`"]
pub struct ClientBuilder {
    credentials_provider: Option<SharedCredentialsProvider>,
    credentials_timeout: Duration,
    endpoint: EndpointSettings,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    operation_timeout: Option<Duration>,
    retry: RetryConfig,
    app_name: Option<String>,
    http_client: Option<reqwest::ClientBuilder>,
    clock: Clock,
}

impl Client {
    /// Returns a builder with the default settings.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            credentials_provider: None,
            credentials_timeout: CREDENTIALS_TIMEOUT,
            endpoint: EndpointSettings {
                region: "us-east-1".to_owned(),
                url: None,
                fips: false,
                dual_stack: false,
                allow_plain_http: false,
            },
            connect_timeout: CONNECT_TIMEOUT,
            attempt_timeout: ATTEMPT_TIMEOUT,
            operation_timeout: None,
            retry: RetryConfig::standard(),
            app_name: None,
            http_client: None,
            clock: Clock::default(),
        }
    }

    /// Sets the required source of the credentials: fixed [`Credentials`](crate::Credentials), or any provider, such as
    /// the one of `aws-config`.
    ///
    /// The client keeps credentials until shortly before they expire, or until the service refuses them. Then it asks
    /// the provider for new ones, one load at a time.
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials + 'static) -> Self {
        self.credentials_provider = Some(SharedCredentialsProvider::new(provider));
        self
    }

    /// Sets the time limit for one load of credentials; 5 s by default.
    ///
    /// A call that waits longer for credentials fails with [`ErrorKind::Credentials`](crate::ErrorKind::Credentials),
    /// and nothing is sent. A provider that asks a person for an MFA code or an SSO sign-in needs a longer limit.
    ///
    /// A provider must not block its thread. If it blocks on a current-thread runtime, no timeout can end the call
    /// before the provider returns. On a multi-thread runtime, the call ends in time if another thread of the runtime
    /// is free.
    pub fn credentials_timeout(mut self, timeout: Duration) -> Self {
        self.credentials_timeout = timeout;
        self
    }

    /// Sets the AWS region; `us-east-1`, the region of Chime, by default.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.endpoint.region = region.into().to_ascii_lowercase();
        self
    }

    /// Sets the endpoint to use instead of the region's: a Chime-compatible service, or the embedded Chime, a local
    /// server that behaves like Amazon Chime.
    ///
    /// If the URL has a path, the path of each request is appended to it. The URL must not contain user information, a
    /// query or a fragment. It must be `https`, or `http` to this machine. Requests to `http` endpoints and to this
    /// machine bypass proxies that environment variables set.
    pub fn endpoint_url(mut self, url: impl Into<String>) -> Self {
        self.endpoint.url = Some(url.into());
        self
    }

    /// Sets whether an [`endpoint_url`](Self::endpoint_url) may be plain `http` to another machine, which makes session
    /// tokens and data readable on the network.
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.endpoint.allow_plain_http = allow;
        self
    }

    /// Sets whether to use the endpoint that conforms to FIPS 140; not possible with an
    /// [`endpoint_url`](Self::endpoint_url).
    pub fn use_fips(mut self, use_fips: bool) -> Self {
        self.endpoint.fips = use_fips;
        self
    }

    /// Sets whether to use the endpoint for IPv4 and IPv6; not possible with an [`endpoint_url`](Self::endpoint_url).
    pub fn use_dual_stack(mut self, use_dual_stack: bool) -> Self {
        self.endpoint.dual_stack = use_dual_stack;
        self
    }

    /// Sets the time limit for connecting; 3.1 s by default.
    ///
    /// A longer limit is reduced to 90 % of the [`attempt_timeout`](Self::attempt_timeout) or of the
    /// [`operation_timeout`](Self::operation_timeout). An attempt that exceeds this limit was certainly not sent.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the time limit for one attempt (one HTTP request), from connecting to the end of the response; 30 s by
    /// default.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets the time limit for a whole call, with credentials, all attempts and the delays between them; unlimited by
    /// default.
    pub fn operation_timeout(mut self, timeout: Duration) -> Self {
        self.operation_timeout = Some(timeout);
        self
    }

    /// Sets how often a call is tried, and the delays between attempts; [`RetryConfig::standard`] by default.
    pub fn retry(mut self, config: RetryConfig) -> Self {
        self.retry = config;
        self
    }

    /// Sets the name of your program in the user agent: 1 to 50 letters, digits and characters of ``!#$%&'*+-.^_`|~``.
    pub fn app_name(mut self, name: impl Into<String>) -> Self {
        self.app_name = Some(name.into());
        self
    }

    /// Sets the HTTP client to start from, with your own proxies, root certificates or connection pool.
    ///
    /// The TLS settings of `builder` are used. Redirects and the retries of `reqwest` are always turned off, and the
    /// connect timeout is always set. With only the TLS feature `rustls-no-provider`, install a crypto provider first.
    /// [`docs::integrating`](crate::docs::integrating) has examples.
    ///
    /// ```no_run
    /// use amazon_chime::{Client, Credentials, reqwest};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let http = reqwest::Client::builder().proxy(reqwest::Proxy::https("http://proxy.example.com:3128")?);
    /// let client = Client::builder()
    ///     .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "my program"))
    ///     .http_client_builder(http)
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn http_client_builder(mut self, builder: reqwest::ClientBuilder) -> Self {
        self.http_client = Some(builder);
        self
    }

    /// Sets the clock for signatures and for the expiry of credentials.
    #[cfg(feature = "aws-types")]
    pub(crate) fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Builds the client, without sending anything or loading credentials.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), with a text that says what to do, if a
    /// setting is missing or malformed, or if TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        self.into_settings().and_then(Shared::new).map(Client::new).map_err(Error::new)
    }

    fn into_settings(self) -> Result<Settings, ConfigurationProblem> {
        let credentials_provider =
            self.credentials_provider.ok_or(ConfigurationProblem::NoCredentials)?;
        let timeouts = [
            ("credentials_timeout", Some(self.credentials_timeout)),
            ("connect_timeout", Some(self.connect_timeout)),
            ("attempt_timeout", Some(self.attempt_timeout)),
            ("operation_timeout", self.operation_timeout),
        ];
        for (name, timeout) in timeouts {
            if timeout.is_some_and(|timeout| timeout.is_zero()) {
                return Err(ConfigurationProblem::ZeroTimeout(name));
            }
        }
        // The connect timeout must end first, so that an attempt that cannot connect is known as never sent.
        let shortest = self.attempt_timeout.min(self.operation_timeout.unwrap_or(Duration::MAX));
        Ok(Settings {
            endpoint: self.endpoint.resolve()?,
            user_agent: user_agent(self.app_name.as_deref())?,
            credentials_provider,
            credentials_timeout: self.credentials_timeout,
            http_client: self.http_client,
            connect_timeout: self.connect_timeout.min(shortest.mul_f64(0.9)),
            attempt_timeout: self.attempt_timeout,
            operation_timeout: self.operation_timeout,
            retry: self.retry,
            clock: self.clock,
        })
    }
}

/// Shows neither the provider nor the endpoint, because both may contain secrets.
impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("region", &self.endpoint.region)
            .field("credentials_timeout", &self.credentials_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("operation_timeout", &self.operation_timeout)
            .field("retry", &self.retry)
            .field("app_name", &self.app_name)
            .finish_non_exhaustive()
    }
}

fn user_agent(app_name: Option<&str>) -> Result<HeaderValue, ConfigurationProblem> {
    const AGENT: &str = concat!("amazon-chime-rust/", env!("CARGO_PKG_VERSION"), " lang/rust");
    let Some(name) = app_name else { return Ok(HeaderValue::from_static(AGENT)) };
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || name.len() > MAX_APP_NAME || !name.chars().all(is_token) {
        return Err(ConfigurationProblem::AppName);
    }
    HeaderValue::try_from(format!("{AGENT} app/{name}")).map_err(|_| ConfigurationProblem::AppName)
}
