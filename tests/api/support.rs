//! The common code of several tests.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use amazon_chime::{Client, ClientBuilder, Credentials, RetryConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Notify, watch};

/// Returns a client builder for a server of the test, with short delays so that retries take no time.
pub(crate) fn builder(endpoint_url: &str) -> ClientBuilder {
    let backoff = Duration::from_millis(1);
    Client::builder()
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "hunter2", None, None, "test"))
        .endpoint_url(endpoint_url)
        .retry(RetryConfig::standard().initial_backoff(backoff).max_backoff(backoff))
}

pub(crate) fn client(endpoint_url: &str) -> Client {
    builder(endpoint_url).build().expect("the settings are in order")
}

/// A server on a socket that performs the actions of a script and records all requests. It ends with the runtime of the
/// test.
pub(crate) struct Server {
    url: String,
    state: watch::Sender<State>,
}

#[derive(Clone, Default)]
pub(crate) struct State {
    pub(crate) connections: usize,
    /// The number of connections that the client or the server has closed.
    pub(crate) closed: usize,
    pub(crate) requests: Vec<Seen>,
    /// The number of bytes that [`Action::Flood`] has written repeatedly.
    pub(crate) flooded_bytes: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// The path and the query, or the whole URL if the client uses the server as a proxy.
    pub(crate) target: String,
    /// Names are in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(known, _)| known == name)?;
        Some(value)
    }
}

/// The reaction of a server to a request, after it has read the whole request.
#[derive(Clone)]
pub(crate) enum Action {
    /// Sends these bytes and keeps the connection.
    Answer(Vec<u8>),
    /// Sends these bytes and closes the connection.
    AnswerAndClose(Vec<u8>),
    /// Sends these bytes and shuts down its side of the connection, as servers do with idle connections.
    AnswerAndLeave(Vec<u8>),
    /// Breaks the connection.
    Reset,
    /// Sends these bytes, and then waits until the client closes the connection.
    Stall(Vec<u8>),
    /// Waits for the notification, then sends these bytes.
    AnswerWhenTold(Arc<Notify>, Vec<u8>),
    /// Sends the first bytes, then repeats the second bytes without end.
    Flood(Vec<u8>, Vec<u8>),
}

impl Action {
    /// Closes the connection without a response.
    pub(crate) fn close() -> Self {
        Self::AnswerAndClose(Vec::new())
    }
}

pub(crate) fn answer(status: u16, body: &str) -> Action {
    answer_with(status, &[], body)
}

pub(crate) fn answer_with(status: u16, headers: &[(&str, &str)], body: &str) -> Action {
    Action::Answer(http(status, headers, body))
}

/// Returns the bytes of a complete response.
pub(crate) fn http(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status} Told\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        bytes.extend([name, ": ", value, "\r\n"]);
    }
    bytes.extend(["\r\n", body]);
    bytes.into()
}

pub(crate) fn account_json(id: &str, name: &str) -> String {
    format!(r#"{{"Account":{{"AwsAccountId":"1","AccountId":"{id}","Name":"{name}"}}}}"#)
}

impl Server {
    /// Starts a server that performs one action per request, in this order. Each further request is counted, and
    /// gets an error that is not retried.
    pub(crate) async fn playing(actions: impl IntoIterator<Item = Action>) -> Self {
        let mut actions: VecDeque<_> = actions.into_iter().collect();
        Self::start(move |_| actions.pop_front().unwrap_or_else(|| answer(418, "too many"))).await
    }

    pub(crate) async fn start(script: impl FnMut(&Seen) -> Action + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = watch::Sender::new(State::default());
        let script = Arc::new(Mutex::new(script));
        let states = state.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                states.send_modify(|state| state.connections += 1);
                let (states, script) = (states.clone(), Arc::clone(&script));
                tokio::spawn(async move {
                    // The client may close the connection early.
                    _ = serve(stream, &states, &*script).await;
                    states.send_modify(|state| state.closed += 1);
                });
            }
        });
        Self { url, state }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn client(&self) -> Client {
        client(&self.url)
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        builder(&self.url)
    }

    pub(crate) fn state(&self) -> State {
        self.state.borrow().clone()
    }

    pub(crate) fn reads(&self) -> usize {
        self.state.borrow().requests.len()
    }

    pub(crate) fn targets(&self) -> Vec<String> {
        self.state.borrow().requests.iter().map(|request| request.target.clone()).collect()
    }

    /// Waits until the state of the server fulfils the condition.
    pub(crate) async fn until(&self, condition: impl FnMut(&State) -> bool) {
        self.state.subscribe().wait_for(condition).await.unwrap();
    }
}

async fn serve(
    mut stream: TcpStream,
    states: &watch::Sender<State>,
    script: &Mutex<impl FnMut(&Seen) -> Action>,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await? {
        let action = (script.lock().unwrap())(&request);
        states.send_modify(|state| state.requests.push(request));
        match action {
            Action::Answer(bytes) => stream.write_all(&bytes).await?,
            Action::AnswerAndClose(bytes) => return stream.write_all(&bytes).await,
            Action::AnswerAndLeave(bytes) => {
                stream.write_all(&bytes).await?;
                stream.shutdown().await?;
                return until_closed(&mut stream).await;
            }
            Action::Reset => return stream.set_zero_linger(),
            Action::Stall(bytes) => {
                stream.write_all(&bytes).await?;
                return until_closed(&mut stream).await;
            }
            Action::AnswerWhenTold(told, bytes) => {
                told.notified().await;
                stream.write_all(&bytes).await?;
            }
            Action::Flood(first, again) => {
                stream.write_all(&first).await?;
                loop {
                    stream.write_all(&again).await?;
                    states.send_modify(|state| state.flooded_bytes += again.len());
                }
            }
        }
    }
    Ok(())
}

/// Reads the next request on a connection. Returns `None` if the client has closed it.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<Seen>> {
    let head_length = loop {
        if let Some(end) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8(buffer.drain(..head_length).collect()).unwrap();
    let mut lines = head.lines();
    let mut first = lines.next().unwrap().split(' ').map(str::to_owned);
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    let mut request = Seen {
        method: first.next().unwrap(),
        target: first.next().unwrap(),
        headers: headers.collect(),
        body: String::new(),
    };
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    while buffer.len() < length {
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
    request.body = String::from_utf8(buffer.drain(..length).collect()).unwrap();
    Ok(Some(request))
}

async fn until_closed(stream: &mut TcpStream) -> io::Result<()> {
    while stream.read(&mut [0; 1024]).await? > 0 {}
    Ok(())
}

/// A local port that refuses connections. It is bound, so no other process can get it.
pub(crate) struct ClosedPort(TcpSocket);

impl ClosedPort {
    pub(crate) fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self(socket)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().unwrap())
    }
}

/// A port on which connecting never ends, because the queue of the listener is full.
pub(crate) struct BusyPort {
    url: String,
    _listener: TcpListener,
    _waiting: Vec<TcpStream>,
}

impl BusyPort {
    pub(crate) async fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mut waiting = Vec::new();
        let patience = Duration::from_millis(100);
        while let Ok(stream) = tokio::time::timeout(patience, TcpStream::connect(address)).await {
            waiting.push(stream.unwrap());
        }
        Self { url: format!("http://{address}"), _listener: listener, _waiting: waiting }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}
