//! Clients from an `SdkConfig`, the configuration that the AWS SDKs share.

use std::time::Duration;

use aws_types::SdkConfig;
use aws_types::sdk_config::{RetryConfig as SdkRetryConfig, TimeoutConfig};
use aws_types::service_config::ServiceConfigKey;

use crate::builder::{ATTEMPT_TIMEOUT, CONNECT_TIMEOUT, ClientBuilder, MAX_APP_NAME};
use crate::call::{Clock, RetryConfig};
use crate::client::Client;
use crate::error::Error;

impl Client {
    /// Creates a client from the configuration of the AWS SDKs, which `aws-config` loads from profiles, SSO, roles,
    /// containers and instances. [`ClientBuilder::from_sdk_config`] lists the settings that have an effect.
    ///
    /// ```
    /// use amazon_chime::Client;
    /// use amazon_chime::aws_types::{SdkConfig, sdk_config::SharedCredentialsProvider};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let chime = amazon_chime::local::LocalChime::start()?;
    /// // With aws-config: `let config = aws_config::load_defaults(BehaviorVersion::latest()).await;`
    /// let config = SdkConfig::builder()
    ///     .credentials_provider(SharedCredentialsProvider::new(chime.credentials()))
    ///     .endpoint_url(chime.endpoint_url())
    ///     .build();
    ///
    /// let client = Client::from_sdk_config(&config)?;
    /// client.list_accounts().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`ClientBuilder::build`], for example if the configuration has no credentials provider.
    pub fn from_sdk_config(config: &SdkConfig) -> Result<Self, Error> {
        ClientBuilder::from_sdk_config(config).build()
    }
}

impl ClientBuilder {
    /// Creates a builder from the configuration of the AWS SDKs, which `aws-config` loads.
    ///
    /// | setting | effect |
    /// |---|---|
    /// | credentials provider | sets the [`credentials_provider`](Self::credentials_provider); without one, set it on the builder |
    /// | region | sets the [`region`](Self::region); `us-east-1` if there is none |
    /// | endpoint URL | sets the [`endpoint_url`](Self::endpoint_url): the URL that the program gave to the loader, else the first configured URL, see below |
    /// | FIPS, dual-stack | sets [`use_fips`](Self::use_fips), [`use_dual_stack`](Self::use_dual_stack); [`build`](Self::build) fails if there is also an endpoint URL |
    /// | retries | sets [`retry`](Self::retry), with the attempts and both backoffs; the adaptive mode has the effect of the standard mode |
    /// | timeouts for connecting, an attempt, an operation | sets the timeouts of the same names. A missing timeout has this builder's default. A disabled timeout is unlimited. [`build`](Self::build) fails for a timeout of zero |
    /// | app name | sets the [`app_name`](Self::app_name), cut off after 50 characters |
    /// | time source | sets the clock for signatures and for the expiry of credentials |
    ///
    /// An endpoint URL can be configured in four places, and the first one that is set is used:
    /// `AWS_ENDPOINT_URL_CHIME` (for Chime), `AWS_ENDPOINT_URL` (for all services), `endpoint_url` under `chime` in the
    /// `services` section of the profile, and `endpoint_url` of the profile. These URLs have no effect if `aws-config`
    /// is told to ignore configured endpoint URLs. [`build`](Self::build) fails if the URL is empty, or if it is plain
    /// `http` to another machine without [`allow_plain_http`](Self::allow_plain_http).
    ///
    /// `aws-config` always sets an initial backoff, which is 1 s by default. An initial backoff of exactly 1 s
    /// therefore counts as not set, and the 50 ms of [`RetryConfig::standard`] apply. If you want 1 s, set it with
    /// [`retry`](Self::retry).
    ///
    /// These settings have no effect:
    ///
    /// - the rate limit of the adaptive retry mode, the reconnect mode, and `AWS_NEW_RETRIES_2026`
    /// - the read timeout, because the attempt timeout includes reading
    /// - the sleep implementation, which is always Tokio's
    /// - the HTTP client and the stalled-stream protection: see [`http_client_builder`](Self::http_client_builder)
    ///   and [`attempt_timeout`](Self::attempt_timeout)
    /// - the identity cache: see [`credentials_provider`](Self::credentials_provider)
    /// - the setting that turns off the correction of a wrong clock. The client corrects its clock only after the
    ///   service has refused a request because of its time
    /// - the token provider, preferences for authentication schemes, `SigV4a` regions, account-based endpoints,
    ///   compression, checksums and the protocol, which Chime does not use
    /// - the behavior version and the framework metadata
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
    /// // The program's own settings come last and take precedence.
    /// let client = ClientBuilder::from_sdk_config(&config)
    ///     .credentials_provider(chime.credentials())
    ///     .endpoint_url(chime.endpoint_url())
    ///     .build()?;
    /// client.list_accounts().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_sdk_config(config: &SdkConfig) -> Self {
        builder(config)
    }
}

