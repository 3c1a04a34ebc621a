//! The result of an operation and its HTTP response.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, ErrorKind};

use chrono::{DateTime, Utc};
use hyper::header::{CONTENT_TYPE, DATE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::content::Content;
use super::document::Document;

/// A successful result of an operation.
pub(super) struct Answer {
    status: StatusCode,
    /// The JSON text.
    pub(super) body: Option<String>,
}

impl Answer {
    pub(super) fn ok(body: impl Serialize) -> Self {
        Self { status: StatusCode::OK, body: serde_json::to_string(&body).ok() }
    }

    pub(super) fn created(body: impl Serialize) -> Self {
        Self { status: StatusCode::CREATED, ..Self::ok(body) }
    }

    pub(super) fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None }
    }
}

/// Returns a body that has the unchanged text of a document under a name.
pub(super) fn enveloped(name: &'static str, document: &Document) -> impl Serialize {
    BTreeMap::from([(name, document)])
}

/// An error. Its message must not quote the request, which may contain an e-mail address or a secret.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Refusal {
    status: StatusCode,
    error_type: Cow<'static, str>,
    code: Option<&'static str>,
    message: String,
}

impl Refusal {
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        let error_type = "BadRequestException";
        Self::of_chime(StatusCode::BAD_REQUEST, error_type, "BadRequest", message)
    }

    pub(super) fn unauthorized(message: impl Into<String>) -> Self {
        let error_type = "UnauthorizedClientException";
        Self::of_chime(StatusCode::UNAUTHORIZED, error_type, "Unauthorized", message)
    }

    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        let error_type = "ForbiddenException";
        Self::of_chime(StatusCode::FORBIDDEN, error_type, "Forbidden", message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        let error_type = "NotFoundException";
        Self::of_chime(StatusCode::NOT_FOUND, error_type, "NotFound", message)
    }

    pub(super) fn conflict(message: impl Into<String>) -> Self {
        let error_type = "ConflictException";
        Self::of_chime(StatusCode::CONFLICT, error_type, "Conflict", message)
    }

    pub(super) fn unprocessable(message: impl Into<String>) -> Self {
        let error_type = "UnprocessableEntityException";
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self::of_chime(status, error_type, "Unprocessable", message)
    }

    #[cfg(feature = "durable")]
    pub(super) fn unavailable(message: impl Into<String>) -> Self {
        let error_type = "ServiceUnavailableException";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self::of_chime(status, error_type, "ServiceUnavailable", message)
    }

    pub(super) fn missing_authentication(message: impl Into<String>) -> Self {
        let error_type = "MissingAuthenticationTokenException";
        Self::of_gateway(StatusCode::FORBIDDEN, error_type, message)
    }

    pub(super) fn incomplete_signature(message: impl Into<String>) -> Self {
        let error_type = "IncompleteSignatureException";
        Self::of_gateway(StatusCode::FORBIDDEN, error_type, message)
    }

    pub(super) fn invalid_signature(message: impl Into<String>) -> Self {
        let error_type = "InvalidSignatureException";
        Self::of_gateway(StatusCode::FORBIDDEN, error_type, message)
    }

    pub(super) fn expired_token(message: impl Into<String>) -> Self {
        Self::of_gateway(StatusCode::FORBIDDEN, "ExpiredTokenException", message)
    }

    /// Creates the error for a wrong clock of the caller. Its type depends on the AWS service.
    pub(super) fn wrong_clock(error_type: &'static str, message: impl Into<String>) -> Self {
        Self::of_gateway(StatusCode::FORBIDDEN, error_type, message)
    }

    /// Returns the API's error with this status, for a fault.
    pub(super) fn of_status(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match API_ERRORS.iter().find(|(_, of, _)| *of == status) {
            Some((error_type, _, code)) => Self::of_chime(status, *error_type, code, FAULT),
            None => Self::of_gateway(status, "", ""),
        }
    }

    /// Returns the error with this code, for a fault.
    pub(super) fn of_code(code: String) -> Self {
        let stem = code.strip_suffix("Exception").unwrap_or(&code);
        let is_it = |error_type: &str| error_type.strip_suffix("Exception") == Some(stem);
        let of_api = API_ERRORS.iter().find(|(error, _, code)| is_it(error) || *code == stem);
        if let Some((error_type, status, code)) = of_api {
            return Self::of_chime(*status, *error_type, code, FAULT);
        }
        let of_gateway = GATEWAY_ERRORS.iter().find(|(error, _)| is_it(error) || *error == code);
        let status = of_gateway.map_or(StatusCode::BAD_REQUEST, |(_, status)| *status);
        Self::of_gateway(status, code, FAULT)
    }

    pub(super) fn unknown_operation(message: impl Into<String>) -> Self {
        let error_type = "UnknownOperationException";
        Self::of_gateway(StatusCode::NOT_FOUND, error_type, message)
    }

    pub(super) fn too_slow(message: impl Into<String>) -> Self {
        let error_type = "RequestTimeoutException";
        Self::of_gateway(StatusCode::REQUEST_TIMEOUT, error_type, message)
    }

    pub(super) fn too_large(message: impl Into<String>) -> Self {
        let error_type = "RequestEntityTooLargeException";
        Self::of_gateway(StatusCode::PAYLOAD_TOO_LARGE, error_type, message)
    }

    /// Returns the error of one entry in the response of a batch.
    pub(super) fn of_entry(&self, id_name: &str, id: &str) -> Value {
        json!({ id_name: id, "ErrorCode": self.code, "ErrorMessage": self.message })
    }

    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// Returns the error for rows that are added without a request.
    pub(super) fn into_io_error(self) -> io::Error {
        let kind = match self.status {
            StatusCode::NOT_FOUND => ErrorKind::NotFound,
            StatusCode::CONFLICT => ErrorKind::AlreadyExists,
            StatusCode::SERVICE_UNAVAILABLE => ErrorKind::Other,
            _ => ErrorKind::InvalidInput,
        };
        io::Error::new(kind, self.message)
    }

    /// Creates an error of the API, which has a code in its body.
    fn of_chime(
        status: StatusCode,
        error_type: impl Into<Cow<'static, str>>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self { code: Some(code), ..Self::of_gateway(status, error_type, message) }
    }

    /// Creates an error of the AWS layer in front of the API, which has no code in its body.
    fn of_gateway(
        status: StatusCode,
        error_type: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self { status, error_type: error_type.into(), code: None, message: message.into() }
    }
}

