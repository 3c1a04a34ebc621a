//! The connections of the embedded Chime, and the steps of a request.

use std::error::Error;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::answer::{self, Refusal};
use super::clock::{ResourceClock, ShiftedClock};
use super::content::{Broken, Content};
use super::fault::{Fault, Faults};
use super::keys::Keys;
use super::received_request::{ReceivedRequest, ReceivedRequests};
use super::routes;
use super::signature;
use super::state::State;
use super::web_page::PageRequest;

pub(super) type Observer = Arc<dyn Fn(&ReceivedRequest) + Send + Sync>;

/// The state that all connections share.
#[derive(Default)]
pub(super) struct Chime {
    pub(super) keys: Keys,
    pub(super) clock: ShiftedClock,
    pub(super) resource_clock: ResourceClock,
    pub(super) faults: Faults,
    pub(super) requests: ReceivedRequests,
    pub(super) latency: Duration,
    /// The function that is called with each request and its status.
    pub(super) observer: Option<Observer>,
    pub(super) limits: Limits,
    pub(super) state: State,
    /// Whether browsers on this machine can open the page.
    pub(super) has_web_page: bool,
}

pub(super) struct Limits {
    /// The time after which a connection is closed if nothing arrives.
    pub(super) silence: Duration,
    /// The number of connections that are served at the same time. Further connections wait.
    pub(super) connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        // Clients close idle connections after at most 90 seconds. The limit of the server is longer, so that it does
        // not close a connection while a request is on its way.
        Self { silence: Duration::from_mins(2), connections: 1024 }
    }
}

/// Accepts connections for as long as the runtime runs.
pub(super) async fn serve(listener: TcpListener, chime: Arc<Chime>) {
    let places = Arc::new(Semaphore::new(chime.limits.connections));
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
                tokio::spawn(connection(stream, place, Arc::clone(&chime)));
            }
            // Probably no file descriptor is free. Wait until another connection is closed.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

/// Serves a connection. Its `place` is free for another connection when the connection ends.
async fn connection(stream: TcpStream, place: OwnedSemaphorePermit, chime: Arc<Chime>) {
    _ = stream.set_nodelay(true);
    let silence = chime.limits.silence;
    let places = Arc::clone(place.semaphore());
    let is_loopback = stream.peer_addr().is_ok_and(|peer| peer.ip().to_canonical().is_loopback());
    let service = service_fn(move |request| {
        let (chime, places) = (Arc::clone(&chime), Arc::clone(&places));
        Box::pin(async move {
            let for_page = chime.has_web_page.then(|| PageRequest::of(&request, is_loopback));
            let mut answer = match for_page.flatten() {
                Some(request) => request.answer(&chime).await,
                None => exchange(&chime, request).await?,
            };
            if places.available_permits() == 0 {
                // Another connection may wait for this place.
                answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Broken>(answer)
        })
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(silence)
        .serve_connection(TokioIo::new(stream), service);
    let ended = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner();
    // Other errors are ignored, because the client has gone.
    let broken = ended.as_ref().err().and_then(|error| error.source()?.downcast_ref());
    _ = match broken {
        Some(Broken::Reset) => stream.set_zero_linger(),
        Some(Broken::NotHttp(bytes)) => write_nonsense(&mut stream, *bytes).await,
        Some(Broken::Closed) | None => stream.shutdown().await,
    };
}

async fn write_nonsense(stream: &mut TcpStream, bytes: usize) -> io::Result<()> {
    let nonsense = "nonsense ".repeat(1024);
    let mut left = bytes;
    while left > 0 {
        let length = left.min(nonsense.len());
        stream.write_all(&nonsense.as_bytes()[..length]).await?;
        left -= length;
    }
    Ok(())
}

/// Handles every request. Only this function has the order: read → verify → route → act → respond → fault.
async fn exchange(chime: &Chime, request: Request<Incoming>) -> Result<Response<Content>, Broken> {
    let now = chime.clock.now();
    let (head, body) = request.into_parts();
    let body = read(body, chime.limits.silence).await;
    let begin = Instant::now();
    let number = chime.requests.add(&head, body.clone().unwrap_or_default());
    let request = body.map(|body| Request::from_parts(head, body));
    // The time is read here, because the body may have arrived slowly.
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
    chime.requests.answered(number, answer.status().as_u16(), begin.elapsed());
    if let Some(observer) = &chime.observer
        && let Some(request) = chime.requests.get(number)
    {
        observer(&request);
    }
    Ok(answer)
}

const BODY_LIMIT: usize = 1024 * 1024;

/// Reads the body as long as it keeps arriving. A body that is too long is read to its end but not kept, because a
/// client that is still writing would not see the response.
async fn read(mut body: Incoming, silence: Duration) -> Result<Bytes, Refusal> {
    let mut bytes = Vec::new();
    let mut length = 0;
    loop {
        let frame = timeout(silence, body.frame()).await;
        let frame = frame.map_err(|_| Refusal::too_slow("The body stopped arriving."))?;
        let Some(frame) = frame else { break };
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
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio::io::AsyncReadExt;

    use super::*;

    async fn start(limits: Limits) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, Arc::new(Chime { limits, ..Chime::default() })));
        address
    }

    async fn connect(address: SocketAddr, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// Reads until the connection is closed.
    async fn all(mut stream: TcpStream) -> String {
        let mut text = String::new();
        let read = stream.read_to_string(&mut text);
        timeout(Duration::from_secs(20), read).await.expect("it is closed").unwrap();
        text
    }

    const REQUEST: &str = "POST /accounts HTTP/1.1\r\nhost: x\r\n";

    #[tokio::test]
    async fn a_silent_connection_is_closed() {
        let limits = Limits { silence: Duration::from_millis(50), ..Limits::default() };
        let address = start(limits).await;
        assert_eq!(all(connect(address, "").await).await, "");

        assert_eq!(all(connect(address, "POST /accounts HT").await).await, "");

        let idle = all(connect(address, &format!("{REQUEST}\r\n")).await).await;
        assert!(idle.starts_with("HTTP/1.1 403") && idle.ends_with('}'), "{idle}");

        let half_a_body = format!("{REQUEST}content-length: 10\r\n\r\nhalf");
        let half_a_body = all(connect(address, &half_a_body).await).await;
        assert!(half_a_body.starts_with("HTTP/1.1 408"), "{half_a_body}");
        assert!(half_a_body.contains("RequestTimeoutException"), "{half_a_body}");
    }

    #[tokio::test]
    async fn a_connection_beyond_the_limit_waits_until_another_connection_is_closed() {
        let silence = Duration::from_mins(10);
        let address = start(Limits { silence, connections: 1 }).await;
        let first = connect(address, "POST /accounts").await;
        let mut second = connect(address, &format!("{REQUEST}\r\n")).await;
        let answer = timeout(Duration::from_millis(100), second.read_u8()).await;
        assert!(answer.is_err(), "{answer:?}");

        drop(first);
        let answer = all(second).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
        assert!(answer.contains("connection: close\r\n"), "the place is for others: {answer}");
    }
}
