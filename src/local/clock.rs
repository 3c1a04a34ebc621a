//! The clock of an embedded Chime, which can be made to differ from this machine's.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// How an embedded Chime names a request that was signed with a wrong time, for
/// [`LocalChime::shift_clock`](super::LocalChime::shift_clock). Services differ in this.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SkewError {
    /// `InvalidSignatureException`
    #[default]
    InvalidSignature,
    /// `SignatureDoesNotMatch`
    SignatureDoesNotMatch,
    /// `RequestTimeTooSkewed`
    RequestTimeTooSkewed,
    /// `RequestExpired`
    RequestExpired,
}

impl SkewError {
    pub(super) fn error_type(self) -> &'static str {
        match self {
            Self::InvalidSignature => "InvalidSignatureException",
            Self::SignatureDoesNotMatch => "SignatureDoesNotMatch",
            Self::RequestTimeTooSkewed => "RequestTimeTooSkewed",
            Self::RequestExpired => "RequestExpired",
        }
    }
}

#[derive(Default)]
pub(super) struct ShiftedClock(Mutex<(TimeDelta, SkewError)>);

impl ShiftedClock {
    pub(super) fn shift(&self, ahead: TimeDelta, error: SkewError) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (ahead, error);
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        let (ahead, _) = self.get();
        let now = Utc::now();
        now.checked_add_signed(ahead).unwrap_or(now)
    }

    pub(super) fn error(&self) -> SkewError {
        self.get().1
    }

    fn get(&self) -> (TimeDelta, SkewError) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