fn builder(config: &SdkConfig) -> ClientBuilder {
    let timeouts = timeouts(config);
    let mut builder = ClientBuilder::new()
        .use_fips(config.use_fips().unwrap_or_default())
        .use_dual_stack(config.use_dual_stack().unwrap_or_default())
        .connect_timeout(timeouts.connect_timeout().unwrap_or(Duration::MAX))
        .attempt_timeout(timeouts.operation_attempt_timeout().unwrap_or(Duration::MAX));
    if let Some(timeout) = timeouts.operation_timeout() {
        builder = builder.operation_timeout(timeout);
    }
    if let Some(provider) = config.credentials_provider() {
        builder = builder.credentials_provider(provider);
    }
    // An empty environment variable becomes a region with an empty name.
    if let Some(region) = config.region().filter(|region| !region.as_ref().is_empty()) {
        builder = builder.region(region.as_ref());
    }
    if let Some(url) = endpoint_url(config) {
        builder = builder.endpoint_url(url);
    }
    if let Some(retry) = config.retry_config() {
        builder = builder.retry(self::retry(retry));
    }
    if let Some(name) = config.app_name() {
        let name: String = name.as_ref().chars().take(MAX_APP_NAME).collect();
        builder = builder.app_name(name);
    }
    if let Some(source) = config.time_source() {
        builder = builder.clock(Clock::new(move || source.now()));
    }
    builder
}

/// Returns the URL that the program set, or else the URL that is configured for Chime or for all services, or else the
/// URL of the `SdkConfig`.
fn endpoint_url(config: &SdkConfig) -> Option<String> {
    let general = || config.endpoint_url().map(str::to_owned);
    if config.get_origin("endpoint_url").is_client_config() {
        return general();
    }
    let key = ServiceConfigKey::builder()
        .service_id("Chime")
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build();
    let of_service = config.service_config().zip(key.ok());
    let of_service = of_service.and_then(|(services, key)| services.load_config(key));
    // An empty variable hides the URL in the profile. It must be an error, and not a call to AWS.
    of_service.or_else(general)
}

/// Returns the attempts and backoffs. An initial backoff that is not set stays at this crate's default.
fn retry(config: &SdkRetryConfig) -> RetryConfig {
    let retry = RetryConfig::standard()
        .max_attempts(config.max_attempts())
        .max_backoff(config.max_backoff());
    if config.initial_backoff() == SdkRetryConfig::standard().initial_backoff() {
        return retry;
    }
    retry.initial_backoff(config.initial_backoff())
}

