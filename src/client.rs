//! The client.

use std::sync::Arc;

use crate::builder::ClientBuilder;
use crate::call::shared::Shared;
use crate::docs::with_client;
use crate::error::Error;
use crate::request::Request;

/// A client of the Amazon Chime administration API.
///
/// Its methods make [`Request`]s, one method an operation. It is made once and
/// cloned freely: clones share connections, credentials and the retry budget.
///
/// Below, they stand by what they are about: accounts, users. [`Request`](Request#impl-Request%3CO%3E) has
/// what can be set for any one call: timeouts, retries, metadata.
///
/// A client belongs to the Tokio runtime that it is first used on, since its
/// idle connections are driven there. On AWS Lambda, make it once outside of
/// the handler. In tests, where every `#[tokio::test]` has a runtime of its
/// own, make one for each test. [`docs::integrating`](crate::docs::integrating) has examples, of
/// blocking code, too.
///
/// ```no_run
/// use amazon_chime::{Client, Credentials};
///
/// # fn main() -> Result<(), amazon_chime::Error> {
/// # let (key_id, secret) = ("AKIDEXAMPLE", "secret");
/// let client = Client::builder()
///     .credentials_provider(Credentials::new(key_id, secret, None, None, "my program"))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

/// Making a client.
impl Client {
    /// Starts with the default settings.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// Makes a client from the environment variables of the AWS SDKs, which
    /// [`ClientBuilder::from_env`] lists.
    ///
    /// # Errors
    ///
    /// As [`ClientBuilder::from_env`] and [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// Makes a client from a configuration that AWS's SDKs share, such as `aws-config` loads it: with profiles,
    /// SSO, roles, containers and instances. [`ClientBuilder::from_sdk_config`] says what of it counts.
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
    /// As [`ClientBuilder::build`]; also if the configuration has no credentials provider.
    #[cfg(feature = "aws-types")]
    pub fn from_sdk_config(config: &aws_types::SdkConfig) -> Result<Self, Error> {
        ClientBuilder::from_sdk_config(config).build()
    }

    /// The URL that requests go to, without a slash at its end.
    ///
    /// ```
    #[doc = with_client!()]
    /// assert_eq!(client.endpoint_url(), chime.endpoint_url());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn endpoint_url(&self) -> &str {
        &self.shared.endpoint.url
    }

    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    pub(crate) fn request<O>(&self, operation: O) -> Request<O>
    where
        O: crate::operation::Operation,
    {
        Request::new(self.clone(), operation)
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &self.shared.endpoint.url)
            .field("signing_region", &self.shared.endpoint.signing_region)
            .field("user_agent", &self.shared.user_agent)
            .field("attempt_timeout", &self.shared.attempt_timeout)
            .field("operation_timeout", &self.shared.operation_timeout)
            .field("retry", &self.shared.retry)
            .finish_non_exhaustive()
    }
}
