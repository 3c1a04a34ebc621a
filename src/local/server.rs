//! Connections, and the way of one request through the embedded Chime.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use super::answer::{self, Answer, Refusal};
use super::directory::Directory;
use super::keys::Keys;
use super::{routes, signature};

/// What all connections share.
#[derive(Default)]
pub(super) struct Chime {
    pub(super) keys: Keys,
    directory: Mutex<Directory>,
}

/// Accepts connections for as long as the runtime runs.
pub(super) async fn serve(listener: TcpListener, chime: Arc<Chime>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, Arc::clone(&chime)));
            }
            // Out of file descriptors, most likely: wait for some to be closed.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn connection(stream: TcpStream, chime: Arc<Chime>) {
    _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let chime = Arc::clone(&chime);
        async move { Ok::<_, Infallible>(exchange(&chime, request).await) }
    });
    // When a connection breaks, nobody is left to be told.
    _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// The way of every request, in this order and nowhere else:
/// read → verify → route → act → answer.
async fn exchange(chime: &Chime, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let outcome = match read(request).await {
        Ok(request) => process(chime, &request, Utc::now()),
        Err(refusal) => Err(refusal),
    };
    answer::respond(outcome)
}

fn process(chime: &Chime, request: &Request<Bytes>, now: DateTime<Utc>) -> Result<Answer, Refusal> {
    signature::verify(request, &chime.keys, now)?;
    let (operation, call) = routes::find(request, now)?;
    // Operations check before they change anything, so that even a panic leaves no half-done work behind.
    let mut directory = chime.directory.lock().unwrap_or_else(PoisonError::into_inner);
    operation(&call, &mut directory)
}

const BODY_LIMIT: usize = 1024 * 1024;

/// Reads the whole body. One that is too long is read to its end, too, since a client that is still writing
/// would not see the answer, but it is not kept.
async fn read(request: Request<Incoming>) -> Result<Request<Bytes>, Refusal> {
    let (head, mut body) = request.into_parts();
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::bad_request("The body cannot be read."))?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        length += data.len();
        if length <= BODY_LIMIT {
            bytes.extend_from_slice(data);
        }
    }
    if length > BODY_LIMIT {
        return Err(Refusal::too_large(format!("The body is longer than {BODY_LIMIT} bytes.")));
    }
    Ok(Request::from_parts(head, bytes.into()))
}
