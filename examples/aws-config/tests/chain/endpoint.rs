//! HTTP endpoints on loopback: of a container, of an instance, or of a service that is not Chime.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A URL at which no server listens.
pub(crate) const NOWHERE: &str = "http://127.0.0.1:1";

/// A server that answers requests with a function and records them. It runs until the test process ends.
pub(crate) struct Endpoint {
    url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    issued: Arc<Mutex<String>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// The method and the target.
    pub(crate) line: String,
    headers: Vec<(String, String)>,
}

impl Seen {
    /// Returns the value of a header with this name, in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(known, _)| known == name)?;
        Some(value)
    }
}

pub(crate) struct Answer {
    status: u16,
    headers: String,
    body: String,
}

impl Answer {
    pub(crate) fn ok(body: &str) -> Self {
        Self { status: 200, headers: String::new(), body: body.to_owned() }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self { status, headers: String::new(), body: String::new() }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.extend([name, ": ", value, "\r\n"]);
        self
    }
}

impl Endpoint {
    pub(crate) fn start(answer: impl Fn(&Seen) -> Answer + Send + 'static) -> Self {
        Self::issuing(String::new(), move |request, _| answer(request))
    }

    /// Starts an endpoint that issues credentials, which [`issue`](Self::issue) replaces.
    pub(crate) fn issuing(
        issued: String,
        answer: impl Fn(&Seen, &str) -> Answer + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let endpoint = Self { url, seen: Arc::default(), issued: Arc::new(Mutex::new(issued)) };
        let (seen, issued) = (Arc::clone(&endpoint.seen), Arc::clone(&endpoint.issued));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                // An unused connection must not block the other connections forever.
                stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
                let Ok(Some(request)) = read(&stream) else { continue };
                let answer = answer(&request, &issued.lock().unwrap());
                seen.lock().unwrap().push(request);
                // Writing fails if the client has closed the connection.
                _ = write(&stream, &answer);
            }
        });
        endpoint
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn issue(&self, credentials: String) {
        *self.issued.lock().unwrap() = credentials;
    }
}

/// Reads the next request. Returns `None` if the client closes the connection.
fn read(stream: &TcpStream) -> io::Result<Option<Seen>> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    if reader.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let line = first.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    let mut request = Seen { line, headers: Vec::new() };
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        request.headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    reader.take(length).read_to_end(&mut Vec::new())?;
    Ok(Some(request))
}

fn write(mut stream: &TcpStream, Answer { status, headers, body }: &Answer) -> io::Result<()> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} Told\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    stream.write_all((head + body).as_bytes())
}
