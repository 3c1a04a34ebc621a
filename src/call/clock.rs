//! The clock for signatures: the time of this machine or of the program's time source, corrected if the clock of the
//! service differs too much.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

/// The accepted difference: about a minute less than services accept, because a slow call makes the measurement less
/// exact.
const TOLERANCE_SECONDS: i64 = 4 * 60;

/// The largest correction, which is enough for a machine whose clock shows 1970.
const MAX_SECONDS: i64 = 100 * 365 * 24 * 60 * 60;

/// The largest time after 1970: 7,000 years, because times after the year 9999 cannot be signed.
const RANGE: Duration = Duration::from_hours(7_000 * 365 * 24);

/// A clock; the clock of this machine by default.
pub(crate) struct Clock {
    now: Box<dyn Fn() -> SystemTime + Send + Sync>,
    /// How many seconds the clock of the service is ahead.
    offset: AtomicI64,
}

impl Clock {
    pub(crate) fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self { now: Box::new(now), offset: AtomicI64::new(0) }
    }

    /// Returns the uncorrected time, or the nearest time that can be signed.
    pub(crate) fn now(&self) -> SystemTime {
        (self.now)().clamp(SystemTime::UNIX_EPOCH, SystemTime::UNIX_EPOCH + RANGE)
    }

    pub(crate) fn offset(&self) -> i64 {
        self.offset.load(Ordering::Relaxed)
    }

    /// Updates the offset from the `Date` of a response that refused a request signed with `offset`. Returns `true` if
    /// the request was signed with a wrong time.
    pub(crate) fn learn(
        &self,
        offset: i64,
        date: &str,
        sent: SystemTime,
        answered: SystemTime,
    ) -> bool {
        let Ok(date) = DateTime::parse_from_rfc2822(date) else { return false };
        let midpoint = sent + answered.duration_since(sent).unwrap_or_default() / 2;
        let correct = date.timestamp() - DateTime::<Utc>::from(midpoint).timestamp();
        if (correct - offset).abs() <= TOLERANCE_SECONDS || correct.abs() > MAX_SECONDS {
            return false;
        }
        self.offset.store(correct, Ordering::Relaxed);
        true
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(SystemTime::now)
    }
}

/// Returns `time` plus `offset` seconds, or `time` if the sum cannot be represented.
pub(crate) fn corrected(time: SystemTime, offset: i64) -> SystemTime {
    let distance = Duration::from_secs(offset.unsigned_abs());
    let moved = if offset < 0 { time.checked_sub(distance) } else { time.checked_add(distance) };
    moved.unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;

    use super::*;

    fn at(rfc3339: &str) -> SystemTime {
        DateTime::parse_from_rfc3339(rfc3339).unwrap().into()
    }

    #[test]
    fn a_clock_that_is_an_hour_off_is_corrected_by_the_midpoint_of_the_call() {
        let clock = Clock::default();
        let (sent, answered) = (at("2026-01-01T12:00:00Z"), at("2026-01-01T12:00:10Z"));
        assert!(clock.learn(0, "Thu, 01 Jan 2026 11:00:05 GMT", sent, answered));
        assert_eq!(clock.offset(), -3600);
        assert_eq!(corrected(sent, clock.offset()), at("2026-01-01T11:00:00Z"));
    }

    #[test]
    fn four_minutes_are_tolerated() {
        let clock = Clock::default();
        let now = at("2026-01-01T12:00:00Z");
        assert!(!clock.learn(0, "Thu, 01 Jan 2026 12:04:00 GMT", now, now));
        assert_eq!(clock.offset(), 0);
        assert!(clock.learn(0, "Thu, 01 Jan 2026 12:04:01 GMT", now, now));
    }

    #[test]
    fn a_call_that_was_signed_before_another_call_corrected_the_clock_is_signed_again() {
        let clock = Clock::default();
        let now = at("2026-01-01T12:00:00Z");
        let date = "Thu, 01 Jan 2026 13:00:00 GMT";
        assert!(clock.learn(0, date, now, now));
        assert!(clock.learn(0, date, now, now), "it was signed with the old offset, too");
        assert!(
            !clock.learn(clock.offset(), date, now, now),
            "signed right, so the clock is not it"
        );
    }

    #[test]
    fn an_unreadable_or_impossible_date_changes_nothing() {
        let now = at("2026-01-01T12:00:00Z");
        for date in
            ["yesterday", "", "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1875 00:00:00 GMT"]
        {
            assert!(!Clock::default().learn(0, date, now, now), "{date}");
        }
    }

    #[test]
    fn corrections_of_up_to_100_years_are_possible() {
        let now = at("2026-01-01T12:00:00Z");
        let learns = |seconds| {
            let date = DateTime::<Utc>::from(now) + chrono::TimeDelta::seconds(seconds);
            Clock::default().learn(0, &date.to_rfc2822(), now, now)
        };
        for years in [MAX_SECONDS, -MAX_SECONDS] {
            assert_eq!(years.abs(), 36_500 * 86_400);
            assert!(learns(years));
            assert!(!learns(years + years.signum()));
        }
    }

    #[test]
    fn a_time_out_of_range_becomes_a_time_that_can_be_signed() {
        let (epoch, far) = (SystemTime::UNIX_EPOCH, Duration::from_secs(1 << 62));
        for (time, year) in [(epoch + far, 8965), (epoch - far, 1970), (epoch, 1970)] {
            let now = Clock::new(move || time).now();
            assert_eq!(DateTime::<Utc>::from(now).year(), year, "{time:?}");
        }
    }

    #[test]
    fn a_time_that_cannot_be_corrected_stays_unchanged() {
        let now = SystemTime::now();
        assert_eq!(corrected(now, i64::MAX), now);
    }
}
