//! Runtimes that have ended, that no longer run, or whose threads are blocked.

use std::future::pending;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::time::Duration;

use amazon_chime::aws_credential_types::provider::future;
use amazon_chime::{Account, Client, Credentials, Error, ErrorKind, ProvideCredentials};
use futures_util::future::{Either, select};
use tokio::runtime::{Builder, Runtime};

use crate::retries::{SHORT, created, fail};
use crate::support::{Action, Server};

type Call = Pin<Box<dyn Future<Output = Result<Account, Error>> + Send>>;

fn single_threaded() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn multi_threaded() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// The runtime of the test services, which run longer than the runtimes of clients.
static SERVICES: LazyLock<Runtime> = LazyLock::new(multi_threaded);

/// The reason why the first load returns no credentials.
#[derive(Clone, Debug)]
enum Hindrance {
    /// The load never ends.
    Waits,
    /// The load blocks its thread while the test holds the lock.
    Blocks(Arc<Mutex<()>>),
}

/// A provider whose first load has a problem.
#[derive(Clone, Debug)]
struct Provider {
    hindrance: Hindrance,
    loads: Arc<AtomicUsize>,
}

impl Provider {
    fn new(hindrance: Hindrance) -> Self {
        Self { hindrance, loads: Arc::default() }
    }

    fn loads(&self) -> usize {
        self.loads.load(Ordering::SeqCst)
    }
}

impl ProvideCredentials for Provider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let number = self.loads.fetch_add(1, Ordering::SeqCst);
        future::ProvideCredentials::new(async move {
            match &self.hindrance {
                Hindrance::Waits if number == 0 => pending().await,
                Hindrance::Blocks(held) if number == 0 => drop(lock(held)),
                _ => {}
            }
            Ok(Credentials::new(format!("AKID{number}"), "hunter2", None, None, "test"))
        })
    }
}

fn lock(held: &Mutex<()>) -> MutexGuard<'_, ()> {
    held.lock().unwrap()
}

/// Starts a service, and creates a client whose calls wait this long for credentials.
fn service_for(provider: &Provider, timeout: Duration) -> (Server, Client) {
    let server = SERVICES.block_on(Server::start(|_| created()));
    let builder = server.builder().credentials_provider(provider.clone());
    let client = builder.credentials_timeout(timeout).build().unwrap();
    (server, client)
}

/// Starts a load on this runtime. The runtime does not run after that.
fn begin_load(runtime: &Runtime, client: &Client, provider: &Provider) {
    runtime.block_on(async {
        let call = tokio::spawn(client.create_account("Acme").into_future());
        while provider.loads() == 0 {
            tokio::task::yield_now().await;
        }
        call.abort();
    });
}

fn assert_gave_up_waiting(error: &Error) {
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credentials, 0), "{error}");
    assert!(error.is_timeout() && !error.may_have_applied(), "{error:?}");
    assert!(error.to_string().contains(&format!("within {SHORT:?}")), "{error}");
}

#[test]
fn calls_wait_for_a_provider_only_as_long_as_the_client_says() {
    for runtime in [single_threaded(), multi_threaded()] {
        let provider = Provider::new(Hindrance::Waits);
        let (_server, client) = service_for(&provider, SHORT);
        assert_gave_up_waiting(&runtime.block_on(fail(client.create_account("Acme"))));
        runtime.block_on(client.create_account("Acme").into_future()).unwrap();
        assert_eq!(provider.loads(), 2);
    }
}

#[test]
fn a_load_on_a_runtime_that_no_longer_runs_blocks_no_call_forever() {
    for runtime in [single_threaded(), multi_threaded()] {
        let provider = Provider::new(Hindrance::Waits);
        let (server, client) = service_for(&provider, SHORT);
        let undriven = single_threaded();
        begin_load(&undriven, &client, &provider);

        assert_gave_up_waiting(&runtime.block_on(fail(client.create_account("Acme"))));
        assert_eq!(provider.loads(), 1, "its own time was not over yet");
        runtime.block_on(client.create_account("Acme").into_future()).unwrap();
        assert_eq!(provider.loads(), 2, "another load began on the runtime of the call");

        // The end of the first load has no effect.
        drop(undriven);
        runtime.block_on(client.create_account("Acme").into_future()).unwrap();
        assert_eq!((provider.loads(), server.reads()), (2, 2));
    }
}

#[test]
fn a_provider_that_blocks_its_thread_blocks_no_call_on_another_thread() {
    let held = Arc::<Mutex<()>>::default();
    let provider = Provider::new(Hindrance::Blocks(Arc::clone(&held)));
    let (_server, client) = service_for(&provider, SHORT);
    let runtime = multi_threaded();
    let blocked = lock(&held);
    for _ in 0..3 {
        assert_gave_up_waiting(&runtime.block_on(fail(client.create_account("Acme"))));
    }
    assert_eq!(provider.loads(), 1, "another load would block another thread");

    drop(blocked);
    runtime.block_on(client.create_account("Acme").into_future()).unwrap();
    assert_eq!(provider.loads(), 1, "what it gives in the end is used");
}

#[test]
fn a_load_whose_runtime_ends_is_started_again() {
    for runtime in [single_threaded(), multi_threaded()] {
        let provider = Provider::new(Hindrance::Waits);
        let (_server, client) = service_for(&provider, Duration::from_mins(1));
        let ending = multi_threaded();
        begin_load(&ending, &client, &provider);

        runtime.block_on(async {
            let mut call = client.create_account("Acme").into_future();
            // The call waits for the load on the other runtime.
            assert!(futures_util::poll!(&mut call).is_pending());
            ending.shutdown_background();
            call.await.unwrap();
        });
        assert_eq!(provider.loads(), 2);
    }
}

#[test]
fn the_error_after_the_end_of_a_runtime_says_what_to_do() {
    static CLIENT: LazyLock<(Server, Client)> = LazyLock::new(|| {
        let stall = || Action::Stall(Vec::new());
        let server = SERVICES.block_on(Server::playing([stall(), stall(), created()]));
        let client = server.client();
        (server, client)
    });
    let (server, client) = &*CLIENT;
    let on_a_runtime_that_ends = |mut call: Call| {
        let (ending, other) = (multi_threaded(), single_threaded());
        let reads = server.reads();
        ending.block_on(async {
            let is_read = pin!(server.until(|state| state.requests.len() > reads));
            assert!(matches!(select(&mut call, is_read).await, Either::Right(_)));
        });
        drop(ending);
        other.block_on(call)
    };

    let create = client.create_account("Acme").into_future();
    let error = on_a_runtime_that_ends(create).unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 1), "{error}");
    assert!(error.may_have_applied(), "the service has read it");
    assert!(error.to_string().contains("make one client for each runtime"), "{error}");
    assert!(std::error::Error::source(&error).is_some());

    let read = client.get_account("acc").into_future();
    on_a_runtime_that_ends(read).expect("it is sent again on another connection");
    assert_eq!(server.reads(), 3);
}
