//! The problems behind an [`Error`](crate::Error), with their texts, except those about limits of parameters
//! (`validate.rs`).
//!
//! No text quotes a value that a caller set. The texts quote only two parts of a response: the error code, and the
//! message without sensitive values.

use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use serde_json::error::Category;

use crate::asked::Mismatch;
use crate::validate::InvalidParameter;

/// The text instead of a message that quotes a value of the request in another form.
pub(crate) const MESSAGE_QUOTES_REQUEST: &str =
    "the service's message is withheld, because it quotes the request in another form";

/// The text instead of a message that is too long to be examined.
pub(crate) const MESSAGE_TOO_LONG: &str =
    "the service's message is withheld, because it is longer than 8 KiB";

/// The kinds of [`Error`](crate::Error).
///
/// ```
/// use amazon_chime::{Error, ErrorKind};
///
/// /// Returns `true` if another try may help, and cannot run the request twice.
/// fn is_transient(error: &Error) -> bool {
///     let may_help = match error.kind() {
///         ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::Credentials => true,
///         ErrorKind::Service => error.is_throttled() || error.is_server_error(),
///         _ => false,
///     };
///     may_help && !error.may_have_applied()
/// }
#[doc = crate::docs::with_client!()]
/// # assert!(!is_transient(&client.create_account(" ").await.unwrap_err()));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting of the client, or an environment variable, is missing or malformed.
    Configuration,
    /// A parameter is outside its limits, so nothing was sent.
    InvalidParameter,
    /// There were no usable credentials for the attempt, so it was not sent.
    Credentials,
    /// The service could not be reached, or the connection broke.
    Connection,
    /// The time limit of the call, of its last attempt or of connecting was exceeded.
    Timeout,
    /// The service, or a proxy in front of it, responded with an error.
    Service,
    /// The response could not be read, or does not belong to the request. The call may have succeeded.
    UnreadableAnswer,
    /// The service sent the same page token twice in one listing, so the listing would never end.
    Listing,
}

/// The error of parsing an unknown value of an enum, for example with
/// [`License::parse_known`](crate::License::parse_known).
///
/// Its text lists the values that this version of the crate knows.
///
/// ```
/// use amazon_chime::License;
///
/// assert_eq!(License::parse_known("Pro"), Ok(License::Pro));
/// let error = License::parse_known("pro").unwrap_err();
/// assert_eq!(error.to_string(), "unknown value: it must be one of Basic, Plus, Pro, ProTrial");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("unknown value: it must be one of {}", .known.join(", "))]
pub struct ParseKnownError {
    known: &'static [&'static str],
}

impl ParseKnownError {
    pub(crate) fn new(known: &'static [&'static str]) -> Self {
        Self { known }
    }
}

