//! Faults that an embedded Chime plays on purpose, for tests of programs that must live with them.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER};
use hyper::{Response, StatusCode};

use super::answer::{self, Refusal};
use super::content::{Broken, Content};

/// A fault for [`LocalChime::inject`](super::LocalChime::inject): what goes wrong, when, and how often.
///
/// It is played once, on the next request, unless it is told otherwise. Several can be injected: of those that are
/// for a request, the one that was injected first is played.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use amazon_chime::local::{Fault, LocalChime};
///
/// let chime = LocalChime::start()?;
/// chime.inject(Fault::reset().after_effect().on("CreateAccount"));
///
/// let client = chime.client();
/// let error = client.create_account("Acme").await.unwrap_err();
/// assert!(error.may_have_applied());
/// assert_eq!(client.list_accounts().await?.items.len(), 1, "it had been created");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a fault does nothing unless it is injected"]
pub struct Fault {
    kind: Kind,
    after_effect: bool,
    retry_after: Option<Duration>,
    operation: Option<String>,
    times: Option<u32>,
    chance: Option<Chance>,
}

#[derive(Clone, Debug)]
enum Kind {
    Reset,
    Close,
    NotHttp(usize),
    Status(u16),
    Error(String),
    Html(u16),
    Redirect(String),
    LongHeader(usize),
    CutOff,
    Stall,
    InvalidJson,
    LongBody(usize),
    Delay(Duration),
}

#[derive(Clone, Debug)]
struct Chance {
    probability: f64,
    random: fastrand::Rng,
}

/// What goes wrong. Nothing is done of what was asked for, unless [`after_effect`](Fault::after_effect) says so.
impl Fault {
    /// The connection is reset instead of an answer.
    pub fn reset() -> Self {
        Self::new(Kind::Reset)
    }

    /// The connection is closed instead of an answer.
    pub fn close() -> Self {
        Self::new(Kind::Close)
    }

    /// The answer is this many bytes that are not HTTP, and the end of the connection.
    pub fn not_http(bytes: usize) -> Self {
        Self::new(Kind::NotHttp(bytes))
    }

    /// The answer is the API's error of this status, such as `ServiceFailureException` for 500,
    /// `ServiceUnavailableException` for 503, `ThrottledClientException` for 429; of another status, it has no error
    /// code. What is no status counts as 500.
    pub fn status(status: u16) -> Self {
        Self::new(Kind::Status(status))
    }

    /// The answer is the API's error with this code, such as `ConflictException`.
    ///
    /// The code can be written with or without `Exception`, and an [`ErrorCode`](crate::ErrorCode) is one, too. The status
    /// follows from it: that of the API's model, or, for an error of AWS in front of the API, that with which the embedded
    /// Chime answers it itself. Any other code is answered as it is, with the status 400.
    ///
    /// ```
    /// use amazon_chime::ErrorCode;
    /// use amazon_chime::local::{Fault, LocalChime};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let chime = LocalChime::start()?;
    /// chime.inject(Fault::error("ResourceLimitExceededException").on("CreateAccount"));
    /// chime.inject(Fault::error(ErrorCode::Conflict).on("CreateAccount"));
    ///
    /// let error = chime.client().create_account("Acme").await.unwrap_err();
    /// assert!(error.is_resource_limit_exceeded());
    /// let error = chime.client().create_account("Acme").await.unwrap_err();
    /// assert!(error.is_conflict());
    /// # Ok(())
    /// # }
    /// ```
    pub fn error(code: impl AsRef<str>) -> Self {
        Self::new(Kind::Error(code.as_ref().to_owned()))
    }

    /// The answer is a page as a proxy's, with this status. What is no status counts as 502.
    pub fn html(status: u16) -> Self {
        Self::new(Kind::Html(status))
    }

    /// The answer is a redirect to this URL.
    pub fn redirect(url: impl Into<String>) -> Self {
        Self::new(Kind::Redirect(url.into()))
    }

    /// The answer has a header of this many bytes, at most 16 MiB.
    pub fn long_header(bytes: usize) -> Self {
        Self::new(Kind::LongHeader(bytes))
    }
}

/// What goes wrong with the answer, so that the request always has its effect.
impl Fault {
    /// The body ends half-way, and the connection with it.
    pub fn cut_off() -> Self {
        Self::new(Kind::CutOff)
    }

    /// The body stops half-way, and never goes on.
    pub fn stall() -> Self {
        Self::new(Kind::Stall)
    }

    /// The body is not JSON.
    pub fn invalid_json() -> Self {
        Self::new(Kind::InvalidJson)
    }

    /// The body is this many bytes of nonsense.
    pub fn long_body(bytes: usize) -> Self {
        Self::new(Kind::LongBody(bytes))
    }

    /// The answer comes this much later.
    pub fn delay(delay: Duration) -> Self {
        Self::new(Kind::Delay(delay))
    }
}

