//! What one call of the API is. No I/O.

use reqwest::Method;
use serde::Serialize;

use crate::decode::Decoded;
use crate::route::Route;
use crate::validate::Validity;

/// One operation of the API with its parameters: what is sent, and what its answer becomes.
///
/// It is the bound on [`Request`](crate::Request). Only this crate implements it.
pub trait Operation: Clone + std::fmt::Debug + Send + Sync + 'static {
    /// What a call gives when it succeeds.
    type Output: Send + 'static;

    /// The name of the operation in the API.
    const NAME: &'static str;

    #[doc(hidden)]
    const METHOD: Method;

    #[doc(hidden)]
    const REPLAY: Replay;

    #[doc(hidden)]
    fn route(&self) -> Route;

    /// The limits of all parameters but those in the path, which the route checks.
    #[doc(hidden)]
    fn validate(&self) -> Validity {
        Ok(())
    }

    #[doc(hidden)]
    fn body(&self) -> Body {
        Body::none()
    }

    #[doc(hidden)]
    fn decode(json: &str) -> Decoded<Self::Output>;
}

/// Whether an operation that may have run may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// Running twice leaves what running once leaves.
    Safe,
    /// Running twice may leave two of what was asked for once.
    Never,
}

/// The body of a request.
#[derive(Debug)]
pub struct Body(Result<Option<String>, serde_json::Error>);

impl Body {
    pub(crate) fn none() -> Self {
        Self(Ok(None))
    }

    /// The operation itself as JSON: its fields are the members of the body.
    pub(crate) fn json(operation: &impl Serialize) -> Self {
        Self(serde_json::to_string(operation).map(Some))
    }

    pub(crate) fn into_result(self) -> Result<Option<String>, serde_json::Error> {
        self.0
    }
}
