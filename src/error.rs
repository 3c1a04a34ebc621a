use std::error::Error as _;
use std::fmt;
use std::iter::successors;

use crate::aws_error_codes::{IDENTITY, SIGNATURE, THROTTLING, names};
use crate::endpoint::Endpoint;
use crate::problem::{ErrorKind, Problem};

/// The error of a call, or of creating a client.
///
/// ```
/// # use amazon_chime::local::LocalChime;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let chime = LocalChime::start()?;
/// let error = chime.client().get_account("no-such-account").await.unwrap_err();
/// assert!(error.is_not_found());
/// assert_eq!(error.operation(), Some("GetAccount"));
/// assert_eq!(error.status(), Some(404));
/// # Ok(())
/// # }
/// ```
///
/// # What can go wrong
///
/// [`kind`](Self::kind) returns the [`ErrorKind`], which says where the error comes from. If the service responded with
/// an error, these methods say more, as do its [`code`](Self::code), [`message`](Self::message) and
/// [`status`](Self::status):
///
/// | method | if it returns `true` |
/// |---|---|
/// | [`is_not_found`](Self::is_not_found) | the resource, or the resource that contains it, does not exist |
/// | [`is_conflict`](Self::is_conflict) | the resource exists already, such as a user with this e-mail address |
/// | [`is_bad_request`](Self::is_bad_request) | the request is invalid: change it |
/// | [`is_unprocessable`](Self::is_unprocessable) | the state of a resource forbids the request: change the state first |
/// | [`is_access_denied`](Self::is_access_denied) | check the credentials and the permissions |
/// | [`is_resource_limit_exceeded`](Self::is_resource_limit_exceeded) | a quota is used up |
/// | [`is_throttled`](Self::is_throttled) | too many calls, even after the retries: send fewer |
/// | [`is_server_error`](Self::is_server_error) | the service failed, even after the retries: try again later |
///
/// For every kind, [`is_timeout`](Self::is_timeout) returns `true` if a time limit was exceeded, and
/// [`may_have_applied`](Self::may_have_applied) returns `true` if the call may have taken effect. Before you repeat a
/// create that may have taken effect, look whether the resource exists. [`ensure`](crate::Request::ensure) looks and
/// repeats for you.
/// [`docs::reliability`](crate::docs::reliability) has the details.
///
/// In tests, create errors with [`Error::builder`].
///
/// # Kinds
///
/// [`kind`](Self::kind) returns one of these values of [`ErrorKind`]:
///
/// - Nothing was sent: [`Configuration`](ErrorKind::Configuration), [`InvalidParameter`](ErrorKind::InvalidParameter)
/// - The last attempt had no credentials: [`Credentials`](ErrorKind::Credentials)
/// - The connection failed, or a time limit was exceeded: [`Connection`](ErrorKind::Connection),
///   [`Timeout`](ErrorKind::Timeout)
/// - The response is an error: [`Service`](ErrorKind::Service)
/// - The response cannot be used: [`UnreadableAnswer`](ErrorKind::UnreadableAnswer), [`Listing`](ErrorKind::Listing)
///
/// # Text forms
///
/// `{}` shows what was attempted, what went wrong and, where possible, what to do. `{:?}` shows the same text and the
/// texts of the sources, so a `main` that returns an error prints a readable text. `{:#?}` shows the fields of the
/// error.
///
/// No form shows credentials, tokens, e-mail addresses or other sensitive values. The forms show only these parts of
/// the response: the status, the request id, the error code, and the [`message`](Self::message) without sensitive
/// values. The sources come from other crates and may show more. `{:?}` leaves out the sources of a failed credentials
/// provider, because they may quote the output of a program.
pub struct Error(Box<Details>);

struct Details {
    problem: Problem,
    operation: Option<&'static str>,
    /// The scheme, host and port of a service that could not be reached or did not respond.
    unreached: Option<String>,
    answer: Answered,
    attempts: u32,
    may_have_applied: bool,
    /// Whether the caller may safely repeat the call, even if it has taken effect.
    caller_may_repeat: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Answered {
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
}

impl Error {
    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.problem.kind()
    }

