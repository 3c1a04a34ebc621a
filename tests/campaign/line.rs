//! A line to a server that goes wrong in ways a server cannot. It passes bytes on, and never sends any again.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::RwLock;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

/// When and how a line goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// It closes the client's connection shortly after an answer, whether or not the next request is on its way,
    /// and passes nothing on.
    AfterAnswer,
    /// It resets the client's connection when the next request is there, unread.
    AtNextRequest,
    /// It closes its half of the client's connection shortly after an answer, but passes on what the client still
    /// sends: the service does it, and nobody gets its answer.
    HalfClosed,
    /// It passes a request on when the client no longer waits for it.
    HeldUp,
}

impl Moment {
    pub(crate) const ALL: [Self; 4] =
        [Self::AfterAnswer, Self::AtNextRequest, Self::HalfClosed, Self::HeldUp];
}

/// How often, and for how long.
pub(crate) struct Plan {
    pub(crate) moments: Vec<Moment>,
    pub(crate) probability: f64,
    pub(crate) seed: u64,
    /// How long a request is held up.
    pub(crate) hold: Duration,
}

/// Open until it is dropped.
pub(crate) struct Line {
    url: String,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

struct Shared {
    server: SocketAddr,
    plan: Plan,
    dice: Mutex<fastrand::Rng>,
    /// Shared by the connections that may still pass on what nobody waits for.
    busy: RwLock<()>,
}

/// The client sends its next request at about this time after an answer, at the latest.
const LONGEST_PAUSE: Duration = Duration::from_micros(300);

impl Line {
    pub(crate) async fn open(server_url: &str, plan: Plan) -> Result<Self> {
        let server = server_url.strip_prefix("http://").context("a URL of plain HTTP")?.parse()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let dice = Mutex::new(fastrand::Rng::with_seed(plan.seed));
        let shared = Arc::new(Shared { server, plan, dice, busy: RwLock::default() });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { url, shared, accepting })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Waits until everything that was held up has been passed on.
    pub(crate) async fn settle(&self) -> Result<()> {
        let settled = timeout(Duration::from_secs(10), self.shared.busy.write()).await;
        settled.map(drop).context("the line does not come to rest")
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((client, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            // When a connection breaks by itself, nobody is left to be told.
            _ = shared.relay(client).await;
        });
    }
}

/// What happened last on a connection.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    Opening,
    Request,
    Answer,
}

impl Shared {
    async fn relay(&self, mut client: TcpStream) -> Result<()> {
        let mut server = TcpStream::connect(self.server).await?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        let mut last = Last::Opening;
        let mut buffer = vec![0; 64 * 1024];
        let mut first_byte = [0];
        loop {
            tokio::select! {
                there = client.peek(&mut first_byte) => {
                    if there? == 0 {
                        return Ok(());
                    }
                    let is_new = last != Last::Request;
                    if last == Last::Answer && self.strikes(Moment::AtNextRequest) {
                        // What is there is unread, so that this is a reset.
                        return Ok(());
                    }
                    last = Last::Request;
                    if is_new && self.strikes(Moment::HeldUp) {
                        let _busy = self.busy.read().await;
                        sleep(self.plan.hold).await;
                        pass(&mut client, &mut server, &mut buffer).await?;
                        server.readable().await?;
                    } else {
                        pass(&mut client, &mut server, &mut buffer).await?;
                    }
                }
                answer = server.readable() => {
                    answer?;
                    if pass(&mut server, &mut client, &mut buffer).await? == 0 {
                        return Ok(());
                    }
                    last = Last::Answer;
                    if self.strikes(Moment::AfterAnswer) {
                        self.pause().await;
                        return Ok(());
                    }
                    if self.strikes(Moment::HalfClosed) {
                        self.pause().await;
                        let _busy = self.busy.read().await;
                        return half_close(client, server).await;
                    }
                }
            }
        }
    }

    fn strikes(&self, moment: Moment) -> bool {
        self.plan.moments.contains(&moment)
            && self.with_dice(fastrand::Rng::f64) < self.plan.probability
    }

    /// Waits for a part of the time in which the next request will come. No timer is as fine as that.
    async fn pause(&self) {
        let end = Instant::now() + LONGEST_PAUSE.mul_f64(self.with_dice(fastrand::Rng::f64));
        while Instant::now() < end {
            tokio::task::yield_now().await;
        }
    }

    fn with_dice<T>(&self, throw: impl FnOnce(&mut fastrand::Rng) -> T) -> T {
        throw(&mut self.dice.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Passes on what there is; 0 at the end.
async fn pass(from: &mut TcpStream, to: &mut TcpStream, buffer: &mut [u8]) -> Result<usize> {
    let length = from.read(buffer).await?;
    to.write_all(&buffer[..length]).await?;
    Ok(length)
}

async fn half_close(mut client: TcpStream, mut server: TcpStream) -> Result<()> {
    client.shutdown().await?;
    if tokio::io::copy(&mut client, &mut server).await? > 0 {
        // Its answer shows that the service has done it.
        server.readable().await?;
    }
    Ok(())
}