const FAULT: &str = "A fault that was injected.";

/// The errors of the API's model, with the code in their bodies. A fault with a status has the first error with this
/// status.
const API_ERRORS: &[(&str, StatusCode, &str)] = &[
    ("BadRequestException", StatusCode::BAD_REQUEST, "BadRequest"),
    ("UnauthorizedClientException", StatusCode::UNAUTHORIZED, "Unauthorized"),
    ("ForbiddenException", StatusCode::FORBIDDEN, "Forbidden"),
    ("NotFoundException", StatusCode::NOT_FOUND, "NotFound"),
    ("ConflictException", StatusCode::CONFLICT, "Conflict"),
    ("UnprocessableEntityException", StatusCode::UNPROCESSABLE_ENTITY, "Unprocessable"),
    ("ThrottledClientException", StatusCode::TOO_MANY_REQUESTS, "Throttled"),
    ("ServiceFailureException", StatusCode::INTERNAL_SERVER_ERROR, "ServiceFailure"),
    ("ServiceUnavailableException", StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable"),
    ("AccessDeniedException", StatusCode::FORBIDDEN, "AccessDenied"),
    ("ResourceLimitExceededException", StatusCode::BAD_REQUEST, "ResourceLimitExceeded"),
];

/// The errors of the AWS layer in front of the API, except errors with the status 400.
const GATEWAY_ERRORS: &[(&str, StatusCode)] = &[
    ("ExpiredTokenException", StatusCode::FORBIDDEN),
    ("IncompleteSignatureException", StatusCode::FORBIDDEN),
    ("InvalidSignatureException", StatusCode::FORBIDDEN),
    ("MissingAuthenticationTokenException", StatusCode::FORBIDDEN),
    ("RequestEntityTooLargeException", StatusCode::PAYLOAD_TOO_LARGE),
    ("RequestExpired", StatusCode::FORBIDDEN),
    ("RequestTimeTooSkewed", StatusCode::FORBIDDEN),
    ("RequestTimeoutException", StatusCode::REQUEST_TIMEOUT),
    ("SignatureDoesNotMatch", StatusCode::FORBIDDEN),
    ("UnknownOperationException", StatusCode::NOT_FOUND),
    ("UnrecognizedClientException", StatusCode::FORBIDDEN),
];

/// Returns the HTTP response. hyper adds `Content-Length`.
pub(super) fn respond(outcome: Result<Answer, Refusal>) -> Response<Content> {
    let (status, error_type, body) = match outcome {
        Ok(answer) => (answer.status, None, answer.body),
        Err(refusal) => {
            let mut body = json!({ "Message": refusal.message });
            if let Some(code) = refusal.code {
                body["Code"] = code.into();
            }
            (refusal.status, Some(refusal.error_type), Some(body.to_string()))
        }
    };
    let mut response = Response::new(Content::whole(""));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Ok(request_id) = HeaderValue::try_from(Uuid::new_v4().to_string()) {
        headers.insert(REQUEST_ID, request_id);
    }
    let error_type = error_type.filter(|error_type| !error_type.is_empty());
    if let Some(error_type) = error_type.and_then(|name| HeaderValue::try_from(&*name).ok()) {
        headers.insert(ERROR_TYPE, error_type);
    }
    if let Some(body) = body {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *response.body_mut() = Content::whole(body);
    }
    response
}

/// Sets the `Date` header to the shifted clock of the signatures.
pub(super) fn date(response: &mut Response<Content>, now: DateTime<Utc>) {
    let date = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::try_from(date) {
        response.headers_mut().insert(DATE, date);
    }
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_found_by_its_type_with_or_without_exception_and_by_its_code() {
        let of_code = |code: &str| Refusal::of_code(code.to_owned());
        for (error_type, status, code) in API_ERRORS {
            let expected = Refusal::of_chime(*status, *error_type, code, FAULT);
            for name in [error_type, error_type.trim_end_matches("Exception"), code] {
                assert_eq!(of_code(name), expected);
            }
        }
        for (error_type, status) in GATEWAY_ERRORS {
            assert_eq!(of_code(error_type), Refusal::of_gateway(*status, *error_type, FAULT));
        }
        assert_eq!(of_code("ExpiredToken").status, StatusCode::FORBIDDEN);
        for unknown in ["Throttling", "PhoneNumberAssociationsExist", "Exception", ""] {
            let expected = Refusal::of_gateway(StatusCode::BAD_REQUEST, unknown, FAULT);
            assert_eq!(of_code(unknown), expected);
        }
    }

    #[test]
    fn a_code_that_is_not_a_valid_header_value_is_not_in_the_header() {
        let response = respond(Err(Refusal::of_code("a\nb".to_owned())));
        assert!(!response.headers().contains_key(ERROR_TYPE));
    }
}
