//! The cache of the credentials, with one load at a time for any number of waiting calls.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use tokio::runtime::{self, Handle};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::problem::CredentialsProblem;

/// Credentials are renewed this long before they expire, if they live long enough.
const RENEW_BEFORE_EXPIRY: Duration = Duration::from_mins(5);

/// A call waits this much longer than the time limit of a load, so that usually the load itself reports the timeout.
const GRACE: Duration = Duration::from_millis(100);

/// The pause after a failed renewal of credentials that are still valid.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(10);

pub(super) struct CredentialsCache {
    provider: SharedCredentialsProvider,
    /// How long a load may take, and how long a call waits for credentials.
    timeout: Duration,
    cached: Mutex<Cached>,
    /// Notifies waiting calls that a load has ended.
    ended: Notify,
}

#[derive(Default)]
struct Cached {
    credentials: Option<Credentials>,
    /// When a renewal is due; `None` if the credentials do not expire.
    renew_at: Option<SystemTime>,
    /// Why the last load failed, if it did.
    problem: Option<CredentialsProblem>,
    /// The number of loads that have returned credentials or a problem.
    loads: u64,
    /// The current load.
    load: Option<Load>,
    /// The number of loads that have begun.
    begun: u64,
}

struct Load {
    number: u64,
    /// The runtime on which the load runs.
    runtime: runtime::Id,
    since: Instant,
}

impl CredentialsCache {
    pub(super) fn new(provider: SharedCredentialsProvider, timeout: Duration) -> Self {
        Self { provider, timeout, cached: Mutex::default(), ended: Notify::new() }
    }

    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Returns credentials that are valid at `now`, from the cache or else from the provider.
    ///
    /// The load runs in a separate task, because a call that is dropped must not stop a load that other calls wait for.
    pub(super) async fn get(
        self: &Arc<Self>,
        now: SystemTime,
    ) -> Result<Credentials, CredentialsProblem> {
        if let Some(credentials) = self.valid(now) {
            return Ok(credentials);
        }
        // This call needs its own timer, because the task of the load may never run again.
        let patience = self.timeout.saturating_add(GRACE);
        let loaded = tokio::time::timeout(patience, self.loaded(now));
        loaded.await.unwrap_or(Err(CredentialsProblem::Timeout(self.timeout)))
    }

    /// Removes refused credentials from the cache, unless they have been renewed since.
    pub(super) fn invalidate(&self, refused: &Credentials) {
        let mut cached = self.cached();
        if cached.credentials.as_ref() == Some(refused) {
            cached.credentials = None;
        }
    }

    /// Returns valid credentials from the cache, and begins a renewal in the background if it is due.
    fn valid(self: &Arc<Self>, now: SystemTime) -> Option<Credentials> {
        let cached = self.cached();
        let valid = cached.valid(now)?;
        if cached.is_due(now) {
            self.begin_load(cached, now);
        }
        Some(valid)
    }

    /// Returns the result of the current load, or of a new load.
    async fn loaded(self: &Arc<Self>, now: SystemTime) -> Result<Credentials, CredentialsProblem> {
        let mut loads = None;
        loop {
            let ended = self.ended.notified();
            let begun = {
                let cached = self.cached();
                if let Some(credentials) = cached.valid(now) {
                    return Ok(credentials);
                }
                // If a load ended while this call waited, the call takes the result, even if the load failed.
                let has_ended = *loads.get_or_insert(cached.loads) != cached.loads;
                if let (true, Some(problem)) = (has_ended, &cached.problem) {
                    return Err(problem.clone());
                }
                self.begin_load(cached, now)
            };
            match begun {
                Some(load) => match load.await {
                    Err(error) if error.is_panic() => return Err(CredentialsProblem::Panicked),
                    Ok(()) | Err(_) => {}
                },
                None => ended.await,
            }
        }
    }

