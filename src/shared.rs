//! What the pipeline works with, and the clones of a client share.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;

use crate::clock::Clock;
use crate::credentials::CredentialsCache;
use crate::endpoint::Endpoint;
use crate::retry::{RetryBudget, RetryConfig};
use crate::transport::Transport;

pub(crate) struct Shared {
    pub(crate) endpoint: Endpoint,
    pub(crate) transport: Transport,
    pub(crate) credentials: Arc<CredentialsCache>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) attempt_timeout: Duration,
    pub(crate) operation_timeout: Option<Duration>,
    pub(crate) retry: RetryConfig,
    pub(crate) budget: RetryBudget,
    pub(crate) clock: Clock,
}