/// Returns the timeouts, with this crate's defaults for missing timeouts. A disabled timeout is `None`.
fn timeouts(config: &SdkConfig) -> TimeoutConfig {
    let defaults = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .build();
    let Some(mut timeouts) = config.timeout_config().cloned() else { return defaults };
    timeouts.take_defaults_from(&defaults);
    timeouts
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use aws_credential_types::Credentials;
    use aws_types::app_name::AppName;
    use aws_types::origin::Origin;
    use aws_types::sdk_config::{Builder, SharedCredentialsProvider, SharedTimeSource, TimeSource};
    use aws_types::service_config::LoadServiceConfig;

    use super::*;

    const GENERAL: &str = "http://127.0.0.1:1";
    const OF_CHIME: &str = "http://127.0.0.1:2";

    fn config() -> Builder {
        let credentials = Credentials::new("AKID", "hunter2", None, None, "test");
        SdkConfig::builder()
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .endpoint_url(GENERAL)
    }

    fn try_client(config: Builder) -> Result<Client, Error> {
        Client::from_sdk_config(&config.build())
    }

    fn client(config: Builder) -> Client {
        try_client(config).unwrap()
    }

    fn endpoint(config: Builder) -> String {
        client(config).shared().endpoint.url.clone()
    }

    /// A service configuration that has only an endpoint URL for Chime.
    #[derive(Debug)]
    struct Services(&'static str);

    impl LoadServiceConfig for Services {
        fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
            let known = ("Chime", "AWS_ENDPOINT_URL", "endpoint_url");
            let asked = (key.service_id(), key.env(), key.profile());
            (asked == known).then(|| self.0.to_owned())
        }
    }

    #[test]
    fn a_configuration_without_settings_makes_a_client_with_the_defaults() {
        let from_config = client(config());
        let credentials = Credentials::new("AKID", "hunter2", None, None, "test");
        let built = Client::builder().credentials_provider(credentials).endpoint_url(GENERAL);
        assert_eq!(format!("{from_config:?}"), format!("{:?}", built.build().unwrap()));
        assert_eq!(from_config.shared().endpoint.signing_region, "us-east-1");
    }

    #[test]
    fn the_endpoint_of_chime_comes_before_the_general_one() {
        assert_eq!(endpoint(config()), GENERAL);
        assert_eq!(endpoint(config().service_config(Services(OF_CHIME))), OF_CHIME);
        for origin in [Origin::shared_environment_variable(), Origin::shared_profile_file()] {
            let mut config = config().service_config(Services(OF_CHIME));
            config.insert_origin("endpoint_url", origin);
            assert_eq!(endpoint(config), OF_CHIME);
        }
    }

    #[test]
    fn an_endpoint_that_the_program_set_comes_before_that_of_chime() {
        let mut config = config().service_config(Services(OF_CHIME));
        config.insert_origin("endpoint_url", Origin::shared_config());
        assert_eq!(endpoint(config), GENERAL);
    }

    #[test]
    fn an_empty_endpoint_is_refused_and_not_replaced() {
        for empty in ["", " "] {
            let error = try_client(config().service_config(Services(empty))).unwrap_err();
            assert!(error.to_string().contains("endpoint URL is empty"), "{error}");
        }
    }

    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[test]
    fn region_fips_and_dual_stack_choose_the_endpoint() {
        let region = aws_types::region::Region::new("us-gov-west-1");
        let mut config = config().region(region);
        config.set_endpoint_url(None);
        assert_eq!(endpoint(config), "https://chime.us-gov-west-1.amazonaws.com");
        let mut config = self::config().use_fips(true).use_dual_stack(true);
        config.set_endpoint_url(None);
        assert_eq!(endpoint(config), "https://chime-fips.us-east-1.api.aws");
    }

    #[test]
    fn a_region_without_a_name_counts_as_none() {
        let config = config().region(aws_types::region::Region::new(""));
        assert_eq!(client(config).shared().endpoint.signing_region, "us-east-1");
    }

    #[test]
    fn an_endpoint_excludes_fips_and_dual_stack() {
        for (config, name) in
            [(config().use_fips(true), "FIPS"), (config().use_dual_stack(true), "dual-stack")]
        {
            let error = try_client(config).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("endpoint URL"), "{error}");
        }
        client(config().use_fips(false).use_dual_stack(false));
    }

    #[test]
    fn attempts_and_both_backoffs_are_used_in_both_modes() {
        let retry = |retry| client(config().retry_config(retry)).shared().retry.clone();
        let (initial, longest) = (Duration::from_millis(7), Duration::from_secs(77));
        for mode in [SdkRetryConfig::standard(), SdkRetryConfig::adaptive()] {
            assert_eq!(
                retry(
                    mode.with_max_attempts(5)
                        .with_initial_backoff(initial)
                        .with_max_backoff(longest)
                ),
                RetryConfig::standard()
                    .max_attempts(5)
                    .initial_backoff(initial)
                    .max_backoff(longest)
            );
        }
        let disabled = retry(SdkRetryConfig::disabled());
        assert_eq!(disabled, disabled.clone().max_attempts(1));
    }

    #[test]
    fn an_initial_backoff_that_is_not_set_has_the_default() {
        let retry = |retry| client(config().retry_config(retry)).shared().retry.clone();
        for mode in [SdkRetryConfig::standard(), SdkRetryConfig::adaptive()] {
            assert_eq!(retry(mode.with_max_attempts(5)), RetryConfig::standard().max_attempts(5));
        }
        let longer = Duration::from_millis(1_001);
        assert_eq!(
            retry(SdkRetryConfig::standard().with_initial_backoff(longer)),
            RetryConfig::standard().initial_backoff(longer)
        );
    }

    #[test]
    fn timeouts_are_used_and_missing_timeouts_have_the_defaults() {
        let shared = |timeouts: TimeoutConfig| {
            let client = client(config().timeout_config(timeouts));
            (client.shared().attempt_timeout, client.shared().operation_timeout)
        };
        let (attempt, operation) = (Duration::from_secs(7), Duration::from_secs(77));
        let timeouts = TimeoutConfig::builder()
            .operation_attempt_timeout(attempt)
            .operation_timeout(operation)
            .build();
        assert_eq!(shared(timeouts), (attempt, Some(operation)));
        let connect_only = TimeoutConfig::builder().connect_timeout(attempt).build();
        assert_eq!(shared(connect_only), (Duration::from_secs(30), None));

        let builder = |timeouts| {
            let config = config().timeout_config(timeouts).build();
            format!("{:?}", ClientBuilder::from_sdk_config(&config))
        };
        let connect = TimeoutConfig::builder().connect_timeout(Duration::from_secs(7)).build();
        assert!(builder(connect).contains("connect_timeout: 7s"));
        assert!(builder(TimeoutConfig::builder().build()).contains("connect_timeout: 3.1s"));
    }

    #[test]
    fn a_disabled_timeout_is_unlimited_and_a_timeout_of_zero_is_refused() {
        let shared = |timeouts: TimeoutConfig| {
            let client = client(config().timeout_config(timeouts));
            (client.shared().attempt_timeout, client.shared().operation_timeout)
        };
        assert_eq!(shared(TimeoutConfig::disabled()), (Duration::MAX, None));
        let unlimited = config().timeout_config(TimeoutConfig::disabled()).build();
        let settings = format!("{:?}", ClientBuilder::from_sdk_config(&unlimited));
        assert!(settings.contains(&format!("connect_timeout: {:?}", Duration::MAX)), "{settings}");

        let zero = Duration::ZERO;
        for (timeouts, name) in [
            (TimeoutConfig::builder().connect_timeout(zero), "connect_timeout"),
            (TimeoutConfig::builder().operation_attempt_timeout(zero), "attempt_timeout"),
            (TimeoutConfig::builder().operation_timeout(zero), "operation_timeout"),
        ] {
            let error = try_client(config().timeout_config(timeouts.build())).unwrap_err();
            assert!(error.to_string().contains(&format!("{name} is zero")), "{error}");
        }
    }

    #[test]
    fn the_app_name_is_in_the_user_agent() {
        let named = config().app_name(AppName::new("directory-sync").unwrap());
        let user_agent = client(named).shared().user_agent.clone();
        assert!(user_agent.to_str().unwrap().ends_with(" app/directory-sync"), "{user_agent:?}");
        let long = AppName::new("a".repeat(51)).unwrap();
        let user_agent = client(config().app_name(long)).shared().user_agent.clone();
        let cut = format!(" app/{}", "a".repeat(50));
        assert!(user_agent.to_str().unwrap().ends_with(&cut), "{user_agent:?}");
    }

    #[test]
    fn the_time_comes_from_the_time_source() {
        #[derive(Debug)]
        struct Fixed(SystemTime);

        impl TimeSource for Fixed {
            fn now(&self) -> SystemTime {
                self.0
            }
        }

        let time = SystemTime::UNIX_EPOCH + Duration::from_hours(1);
        let fixed = config().time_source(SharedTimeSource::new(Fixed(time)));
        assert_eq!(client(fixed).shared().now(), time);
        let before = SystemTime::now();
        assert!(client(config()).shared().now() >= before);
    }

    #[test]
    fn a_configuration_without_credentials_is_refused() {
        let error = try_client(SdkConfig::builder().endpoint_url(GENERAL)).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Configuration);
        let text = error.to_string();
        assert!(text.contains("no credentials") && text.contains("SdkConfig"), "{text}");
    }
}
