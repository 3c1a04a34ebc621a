//! The builder of errors.

use crate::aws_error_codes::{IDENTITY, SIGNATURE, names};
use crate::error::{Answered, Error};
use crate::problem::{ErrorKind, Problem};

/// A builder of an [`Error`], from [`Error::builder`].
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until `build` is called"]
pub struct ErrorBuilder {
    kind: ErrorKind,
    operation: Option<&'static str>,
    answer: Answered,
    attempts: Option<u32>,
    may_have_applied: bool,
}

impl Error {
    /// Returns a builder of an error of this kind, for tests of programs that handle errors.
    ///
    /// The error behaves like an error that a call returns:
    ///
    /// ```
    /// use amazon_chime::{Error, ErrorKind};
    ///
    /// let conflict = Error::builder(ErrorKind::Service).code("ConflictException").build();
    /// assert!(conflict.is_conflict());
    /// assert_eq!(conflict.status(), Some(409));
    ///
    /// let throttled = Error::builder(ErrorKind::Service).code("ThrottledClientException").build();
    /// assert!(throttled.is_throttled());
    ///
    /// let timeout = Error::builder(ErrorKind::Timeout).build();
    /// assert!(timeout.is_timeout());
    ///
    /// let lost = Error::builder(ErrorKind::Connection).may_have_applied(true).build();
    /// assert!(lost.may_have_applied());
    ///
    /// let not_found = Error::builder(ErrorKind::Service)
    ///     .operation("GetUser")
    ///     .code("NotFoundException")
    ///     .message("The user does not exist.")
    ///     .request_id("r-1")
    ///     .build();
    /// assert_eq!(
    ///     not_found.to_string(),
    ///     "GetUser: NotFoundException: The user does not exist. (HTTP 404, request id r-1)"
    /// );
    /// ```
    pub fn builder(kind: ErrorKind) -> ErrorBuilder {
        ErrorBuilder {
            kind,
            operation: None,
            answer: Answered::default(),
            attempts: None,
            may_have_applied: false,
        }
    }
}

impl ErrorBuilder {
    /// Sets the operation that failed, such as `CreateUser`.
    pub fn operation(mut self, operation: &'static str) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Sets the HTTP status of the last response.
    ///
    /// By default, an error of the service has the status that belongs to its code, and any other error has no status.
    pub fn status(mut self, status: u16) -> Self {
        self.answer.status = Some(status);
        self
    }

    /// Sets the service's error code, such as `ConflictException` or an [`ErrorCode`](crate::ErrorCode).
    pub fn code(mut self, code: impl AsRef<str>) -> Self {
        self.answer.code = Some(code.as_ref().to_owned());
        self
    }

    /// Sets the service's message, which the error shows unchanged.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.answer.message = Some(message.into());
        self
    }

    /// Sets the request id of the last response.
    pub fn request_id(mut self, request_id: impl Into<String>) -> Self {
        self.answer.request_id = Some(request_id.into());
        self
    }

    /// Sets the number of attempts; by default 1, or 0 if errors of this kind occur before anything is sent.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts);
        self
    }

    /// Sets whether the call may have taken effect although it failed; `false` by default.
    pub fn may_have_applied(mut self, may_have_applied: bool) -> Self {
        self.may_have_applied = may_have_applied;
        self
    }

    /// Builds the error.
    #[must_use]
    pub fn build(self) -> Error {
        let Self { kind, operation, mut answer, attempts, may_have_applied } = self;
        let problem = if kind == ErrorKind::Service {
            if answer.status.is_none() {
                answer.status = answer.code.as_deref().and_then(status_of);
            }
            Problem::service(answer.code.clone(), answer.message.clone())
        } else {
            Problem::Built(kind)
        };
        let attempts = attempts.unwrap_or_else(|| u32::from(is_sent(kind)));
        let error = Error::new(problem).with_answer(answer);
        let error = error.after(attempts, may_have_applied, !may_have_applied);
        match operation {
            Some(operation) => error.in_operation(operation),
            None => error,
        }
    }
}

fn is_sent(kind: ErrorKind) -> bool {
    use ErrorKind::{Configuration, Credentials, InvalidParameter};
    !matches!(kind, Configuration | Credentials | InvalidParameter)
}

