//! The parts that all calls of a client and its clones share.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::SharedCredentialsProvider;
use reqwest::header::HeaderValue;

use crate::call::clock::{Clock, corrected};
use crate::call::credentials::CredentialsCache;
use crate::call::retry::{RetryBudget, RetryConfig};
use crate::call::runtime::Runtime;
use crate::call::transport::Transport;
use crate::endpoint::Endpoint;
use crate::problem::ConfigurationProblem;

/// The settings of a client, checked and complete.
pub(crate) struct Settings {
    pub(crate) endpoint: Endpoint,
    pub(crate) credentials_provider: SharedCredentialsProvider,
    pub(crate) credentials_timeout: Duration,
    pub(crate) user_agent: HeaderValue,
    /// The builder that the user set.
    pub(crate) http_client: Option<reqwest::ClientBuilder>,
    pub(crate) connect_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) operation_timeout: Option<Duration>,
    pub(crate) retry: RetryConfig,
    pub(crate) clock: Clock,
}

/// The connections, credentials and retry budget of a client, and the settings of its calls.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) endpoint: Endpoint,
    pub(crate) user_agent: HeaderValue,
    pub(crate) attempt_timeout: Duration,
    pub(crate) operation_timeout: Option<Duration>,
    pub(crate) retry: RetryConfig,
    pub(super) runtime: Arc<Runtime>,
    pub(super) transport: Transport,
    pub(super) credentials: Arc<CredentialsCache>,
    pub(super) budget: Arc<RetryBudget>,
    pub(super) clock: Arc<Clock>,
}

impl Shared {
    pub(crate) fn new(settings: Settings) -> Result<Self, ConfigurationProblem> {
        let Settings { endpoint, http_client, connect_timeout, .. } = settings;
        Ok(Self {
            runtime: Arc::default(),
            transport: Transport::new(http_client, &endpoint, connect_timeout)?,
            endpoint,
            user_agent: settings.user_agent,
            attempt_timeout: settings.attempt_timeout,
            operation_timeout: settings.operation_timeout,
            retry: settings.retry,
            credentials: Arc::new(CredentialsCache::new(
                settings.credentials_provider,
                settings.credentials_timeout,
            )),
            budget: Arc::new(RetryBudget::new()),
            clock: Arc::new(settings.clock),
        })
    }

    /// Returns the same parts with other credentials, which have their own cache.
    ///
    /// The budget is shared because it protects the service. The clock is shared because its offset is the difference
    /// to the clock of the service.
    pub(crate) fn with_credentials_provider(&self, provider: SharedCredentialsProvider) -> Self {
        let credentials = CredentialsCache::new(provider, self.credentials.timeout());
        Self { credentials: Arc::new(credentials), ..self.clone() }
    }

    pub(crate) fn service_time(&self) -> SystemTime {
        corrected(self.clock.now(), self.clock.offset())
    }
}

// For the tests of the ways to create a client.
#[cfg(test)]
impl Shared {
    pub(crate) async fn load_credentials(
        &self,
    ) -> Result<crate::Credentials, crate::problem::CredentialsProblem> {
        self.credentials.get(self.now()).await
    }

    pub(crate) fn now(&self) -> std::time::SystemTime {
        self.clock.now()
    }
}
