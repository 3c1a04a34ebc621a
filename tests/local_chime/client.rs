//! A client that shares no code with the crate: it uses sockets and signs requests itself.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, SystemTime};

use amazon_chime::local::LocalChime;
use amazon_chime::{AccountType, Credentials};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde_json::{Value, json};

pub(crate) fn send(
    chime: &LocalChime,
    credentials: Credentials,
    method: &str,
    uri: &str,
    body: &str,
) -> Response {
    let mut stream = connect(chime);
    let head = signed_head(chime, credentials, method, uri, body);
    write!(stream, "{head}\r\n{body}").unwrap();
    Response::read(stream)
}

/// Returns the head of a signed request, to which more headers can be added.
pub(crate) fn signed_head(
    chime: &LocalChime,
    credentials: Credentials,
    method: &str,
    uri: &str,
    body: &str,
) -> String {
    let url = format!("{}{uri}", chime.endpoint_url());
    let host = &chime.endpoint_url()["http://".len()..];
    let mut headers = vec![("host", host)];
    if !body.is_empty() {
        headers.push(("content-type", "application/json"));
    }
    let identity = credentials.into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(chime.region())
        .name("chime")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let signable = SignableRequest::new(
        method,
        url.as_str(),
        headers.iter().copied(),
        SignableBody::Bytes(body.as_bytes()),
    );
    let (signed, _) = sign(signable.unwrap(), &params).unwrap().into_parts();

    let length = body.len();
    let mut head =
        format!("{method} {uri} HTTP/1.1\r\nconnection: close\r\ncontent-length: {length}\r\n");
    for (name, value) in headers.into_iter().chain(signed.headers()) {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    head
}

pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn read(mut stream: TcpStream) -> Self {
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let (status, headers) = head.split_once("\r\n").unwrap();
        let headers = headers.lines().map(|line| line.split_once(": ").unwrap());
        Self {
            status: status.split(' ').nth(1).unwrap().parse().unwrap(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }
}

pub(crate) fn call(chime: &LocalChime, method: &str, uri: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let response = send(chime, chime.credentials(), method, uri, &body);
    (response.status, response.json())
}

pub(crate) fn account(chime: &LocalChime, name: &str) -> String {
    let (status, answer) = call(chime, "POST", "/accounts", &json!({ "Name": name }));
    assert_eq!(status, 201);
    answer["Account"]["AccountId"].as_str().unwrap().to_owned()
}

/// Starts an embedded Chime with an Enterprise account, and returns both it and the path of the account.
pub(crate) fn enterprise() -> (LocalChime, String) {
    let chime = LocalChime::start().unwrap();
    let account = chime.add_account("Acme", AccountType::EnterpriseDirectory).unwrap();
    (chime, format!("/accounts/{}", account.account_id))
}

pub(crate) fn connect(chime: &LocalChime) -> TcpStream {
    let stream = TcpStream::connect(address(chime)).unwrap();
    let patience = Some(Duration::from_secs(20));
    stream.set_read_timeout(patience).unwrap();
    stream
}

pub(crate) fn address(chime: &LocalChime) -> SocketAddr {
    chime.endpoint_url()["http://".len()..].parse().unwrap()
}

/// Reads until `text` has arrived.
pub(crate) fn read_until(stream: &mut TcpStream, text: &str) {
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains(text) {
        let mut buffer = [0; 4096];
        let length = stream.read(&mut buffer).unwrap();
        assert_ne!(length, 0, "the connection ended");
        seen.extend_from_slice(&buffer[..length]);
    }
}

/// Returns `true` if the server has closed the connection, and panics if nothing happens.
pub(crate) fn is_closed(stream: &mut TcpStream) -> bool {
    match stream.read(&mut [0; 4096]) {
        Ok(length) => length == 0,
        Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
    }
}
