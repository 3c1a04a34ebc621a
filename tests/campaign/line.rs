//! A line: a TCP proxy in front of a server, which fails in ways that a server cannot. It never sends bytes twice.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::RwLock;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

/// The moment and the way in which a line fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The line closes the client's connection shortly after a response, even if the next request has been sent.
    /// The line forwards nothing more.
    AfterAnswer,
    /// The line resets the client's connection when the next request has arrived, before it reads the request.
    AtNextRequest,
    /// The line closes its half of the client's connection shortly after a response, but forwards the next request. The
    /// service carries the request out, and the response is lost.
    HalfClosed,
    /// The line forwards a request after the client has stopped waiting for the response.
    HeldUp,
}

impl Moment {
    pub(crate) const ALL: [Self; 4] =
        [Self::AfterAnswer, Self::AtNextRequest, Self::HalfClosed, Self::HeldUp];
}

pub(crate) struct Plan {
    pub(crate) moments: Vec<Moment>,
    pub(crate) probability: f64,
    pub(crate) seed: u64,
    /// The delay of a request at the moment `HeldUp`.
    pub(crate) hold: Duration,
}

/// A proxy that accepts connections until it is dropped.
pub(crate) struct Line {
    url: String,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

struct Shared {
    server: SocketAddr,
    plan: Plan,
    dice: Mutex<fastrand::Rng>,
    /// A connection holds a read lock while it still forwards a request. `settle` waits for the write lock.
    busy: RwLock<()>,
}

/// The longest time, approximately, between a response and the next request of the client.
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

    /// Waits until all delayed requests have been forwarded.
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
            // If a connection breaks, there is nobody to report it to.
            _ = shared.relay(client).await;
        });
    }
}

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
                        // Closing a connection with unread bytes resets it.
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

    /// Waits for a random part of the time until the next request. Timers are not precise enough for this.
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

/// Forwards the bytes that have arrived. Returns 0 at the end of the connection.
async fn pass(from: &mut TcpStream, to: &mut TcpStream, buffer: &mut [u8]) -> Result<usize> {
    let length = from.read(buffer).await?;
    to.write_all(&buffer[..length]).await?;
    Ok(length)
}

async fn half_close(mut client: TcpStream, mut server: TcpStream) -> Result<()> {
    client.shutdown().await?;
    if tokio::io::copy(&mut client, &mut server).await? > 0 {
        // The response shows that the service has carried the request out.
        server.readable().await?;
    }
    Ok(())
}