    /// Begins a load, unless there is a current load.
    fn begin_load(
        self: &Arc<Self>,
        mut cached: MutexGuard<'_, Cached>,
        now: SystemTime,
    ) -> Option<JoinHandle<()>> {
        let runtime = Handle::current().id();
        if cached.load.as_ref().is_some_and(|load| !load.is_abandoned(runtime, self.timeout)) {
            return None;
        }
        cached.renew_at = Some(now + PAUSE_AFTER_FAILURE);
        cached.begun += 1;
        let number = cached.begun;
        cached.load = Some(Load { number, runtime, since: Instant::now() });
        // If the runtime is shutting down, `spawn` drops the load at once, and the drop needs the lock.
        drop(cached);
        let under_way = UnderWay { cache: Arc::clone(self), number };
        Some(tokio::spawn(under_way.load(now)))
    }

    fn cached(&self) -> MutexGuard<'_, Cached> {
        // No code panics while it holds the lock and changes the data, so the data is consistent.
        self.cached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Load {
    /// Returns `true` if the runtime of the load seems to have stopped. A load that takes too long on the caller's
    /// runtime is not abandoned: its provider blocks a thread, and another load would block another thread.
    fn is_abandoned(&self, runtime_of_caller: runtime::Id, timeout: Duration) -> bool {
        self.runtime != runtime_of_caller && self.since.elapsed() >= timeout
    }
}

/// A running load, whose drop ends the load in the cache.
struct UnderWay {
    cache: Arc<CredentialsCache>,
    number: u64,
}

impl UnderWay {
    async fn load(self, now: SystemTime) {
        let CredentialsCache { provider, timeout, .. } = &*self.cache;
        let provided = provider.provide_credentials();
        let loaded = match tokio::time::timeout(*timeout, provided).await {
            Ok(Ok(credentials)) if is_expired(&credentials, now) => {
                Err(CredentialsProblem::Expired)
            }
            Ok(Ok(credentials)) => Ok(credentials),
            Ok(Err(error)) => Err(CredentialsProblem::Provider(Arc::new(error))),
            Err(_) => Err(CredentialsProblem::Timeout(*timeout)),
        };
        let mut cached = self.cache.cached();
        // An abandoned load may end after a later load.
        let Some(load) = cached.load.as_ref().filter(|load| load.number == self.number) else {
            return;
        };
        let is_late = load.since.elapsed() > timeout.saturating_add(GRACE);
        if is_late && matches!(loaded, Err(CredentialsProblem::Timeout(_))) {
            // The task stood still because its runtime was not driven. The calls that wait now begin a new load.
            return;
        }
        cached.loads += 1;
        match loaded {
            Ok(credentials) => {
                cached.renew_at = credentials.expiry().map(|expiry| renewal(now, expiry));
                cached.credentials = Some(credentials);
                cached.problem = None;
            }
            Err(problem) => {
                cached.renew_at = Some(now + PAUSE_AFTER_FAILURE);
                cached.problem = Some(problem);
            }
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut cached = self.cache.cached();
        if cached.is_under_way(self.number) {
            cached.load = None;
        }
        drop(cached);
        self.cache.ended.notify_waiters();
    }
}

impl Cached {
    fn is_under_way(&self, number: u64) -> bool {
        self.load.as_ref().is_some_and(|load| load.number == number)
    }

    fn valid(&self, now: SystemTime) -> Option<Credentials> {
        self.credentials.as_ref().filter(|credentials| !is_expired(credentials, now)).cloned()
    }

    fn is_due(&self, now: SystemTime) -> bool {
        self.renew_at.is_some_and(|renew_at| renew_at <= now)
    }
}

fn is_expired(credentials: &Credentials, now: SystemTime) -> bool {
    credentials.expiry().is_some_and(|expiry| expiry <= now)
}

/// Returns the time of the renewal: some minutes before the expiry, but not in the first half of the remaining time.
fn renewal(now: SystemTime, expiry: SystemTime) -> SystemTime {
    let left = expiry.duration_since(now).unwrap_or_default();
    now + left.saturating_sub(RENEW_BEFORE_EXPIRY).max(left / 2)
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::sync::atomic::{AtomicUsize, Ordering};

    use aws_credential_types::provider::error::CredentialsError;
    use aws_credential_types::provider::future::ProvideCredentials as Loading;
    use tokio::runtime::Runtime;

    use super::*;
    use crate::{Error, ErrorKind};

    const TIMEOUT: Duration = Duration::from_secs(5);

    /// Loads credentials with `next`, which gets the number of the load, and counts the loads.
    struct Provider<F> {
        loads: Arc<AtomicUsize>,
        next: F,
    }

    impl<F> std::fmt::Debug for Provider<F> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("Provider")
        }
    }

