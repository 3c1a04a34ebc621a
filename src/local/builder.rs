//! Starting an embedded Chime: its settings, and its thread.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use aws_credential_types::Credentials;
use tokio::sync::{Semaphore, oneshot};

use super::clock::ResourceClock;
use super::directory::Directory;
use super::keys::Keys;
use super::load::load;
use super::received_request::ReceivedRequest;
use super::server::{self, Chime, Limits, Observer};
use super::state::State;
#[cfg(feature = "durable")]
use super::store::Store;
use super::{LocalChime, client_builder};

/// The settings of an embedded Chime, from [`LocalChime::builder`].
///
/// ```
/// use amazon_chime::Credentials;
/// use amazon_chime::local::LocalChime;
///
/// let chime = LocalChime::builder()
///     .credentials(Credentials::new("AKIDEXAMPLE", "a-secret", None, None, "example"))
///     .connection_limit(100)
///     .start()?;
/// assert_eq!(chime.credentials().access_key_id(), "AKIDEXAMPLE");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "nothing is started before `start` is called"]
pub struct LocalChimeBuilder {
    address: IpAddr,
    port: u16,
    credentials: Option<Credentials>,
    latency: Duration,
    connection_limit: usize,
    web_page: bool,
    observer: Option<Observer>,
    seed: Option<PathBuf>,
    #[cfg(feature = "durable")]
    data_directory: Option<PathBuf>,
    #[cfg(feature = "durable")]
    sync: bool,
}

impl LocalChimeBuilder {
    pub(super) fn new() -> Self {
        Self {
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            credentials: None,
            latency: Duration::ZERO,
            connection_limit: Limits::default().connections,
            web_page: false,
            observer: None,
            seed: None,
            #[cfg(feature = "durable")]
            data_directory: None,
            #[cfg(feature = "durable")]
            sync: false,
        }
    }