/// The problem behind an error, which determines its kind, its source, and whether it is a timeout.
#[rustfmt::skip] // One line per problem.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    #[error(transparent)]
    Configuration(#[from] ConfigurationProblem),
    #[error(transparent)]
    Credentials(#[from] CredentialsProblem),
    #[error("not sent: the request could not be signed")]
    Signing(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error(transparent)]
    InvalidParameter(#[from] InvalidParameter),
    #[error("not sent: a timeout is zero, so the call could not succeed")]
    ZeroTimeout,
    #[error("not sent: the parameters cannot be written as JSON")]
    UnwritableParameters,

    #[error("not sent: the HTTP client refuses the request: {}", root_cause(.0))]
    RefusedByHttpClient(#[source] reqwest::Error),
    #[error("the service could not be reached: {}", root_cause(.0))]
    Unreachable(#[source] reqwest::Error),
    #[error("the connection broke before the answer was complete: {}", root_cause(.0))]
    BrokenConnection(#[source] reqwest::Error),
    #[error("the connection broke because the runtime that it belongs to has ended: make one client for each runtime")]
    LostRuntime(#[source] reqwest::Error),
    #[error("the task that fetched the next page has ended too early")]
    LostPage,

    #[error("the service could not be reached: it took too long")]
    ConnectTimeout(#[source] reqwest::Error),
    #[error("the connection broke before the answer was complete: it took too long")]
    HttpClientTimeout(#[source] reqwest::Error),
    #[error("no complete answer within the {0:?} for one attempt")]
    AttemptTimeout(Duration),
    #[error("not done within the {0:?} for the whole call")]
    OperationTimeout(Duration),

    #[error("{code}: {message}")]
    Service { code: String, message: String },
    /// The response has a code or a message, but not both.
    #[error("{0}")]
    ServiceCodeOrMessage(String),
    #[error("an answer without an error message")]
    ServiceWithoutMessage,

    #[error("the answer says success, but its header names an error: {0}")]
    ErrorInSuccess(String),
    #[error("the answer says success but cannot be read: {category:?} error in its JSON at line {line}, column {column}")]
    UnreadableJson { category: Category, line: usize, column: usize },
    #[error("the answer says success but cannot be read: it is not UTF-8")]
    NotUtf8,
    #[error("the answer is longer than {} MiB", .limit >> 20)]
    AnswerTooLong { limit: usize },
    #[error("the answer says success but is the answer to another request: its {0} is not the one that was asked for")]
    OtherAnswer(&'static str),
    #[error("the answer says success but cannot be read: its {0} is empty")]
    BlankId(&'static str),
    #[error("the answer was not decoded")]
    NotDecoded,
    #[error("the JSON is not of the type that it is read as: {category:?} error at line {line}, column {column}")]
    WrongType { category: Category, line: usize, column: usize },
    #[error("the service answered the invitation, but has no user with one of the addresses: the e-mail may have failed, or the user is not listed yet; ensure it again later")]
    NotInvited,
    #[error("the service sent a page token that it had sent before in this listing, which would never end")]
    RepeatedToken,

    /// An error from `ErrorBuilder`, of any kind except `Service`.
    #[error("{}", text_of_built(*.0))]
    Built(ErrorKind),
}

impl From<Mismatch> for Problem {
    fn from(mismatch: Mismatch) -> Self {
        match mismatch {
            Mismatch::Other(parameter) => Self::OtherAnswer(parameter),
            Mismatch::Blank(parameter) => Self::BlankId(parameter),
        }
    }
}

/// Why a client cannot be created.
#[rustfmt::skip] // One line per problem.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigurationProblem {
    #[error("no credentials: set credentials_provider, which an SdkConfig does if it has one, or make the client with Client::from_env")]
    NoCredentials,
    #[error("no credentials: the environment variable {0} is not set; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN for temporary credentials; profiles, SSO (after `aws sso login`) and roles are for aws-config and Client::from_sdk_config (feature `aws-types`)")]
    NoCredentialsInEnvironment(&'static str),
    #[error("{0} is zero: no call could succeed")]
    ZeroTimeout(&'static str),
    #[error("app_name must have 1 to 50 letters, digits and characters of !#$%&'*+-.^_`|~")]
    AppName,

    #[error("the region is empty: set one, such as us-east-1")]
    EmptyRegion,
    #[error("the region is malformed: it has letters, digits and hyphens only, as in us-east-1")]
    MalformedRegion,
    #[error("{0} and an endpoint URL exclude each other: set one of them")]
    EndpointExcludes(&'static str),
    #[error("the endpoint URL is empty: give one, or none; with aws-config, look for AWS_ENDPOINT_URL_CHIME and AWS_ENDPOINT_URL")]
    EmptyEndpoint,
    #[error("the endpoint URL is malformed: {0}")]
    MalformedEndpoint(url::ParseError),
    #[error("the endpoint URL must begin with https:// or http://")]
    EndpointScheme,
    #[error("the endpoint URL must not have user information in it: credentials are set on their own")]
    EndpointUserInformation,
    #[error("the endpoint URL must not have a query")]
    EndpointQuery,
    #[error("the endpoint URL must not have a fragment")]
    EndpointFragment,
    #[error("the endpoint URL is plain HTTP to another machine, which would send credentials in clear: use https, or allow it with allow_plain_http")]
    EndpointPlainHttp,

    #[error("https needs TLS: turn on one of the features `rustls`, `native-tls` and `rustls-no-provider` of amazon-chime")]
    NoTls,
    #[error("no rustls crypto provider is installed, as the feature `rustls-no-provider` asks for: install one first, for example with rustls::crypto::ring::default_provider().install_default(), or use the feature `rustls`")]
    NoCryptoProvider,
    #[error("the HTTP client could not be set up; if the system has no CA certificates, install them (package ca-certificates) or give http_client_builder root certificates of your own: {}", root_cause(.0))]
    HttpClient(#[source] reqwest::Error),

    #[error("the environment variable {0} is not UTF-8")]
    VariableNotUtf8(&'static str),
    #[error("the environment variable {0} must be true or false")]
    VariableNotBoolean(&'static str),
    #[error("the environment variable {0} must be a whole number of 1 or more")]
    VariableNotPositive(&'static str),
}

/// Why there are no usable credentials. Calls that wait for the same load get clones of its problem.
#[rustfmt::skip] // One line per problem.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum CredentialsProblem {
    #[error("not sent: the credentials provider failed: {}; the sources of this error say more", of_provider(.0))]
    Provider(#[source] Arc<CredentialsError>),
    #[error("not sent: the credentials provider gave no credentials within {0:?}")]
    Timeout(Duration),
    #[error("not sent: the credentials provider gave credentials that have already expired; check it, and this machine's clock")]
    Expired,
    #[error("not sent: the credentials provider panicked")]
    Panicked,
    #[error("not sent: the access key id is empty or has characters that cannot be sent")]
    AccessKeyId,
    #[error("not sent: the secret access key is empty")]
    SecretAccessKey,
    #[error("not sent: the session token is empty or has characters that cannot be sent")]
    SessionToken,
}

impl Problem {
    pub(crate) fn service(code: Option<String>, message: Option<String>) -> Self {
        match (code, message) {
            (Some(code), Some(message)) => Self::Service { code, message },
            (Some(text), None) | (None, Some(text)) => Self::ServiceCodeOrMessage(text),
            (None, None) => Self::ServiceWithoutMessage,
        }
    }

    /// Returns the problem of a body that is not the expected JSON.
    pub(crate) fn unreadable(error: &serde_json::Error) -> Self {
        // `error` quotes values, which may be e-mail addresses.
        let (category, line, column) = (error.classify(), error.line(), error.column());
        Self::UnreadableJson { category, line, column }
    }

    /// Returns the problem of `Json::parse` if the JSON does not have the requested type.
    pub(crate) fn wrong_type(error: &serde_json::Error) -> Self {
        // As above, `error` quotes values.
        let (category, line, column) = (error.classify(), error.line(), error.column());
        Self::WrongType { category, line, column }
    }

    pub(crate) fn kind(&self) -> ErrorKind {
        match self {
            Self::Configuration(_) => ErrorKind::Configuration,
            Self::Credentials(_) | Self::Signing(_) => ErrorKind::Credentials,
            Self::InvalidParameter(_) | Self::ZeroTimeout | Self::UnwritableParameters => {
                ErrorKind::InvalidParameter
            }
            Self::RefusedByHttpClient(_)
            | Self::Unreachable(_)
            | Self::BrokenConnection(_)
            | Self::LostRuntime(_)
            | Self::LostPage => ErrorKind::Connection,
            Self::ConnectTimeout(_)
            | Self::HttpClientTimeout(_)
            | Self::AttemptTimeout(_)
            | Self::OperationTimeout(_) => ErrorKind::Timeout,
            Self::Service { .. } | Self::ServiceCodeOrMessage(_) | Self::ServiceWithoutMessage => {
                ErrorKind::Service
            }
            Self::ErrorInSuccess(_)
            | Self::UnreadableJson { .. }
            | Self::NotUtf8
            | Self::AnswerTooLong { .. }
            | Self::OtherAnswer(_)
            | Self::BlankId(_)
            | Self::NotDecoded
            | Self::WrongType { .. }
            | Self::NotInvited => ErrorKind::UnreadableAnswer,
            Self::RepeatedToken => ErrorKind::Listing,
            Self::Built(kind) => *kind,
        }
    }

    pub(crate) fn is_unreachable(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::ConnectTimeout(_))
    }

    /// Returns `true` if the time limit for connecting, an attempt, the call or the credentials was exceeded.
    pub(crate) fn is_timeout(&self) -> bool {
        let is_of_credentials = matches!(self, Self::Credentials(CredentialsProblem::Timeout(_)));
        is_of_credentials || self.kind() == ErrorKind::Timeout
    }
}

/// Returns the text of an error of which only the kind is known.
fn text_of_built(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Configuration => "a setting is missing or malformed",
        ErrorKind::InvalidParameter => "not sent: a parameter is outside of its limits",
        ErrorKind::Credentials => "not sent: there are no usable credentials",
        ErrorKind::Connection => "the connection broke before the answer was complete",
        ErrorKind::Timeout => "no complete answer in time",
        ErrorKind::Service => "an answer without an error message",
        ErrorKind::UnreadableAnswer => "the answer says success but cannot be read",
        ErrorKind::Listing => {
            "the service sent a page token that it had sent before in this listing"
        }
    }
}

/// Returns the text of a provider's error without its sources, which may quote the output of a program.
fn of_provider(error: &CredentialsError) -> String {
    match error {
        CredentialsError::CredentialsNotLoaded(_) => NO_CREDENTIALS_FOUND.to_owned(),
        error => error.to_string(),
    }
}

const NO_CREDENTIALS_FOUND: &str = "it found no credentials; the provider of aws-config looks for \
    AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, for a profile (set AWS_PROFILE; for SSO, run \
    `aws sso login`), for a web identity, and for the role of a container or an instance";

/// Returns the text of the innermost error, which says what happened.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    fn http_error() -> reqwest::Error {
        reqwest::Proxy::all("::").unwrap_err()
    }

    #[test]
    fn kind_and_timeout_follow_from_the_problem() {
        let invalid = || InvalidParameter { parameter: "Email", problem: "must be one".to_owned() };
        let provider = || Arc::new(CredentialsError::not_loaded("no profile"));
        let text = || "NotFoundException".to_owned();
        let category = Category::Data;
        for (problem, kind, is_timeout) in [
            (ConfigurationProblem::NoCredentials.into(), ErrorKind::Configuration, false),
            (ConfigurationProblem::ZeroTimeout("t").into(), ErrorKind::Configuration, false),
            (CredentialsProblem::Provider(provider()).into(), ErrorKind::Credentials, false),
            (CredentialsProblem::Timeout(Duration::ZERO).into(), ErrorKind::Credentials, true),
            (CredentialsProblem::Expired.into(), ErrorKind::Credentials, false),
            (Problem::Signing("no".into()), ErrorKind::Credentials, false),
            (invalid().into(), ErrorKind::InvalidParameter, false),
            (Problem::ZeroTimeout, ErrorKind::InvalidParameter, false),
            (Problem::UnwritableParameters, ErrorKind::InvalidParameter, false),
            (Problem::RefusedByHttpClient(http_error()), ErrorKind::Connection, false),
            (Problem::Unreachable(http_error()), ErrorKind::Connection, false),
            (Problem::BrokenConnection(http_error()), ErrorKind::Connection, false),
            (Problem::LostRuntime(http_error()), ErrorKind::Connection, false),
            (Problem::LostPage, ErrorKind::Connection, false),
            (Problem::ConnectTimeout(http_error()), ErrorKind::Timeout, true),
            (Problem::HttpClientTimeout(http_error()), ErrorKind::Timeout, true),
            (Problem::AttemptTimeout(Duration::ZERO), ErrorKind::Timeout, true),
            (Problem::OperationTimeout(Duration::ZERO), ErrorKind::Timeout, true),
            (Problem::service(Some(text()), Some(text())), ErrorKind::Service, false),
            (Problem::service(None, Some(text())), ErrorKind::Service, false),
            (Problem::service(None, None), ErrorKind::Service, false),
            (Problem::ErrorInSuccess(text()), ErrorKind::UnreadableAnswer, false),
            (
                Problem::UnreadableJson { category, line: 1, column: 2 },
                ErrorKind::UnreadableAnswer,
                false,
            ),
            (Problem::NotUtf8, ErrorKind::UnreadableAnswer, false),
            (Problem::AnswerTooLong { limit: 1 << 20 }, ErrorKind::UnreadableAnswer, false),
            (Problem::OtherAnswer("UserId"), ErrorKind::UnreadableAnswer, false),
            (Problem::BlankId("UserId"), ErrorKind::UnreadableAnswer, false),
            (Problem::NotDecoded, ErrorKind::UnreadableAnswer, false),
            (
                Problem::WrongType { category, line: 1, column: 2 },
                ErrorKind::UnreadableAnswer,
                false,
            ),
            (Problem::NotInvited, ErrorKind::UnreadableAnswer, false),
            (Problem::RepeatedToken, ErrorKind::Listing, false),
        ] {
            assert_eq!((problem.kind(), problem.is_timeout()), (kind, is_timeout), "{problem}");
        }
    }

    #[test]
    fn the_source_is_the_error_of_the_other_crate_and_never_one_of_this_crate() {
        let provider = CredentialsProblem::Provider(Arc::new(CredentialsError::not_loaded("no")));
        for problem in [
            Problem::from(provider),
            Problem::Signing("no".into()),
            Problem::Unreachable(http_error()),
            Problem::ConnectTimeout(http_error()),
            ConfigurationProblem::HttpClient(http_error()).into(),
        ] {
            let source = problem.source().map(ToString::to_string).unwrap_or_default();
            assert!(!source.is_empty() && source != problem.to_string(), "{problem}");
        }
        let invalid = InvalidParameter { parameter: "Email", problem: "must be one".to_owned() };
        for problem in [
            Problem::from(invalid),
            CredentialsProblem::Expired.into(),
            ConfigurationProblem::MalformedEndpoint(url::ParseError::EmptyHost).into(),
            Problem::AttemptTimeout(Duration::ZERO),
        ] {
            assert!(problem.source().is_none(), "{problem}");
        }
    }
}