    /// Returns the operation that failed, such as `CreateUser`; `None` if no call was made.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Returns the service's error code, such as `NotFoundException`; `None` also if the code quotes sensitive values
    /// of the request.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.answer.code.as_deref()
    }

    /// Returns the service's message, without e-mail addresses, phone numbers and sensitive values of the request.
    ///
    /// A message that quotes the request with escapes, such as `ana&#64;example.com`, or that is longer than 8 KiB, is
    /// replaced by a text with this reason.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.answer.message.as_deref()
    }

    /// Returns the HTTP status of the last response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.answer.status
    }

    /// Returns the request id of the last response, which AWS asks for in support cases; `None` also if the id quotes
    /// sensitive values of the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.answer.request_id.as_deref()
    }

    /// Returns the number of attempts, including attempts that could not connect.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns `true` if the call may have taken effect although it failed, because an attempt was sent and its
    /// response is lost, unreadable or a server error.
    ///
    /// After a create, look whether the resource exists before you try again, as [`ensure`](crate::Request::ensure)
    /// does.
    #[must_use]
    pub fn may_have_applied(&self) -> bool {
        self.0.may_have_applied
    }

    /// Returns `true` if the time limit of the call, an attempt, connecting or a load of credentials was exceeded.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.problem.is_timeout()
    }

    /// Returns `true` if the resource, or the resource that contains it, does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.is(&["NotFound"], 404)
    }

    /// Returns `true` if the call conflicts with an existing resource, such as a user with the same e-mail address.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.is(&["Conflict"], 409)
    }

    /// Returns `true` if the service refused the call because there were too many calls.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.status() == Some(429) || self.code_is(THROTTLING)
    }

    /// Returns `true` if the service refused the credentials, or if the caller has no permission for the call.
    #[must_use]
    pub fn is_access_denied(&self) -> bool {
        matches!(self.status(), Some(401 | 403))
            || self.code_is(&["AccessDenied", "Forbidden"])
            || self.code_is(SIGNATURE)
            || self.code_is(IDENTITY)
    }

    /// Returns `true` if the service found the request invalid (`BadRequestException`).
    #[must_use]
    pub fn is_bad_request(&self) -> bool {
        self.is(&["BadRequest"], 400)
    }

    /// Returns `true` if the request is valid but the state of a resource forbids it, such as the deletion of an
    /// account that has active users.
    #[must_use]
    pub fn is_unprocessable(&self) -> bool {
        self.is(&["UnprocessableEntity", "Unprocessable"], 422)
    }

    /// Returns `true` if a limit on the number of resources is reached.
    #[must_use]
    pub fn is_resource_limit_exceeded(&self) -> bool {
        self.code_is(&["ResourceLimitExceeded"])
    }

    /// Returns `true` if the service, or a proxy in front of it, failed (any status of 500 and above).
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        self.status().is_some_and(|status| status >= 500)
    }

    fn is(&self, codes: &[&str], status: u16) -> bool {
        match self.code() {
            Some(_) => self.code_is(codes),
            None => self.status() == Some(status),
        }
    }

    /// Returns `true` if the service responded with one of these codes. A code in a response with a success status does
    /// not count.
    fn code_is(&self, codes: &[&str]) -> bool {
        let is_answer = self.kind() == ErrorKind::Service;
        is_answer && self.code().is_some_and(|code| names(codes, code))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details { operation, problem, unreached, answer, attempts, .. } = &*self.0;
        if let Some(operation) = operation {
            write!(f, "{operation}: ")?;
        }
        write!(f, "{problem}")?;
        let mut facts = Vec::new();
        facts.extend(unreached.as_ref().map(|origin| format!("endpoint {origin}")));
        facts.extend(answer.status.map(|status| format!("HTTP {status}")));
        facts.extend(answer.request_id.as_ref().map(|id| format!("request id {id}")));
        if *attempts > 1 {
            facts.push(format!("{attempts} attempts"));
        }
        if !facts.is_empty() {
            write!(f, " ({})", facts.join(", "))?;
        }
        if let Some(advice) = self.advice() {
            write!(f, "; {advice}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return write!(f, "{self}{}", self.causes());
        }
        let details = &*self.0;
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("operation", &details.operation)
            .field("problem", &details.problem.to_string())
            .field("unreached", &details.unreached)
            .field("answer", &details.answer)
            .field("attempts", &details.attempts)
            .field("may_have_applied", &details.may_have_applied)
            // The `Debug` form of an error from another crate may show anything.
            .field("source", &self.source().map(ToString::to_string))
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.problem.source()
    }
}

// For the rest of the crate.
impl Error {
    pub(crate) fn new(problem: impl Into<Problem>) -> Self {
        Self(Box::new(Details {
            problem: problem.into(),
            operation: None,
            unreached: None,
            answer: Answered::default(),
            attempts: 0,
            may_have_applied: false,
            caller_may_repeat: true,
        }))
    }

    /// Creates the error that the service, or a proxy in front of it, names in its response.
    pub(crate) fn service(answer: Answered) -> Self {
        let problem = Problem::service(answer.code.clone(), answer.message.clone());
        Self::new(problem).with_answer(answer)
    }

