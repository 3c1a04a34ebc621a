//! The two clocks of an embedded Chime: the clock of the signatures can be shifted, and the clock of the resources can
//! be advanced.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// The error for a request that was signed with a wrong time, for
/// [`LocalChime::shift_clock`](super::LocalChime::shift_clock). AWS services use different errors.
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

#[derive(Default)]
pub(super) struct ResourceClock(Mutex<TimeDelta>);

impl ResourceClock {
    /// Advances the clock, which never goes back, and returns how far it is ahead.
    pub(super) fn advance(&self, time: TimeDelta) -> TimeDelta {
        let mut ahead = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *ahead = ahead.checked_add(&time.max(TimeDelta::zero())).unwrap_or(TimeDelta::MAX);
        *ahead
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        let ahead = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The clock stops here, so that timestamps ahead of the clock can still be represented.
        let last = DateTime::<Utc>::MAX_UTC - LONGEST_TIME_TO_COME;
        Utc::now().checked_add_signed(ahead).unwrap_or(last).min(last)
    }
}

/// The maximum time by which a timestamp is ahead of the clock: the time from setting retention to the deletion of
/// messages.
const LONGEST_TIME_TO_COME: TimeDelta = TimeDelta::days(30);
