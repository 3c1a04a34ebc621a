//! What the pipeline works with, and the clones of a client share.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;

use crate::call::clock::Clock;
use crate::call::credentials::CredentialsCache;
use crate::call::retry::{RetryBudget, RetryConfig};
use crate::call::transport::Transport;
use crate::endpoint::Endpoint;

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
