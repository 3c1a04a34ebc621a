//! The client.

use std::sync::Arc;

use crate::call::Shared;
use crate::docs::with_client;

/// A client of the Amazon Chime administration API.
///
/// Its methods make [`Request`](crate::Request)s, one method per operation. It is made once and
/// cloned freely: clones share connections, credentials and the retry budget.
///
/// Below, they stand by what they are about: accounts, users. [`Request`](crate::Request#impl-Request%3CO%3E) has
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

/// What a client is set to.
impl Client {
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
