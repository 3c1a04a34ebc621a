//! The newest requests that an embedded Chime received.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::DateTime;
use hyper::body::Bytes;
use hyper::http::request::Parts;
use hyper::{Method, Request};
use serde_json::{Map, Value};

use super::routes;

/// A request that an embedded Chime received, from [`LocalChime::requests`](super::LocalChime::requests).
///
/// Its `Debug` form shows the names of all parameters, but only the values of identifiers, enums, numbers and flags.
/// Other values may be e-mail addresses, names, phone numbers or tokens.
#[derive(Clone)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// The operation, such as `CreateUser`, or `None` if the request names no operation.
    pub operation: Option<&'static str>,
    /// The status of the response, or `None` if there is no response yet or a [`Fault`](super::Fault) broke the
    /// connection.
    pub status: Option<u16>,
    /// The time from the end of the request to the response, or `None` if the status is `None`.
    pub duration: Option<Duration>,
    parameters: Map<String, Value>,
}

impl ReceivedRequest {
    /// Returns the value of a parameter by its name in the API, such as `Email`, or `None` if the request does not have
    /// the parameter.
    ///
    /// Parameters from the path and the query are strings. Parameters from the body have their JSON type. Credentials
    /// are not parameters.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let chime = amazon_chime::local::LocalChime::start()?;
    /// let acme = chime.client().create_account("Acme").await?;
    /// chime.client().create_user(&acme.account_id).email("ana@example.com").await?;
    ///
    /// let requests = chime.requests();
    /// let create = requests.last().ok_or("there is one")?;
    /// assert_eq!(create.parameter("Email").unwrap(), "ana@example.com");
    /// assert_eq!(create.parameter("Username"), None);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&Value> {
        self.parameters.get(name)
    }
}

#[expect(clippy::missing_fields_in_debug, reason = "a duration is never the same")]
impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.parameters.iter().map(|(name, value)| (name.clone(), shown(name, value)));
        f.debug_struct("ReceivedRequest")
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("parameters", &format_args!("{}", Value::Object(shown.collect())))
            .finish()
    }
}

#[derive(Default)]
pub(super) struct ReceivedRequests(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    oldest_first: VecDeque<Raw>,
    /// The number of older requests that were dropped.
    forgotten: usize,
    bytes: usize,
}

/// A received request, which is parsed when a caller asks for it.
#[derive(Clone)]
struct Raw {
    method: Method,
    uri: String,
    body: Bytes,
    status: Option<u16>,
    duration: Option<Duration>,
}

/// The maximum number of requests that are kept.
const COUNT_LIMIT: usize = 10_000;

/// The maximum total length of the URIs and bodies of the kept requests.
const BYTE_LIMIT: usize = 16 * 1024 * 1024;

impl ReceivedRequests {
    /// Adds a request and returns its number.
    pub(super) fn add(&self, head: &Parts, body: Bytes) -> usize {
        // A copy, because the URI itself would keep all bytes that were read from the connection in memory.
        let uri = head.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        let method = head.method.clone();
        let request = Raw { method, uri, body, status: None, duration: None };
        self.with(|kept| {
            kept.bytes += request.bytes();
            kept.oldest_first.push_back(request);
            while kept.oldest_first.len() > COUNT_LIMIT || kept.bytes > BYTE_LIMIT {
                let Some(oldest) = kept.oldest_first.pop_front() else { break };
                kept.forgotten += 1;
                kept.bytes -= oldest.bytes();
            }
            kept.forgotten + kept.oldest_first.len() - 1
        })
    }

    /// Adds the status of the response to a request, and its duration.
    pub(super) fn answered(&self, number: usize, status: u16, duration: Duration) {
        self.with(|kept| {
            if let Some(request) = kept.find(number) {
                (request.status, request.duration) = (Some(status), Some(duration));
            }
        });
    }

    /// Returns the request with this number, unless it was dropped.
    pub(super) fn get(&self, number: usize) -> Option<ReceivedRequest> {
        let request = self.with(|kept| kept.find(number).map(|request| request.clone()))?;
        Some(request.read())
    }

    pub(super) fn all(&self) -> Vec<ReceivedRequest> {
        let kept = self.with(|kept| kept.oldest_first.clone());
        kept.into_iter().map(Raw::read).collect()
    }

