//! The time that requests are signed with: that of this machine or of the program's own time
//! source, corrected if the clock of the service is found to differ too much.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

/// Services accept a difference of about five minutes. A slow call makes the measured one less exact.
const TOLERANCE_SECONDS: i64 = 4 * 60;

/// The largest correction. The clock of a machine may stand at 1970; anything larger is nonsense.
const MAX_SECONDS: i64 = 100 * 365 * 24 * 60 * 60;

/// How long after 1970 a time may be: 7,000 years. Times after the year 9999 cannot be signed.
const RANGE: Duration = Duration::from_hours(7_000 * 365 * 24);

/// A clock; that of this machine by default.
pub(crate) struct Clock {
    now: Box<dyn Fn() -> SystemTime + Send + Sync>,
    /// How far the service's clock is ahead, in seconds.
    offset: AtomicI64,
}

impl Clock {
    /// A clock that shows the time of a time source.
    pub(crate) fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self { now: Box::new(now), offset: AtomicI64::new(0) }
    }

    /// The time, uncorrected. One that cannot be signed becomes the nearest that can,
    /// which the service then corrects.
    pub(crate) fn now(&self) -> SystemTime {
        (self.now)().clamp(SystemTime::UNIX_EPOCH, SystemTime::UNIX_EPOCH + RANGE)
    }

    /// The offset to sign with now.
    pub(crate) fn offset(&self) -> i64 {
        self.offset.load(Ordering::Relaxed)
    }

    /// Learns from the `Date` of an answer that refused a request signed with
    /// `offset`. Returns whether that request was signed with a wrong time.
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

/// `time` moved by `offset` seconds; as it is if that cannot be represented.
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
    fn a_call_that_was_signed_before_another_learned_is_signed_again() {
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
    fn an_unreadable_or_absurd_date_teaches_nothing() {
        let now = at("2026-01-01T12:00:00Z");
        for date in
            ["yesterday", "", "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1875 00:00:00 GMT"]
        {
            assert!(!Clock::default().learn(0, date, now, now), "{date}");
        }
    }

    #[test]
    fn a_time_source_far_out_gives_a_time_that_can_be_signed() {
        let (epoch, far) = (SystemTime::UNIX_EPOCH, Duration::from_secs(1 << 62));
        for (time, year) in [(epoch + far, 8965), (epoch - far, 1970), (epoch, 1970)] {
            let now = Clock::new(move || time).now();
            assert_eq!(DateTime::<Utc>::from(now).year(), year, "{time:?}");
        }
    }

    #[test]
    fn a_time_out_of_range_stays_as_it_is() {
        let now = SystemTime::now();
        assert_eq!(corrected(now, i64::MAX), now);
    }
}
