//! What several of the tests use.

use std::time::Duration;

use amazon_chime::{Client, ClientBuilder, Credentials, RetryConfig};

/// The settings of a client for a server of the test's own: short delays, so
/// that retries take no time.
pub(crate) fn builder(endpoint_url: &str) -> ClientBuilder {
    let backoff = Duration::from_millis(1);
    Client::builder()
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "hunter2", None, None, "test"))
        .endpoint_url(endpoint_url)
        .retry(RetryConfig::standard().initial_backoff(backoff).max_backoff(backoff))
}

pub(crate) fn client(endpoint_url: &str) -> Client {
    builder(endpoint_url).build().expect("the settings are in order")
}