    fn with<T>(&self, act: impl FnOnce(&mut Kept) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Kept {
    fn find(&mut self, number: usize) -> Option<&mut Raw> {
        self.oldest_first.get_mut(number.checked_sub(self.forgotten)?)
    }
}

impl Raw {
    fn bytes(&self) -> usize {
        self.uri.len() + self.body.len()
    }

    fn read(self) -> ReceivedRequest {
        let request = Request::builder().method(self.method).uri(self.uri).body(self.body).ok();
        let routed = request.and_then(|request| routes::find(&request, DateTime::UNIX_EPOCH).ok());
        ReceivedRequest {
            operation: routed.as_ref().map(|routed| routed.name),
            status: self.status,
            duration: self.duration,
            parameters: routed.map(|routed| routed.call.parameters()).unwrap_or_default(),
        }
    }
}

/// The parameters whose strings are shown, because they reveal no person and no secret.
const SHOWN: &[&str] = &[
    "AccountId",
    "AreaCode",
    "BotId",
    "ConversationId",
    "Country",
    "DefaultLicense",
    "FilterName",
    "LicenseType",
    "MaxResults",
    "MeetingId",
    "MemberId",
    "MessageId",
    "PhoneNumberOrderId",
    "PhoneNumberType",
    "ProductType",
    "Role",
    "RoomId",
    "State",
    "Status",
    "TollFreePrefix",
    "UserId",
    "UserIdList",
    "UserType",
];

/// Returns the value of a parameter, with `***` instead of each string that must not be shown.
fn shown(name: &str, value: &Value) -> Value {
    match value {
        Value::String(_) if !SHOWN.contains(&name) => "***".into(),
        Value::Array(items) => items.iter().map(|item| shown(name, item)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), shown(name, value))).collect()
        }
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(requests: &ReceivedRequests, uri: &str, body: &str) -> usize {
        let (head, ()) = Request::builder().method("POST").uri(uri).body(()).unwrap().into_parts();
        requests.add(&head, Bytes::copy_from_slice(body.as_bytes()))
    }

    #[test]
    fn the_newest_requests_are_kept() {
        let requests = ReceivedRequests::default();
        for number in 0..COUNT_LIMIT + 5 {
            assert_eq!(add(&requests, &format!("/accounts/{number}"), "{}"), number);
        }
        let duration = Duration::from_millis(7);
        requests.answered(4, 200, duration);
        requests.answered(5, 201, duration);
        requests.answered(COUNT_LIMIT + 4, 202, duration);
        requests.answered(COUNT_LIMIT + 5, 203, duration);
        assert!(requests.get(4).is_none() && requests.get(COUNT_LIMIT + 5).is_none());
        assert_eq!(requests.get(5).unwrap().status, Some(201));
        let all = requests.all();
        assert_eq!(all.len(), COUNT_LIMIT);
        assert_eq!(all[0].parameter("AccountId").unwrap(), "5");
        assert_eq!(all.iter().filter_map(|request| request.status).collect::<Vec<_>>(), [201, 202]);
        assert_eq!(all[COUNT_LIMIT - 1].status, Some(202));
    }

    #[test]
    fn the_length_of_the_kept_requests_is_limited() {
        let requests = ReceivedRequests::default();
        let body = format!(r#"{{"Name": "{}"}}"#, "x".repeat(1 << 20));
        for _ in 0..40 {
            add(&requests, "/accounts", &body);
        }
        let all = requests.all();
        assert_eq!(all.len(), 15, "in 16 MiB");
        requests.with(|kept| assert_eq!(kept.bytes, 15 * (body.len() + "/accounts".len())));
    }

    #[test]
    fn parameters_from_path_query_and_body_have_the_names_of_the_api() {
        let requests = ReceivedRequests::default();
        add(
            &requests,
            "/accounts/a%2Fb/users?operation=create&user-email=x&X-Amz-Security-Token=secret",
            r#"{"Email": "ana@example.com", "AccountId": "another", "UserType": "PrivateUser", "Flag": true}"#,
        );
        add(&requests, "/nothing?name=x", "{}");
        add(&requests, "/accounts", "no JSON");
        let [create, unknown, broken] = &requests.all()[..] else { panic!("three requests") };

        assert_eq!(create.operation, Some("CreateUser"));
        assert_eq!(create.parameter("AccountId").unwrap(), "a/b");
        assert_eq!(create.parameter("UserEmail").unwrap(), "x");
        assert_eq!(create.parameter("Email").unwrap(), "ana@example.com");
        assert_eq!(create.parameter("Flag").unwrap(), true);
        assert_eq!(
            format!("{create:?}"),
            "ReceivedRequest { operation: Some(\"CreateUser\"), status: None, parameters: \
             {\"AccountId\":\"a/b\",\"Email\":\"***\",\"Flag\":true,\"UserEmail\":\"***\",\
             \"UserType\":\"PrivateUser\"} }"
        );
        assert_eq!((unknown.operation, unknown.parameters.len()), (None, 0));
        assert_eq!((broken.operation, broken.parameters.len()), (Some("CreateAccount"), 0));
    }
}