    /// The port to listen on. 0, the default, is any free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The address to listen on, 127.0.0.1 by default.
    ///
    /// Beyond the loopback interface it is served as plain HTTP to whoever reaches the machine and has the
    /// credentials, which therefore must be given by [`credentials`](Self::credentials). Clients of this crate then
    /// need [`allow_plain_http`](crate::ClientBuilder::allow_plain_http).
    pub fn address(mut self, address: impl Into<IpAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// The long-lived credentials to accept. By default they are random ones, others at each start.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// How much later than it could be each request is answered, as if the service were far away. It is zero by default.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// The number of connections that are served at a time, at least one. It is 1024 by default.
    ///
    /// A client that connects while there are so many waits until one of them is closed, which each of them then is after
    /// its next answer.
    pub fn connection_limit(mut self, limit: usize) -> Self {
        self.connection_limit = limit.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// Whether a browser on this machine is shown a page, to look through what is served. It is false by default.
    ///
    /// The page is at [`endpoint_url`](LocalChime::endpoint_url). It lists accounts, users, rooms and their members, bots
    /// and phone numbers, has a search, and changes nothing. E-mail addresses, names of persons and rooms, phone numbers,
    /// PINs and tokens are hidden until they are asked for.
    ///
    /// It needs no credentials. So it is shown only on connections from the loopback interface, under a name of the
    /// loopback interface, and not to a proxy that says that it forwards the request. Leave it off if a proxy on this
    /// machine forwards requests from elsewhere without saying so.
    ///
    /// Requests to the API are answered as without it. Those for the page are not among
    /// [`requests`](LocalChime::requests).
    ///
    /// ```
    /// use amazon_chime::local::LocalChime;
    ///
    /// let chime = LocalChime::builder().web_page(true).start()?;
    /// println!("open {} in a browser", chime.endpoint_url());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn web_page(mut self, web_page: bool) -> Self {
        self.web_page = web_page;
        self
    }

    /// A function that is called with each request once it has been answered, for a log. It should not take long, as the
    /// server waits for it.
    ///
    /// Requests that name no operation are among them, and those that are refused, but not those whose connection a
    /// [`Fault`](super::Fault) broke.
    ///
    /// ```
    /// use amazon_chime::local::LocalChime;
    ///
    /// let chime = LocalChime::builder()
    ///     .on_answer(|request| {
    ///         let operation = request.operation.unwrap_or("unknown");
    ///         eprintln!("{operation} {:?} {:?}", request.status, request.parameter("AccountId"));
    ///     })
    ///     .start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn on_answer(
        mut self,
        observer: impl Fn(&ReceivedRequest) + Send + Sync + 'static,
    ) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// A seed to begin with: a file, or a directory whose files that end in `.jsonl` are loaded, as an archive is one.
    ///
    /// Lines are those of [`LocalChime::seed`]. Their order does not matter, except that rows of one kind are listed in
    /// the order of their files' names and of their lines. The seed is loaded as a whole, or starting fails.
    #[cfg_attr(
        feature = "durable",
        doc = "\nWith a [data directory](Self::data_directory), it is loaded once: a data directory into which a seed was \
               loaded is served as it is now."
    )]
    ///
    /// ```
    /// use amazon_chime::local::LocalChime;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let chime = LocalChime::builder().load("examples/seed.jsonl").start()?;
    ///
    /// assert!(!chime.client().list_accounts().await?.items.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn load(mut self, path: impl Into<PathBuf>) -> Self {
        self.seed = Some(path.into());
        self
    }

    /// The directory to keep the data in. It is made if it is not there. Without one, nothing is kept.
    ///
    /// A change is in the hands of the operating system before it is answered, so it survives the end of the process at
    /// any moment, and page tokens stay valid. One process at a time can use the directory.
    /// A copy of the directory is whole if it was made while no process used it.
    ///
    /// A change that cannot be stored, because the disk is full, is answered with 503 `ServiceUnavailableException`
    /// and not made. Credentials are not kept: give them by [`credentials`](Self::credentials), so that
    /// clients can go on after a restart. Needs the feature [`durable`](crate::docs::features#durable).
    ///
    /// ```
    /// use amazon_chime::local::LocalChime;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("chime-{}", std::process::id()));
    /// let chime = LocalChime::builder().data_directory(&directory).start()?;
    /// let account = chime.client().create_account("Acme").await?;
    /// drop(chime);
    ///
    /// let chime = LocalChime::builder().data_directory(&directory).start()?;
    /// assert_eq!(chime.client().get_account(&account.account_id).await?, account);
    /// # drop(chime);
    /// # std::fs::remove_dir_all(directory)?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "durable")]
    pub fn data_directory(mut self, path: impl Into<PathBuf>) -> Self {
        self.data_directory = Some(path.into());
        self
    }

    /// Whether a change is on the disk before it is answered, so that it survives a power failure, too. It is false by
    /// default: each change then waits for the disk, milliseconds rather than microseconds. Without a
    /// [data directory](Self::data_directory), it does nothing.
    #[cfg(feature = "durable")]
    pub fn sync(mut self, sync: bool) -> Self {
        self.sync = sync;
        self
    }

    /// Starts the embedded Chime. It accepts requests when this returns.
    ///
    /// # Errors
    ///
    /// If the port is taken, or the system grants no port, no thread or no resources for the event loop;
    /// [`InvalidInput`](ErrorKind::InvalidInput) if an address beyond the loopback interface has no credentials, or the
    /// credentials an empty part; and if the seed cannot be read or one of its rows is refused, with the file and line.
    #[cfg_attr(
        feature = "durable",
        doc = "\nOf the data directory, the error names the file and says what to do: \
               [`ResourceBusy`](ErrorKind::ResourceBusy) if another process uses it, \
               [`InvalidData`](ErrorKind::InvalidData) if a file in it is damaged, \
               [`Unsupported`](ErrorKind::Unsupported) if a newer version wrote it, \
               [`PermissionDenied`](ErrorKind::PermissionDenied) if it cannot be written, \
               [`AlreadyExists`](ErrorKind::AlreadyExists) if a seed is to be loaded but it holds other rows."
    )]
    pub fn start(self) -> io::Result<LocalChime> {
        self.check()?;
        let listener = TcpListener::bind((self.address, self.port))?;
        listener.set_nonblocking(true)?;
        let endpoint_url = format!("http://{}", reachable(listener.local_addr()?));
        let chime = Arc::new(self.chime()?);
        let client = client_builder(&endpoint_url, &chime).build().map_err(io::Error::other)?;
        let (stop, stopped) = oneshot::channel();
        let (ready, started) = mpsc::channel();

        let served = Arc::clone(&chime);
        let thread = thread::Builder::new()
            .name("local-chime".to_owned())
            .spawn(move || run(listener, served, &ready, stopped))?;
        let mut local =
            LocalChime { endpoint_url, client, chime, stop: Some(stop), thread: Some(thread) };
        if started.recv().is_ok() {
            return Ok(local);
        }
        Err(match local.thread.take().map(thread::JoinHandle::join) {
            Some(Ok(Err(error))) => error,
            _ => io::Error::other("the thread of the embedded Chime ended early"),
        })
    }

    fn check(&self) -> io::Result<()> {
        let invalid = |problem| Err(io::Error::new(ErrorKind::InvalidInput, problem));
        match &self.credentials {
            None if !self.address.is_loopback() => invalid(
                "an embedded Chime beyond the loopback interface needs credentials of its own: \
                 give an access key ID and a secret access key",
            ),
            Some(credentials)
                if credentials.access_key_id().is_empty()
                    || credentials.secret_access_key().is_empty() =>
            {
                invalid("the access key ID and the secret access key must not be empty")
            }
            _ => Ok(()),
        }
    }

    fn chime(self) -> io::Result<Chime> {
        let resource_clock = ResourceClock::default();
        let state = self.state(&resource_clock)?;
        let keys = self.credentials.map(Keys::of).unwrap_or_default();
        let limits = Limits { connections: self.connection_limit, ..Limits::default() };
        let (latency, observer, has_web_page) = (self.latency, self.observer, self.web_page);
        let chime = Chime { keys, resource_clock, latency, observer, limits, ..Chime::default() };
        Ok(Chime { state, has_web_page, ..chime })
    }

    fn state(&self, clock: &ResourceClock) -> io::Result<State> {
        #[cfg(feature = "durable")]
        if let Some(path) = &self.data_directory {
            let (store, mut stored) = Store::open(path, self.sync)?;
            clock.advance(stored.clock_ahead);
            if let Some(seed) = self.seed.as_ref().filter(|_| !stored.is_loaded) {
                if stored.has_rows {
                    let problem = format!(
                        "{}: the data directory holds rows already. Load the seed into an empty directory",
                        path.display()
                    );
                    return Err(io::Error::new(ErrorKind::AlreadyExists, problem));
                }
                load(&mut stored.directory, seed, clock.now())?;
                store.keep_seed(path, &mut stored.directory)?;
            }
            return Ok(State::stored(stored.directory, store));
        }
        let mut directory = Directory::default();
        if let Some(seed) = &self.seed {
            load(&mut directory, seed, clock.now())?;
        }
        Ok(State::in_memory(directory))
    }
}

/// Shows what can be shown, which the credentials cannot.
impl fmt::Debug for LocalChimeBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalChimeBuilder")
            .field("address", &self.address)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// Where a server that listens on an address is reached from this machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// The server's thread. Everything it serves runs on its runtime, and so ends with it, open connections included.
///
/// Nothing else runs there, so an operation may wait for the disk: the others could not begin before it ends anyway.
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