    pub(crate) fn repeated_token(operation: &'static str) -> Self {
        Self::new(Problem::RepeatedToken).in_operation(operation)
    }

    pub(crate) fn lost_page(operation: &'static str) -> Self {
        Self::new(Problem::LostPage).in_operation(operation)
    }

    pub(crate) fn with_answer(mut self, answer: Answered) -> Self {
        self.0.answer = answer;
        self
    }

    /// Sets the operation that failed, unless the error is from another operation that is a part of the call.
    pub(crate) fn in_operation(mut self, operation: &'static str) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    /// Adds the endpoint, if the service could not be reached or did not respond in time.
    pub(crate) fn of_endpoint(mut self, endpoint: &Endpoint) -> Self {
        let is_unreached = matches!(self.kind(), ErrorKind::Connection | ErrorKind::Timeout);
        self.0.unreached = is_unreached.then(|| endpoint.origin());
        self
    }

    /// Sets the facts about the whole call that are known after an attempt.
    pub(crate) fn after(
        mut self,
        attempts: u32,
        may_have_applied: bool,
        caller_may_repeat: bool,
    ) -> Self {
        self.0.attempts = attempts;
        self.0.may_have_applied = may_have_applied;
        self.0.caller_may_repeat = caller_may_repeat;
        self
    }

    /// Returns the texts of the sources, without the texts that `Display` already contains.
    fn causes(&self) -> String {
        // The sources of a credentials provider may quote secrets.
        if matches!(self.0.problem, Problem::Credentials(_)) {
            return String::new();
        }
        let text = self.to_string();
        let sources = successors(self.source(), |&error| error.source()).map(ToString::to_string);
        let causes: Vec<_> = sources.filter(|cause| !text.contains(cause.as_str())).collect();
        if causes.is_empty() {
            String::new()
        } else {
            format!("\ncaused by: {}", causes.join(": "))
        }
    }

    fn advice(&self) -> Option<&'static str> {
        if self.0.may_have_applied && !self.0.caller_may_repeat {
            return Some("it may have taken effect: look before trying again");
        }
        if self.0.problem.is_unreachable() {
            return Some("check the network and its proxies, and the endpoint URL or the region");
        }
        if self.is_throttled() {
            return Some("send fewer requests, or allow more attempts");
        }
        match self.code() {
            Some(code) if names(SIGNATURE, code) => {
                Some("check the secret access key and this machine's clock")
            }
            Some(code) if names(IDENTITY, code) => {
                Some("check the access key id and the session token")
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_pointer() {
        assert!(size_of::<Error>() <= 16);
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    fn answered(status: u16, code: Option<&str>) -> Error {
        Error::service(Answered {
            status: Some(status),
            code: code.map(str::to_owned),
            message: Some("Why.".to_owned()),
            request_id: Some("r-1".to_owned()),
        })
    }

    #[test]
    fn predicates_use_the_code_or_without_a_code_the_status() {
        assert!(answered(404, Some("NotFoundException")).is_not_found());
        assert!(answered(404, Some("NotFound")).is_not_found());
        assert!(answered(404, None).is_not_found());
        assert!(!answered(404, Some("UnknownOperationException")).is_not_found());
        assert!(answered(409, Some("ConflictException")).is_conflict());
        assert!(answered(429, Some("ThrottledClientException")).is_throttled());
        assert!(answered(400, Some("ThrottlingException")).is_throttled());
        assert!(answered(422, Some("UnprocessableEntityException")).is_unprocessable());
        assert!(answered(400, Some("ResourceLimitExceededException")).is_resource_limit_exceeded());
        assert!(answered(400, Some("BadRequestException")).is_bad_request());
        assert!(!answered(400, Some("ResourceLimitExceededException")).is_bad_request());
        assert!(answered(403, Some("ForbiddenException")).is_access_denied());
        assert!(answered(503, None).is_server_error());
    }

    #[test]
    fn display_says_what_was_attempted_what_went_wrong_and_what_to_do() {
        let error =
            answered(404, Some("NotFoundException")).in_operation("GetUser").after(1, false, true);
        assert_eq!(
            error.to_string(),
            "GetUser: NotFoundException: Why. (HTTP 404, request id r-1)"
        );
        let error = answered(500, None).in_operation("CreateUser").after(2, true, false);
        assert_eq!(
            error.to_string(),
            "CreateUser: Why. (HTTP 500, request id r-1, 2 attempts); \
             it may have taken effect: look before trying again"
        );
        let error = answered(403, Some("InvalidSignatureException")).in_operation("GetUser");
        assert!(
            error.to_string().ends_with("check the secret access key and this machine's clock")
        );
    }
}