fn status_of(code: &str) -> Option<u16> {
    let found = STATUSES.iter().find(|(codes, _)| names(codes, code));
    found.map(|(_, status)| *status)
}

/// The codes of the API's model, and the codes for refused credentials, with their statuses.
const STATUSES: &[(&[&str], u16)] = &[
    (&["BadRequest", "ResourceLimitExceeded"], 400),
    (&["UnauthorizedClient", "Unauthorized"], 401),
    (&["Forbidden", "AccessDenied"], 403),
    (&["NotFound"], 404),
    (&["Conflict"], 409),
    (&["UnprocessableEntity", "Unprocessable"], 422),
    (&["ThrottledClient", "Throttled"], 429),
    (&["ServiceFailure"], 500),
    (&["ServiceUnavailable"], 503),
    (SIGNATURE, 403),
    (IDENTITY, 403),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn service() -> ErrorBuilder {
        Error::builder(ErrorKind::Service)
    }

    #[test]
    fn a_code_is_enough_for_the_predicates_of_errors_of_the_service() {
        type Predicate = fn(&Error) -> bool;
        let predicates: [(&str, Predicate); 8] = [
            ("NotFoundException", Error::is_not_found),
            ("ConflictException", Error::is_conflict),
            ("ThrottledClientException", Error::is_throttled),
            ("AccessDeniedException", Error::is_access_denied),
            ("BadRequestException", Error::is_bad_request),
            ("UnprocessableEntityException", Error::is_unprocessable),
            ("ResourceLimitExceededException", Error::is_resource_limit_exceeded),
            ("ServiceFailureException", Error::is_server_error),
        ];
        for (code, expected) in predicates {
            let error = service().code(code).build();
            assert!(expected(&error), "{code}");
            let holding = predicates.iter().filter(|(_, predicate)| predicate(&error));
            assert_eq!(holding.count(), 1, "{code}");
            assert_eq!((error.kind(), error.code()), (ErrorKind::Service, Some(code)));
        }
    }

    #[test]
    fn an_error_has_the_values_that_are_set() {
        let error = service()
            .operation("CreateUser")
            .code(crate::ErrorCode::Conflict)
            .status(418)
            .message("There is one.")
            .request_id("r-1")
            .attempts(3)
            .build();
        assert_eq!(error.operation(), Some("CreateUser"));
        assert_eq!((error.code(), error.status()), (Some("Conflict"), Some(418)));
        assert_eq!((error.message(), error.request_id()), (Some("There is one."), Some("r-1")));
        assert_eq!((error.attempts(), error.may_have_applied()), (3, false));
        assert_eq!(
            error.to_string(),
            "CreateUser: Conflict: There is one. (HTTP 418, request id r-1, 3 attempts)"
        );
    }

    #[test]
    fn every_kind_of_error_can_be_built() {
        for (kind, attempts, is_timeout, text) in [
            (ErrorKind::Configuration, 0, false, "a setting is missing or malformed"),
            (
                ErrorKind::InvalidParameter,
                0,
                false,
                "not sent: a parameter is outside of its limits",
            ),
            (ErrorKind::Credentials, 0, false, "not sent: there are no usable credentials"),
            (
                ErrorKind::Connection,
                1,
                false,
                "the connection broke before the answer was complete",
            ),
            (ErrorKind::Timeout, 1, true, "no complete answer in time"),
            (ErrorKind::Service, 1, false, "an answer without an error message"),
            (ErrorKind::UnreadableAnswer, 1, false, "the answer says success but cannot be read"),
            (
                ErrorKind::Listing,
                1,
                false,
                "the service sent a page token that it had sent before in this listing",
            ),
        ] {
            let error = Error::builder(kind).build();
            assert_eq!((error.kind(), error.to_string().as_str()), (kind, text));
            assert_eq!((error.attempts(), error.is_timeout()), (attempts, is_timeout), "{kind:?}");
            let error = Error::builder(kind).may_have_applied(true).build();
            assert!(error.may_have_applied());
            assert!(
                error.to_string().ends_with("it may have taken effect: look before trying again")
            );
        }
    }
}
