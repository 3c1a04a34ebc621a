//! The settings and the thread of an embedded Chime.

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

/// A builder for an embedded Chime, from [`LocalChime::builder`].
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

    /// Sets the port to listen on. The default is 0, which means any free port.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the address to listen on, 127.0.0.1 by default.
    ///
    /// Other machines can reach an address outside the loopback interface over plain HTTP. Such an address therefore
    /// requires [`credentials`](Self::credentials), and clients of this crate need
    /// [`allow_plain_http`](crate::ClientBuilder::allow_plain_http).
    pub fn address(mut self, address: impl Into<IpAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Sets the long-lived credentials to accept. By default, they are random and change at each start.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Sets a delay before each response, zero by default.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Sets the number of connections that are served at the same time, by default 1024 and at least 1.
    ///
    /// Further connections wait until one is closed. While the limit is reached, every response closes its connection.
    pub fn connection_limit(mut self, limit: usize) -> Self {
        self.connection_limit = limit.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// Sets whether browsers on this machine can open a page that shows the data. The default is `false`.
    ///
    /// The page is at [`endpoint_url`](LocalChime::endpoint_url). It lists accounts, users, rooms and their members,
    /// bots and phone numbers, has a search, and changes nothing. E-mail addresses, names of persons and rooms, phone
    /// numbers, PINs and tokens are hidden until the user asks for them.
    ///
    /// The page needs no credentials. It is therefore shown only if the connection and the `Host` header belong to the
    /// loopback interface, and no header says that a proxy forwarded the request. Do not enable the page if a proxy on
    /// this machine forwards requests from other machines without such a header.
    ///
    /// The page has no effect on the API, and [`requests`](LocalChime::requests) does not include its requests.
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

    /// Sets a function that is called with each request and its status, for example to write a log. The server waits
    /// for the function, so it should be fast.
    ///
    /// It is also called for refused requests and for requests that name no operation, but not if a
    /// [`Fault`](super::Fault) breaks the connection instead of a response.
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

    /// Sets the seed to load: a file, or a directory whose `.jsonl` files are loaded, such as an archive of
    /// [`chime archive`](crate::docs::archiving).
    ///
    /// [`LocalChime::seed`] describes the lines, but here a row may come before its parent, such as a user before its
    /// account. Rows of one kind are listed in the order of the file names and lines. If a row is refused,
    /// [`start`](Self::start) fails.
    #[cfg_attr(
        feature = "durable",
        doc = "\nWith a [data directory](Self::data_directory), only the first seed is loaded: later starts skip every seed."
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

    /// Sets the directory to store the data in, which is created if it does not exist. By default, nothing is stored.
    /// Needs the feature [`durable`](crate::docs::features#durable).
    ///
    /// The operating system has each change before the response is sent, so data and page tokens survive the end of the
    /// process at any moment. If a change cannot be stored, for example because the disk is full, nothing changes and
    /// the response is 503 `ServiceUnavailableException`. Credentials are not stored, so set them with
    /// [`credentials`](Self::credentials).
    ///
    /// One process at a time can use the directory. Copy the directory only while no process uses it.
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

    /// Sets whether each change is on the disk before the response is sent. The default is `false`.
    ///
    /// With `true`, the [data directory](Self::data_directory) also survives a power failure, but each change takes
    /// milliseconds instead of microseconds. Without a data directory, the setting has no effect.
    #[cfg(feature = "durable")]
    pub fn sync(mut self, sync: bool) -> Self {
        self.sync = sync;
        self
    }

    /// Starts the embedded Chime. It accepts requests when this function returns.
    ///
    /// # Errors
    ///
    /// Returns an error if the port is taken, if the system grants no port, no thread or no resources for the event
    /// loop, or if the seed cannot be loaded. An error of the seed has the file and the line. The error is
    /// [`InvalidInput`](ErrorKind::InvalidInput) if an address outside the loopback interface has no credentials, or if
    /// a part of the credentials is empty.
    #[cfg_attr(
        feature = "durable",
        doc = "\nAn error about the data directory names the file and says what to do: \
               [`ResourceBusy`](ErrorKind::ResourceBusy) if another process uses it, \
               [`InvalidData`](ErrorKind::InvalidData) if a file in it is damaged, \
               [`Unsupported`](ErrorKind::Unsupported) if a newer version wrote it, \
               [`PermissionDenied`](ErrorKind::PermissionDenied) if it cannot be written, \
               [`AlreadyExists`](ErrorKind::AlreadyExists) if the first seed is to be loaded and it already has rows."
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

/// Shows the address and the port but not the credentials.
impl fmt::Debug for LocalChimeBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalChimeBuilder")
            .field("address", &self.address)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// Returns the address at which this machine reaches a server that listens on `address`.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Runs the thread of the server. All connections run on one runtime and end with this runtime.
///
/// An operation may block this runtime to wait for the disk, because only the server uses the runtime and operations
/// run one after the other.
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
