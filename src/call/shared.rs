//! What all calls of a client, and of its clones, have in common.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::SharedCredentialsProvider;
use reqwest::header::HeaderValue;

use crate::call::clock::{Clock, corrected};
use crate::call::credentials::CredentialsCache;
use crate::call::retry::{RetryBudget, RetryConfig};
use crate::call::transport::Transport;
use crate::endpoint::Endpoint;
use crate::problem::ConfigurationProblem;

/// The settings of a client, checked and complete.
pub(crate) struct Settings {
    pub(crate) endpoint: Endpoint,
    pub(crate) credentials_provider: SharedCredentialsProvider,
    pub(crate) user_agent: HeaderValue,
    /// The builder that the user set, to start from.
    pub(crate) http_client: Option<reqwest::ClientBuilder>,
    pub(crate) connect_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) operation_timeout: Option<Duration>,
    pub(crate) retry: RetryConfig,
    pub(crate) clock: Clock,
}

/// The connections, credentials and retry budget of a client, and the settings of its calls.
pub(crate) struct Shared {
    pub(crate) endpoint: Endpoint,
    pub(crate) user_agent: HeaderValue,
    pub(crate) attempt_timeout: Duration,
    pub(crate) operation_timeout: Option<Duration>,
    pub(crate) retry: RetryConfig,
    pub(super) transport: Transport,
    pub(super) credentials: Arc<CredentialsCache>,
    pub(super) budget: RetryBudget,
    pub(super) clock: Clock,
}

impl Shared {
    pub(crate) fn new(settings: Settings) -> Result<Self, ConfigurationProblem> {
        let Settings { endpoint, http_client, connect_timeout, .. } = settings;
        Ok(Self {
            transport: Transport::new(http_client, &endpoint, connect_timeout)?,
            endpoint,
            user_agent: settings.user_agent,
            attempt_timeout: settings.attempt_timeout,
            operation_timeout: settings.operation_timeout,
            retry: settings.retry,
            credentials: Arc::new(CredentialsCache::new(settings.credentials_provider)),
            budget: RetryBudget::new(),
            clock: settings.clock,
        })
    }
}

impl Shared {
    /// The time by the clock of the service.
    pub(crate) fn service_time(&self) -> SystemTime {
        corrected(self.clock.now(), self.clock.offset())
    }
}

// For the tests of what makes a client.
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