/// When it goes wrong, and how often.
impl Fault {
    /// The request has its effect first; only the answer is lost or replaced.
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// The error of [`status`](Self::status) or [`error`](Self::error) asks the client to wait this long, in whole
    /// seconds.
    pub fn retry_after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self
    }

    /// Only for requests of this operation, such as `CreateUser`.
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// For this many requests rather than one.
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// For each request with this probability, of 0 to 1, until [`times`](Self::times) is reached or the faults are
    /// cleared. The same seed makes the same choices.
    pub fn with_probability(mut self, probability: f64, seed: u64) -> Self {
        self.chance = Some(Chance { probability, random: fastrand::Rng::with_seed(seed) });
        self
    }

    fn new(kind: Kind) -> Self {
        Self {
            kind,
            after_effect: false,
            retry_after: None,
            operation: None,
            times: None,
            chance: None,
        }
    }
}

/// The faults that wait to be played.
#[derive(Default)]
pub(super) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    pub(super) fn add(&self, mut fault: Fault) {
        if fault.chance.is_none() {
            fault.times.get_or_insert(1);
        }
        self.with(|faults| faults.push(fault));
    }

    pub(super) fn clear(&self) {
        self.with(Vec::clear);
    }

    /// The fault to play on a request. `operation_name` returns the operation of the request; it is not called if no
    /// fault waits.
    pub(super) fn next(
        &self,
        operation_name: impl FnOnce() -> Option<&'static str>,
    ) -> Option<Fault> {
        self.with(|faults| {
            if faults.is_empty() {
                return None;
            }
            let operation = operation_name();
            let chosen =
                faults.iter_mut().find_map(|fault| fault.is_for(operation).then(|| fault.clone()));
            faults.retain(|fault| fault.times != Some(0));
            chosen
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Vec<Fault>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Fault {
    /// Whether this is the one for the request, which then counts.
    fn is_for(&mut self, operation: Option<&str>) -> bool {
        if self.times == Some(0)
            || self.operation.is_some() && self.operation.as_deref() != operation
        {
            return false;
        }
        if let Some(Chance { probability, random }) = &mut self.chance
            && random.f64() >= *probability
        {
            return false;
        }
        self.times = self.times.map(|times| times - 1);
        true
    }

    /// Whether the request has its effect.
    pub(super) fn lets_act(&self) -> bool {
        let is_about_the_answer = matches!(
            self.kind,
            Kind::CutOff | Kind::Stall | Kind::InvalidJson | Kind::LongBody(_) | Kind::Delay(_)
        );
        self.after_effect || is_about_the_answer
    }

    /// What becomes of the answer.
    pub(super) async fn play(
        self,
        mut answer: Response<Content>,
    ) -> Result<Response<Content>, Broken> {
        match self.kind {
            Kind::Reset => return Err(Broken::Reset),
            Kind::Close => return Err(Broken::Closed),
            Kind::NotHttp(bytes) => return Err(Broken::NotHttp(bytes)),
            Kind::Status(status) => {
                answer = refused(Refusal::of_status(status), self.retry_after);
            }
            Kind::Error(code) => answer = refused(Refusal::of_code(code), self.retry_after),
            Kind::Html(status) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
                let page =
                    format!("<html><head><title>{status}</title></head><body></body></html>");
                answer = Response::new(Content::whole(page));
                *answer.status_mut() = status;
                answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
            }
            Kind::Redirect(url) => {
                answer = Response::new(Content::whole(""));
                *answer.status_mut() = StatusCode::TEMPORARY_REDIRECT;
                if let Ok(url) = HeaderValue::try_from(url) {
                    answer.headers_mut().insert(LOCATION, url);
                }
            }
            Kind::LongHeader(bytes) => {
                if let Ok(value) = HeaderValue::try_from("x".repeat(bytes.min(LONGEST_HEADER))) {
                    answer.headers_mut().insert("x-long", value);
                }
            }
            Kind::CutOff => answer = halved(answer, Content::cut_off)?,
            Kind::Stall => answer = halved(answer, Content::stalled)?,
            Kind::InvalidJson => *answer.body_mut() = Content::whole("{\"Account\": nonsense"),
            Kind::LongBody(bytes) => *answer.body_mut() = Content::filler(bytes),
            Kind::Delay(delay) => tokio::time::sleep(delay).await,
        }
        Ok(answer)
    }
}

/// A header is sent as a whole, and so has to be in memory.
const LONGEST_HEADER: usize = 16 * 1024 * 1024;

fn refused(refusal: Refusal, retry_after: Option<Duration>) -> Response<Content> {
    let mut answer = answer::respond(Err(refusal));
    if let Some(delay) = retry_after {
        let seconds = delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0));
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    answer
}

/// The answer with half of its body, which says the length of all of it. One
/// without a body is lost as a whole.
fn halved(
    answer: Response<Content>,
    half: impl FnOnce(Content) -> Content,
) -> Result<Response<Content>, Broken> {
    let length = answer.body().len();
    if length == 0 {
        return Err(Broken::Closed);
    }
    let mut answer = answer.map(half);
    answer.headers_mut().insert(CONTENT_LENGTH, length.into());
    Ok(answer)
}
