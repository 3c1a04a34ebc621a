//! The decoy: the target of redirects, a server that should receive no request.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub(crate) struct Decoy {
    url: String,
    seen: Arc<Mutex<Seen>>,
    accepting: JoinHandle<()>,
}

/// The numbers of connections, requests and secrets that a decoy has received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) connections: usize,
    pub(crate) requests: usize,
    pub(crate) signatures: usize,
    pub(crate) session_tokens: usize,
}

impl Decoy {
    pub(crate) async fn listen() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let seen = Arc::new(Mutex::default());
        let accepting = tokio::spawn(accept(listener, Arc::clone(&seen)));
        Ok(Self { url, seen, accepting })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn seen(&self) -> Seen {
        *lock(&self.seen)
    }
}

impl Drop for Decoy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, seen: Arc<Mutex<Seen>>) {
    while let Ok((client, _)) = listener.accept().await {
        lock(&seen).connections += 1;
        tokio::spawn(look_at_request(client, Arc::clone(&seen)));
    }
}

async fn look_at_request(client: TcpStream, seen: Arc<Mutex<Seen>>) {
    let mut client = BufReader::new(client);
    let mut line = String::new();
    while matches!(client.read_line(&mut line).await, Ok(1..)) && line != "\r\n" {
        let line = std::mem::take(&mut line).to_ascii_lowercase();
        let mut seen = lock(&seen);
        seen.requests += usize::from(line.ends_with("http/1.1\r\n"));
        seen.signatures += usize::from(line.starts_with("authorization:"));
        seen.session_tokens += usize::from(line.starts_with("x-amz-security-token:"));
    }
    _ = client.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}
