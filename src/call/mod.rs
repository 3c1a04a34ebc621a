//! The way of one call, from its encoded form to its answer.

pub(crate) mod answer;
pub(crate) mod clock;
pub(crate) mod credentials;
pub(crate) mod execute;
pub(crate) mod retry;
pub(crate) mod retry_loop;
pub(crate) mod shared;
pub(crate) mod sign;
pub(crate) mod transport;
