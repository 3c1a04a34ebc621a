//! What several of the tests use.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use amazon_chime::{Client, ClientBuilder, Credentials, RetryConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Notify, watch};

/// The settings of a client for a server of the test's own: short delays, so
/// that retries take no time.
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

/// A server on a socket that does with each request what its script says, and
/// remembers every request that it has read. It ends with the test's runtime.
pub(crate) struct Server {
    url: String,
    state: watch::Sender<State>,
}

#[derive(Clone, Default)]
pub(crate) struct State {
    pub(crate) connections: usize,
    /// How many connections the client has closed, or the server itself.
    pub(crate) closed: usize,
    pub(crate) requests: Vec<Seen>,
    /// How much [`Action::Flood`] has got rid of.
    pub(crate) flooded_bytes: usize,
}

/// A request as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Path and query, or the whole URL if the server is taken for a proxy.
    pub(crate) target: String,
    /// With names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(known, _)| known == name)?;
        Some(value)
    }
}

/// What a server does with a request that it has read to its end.
#[derive(Clone)]
pub(crate) enum Action {
    /// Sends these bytes and keeps the connection.
    Answer(Vec<u8>),
    /// Sends these bytes and closes the connection.
    AnswerAndClose(Vec<u8>),
    /// Sends these bytes, then says that it will send no more, as a server does with an idle connection.
    AnswerAndLeave(Vec<u8>),
    /// Breaks the connection.
    Reset,
    /// Sends these bytes, and nothing more until the client closes the connection.
    Stall(Vec<u8>),
    /// Waits until it is told to, then sends these bytes.
    AnswerWhenTold(Arc<Notify>, Vec<u8>),
    /// Sends the first bytes, then the second ones again and again.
    Flood(Vec<u8>, Vec<u8>),
}

impl Action {
    /// Closes the connection without an answer.
    pub(crate) fn close() -> Self {
        Self::AnswerAndClose(Vec::new())
    }
}

/// An answer without headers of its own.
pub(crate) fn answer(status: u16, body: &str) -> Action {
    answer_with(status, &[], body)
}

pub(crate) fn answer_with(status: u16, headers: &[(&str, &str)], body: &str) -> Action {
    Action::Answer(http(status, headers, body))
}

/// The bytes of a complete answer.
pub(crate) fn http(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status} Told\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        bytes.extend([name, ": ", value, "\r\n"]);
    }
    bytes.extend(["\r\n", body]);
    bytes.into()
}

/// The body of an answer with an account.
pub(crate) fn account_json(id: &str, name: &str) -> String {
    format!(r#"{{"Account":{{"AwsAccountId":"1","AccountId":"{id}","Name":"{name}"}}}}"#)
}

impl Server {
    /// Does one action a request, in this order. A request too many is answered
    /// with an error that nothing retries, and counted.
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
                    // A client that goes away in the middle is nothing to be told of.
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

    /// How many requests were read so far.
    pub(crate) fn reads(&self) -> usize {
        self.state.borrow().requests.len()
    }

    pub(crate) fn targets(&self) -> Vec<String> {
        self.state.borrow().requests.iter().map(|request| request.target.clone()).collect()
    }

    /// Waits until the server has come to this.
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

/// The next request on a connection; none if the client has closed it.
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

/// A port of this machine that refuses connections, and that nobody else can get meanwhile.
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

/// A port that lets connections wait for ever: nobody accepts them, and the queue is full.
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
