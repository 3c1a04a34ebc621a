//! What an operation answers, and how that looks in HTTP.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

/// A success.
pub(super) struct Answer {
    status: StatusCode,
    body: Option<Value>,
}

impl Answer {
    pub(super) fn ok(body: Value) -> Self {
        Self { status: StatusCode::OK, body: Some(body) }
    }

    pub(super) fn created(body: Value) -> Self {
        Self { status: StatusCode::CREATED, body: Some(body) }
    }

    pub(super) fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None }
    }
}

/// An error. Its message must never quote what the caller sent: that may be an e-mail address or a secret.
#[derive(Debug, PartialEq)]
pub(super) struct Refusal {
    status: StatusCode,
    error_type: &'static str,
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

    pub(super) fn unknown_operation(message: impl Into<String>) -> Self {
        let error_type = "UnknownOperationException";
        Self::of_gateway(StatusCode::NOT_FOUND, error_type, message)
    }

    pub(super) fn too_large(message: impl Into<String>) -> Self {
        let error_type = "RequestEntityTooLargeException";
        Self::of_gateway(StatusCode::PAYLOAD_TOO_LARGE, error_type, message)
    }

    /// An error of the API itself, which has a code.
    fn of_chime(
        status: StatusCode,
        error_type: &'static str,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self { code: Some(code), ..Self::of_gateway(status, error_type, message) }
    }

    /// An error of what AWS has in front of every API, which has none.
    fn of_gateway(
        status: StatusCode,
        error_type: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self { status, error_type, code: None, message: message.into() }
    }
}

/// The HTTP response; hyper adds `Date` and `Content-Length`.
pub(super) fn respond(outcome: Result<Answer, Refusal>) -> Response<Full<Bytes>> {
    let (status, error_type, body) = match outcome {
        Ok(answer) => (answer.status, None, answer.body),
        Err(refusal) => {
            let mut body = json!({ "Message": refusal.message });
            if let Some(code) = refusal.code {
                body["Code"] = code.into();
            }
            (refusal.status, Some(refusal.error_type), Some(body))
        }
    };
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Ok(request_id) = HeaderValue::try_from(Uuid::new_v4().to_string()) {
        headers.insert(REQUEST_ID, request_id);
    }
    if let Some(error_type) = error_type {
        headers.insert(ERROR_TYPE, HeaderValue::from_static(error_type));
    }
    if let Some(body) = body {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *response.body_mut() = Full::from(body.to_string());
    }
    response
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
