//! Connections, and the way of one request through the embedded Chime.

use std::error::Error;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::answer::{self, Refusal};
use super::clock::{ResourceClock, ShiftedClock};
use super::content::{Broken, Content};
use super::fault::{Fault, Faults};
use super::keys::Keys;
use super::routes;
use super::signature;
use super::state::State;

/// What all connections share.
#[derive(Default)]
pub(super) struct Chime {
    pub(super) keys: Keys,
    pub(super) clock: ShiftedClock,
    pub(super) resource_clock: ResourceClock,
    pub(super) faults: Faults,
    /// How much later than it could be each request is answered.
    pub(super) latency: Duration,
    pub(super) state: State,
}

/// Accepts connections for as long as the runtime runs, so many of them at a time.
pub(super) async fn serve(listener: TcpListener, chime: Arc<Chime>, most: usize) {
    let places = Arc::new(Semaphore::new(most));
    loop {
        let place = Arc::clone(&places).acquire_owned().await;
        match listener.accept().await {
            Ok((stream, _)) => {
                let connection = connection(stream, Arc::clone(&chime));
                tokio::spawn(async move {
                    connection.await;
                    drop(place);
                });
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
        Box::pin(async move { exchange(&chime, request).await })
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let ended = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner();
    // When a connection breaks by itself, nobody is left to be told.
    let broken = ended.as_ref().err().and_then(|error| error.source()?.downcast_ref());
    _ = match broken {
        Some(Broken::Reset) => stream.set_zero_linger(),
        Some(Broken::NotHttp(bytes)) => {
            stream.write_all("nonsense ".repeat(bytes / 9 + 1).as_bytes()).await
        }
        Some(Broken::Closed) | None => stream.shutdown().await,
    };
}

/// The way of every request, in this order and nowhere else:
/// read → verify → route → act → answer, and a fault where one is to be played.
async fn exchange(chime: &Chime, request: Request<Incoming>) -> Result<Response<Content>, Broken> {
    let now = chime.clock.now();
    let request = read(request).await;
    // The body may have taken its time.
    let resource_time = chime.resource_clock.now();
    let operation_name = || Some(routes::find(request.as_ref().ok()?, resource_time).ok()?.name);
    let fault = chime.faults.next(operation_name);

    let mut answer = Response::new(Content::whole(""));
    if fault.as_ref().is_none_or(Fault::lets_act) {
        let outcome = request.and_then(|request| {
            signature::verify(&request, &chime.keys, chime.clock.error(), now)?;
            let routed = routes::find(&request, resource_time)?;
            chime.state.act(|directory| (routed.operation)(&routed.call, directory))?
        });
        answer = answer::respond(outcome);
    }
    if !chime.latency.is_zero() {
        tokio::time::sleep(chime.latency).await;
    }
    if let Some(fault) = fault {
        answer = fault.play(answer).await?;
    }
    answer::date(&mut answer, now);
    Ok(answer)
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
