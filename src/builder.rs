//! The settings of a client.

use std::time::Duration;

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use reqwest::header::HeaderValue;

use crate::call::{Clock, RetryConfig, Settings, Shared};
use crate::client::Client;
use crate::endpoint::EndpointSettings;
use crate::error::Error;
use crate::problem::ConfigurationProblem;

/// The time for connecting, if nothing else is said.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_millis(3_100);

/// The time for one attempt, if nothing else is said.
pub(crate) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// The time for a load of credentials, if nothing else is said.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest name of a program, in characters.
pub(crate) const MAX_APP_NAME: usize = 50;

/// The settings that a [`Client`] is made with; see [`Client::builder`].
///
/// It cannot be cloned, since `reqwest::ClientBuilder` cannot. For clients that differ in their credentials only, see
/// [`Client::with_credentials_provider`].
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

/// Making a client.
impl Client {
    /// Starts with the default settings.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }
}

/// Setting up a client.
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

    /// Where credentials come from: fixed [`Credentials`](crate::Credentials),
    /// or any provider, such as the one of `aws-config`. Required.
    ///
    /// They are kept until shortly before they expire, or until the service
    /// refuses them; then the provider is asked again, by one call at a time and for at most the
    /// [`credentials_timeout`](Self::credentials_timeout).
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials + 'static) -> Self {
        self.credentials_provider = Some(SharedCredentialsProvider::new(provider));
        self
    }

    /// The time for a load of credentials, and for the wait of each call for them; 5 s by default.
    ///
    /// A provider that asks a person, for an MFA code or for a sign-in by SSO, needs longer.
    ///
    /// A call that waits longer than this fails with
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials), and nothing is sent.
    ///
    /// A provider must not block its thread. If it does on a current-thread runtime, neither this
    /// timeout nor any other can end the call before the provider returns. On a multi-thread runtime
    /// the call ends in time as long as another thread of the runtime is free.
    pub fn credentials_timeout(mut self, timeout: Duration) -> Self {
        self.credentials_timeout = timeout;
        self
    }

    /// The AWS region; `us-east-1` by default, which is where Chime lives.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.endpoint.region = region.into().to_ascii_lowercase();
        self
    }

    /// Another endpoint than the region's: a Chime-compatible service, or the embedded one.
    ///
    /// A path in it comes before that of each request. It must have neither
    /// user information nor query nor fragment, and be `https`, or `http` to
    /// this machine. Requests to plain-http and loopback endpoints bypass the
    /// proxies that the environment names.
    pub fn endpoint_url(mut self, url: impl Into<String>) -> Self {
        self.endpoint.url = Some(url.into());
        self
    }

    /// Allows an [`endpoint_url`](Self::endpoint_url) that is plain `http` to
    /// another machine. Session tokens and data are readable on the way.
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.endpoint.allow_plain_http = allow;
        self
    }

    /// Uses the endpoint that conforms to FIPS 140. Excludes [`endpoint_url`](Self::endpoint_url).
    pub fn use_fips(mut self, use_fips: bool) -> Self {
        self.endpoint.fips = use_fips;
        self
    }

    /// Uses the endpoint for IPv4 and IPv6. Excludes [`endpoint_url`](Self::endpoint_url).
    pub fn use_dual_stack(mut self, use_dual_stack: bool) -> Self {
        self.endpoint.dual_stack = use_dual_stack;
        self
    }

    /// The time for connecting; 3.1 s by default. It is kept below the other two timeouts, since an
    /// attempt that cannot connect was certainly not sent, and can be told so.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The time for one attempt, connecting and reading the answer included; 30 s by default.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// The time for a whole call, with waiting for credentials, all attempts
    /// and the delays between them; unlimited by default.
    pub fn operation_timeout(mut self, timeout: Duration) -> Self {
        self.operation_timeout = Some(timeout);
        self
    }

    /// How often and how patiently a call is tried; [`RetryConfig::standard`] by default.
    pub fn retry(mut self, config: RetryConfig) -> Self {
        self.retry = config;
        self
    }

    /// The name of your program in the user agent: 1 to 50 letters, digits and
    /// characters of ``!#$%&'*+-.^_`|~``.
    pub fn app_name(mut self, name: impl Into<String>) -> Self {
        self.app_name = Some(name.into());
        self
    }

    /// The HTTP client to start from, with your own proxies, root certificates or pool.
    ///
    /// In any case redirects and reqwest's own re-sending are switched off, and
    /// the connect timeout is set. The choice of TLS is the builder's. With the feature
    /// `rustls-no-provider`
    /// alone, a crypto provider must be installed first.
    /// [`docs::integrating`](crate::docs::integrating) has more on it, and root certificates.
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

    /// Where the time comes from that requests are signed with, and credentials expire by.
    #[cfg(feature = "aws-types")]
    pub(crate) fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Makes the client. Sends nothing, and asks for no credentials yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if a
    /// setting is missing or malformed, or if TLS cannot be set up: it says
    /// what to do.
    pub fn build(self) -> Result<Client, Error> {
        self.into_settings().and_then(Shared::new).map(Client::new).map_err(Error::new)
    }

    /// Checks the settings and adds what follows from them.
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
        // An attempt that cannot connect must say so before its time is over.
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

/// Shows neither the provider nor the endpoint, which may have secrets in them.
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
