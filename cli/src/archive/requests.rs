//! Sends requests: limits their number at the same time and per second, and slows down when the service throttles.

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::time::Duration;

use amazon_chime::operations::Operation;
use amazon_chime::{Error, Request};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

use crate::errors::{Failures, backoff};

pub(crate) struct Requests {
    pub(crate) failures: Failures,
    under_way: Semaphore,
    /// The smallest time between two requests, from the option `--rate`.
    least_interval: Duration,
    /// The current time between two requests, longer after throttling and shorter after success.
    interval: Cell<Duration>,
    /// When the next request may be sent.
    next: Cell<Instant>,
    throttled: Cell<u64>,
}

impl Requests {
    pub(crate) fn new(concurrency: NonZeroUsize, per_second: Option<f64>) -> Self {
        let least_interval = per_second.map_or(Duration::ZERO, |rate| {
            Duration::try_from_secs_f64(1.0 / rate).unwrap_or(Duration::MAX)
        });
        Self {
            failures: Failures::default(),
            under_way: Semaphore::new(concurrency.get()),
            least_interval,
            interval: Cell::new(least_interval),
            next: Cell::new(Instant::now()),
            throttled: Cell::new(0),
        }
    }

    /// Sends a request, and repeats it more slowly while the service throttles it.
    pub(crate) async fn send<O: Operation>(&self, request: Request<O>) -> Result<O::Output, Error> {
        loop {
            match self.one(request.clone().into_future()).await {
                Err(error) if error.is_throttled() => {}
                result => return result,
            }
        }
    }

    /// Waits until a request may be sent, sends it, and adapts the interval to the result.
    pub(crate) async fn one<T>(
        &self,
        sending: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        // The semaphore is never closed, so there is always a permit.
        let _permit = self.under_way.acquire().await;
        sleep_until(self.turn()).await;
        let result = sending.await;
        match &result {
            Ok(_) => {
                self.failures.succeeded();
                let faster = self.interval.get().mul_f64(0.95);
                // An interval below 1 ms counts as no limit.
                let faster =
                    if faster < Duration::from_millis(1) { Duration::ZERO } else { faster };
                self.interval.set(faster.max(self.least_interval));
            }
            Err(error) if error.is_throttled() => {
                self.throttled.set(self.throttled.get() + 1);
                self.interval.set(backoff(self.interval.get()).max(self.least_interval));
                self.next.set(self.next.get().max(Instant::now() + self.interval.get()));
            }
            Err(_) => {}
        }
        result
    }

    pub(crate) fn throttled(&self) -> u64 {
        self.throttled.get()
    }

    /// Returns the time when this request may be sent; the next request may follow one interval later.
    fn turn(&self) -> Instant {
        let turn = self.next.get().max(Instant::now());
        self.next.set(turn.checked_add(self.interval.get()).unwrap_or(turn));
        turn
    }
}
