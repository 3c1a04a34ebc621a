//! The settings of a client.

use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use reqwest::header::HeaderValue;

use crate::call::clock::Clock;
use crate::call::credentials::CredentialsCache;
use crate::call::retry::{RetryBudget, RetryConfig};
use crate::call::shared::Shared;
use crate::call::transport::Transport;
use crate::client::Client;
use crate::endpoint::EndpointSettings;
use crate::environment;
use crate::error::Error;
#[cfg(feature = "aws-types")]
use crate::sdk_config;

/// The time for connecting, if nothing else is said.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_millis(3_100);

/// The time for one attempt, if nothing else is said.
pub(crate) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// The longest name of a program, in characters.
pub(crate) const MAX_APP_NAME: usize = 50;

/// The settings that a [`Client`] is made with; see [`Client::builder`].
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
    endpoint: EndpointSettings,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    operation_timeout: Option<Duration>,
    retry: RetryConfig,
    app_name: Option<String>,
    http_client: Option<reqwest::ClientBuilder>,
    clock: Clock,
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            credentials_provider: None,
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

    /// Starts with what environment variables say, as the AWS SDKs name them.
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` | the credentials; required |
    /// | `AWS_SESSION_TOKEN` | the session token of temporary credentials |
    /// | `AWS_REGION`, else `AWS_DEFAULT_REGION` | the region; `us-east-1` if neither is set |
    /// | `AWS_ENDPOINT_URL_CHIME`, else `AWS_ENDPOINT_URL` | another endpoint than the region's |
    /// | `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` | `true`: the two above do not count |
    /// | `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT` | `true`: the endpoint of that kind |
    /// | `AWS_MAX_ATTEMPTS` | how often a call is tried; 1 or more |
    ///
    /// A variable that is set to nothing counts as not set. Profiles, instance
    /// roles and the like are not looked at: for those, load them with `aws-config` and
    /// start with `from_sdk_config` (feature `aws-types`), or hand any
    /// [`ProvideCredentials`](crate::ProvideCredentials) to the builder.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), naming the
    /// variable that is missing or malformed.
    pub fn from_env() -> Result<Self, Error> {
        environment::builder(|name| std::env::var_os(name))
    }

    /// Starts with what a configuration says that AWS's SDKs share, as `aws-config` loads it.
    ///
    /// | setting | what becomes of it |
    /// |---|---|
    /// | credentials provider | [`credentials_provider`](Self::credentials_provider); without one, it is yours to set |
    /// | region | [`region`](Self::region); `us-east-1` if there is none |
    /// | endpoint URL | [`endpoint_url`](Self::endpoint_url): the one that the program gave to the loader, else that of Chime, else the general one |
    /// | FIPS, dual-stack | [`use_fips`](Self::use_fips), [`use_dual_stack`](Self::use_dual_stack); with an endpoint URL, [`build`](Self::build) fails |
    /// | retries | [`retry`](Self::retry), with the attempts and both backoffs; the adaptive mode counts as the standard one |
    /// | timeouts for connecting, an attempt, an operation | the timeouts of the same names. What is not set stays at this builder's default, what is disabled is unlimited, and with zero [`build`](Self::build) fails |
    /// | app name | [`app_name`](Self::app_name), cut off after 50 characters |
    /// | time source | the time that requests are signed with, and that credentials expire by |
    ///
    /// The endpoint URL of Chime is, as `aws-config` has it, the first of `AWS_ENDPOINT_URL_CHIME`,
    /// `AWS_ENDPOINT_URL`, `endpoint_url` under `chime` in the `services` section of the profile, and
    /// `endpoint_url` of the profile, unless configured endpoint URLs are to be ignored. With one that is
    /// empty, [`build`](Self::build) fails. If it is plain `http` to another machine, it must be
    /// [allowed](Self::allow_plain_http).
    ///
    /// `aws-config` always gives a retry configuration, with an initial backoff of 1 s unless the
    /// program sets another: that counts then, and not the 50 ms of [`RetryConfig::standard`].
    ///
    /// These do not count:
    ///
    /// - the adaptive retry mode's limit on the rate of calls, the reconnect mode, and `AWS_NEW_RETRIES_2026`;
    /// - the read timeout: the attempt's timeout has that part in it;
    /// - the sleep implementation: it is always Tokio's;
    /// - the HTTP client and the stalled-stream protection: see [`http_client_builder`](Self::http_client_builder)
    ///   and [`attempt_timeout`](Self::attempt_timeout);
    /// - the identity cache: credentials are kept as [`credentials_provider`](Self::credentials_provider) says;
    /// - that the correction of a wrong clock is disabled: it would only be made after a request was
    ///   refused for its time;
    /// - what Chime has no use for: the token provider, preferences for authentication schemes, `SigV4a` regions,
    ///   account-based endpoints, compression, checksums, the protocol;
    /// - the behavior version and the framework metadata.
    ///
    /// ```
    /// use amazon_chime::aws_types::{SdkConfig, region::Region};
    /// use amazon_chime::{ClientBuilder, local::LocalChime};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let chime = LocalChime::start()?;
    /// // With aws-config: `let config = aws_config::load_defaults(BehaviorVersion::latest()).await;`
    /// let config = SdkConfig::builder().region(Region::new("us-east-1")).build();
    ///
    /// // The program's own settings come last, and count.
    /// let client = ClientBuilder::from_sdk_config(&config)
    ///     .credentials_provider(chime.credentials())
    ///     .endpoint_url(chime.endpoint_url())
    ///     .build()?;
    /// client.list_accounts().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "aws-types")]
    pub fn from_sdk_config(config: &aws_types::SdkConfig) -> Self {
        sdk_config::builder(config)
    }

    /// Where credentials come from: fixed [`Credentials`](crate::Credentials),
    /// or any provider, such as the one of `aws-config`. Required.
    ///
    /// They are kept until shortly before they expire, or until the service
    /// refuses them; then the provider is asked again, by one call at a time and for 5 s at most.
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials + 'static) -> Self {
        self.credentials_provider = Some(SharedCredentialsProvider::new(provider));
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
        let provider = self.credentials_provider.ok_or_else(|| {
            Error::configuration(
                "no credentials: set credentials_provider, which an SdkConfig does if it has one, \
                 or make the client with Client::from_env",
            )
        })?;
        let timeouts = [
            ("connect_timeout", Some(self.connect_timeout)),
            ("attempt_timeout", Some(self.attempt_timeout)),
            ("operation_timeout", self.operation_timeout),
        ];
        for (name, timeout) in timeouts {
            if timeout.is_some_and(|timeout| timeout.is_zero()) {
                return Err(Error::configuration(format!("{name} is zero: no call could succeed")));
            }
        }
        let endpoint = self.endpoint.resolve()?;
        // An attempt that cannot connect must say so before its time is over.
        let shortest = self.attempt_timeout.min(self.operation_timeout.unwrap_or(Duration::MAX));
        let connect_timeout = self.connect_timeout.min(shortest.mul_f64(0.9));
        Ok(Client::new(Shared {
            transport: Transport::new(self.http_client, &endpoint, connect_timeout)?,
            endpoint,
            credentials: Arc::new(CredentialsCache::new(provider)),
            user_agent: user_agent(self.app_name.as_deref())?,
            attempt_timeout: self.attempt_timeout,
            operation_timeout: self.operation_timeout,
            retry: self.retry,
            budget: RetryBudget::new(),
            clock: self.clock,
        }))
    }
}

/// Shows neither the provider nor the endpoint, which may have secrets in them.
impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("region", &self.endpoint.region)
            .field("connect_timeout", &self.connect_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("operation_timeout", &self.operation_timeout)
            .field("retry", &self.retry)
            .field("app_name", &self.app_name)
            .finish_non_exhaustive()
    }
}

fn user_agent(app_name: Option<&str>) -> Result<HeaderValue, Error> {
    let mut text =
        concat!("amazon-chime-rust/", env!("CARGO_PKG_VERSION"), " lang/rust").to_owned();
    if let Some(name) = app_name {
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if name.is_empty() || name.len() > MAX_APP_NAME || !name.chars().all(is_token) {
            return Err(Error::configuration(
                "app_name must have 1 to 50 letters, digits and characters of !#$%&'*+-.^_`|~",
            ));
        }
        text.push_str(" app/");
        text.push_str(name);
    }
    HeaderValue::try_from(text)
        .map_err(|error| Error::configuration("the user agent is malformed").with_source(error))
}
