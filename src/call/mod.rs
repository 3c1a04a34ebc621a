//! Making a call: from its encoded form to its response.

mod answer;
mod clock;
mod credentials;
mod escapes;
mod execute;
mod redact;
mod retry;
mod retry_loop;
mod runtime;
mod shared;
mod sign;
mod tls;
mod transport;

// For requests.
pub(crate) use execute::{Call, Deadline, Look, Success, execute};
pub(crate) use retry_loop::TARGET;

// For creating a client.
pub(crate) use clock::Clock;
pub use retry::RetryConfig;
pub(crate) use shared::{Settings, Shared};

// For fuzz targets and benchmarks.
#[cfg(any(fuzzing, test, benching))]
pub(crate) use answer::Answer;
#[cfg(any(fuzzing, test))]
pub(crate) use clock::corrected;
#[cfg(any(fuzzing, test, benching))]
pub(crate) use redact::Hidden;
#[cfg(benching)]
pub(crate) use sign::{Signable, sign};