    type Load =
        std::pin::Pin<Box<dyn Future<Output = aws_credential_types::provider::Result> + Send>>;

    impl<F: Fn(usize) -> Load + Send + Sync> ProvideCredentials for Provider<F> {
        fn provide_credentials<'a>(&'a self) -> Loading<'a>
        where
            Self: 'a,
        {
            Loading::new((self.next)(self.loads.fetch_add(1, Ordering::SeqCst)))
        }
    }

    fn cache(
        next: impl Fn(usize) -> Load + Send + Sync + 'static,
    ) -> (Arc<CredentialsCache>, Arc<AtomicUsize>) {
        cache_with(TIMEOUT, next)
    }

    fn cache_with(
        timeout: Duration,
        next: impl Fn(usize) -> Load + Send + Sync + 'static,
    ) -> (Arc<CredentialsCache>, Arc<AtomicUsize>) {
        let loads = Arc::new(AtomicUsize::new(0));
        let provider = Provider { loads: Arc::clone(&loads), next };
        let provider = SharedCredentialsProvider::new(provider);
        (Arc::new(CredentialsCache::new(provider, timeout)), loads)
    }

    fn credentials(number: usize, expiry: Option<SystemTime>) -> Credentials {
        Credentials::new(format!("AKID{number}"), "secret", None, expiry, "test")
    }

    /// Waits for the end of the current renewal.
    async fn renewed(cache: &CredentialsCache) {
        loop {
            let ended = cache.ended.notified();
            if cache.cached().load.is_none() {
                return;
            }
            ended.await;
        }
    }

    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_hours(500_000)
    }

    fn minutes(minutes: u64) -> Duration {
        Duration::from_mins(minutes)
    }

    #[tokio::test]
    async fn credentials_that_do_not_expire_are_loaded_once() {
        let (cache, loads) = cache(|number| Box::pin(ready(Ok(credentials(number, None)))));
        for hours in 0..3 {
            cache.get(now() + minutes(60 * hours)).await.unwrap();
        }
        assert_eq!(loads.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn credentials_are_renewed_shortly_before_they_expire() {
        let (cache, _) = cache(|number| {
            let expiry = now() + minutes(60 * (number as u64 + 1));
            Box::pin(ready(Ok(credentials(number, Some(expiry)))))
        });
        for (minute, key_id) in
            [(0, "AKID0"), (54, "AKID0"), (55, "AKID1"), (114, "AKID1"), (115, "AKID2")]
        {
            cache.get(now() + minutes(minute)).await.unwrap();
            renewed(&cache).await;
            let credentials = cache.get(now() + minutes(minute)).await.unwrap();
            assert_eq!(credentials.access_key_id(), key_id, "minute {minute}");
        }
    }

    #[tokio::test]
    async fn short_lived_credentials_are_kept_for_half_their_life() {
        let (cache, loads) =
            cache(|number| Box::pin(ready(Ok(credentials(number, Some(now() + minutes(2)))))));
        for _ in 0..5 {
            cache.get(now()).await.unwrap();
        }
        assert_eq!(loads.load(Ordering::SeqCst), 1);
        cache.get(now() + minutes(1)).await.unwrap();
        renewed(&cache).await;
        assert_eq!(loads.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn many_calls_wait_for_one_load() {
        let (cache, loads) = cache(|number| {
            Box::pin(async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Ok(credentials(number, None))
            })
        });
        let calls: Vec<_> = (0..64)
            .map(|_| {
                let cache = Arc::clone(&cache);
                tokio::spawn(async move { cache.get(now()).await.map(|_| ()) })
            })
            .collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        assert_eq!(loads.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn all_calls_that_wait_for_a_provider_that_hangs_fail_after_one_timeout() {
        let (cache, loads) = cache(|_| Box::pin(pending()));
        let start = tokio::time::Instant::now();
        let calls: Vec<_> = (0..64)
            .map(|_| {
                let cache = Arc::clone(&cache);
                tokio::spawn(async move { cache.get(now()).await })
            })
            .collect();
        for call in calls {
            let error = Error::new(call.await.unwrap().unwrap_err());
            assert!(error.is_timeout() && error.kind() == ErrorKind::Credentials, "{error}");
        }
        assert!(start.elapsed() < TIMEOUT + Duration::from_millis(100));
        assert_eq!(loads.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_failed_load_is_an_error_and_the_next_call_tries_again() {
        let (cache, _) = cache(|number| match number {
            0 => Box::pin(ready(Err(CredentialsError::not_loaded("no profile")))),
            _ => Box::pin(ready(Ok(credentials(number, None)))),
        });
        let error = cache.get(now()).await.unwrap_err();
        assert!(
            error.to_string().starts_with("not sent: the credentials provider failed"),
            "{error}"
        );
        assert!(cache.get(now()).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn valid_credentials_stay_after_a_failed_renewal_and_the_next_one_waits() {
        let (cache, loads) = cache(|number| match number {
            0 => Box::pin(ready(Ok(credentials(0, Some(now() + minutes(60)))))),
            _ => Box::pin(ready(Err(CredentialsError::not_loaded("down")))),
        });
        for (minute, loads_so_far) in [(0, 1), (56, 2), (56, 2), (57, 3), (59, 4)] {
            let credentials = cache.get(now() + minutes(minute)).await.unwrap();
            assert_eq!(credentials.access_key_id(), "AKID0");
            renewed(&cache).await;
            assert_eq!(loads.load(Ordering::SeqCst), loads_so_far, "minute {minute}");
        }
        assert!(cache.get(now() + minutes(60)).await.is_err(), "they have expired now");
    }

    #[tokio::test(start_paused = true)]
    async fn a_renewal_of_valid_credentials_delays_no_call() {
        let (cache, loads) = cache(|number| match number {
            0 => Box::pin(ready(Ok(credentials(0, Some(now() + minutes(60)))))),
            _ => Box::pin(pending()),
        });
        cache.get(now()).await.unwrap();
        let start = tokio::time::Instant::now();
        for _ in 0..3 {
            cache.get(now() + minutes(56)).await.unwrap();
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        renewed(&cache).await;
        assert_eq!(loads.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_are_dropped_early_share_the_load_of_a_slow_provider() {
        let (cache, loads) = cache(|number| {
            Box::pin(async move {
                tokio::time::sleep(Duration::from_secs(3)).await;
                Ok(credentials(number, None))
            })
        });
        let mut given_up = 0;
        let deadline = Duration::from_secs(1);
        while tokio::time::timeout(deadline, cache.get(now())).await.is_err() {
            given_up += 1;
        }
        assert_eq!(given_up, 3, "the load goes on without those who wait for it");
        assert_eq!(loads.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_panic_of_the_provider_no_call_keeps_waiting() {
        let (cache, _) = cache(|number| match number {
            0 => Box::pin(async { panic!("the provider's own bug") }),
            _ => Box::pin(ready(Ok(credentials(number, None)))),
        });
        let get = || {
            let cache = Arc::clone(&cache);
            tokio::spawn(async move { cache.get(now()).await })
        };
        let (panicking, waiting) = (get(), get());
        let error = panicking.await.unwrap().unwrap_err();
        assert!(error.to_string().contains("panicked"), "{error}");
        assert_eq!(waiting.await.unwrap().unwrap().access_key_id(), "AKID1");
    }

    #[tokio::test]
    async fn refused_credentials_are_loaded_again_but_renewed_credentials_are_kept() {
        let (cache, _) = cache(|number| Box::pin(ready(Ok(credentials(number, None)))));
        let refused = cache.get(now()).await.unwrap();
        cache.invalidate(&refused);
        assert_eq!(cache.get(now()).await.unwrap().access_key_id(), "AKID1");
        cache.invalidate(&refused);
        assert_eq!(cache.get(now()).await.unwrap().access_key_id(), "AKID1");
    }

    #[tokio::test]
    async fn credentials_that_have_expired_when_they_are_loaded_are_an_error() {
        let (cache, _) = cache(|number| Box::pin(ready(Ok(credentials(number, Some(now()))))));
        let error = cache.get(now()).await.unwrap_err();
        assert!(error.to_string().contains("already expired"), "{error}");
    }

    fn runtime() -> Runtime {
        runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
    }

    /// Begins a load on a runtime, and drives the runtime only until the load of this number has begun.
    fn begin_load(runtime: &Runtime, cache: &Arc<CredentialsCache>, number: usize) {
        let cache = Arc::clone(cache);
        runtime.block_on(async {
            let begun = Arc::clone(&cache);
            tokio::spawn(async move { cache.get(now()).await });
            while begun.cached().begun <= number as u64 {
                tokio::task::yield_now().await;
            }
        });
    }

    #[test]
    fn a_load_whose_runtime_was_not_driven_is_begun_again() {
        let timeout = Duration::from_millis(200);
        let (cache, loads) = cache_with(timeout, |number| match number {
            0 => Box::pin(ready(Ok(credentials(number, Some(now() + minutes(60)))))),
            1 => Box::pin(pending()),
            _ => Box::pin(ready(Ok(credentials(number, None)))),
        });
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        // A program that is not async drives the runtime for one call, and later for the next call.
        runtime.block_on(async {
            cache.get(now()).await.unwrap();
            cache.get(now() + minutes(56)).await.unwrap();
            while loads.load(Ordering::SeqCst) < 2 {
                tokio::task::yield_now().await;
            }
        });
        std::thread::sleep(timeout + GRACE * 2);
        let later = runtime.block_on(cache.get(now() + minutes(61)));
        assert_eq!(later.unwrap().access_key_id(), "AKID2");
    }

    #[test]
    fn the_result_of_an_abandoned_load_is_ignored() {
        let told = Arc::new(Notify::new());
        let tell = Arc::clone(&told);
        let (cache, loads) = cache(move |number| {
            let told = Arc::clone(&told);
            Box::pin(async move {
                if number == 0 {
                    told.notified().await;
                }
                Ok(credentials(number, None))
            })
        });
        let (abandoned, other) = (runtime(), runtime());
        begin_load(&abandoned, &cache, 0);
        let get = || other.block_on(cache.get(now()));
        assert!(matches!(get(), Err(CredentialsProblem::Timeout(TIMEOUT))));
        assert_eq!(get().unwrap().access_key_id(), "AKID1");

        tell.notify_one();
        abandoned.block_on(async {
            while Arc::strong_count(&tell) > 2 {
                tokio::task::yield_now().await;
            }
        });
        assert_eq!(get().unwrap().access_key_id(), "AKID1");
        assert_eq!(loads.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn the_end_of_an_abandoned_load_does_not_end_a_later_load() {
        let (cache, _) = cache(|_| Box::pin(pending()));
        let (abandoned, other) = (runtime(), runtime());
        begin_load(&abandoned, &cache, 0);
        assert!(other.block_on(cache.get(now())).is_err());
        begin_load(&other, &cache, 1);
        drop(abandoned);
        assert_eq!(cache.cached().load.as_ref().map(|load| load.number), Some(2));
    }

    #[test]
    fn a_renewal_that_ends_with_its_runtime_begins_again_after_a_pause() {
        let (cache, loads) = cache(|number| match number {
            0 => Box::pin(ready(Ok(credentials(number, Some(now() + minutes(60)))))),
            _ => Box::pin(pending()),
        });
        let (ended, other) = (runtime(), runtime());
        let due = now() + minutes(56);
        ended.block_on(async {
            cache.get(now()).await.unwrap();
            cache.get(due).await.unwrap();
            while loads.load(Ordering::SeqCst) < 2 {
                tokio::task::yield_now().await;
            }
        });
        drop(ended);
        for (time, begun) in [(due, 2), (due + PAUSE_AFTER_FAILURE, 3)] {
            other.block_on(cache.get(time)).unwrap();
            assert_eq!(cache.cached().begun, begun);
        }
    }
}
