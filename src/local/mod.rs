//! An embedded Amazon Chime for tests and experiments. Needs the feature
//! [`local`](crate::docs::features#local).
//!
//! [`LocalChime`] serves the Chime administration API on a free port of the loopback interface, inside the
//! process that starts it. It keeps accounts and users in memory, for as long as it lives, and is strict: it
//! checks the signature of every request and every limit that the API documents, and it answers with the status
//! codes, headers and JSON of the real service. Whatever speaks to Chime can speak to it, be it this crate, an
//! AWS SDK or the AWS CLI.
//!
//! ```
//! use amazon_chime::local::LocalChime;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let chime = LocalChime::start()?;
//! let account = chime.client().create_account("Acme").await?;
//!
//! // Any other client of the API takes these three.
//! println!("{} {} {:?}", chime.endpoint_url(), chime.region(), chime.credentials());
//! # Ok(())
//! # }
//! ```
//!
//! It implements these operations, and answers all others with `UnknownOperationException`:
//!
//! - `CreateAccount`, `GetAccount`, `ListAccounts`, `UpdateAccount`, `DeleteAccount`
//! - `CreateUser`, `GetUser`, `ListUsers`, `UpdateUser`, `BatchSuspendUser`, `BatchUnsuspendUser`
//! - `GetPhoneNumber`, `ListPhoneNumbers`, `UpdatePhoneNumber`, `BatchUpdatePhoneNumber`
//! - `DeletePhoneNumber`, `BatchDeletePhoneNumber`, `RestorePhoneNumber`
//! - `AssociatePhoneNumberWithUser`, `DisassociatePhoneNumberFromUser`
//! - `SearchAvailablePhoneNumbers`, `ListSupportedPhoneNumberCountries`
//! - `CreatePhoneNumberOrder`, `GetPhoneNumberOrder`, `ListPhoneNumberOrders`
//! - `GetPhoneNumberSettings`, `UpdatePhoneNumberSettings`
//! - `GetGlobalSettings`, `UpdateGlobalSettings`
//! - `CreateMeetingDialOut`
//!
//! # What is assumed
//!
//! Where AWS documents nothing, it does what seems most plausible:
//!
//! | about | what it does |
//! |---|---|
//! | an order of phone numbers, a new calling name | the answer of the call says that it is being worked on; every later answer shows the outcome |
//! | an order that names a number twice | the first one is acquired, the second one fails |
//! | an order of no numbers | is refused with 400; a batch of no updates changes nothing |
//! | deleting a number that is in the deletion queue | changes nothing, its `DeletionTimestamp` included |
//! | restoring a number that is not in the deletion queue | changes nothing and returns it |
//! | associating a number | is refused with 400 unless the number is unassigned and for `BusinessCalling` and the user has none; with the user who has it, changes nothing |
//! | disassociating a user without a number | changes nothing |
//! | the product type of a number | is checked in updates as in orders; that of an assigned number cannot be changed (400) |
//! | deleting an account | unassigns the numbers of its users |
//! | the default calling name | can be set to the same name again at any time |
//! | `CreateMeetingDialOut` | takes any meeting; a number that is not in the inventory is refused with 403 |

mod accounts;
mod answer;
#[cfg(benching)]
#[allow(clippy::unwrap_used, reason = "only benchmarks call it")]
pub(crate) mod benching;
mod call;
mod clock;
mod content;
mod directory;
mod document;
mod fault;
mod global_settings;
mod keys;
mod meetings;
mod members;
mod paging;
mod phone_number_associations;
mod phone_number_catalog;
mod phone_number_orders;
mod phone_number_settings;
mod phone_numbers;
mod routes;
mod server;
mod signature;
mod table;
mod users;
mod validate;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};

use aws_credential_types::Credentials;
use chrono::TimeDelta;
use tokio::sync::oneshot;

use crate::{Client, ClientBuilder};
use server::Chime;

pub use clock::SkewError;
pub use fault::Fault;

