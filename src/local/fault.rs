//! Faults: failures that the embedded Chime produces on request.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER};
use hyper::{Response, StatusCode};

use super::answer::{self, Refusal};
use super::content::{Broken, Content};

/// A fault, a failure that the embedded Chime produces on request, for
/// [`LocalChime::inject`](super::LocalChime::inject).
///
/// By default, a fault affects only the next request. If several faults match a request, the one that was injected
/// first is used.
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

/// Faults that replace the response. The request has no effect unless [`after_effect`](Fault::after_effect) is set.
impl Fault {
    /// Resets the connection instead of sending a response.
    pub fn reset() -> Self {
        Self::new(Kind::Reset)
    }

    /// Closes the connection instead of sending a response.
    pub fn close() -> Self {
        Self::new(Kind::Close)
    }

    /// Sends this many bytes that are not HTTP and closes the connection.
    pub fn not_http(bytes: usize) -> Self {
        Self::new(Kind::NotHttp(bytes))
    }

    /// Responds with the API's error for this status, for example `ServiceFailureException` for 500,
    /// `ServiceUnavailableException` for 503 and `ThrottledClientException` for 429.
    ///
    /// If the API has no error for the status, the response has no error code. An invalid status counts as 500.
    pub fn status(status: u16) -> Self {
        Self::new(Kind::Status(status))
    }

    /// Responds with the API's error that has this code, such as `ConflictException`.
    ///
    /// The code can be a string with or without `Exception`, or an [`ErrorCode`](crate::ErrorCode). The response has
    /// the status that the error has in the API. An error from the AWS layer in front of the API, such as
    /// `ExpiredTokenException`, has the status that the embedded Chime uses for it. An unknown code is sent unchanged
    /// with the status 400.
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

    /// Responds with an HTML page and this status, as a proxy does. An invalid status counts as 502.
    pub fn html(status: u16) -> Self {
        Self::new(Kind::Html(status))
    }

    /// Responds with a redirect to this URL.
    pub fn redirect(url: impl Into<String>) -> Self {
        Self::new(Kind::Redirect(url.into()))
    }

    /// Responds with a header of this many bytes, at most 16 MiB.
    pub fn long_header(bytes: usize) -> Self {
        Self::new(Kind::LongHeader(bytes))
    }
}

/// Faults that change the response. The request always has its effect.
impl Fault {
    /// Closes the connection after half of the body.
    pub fn cut_off() -> Self {
        Self::new(Kind::CutOff)
    }

    /// Sends half of the body and nothing more.
    pub fn stall() -> Self {
        Self::new(Kind::Stall)
    }

    /// Replaces the body with text that is not JSON.
    pub fn invalid_json() -> Self {
        Self::new(Kind::InvalidJson)
    }

    /// Replaces the body with this many bytes that are not JSON.
    pub fn long_body(bytes: usize) -> Self {
        Self::new(Kind::LongBody(bytes))
    }

    /// Delays the response by this time.
    pub fn delay(delay: Duration) -> Self {
        Self::new(Kind::Delay(delay))
    }
}

/// Settings for when and how often a fault is used.
impl Fault {
    /// Carries out the request first, so that only the response is lost or replaced.
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// Adds a `Retry-After` header of this time, rounded up to whole seconds, to the error of
    /// [`status`](Self::status) or [`error`](Self::error).
    pub fn retry_after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self
    }

    /// Limits the fault to requests of this operation, such as `CreateUser`.
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Sets the number of requests that the fault affects.
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Makes the fault affect each request with this probability, from 0 to 1, until [`times`](Self::times) is reached
    /// or the faults are cleared. The same `seed` leads to the same choices.
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

    /// Returns the fault for a request. `operation_name` is called only if there are faults.
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
    /// Returns `true` if this fault is used for the request, and counts the request.
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

    /// Returns `true` if the request has its effect.
    pub(super) fn lets_act(&self) -> bool {
        let is_about_the_answer = matches!(
            self.kind,
            Kind::CutOff | Kind::Stall | Kind::InvalidJson | Kind::LongBody(_) | Kind::Delay(_)
        );
        self.after_effect || is_about_the_answer
    }

    /// Returns the response that is sent instead of `answer`, or how the connection breaks.
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

/// The length of the longest header, which must be in memory as a whole.
const LONGEST_HEADER: usize = 16 * 1024 * 1024;

fn refused(refusal: Refusal, retry_after: Option<Duration>) -> Response<Content> {
    let mut answer = answer::respond(Err(refusal));
    if let Some(delay) = retry_after {
        let seconds = delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0));
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    answer
}

/// Returns the response with half of its body and the `Content-Length` of the whole body. Without a body, the
/// connection is closed.
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
