//! The error codes of AWS services for whole calls, grouped by what a caller can do.
//!
//! `api/error_code.rs` lists other codes: those for single entries of a batch, from Chime's model.

/// There were too many requests, so the service did not process the request.
pub(crate) const THROTTLING: &[&str] = &[
    "BandwidthLimitExceeded",
    "EC2Throttled",
    "LimitExceeded",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
    "RequestThrottled",
    "SlowDown",
    "Throttled",
    "ThrottledClient",
    "Throttling",
    "TooManyRequests",
    "TransactionInProgress",
];

/// The signature does not match: the secret access key or the clock is wrong.
pub(crate) const SIGNATURE: &[&str] = &[
    "InvalidSignature",
    "SignatureDoesNotMatch",
    "RequestTimeTooSkewed",
    "RequestExpired",
    "RequestInTheFuture",
    "AuthFailure",
];

/// The service does not know the credentials, or they have expired.
pub(crate) const IDENTITY: &[&str] = &[
    "ExpiredToken",
    "TokenRefreshRequired",
    "UnauthorizedClient",
    "UnrecognizedClient",
    "InvalidClientTokenId",
    "InvalidAccessKeyId",
];

/// The service processed the request, and refused it or failed.
const OUTCOMES: &[&str] = &[
    "AccessDenied",
    "BadRequest",
    "Conflict",
    "Forbidden",
    "NotFound",
    "ResourceLimitExceeded",
    "ServiceFailure",
    "ServiceUnavailable",
    "Unprocessable",
    "UnprocessableEntity",
];

/// Returns `true` if `code` is in this file.
pub(crate) fn is_known(code: &str) -> bool {
    [THROTTLING, SIGNATURE, IDENTITY, OUTCOMES].iter().any(|codes| names(codes, code))
}

/// Returns `true` if `code` is one of `codes`, with or without `Exception` at its end.
pub(crate) fn names(codes: &[&str], code: &str) -> bool {
    let stem = code.strip_suffix("Exception").unwrap_or(code);
    codes.iter().any(|known| *known == stem || *known == code)
}