/// A running embedded Chime; it stops when dropped.
///
/// Each one has its own accounts, its own credentials and its own thread, so that tests which start one each
/// cannot disturb each other. Starting and dropping it work the same in blocking code and on any async runtime.
/// Dropping it closes its connections and returns once its port is free.
///
/// ```
/// use amazon_chime::local::LocalChime;
///
/// let (one, other) = (LocalChime::start()?, LocalChime::start()?);
/// assert_ne!(one.endpoint_url(), other.endpoint_url());
/// assert_ne!(one.credentials(), other.credentials());
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct LocalChime {
    endpoint_url: String,
    client: Client,
    chime: Arc<Chime>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl LocalChime {
    /// Starts an embedded Chime on a free port of 127.0.0.1. It accepts requests when this returns.
    ///
    /// # Errors
    ///
    /// If the system grants no port, no thread or no resources for the event loop.
    pub fn start() -> io::Result<Self> {
        Self::start_on(0)
    }

    /// Starts an embedded Chime on this port of 127.0.0.1, for clients that must be told where it is before it
    /// runs. Port 0 takes a free one, as [`start`](Self::start) does.
    ///
    /// ```
    /// use amazon_chime::local::LocalChime;
    ///
    /// let chime = LocalChime::start()?;
    /// let (_, port) = chime.endpoint_url().rsplit_once(':').ok_or("there is a port in it")?;
    ///
    /// assert!(LocalChime::start_on(port.parse()?).is_err(), "the port is taken");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the port is taken, or as for [`start`](Self::start).
    pub fn start_on(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let endpoint_url = format!("http://{}", listener.local_addr()?);
        let chime = Arc::new(Chime::default());
        let client = client_builder(&endpoint_url, &chime).build().map_err(io::Error::other)?;
        let (stop, stopped) = oneshot::channel();
        let (ready, started) = mpsc::channel();

        let served = Arc::clone(&chime);
        let thread = thread::Builder::new()
            .name("local-chime".to_owned())
            .spawn(move || run(listener, served, &ready, stopped))?;
        let local = Self { endpoint_url, client, chime, stop: Some(stop), thread: Some(thread) };
        match started.recv() {
            Ok(()) => Ok(local),
            Err(_) => Err(local.why_it_ended()),
        }
    }

    /// The URL to send requests to, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn endpoint_url(&self) -> &str {
        &self.endpoint_url
    }

    /// The region that requests must be signed for, `us-east-1`.
    #[must_use]
    pub fn region(&self) -> &str {
        signature::REGION
    }

    /// The long-lived credentials that this instance accepts: random, and accepted by no other.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        self.chime.keys.permanent().clone()
    }

    /// Credentials with a session token, accepted as well. A request that is signed with them but sends another
    /// token, or none, is refused.
    ///
    /// ```
    /// use amazon_chime::local::LocalChime;
    ///
    /// let credentials = LocalChime::start()?.temporary_credentials();
    /// assert!(credentials.access_key_id().starts_with("ASIA"));
    /// assert!(credentials.session_token().is_some());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn temporary_credentials(&self) -> Credentials {
        self.chime.keys.temporary()
    }

    /// Expires the temporary credentials and gives new ones. From now on the former are refused with
    /// `ExpiredTokenException`.
    ///
    /// ```
    /// use amazon_chime::{Client, local::LocalChime};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let chime = LocalChime::start()?;
    /// let client = Client::builder()
    ///     .endpoint_url(chime.endpoint_url())
    ///     .region(chime.region())
    ///     .credentials_provider(chime.temporary_credentials())
    ///     .build()?;
    /// client.list_accounts().await?;
    ///
    /// let _ = chime.renew_temporary_credentials();
    /// let error = client.list_accounts().await.unwrap_err();
    /// assert_eq!(error.code(), Some("ExpiredTokenException"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "these are the only ones that are valid now"]
    pub fn renew_temporary_credentials(&self) -> Credentials {
        self.chime.keys.renew_temporary()
    }

    /// Lets this Chime's clock be this far ahead of this machine's, or behind it if negative. A request that was
    /// signed with a time more than five minutes away from it is refused with `error`.
    ///
    /// ```
    /// use amazon_chime::chrono::TimeDelta;
    /// use amazon_chime::local::{LocalChime, SkewError};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let chime = LocalChime::start()?;
    /// chime.shift_clock(TimeDelta::hours(1), SkewError::RequestTimeTooSkewed);
    ///
    /// let response = chime.client().list_accounts().send_with_metadata().await?;
    /// assert_eq!(response.attempts, 2, "refused once, then signed with the service's time");
    /// # Ok(())
    /// # }
    /// ```
    pub fn shift_clock(&self, ahead: TimeDelta, error: SkewError) {
        self.chime.clock.shift(ahead, error);
    }

    /// Advances the clock that resources go by: what is created from now on is that much younger, and what has a
    /// time to end comes closer to it. Signatures are checked against another clock, so clients still get in.
    ///
    /// ```
    /// use amazon_chime::chrono::{TimeDelta, Utc};
    /// use amazon_chime::local::LocalChime;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let chime = LocalChime::start()?;
    /// chime.advance(TimeDelta::days(7));
    ///
    /// let account = chime.client().create_account("Acme").await?;
    /// assert!(account.created_timestamp > Some(Utc::now() + TimeDelta::days(6)));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// This clock never goes back: a negative `time` is ignored.
    pub fn advance(&self, time: TimeDelta) {
        self.chime.resource_clock.advance(time);
    }

    /// Lets something go wrong, on purpose; see [`Fault`].
    pub fn inject(&self, fault: Fault) {
        self.chime.faults.add(fault);
    }

    /// Forgets all faults that were injected and not played yet.
    pub fn clear_faults(&self) {
        self.chime.faults.clear();
    }

    /// A client for this Chime.
    ///
    /// It is the same one each time, so it belongs to one Tokio runtime; for
    /// another, or other settings, take [`client_builder`](Self::client_builder).
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// The settings of a client for this Chime, to be completed.
    ///
    /// ```
    /// use amazon_chime::{RetryConfig, local::LocalChime};
    ///
    /// let chime = LocalChime::start()?;
    /// let client = chime.client_builder().retry(RetryConfig::disabled()).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn client_builder(&self) -> ClientBuilder {
        client_builder(&self.endpoint_url, &self.chime)
    }

    fn why_it_ended(mut self) -> io::Error {
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(Err(error))) => error,
            _ => io::Error::other("the thread of the embedded Chime ended early"),
        }
    }
}

fn client_builder(endpoint_url: &str, chime: &Chime) -> ClientBuilder {
    Client::builder()
        .endpoint_url(endpoint_url)
        .region(signature::REGION)
        .credentials_provider(chime.keys.permanent().clone())
}

/// Shows the endpoint, never the credentials.
impl fmt::Debug for LocalChime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalChime")
            .field("endpoint_url", &self.endpoint_url)
            .finish_non_exhaustive()
    }
}

impl Drop for LocalChime {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

/// The server's thread. Everything it serves runs on its runtime, and so ends with it, open connections included.
fn run(
    listener: TcpListener,
    chime: Arc<Chime>,
    ready: &mpsc::Sender<()>,
    stopped: oneshot::Receiver<()>,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = {
        let _inside = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    runtime.spawn(server::serve(listener, chime));
    _ = ready.send(());
    _ = runtime.block_on(stopped);
    Ok(())
}
