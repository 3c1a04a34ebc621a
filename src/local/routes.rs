//! From method, path and query to the operation that they name.

use chrono::{DateTime, Utc};
use hyper::body::Bytes;
use hyper::{Method, Request};
use percent_encoding::percent_decode_str;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;
use super::{accounts, users};

/// What an operation is: it reads its call, changes the directory or does not, and answers.
pub(super) type Operation = fn(&Call, &mut Directory) -> Result<Answer, Refusal>;

/// Every operation: its name, and the method and URI that the API's model gives it.
#[rustfmt::skip]
const ROUTES: &[(&str, &str, Operation)] = &[
    ("CreateAccount", "POST /accounts", accounts::create_account),
    ("ListAccounts", "GET /accounts", accounts::list_accounts),
    ("GetAccount", "GET /accounts/{accountId}", accounts::get_account),
    ("UpdateAccount", "POST /accounts/{accountId}", accounts::update_account),
    ("DeleteAccount", "DELETE /accounts/{accountId}", accounts::delete_account),
    ("CreateUser", "POST /accounts/{accountId}/users?operation=create", users::create_user),
    ("BatchSuspendUser", "POST /accounts/{accountId}/users?operation=suspend", users::batch_suspend_user),
    ("BatchUnsuspendUser", "POST /accounts/{accountId}/users?operation=unsuspend", users::batch_unsuspend_user),
    ("ListUsers", "GET /accounts/{accountId}/users", users::list_users),
    ("GetUser", "GET /accounts/{accountId}/users/{userId}", users::get_user),
    ("UpdateUser", "POST /accounts/{accountId}/users/{userId}", users::update_user),
];

/// A request that names an operation.
pub(super) struct Routed {
    pub(super) name: &'static str,
    pub(super) operation: Operation,
    /// The request as the operation sees it.
    pub(super) call: Call,
}

/// The operation that a request names.
pub(super) fn find(request: &Request<Bytes>, now: DateTime<Utc>) -> Result<Routed, Refusal> {
    let path = segments(request.uri().path())?;
    let query = parameters(request.uri().query().unwrap_or_default())?;
    for (name, route, operation) in ROUTES {
        if let Some(ids) = bind(route, request.method(), &path, &query) {
            let call = Call::new(ids, query, request, now);
            return Ok(Routed { name, operation: *operation, call });
        }
    }
    Err(unknown_operation())
}

/// The identifiers that a request has where the route has placeholders, if the request is for this route.
fn bind(
    route: &'static str,
    method: &Method,
    path: &[String],
    query: &[(String, String)],
) -> Option<Vec<(&'static str, String)>> {
    let (route_method, uri) = route.split_once(' ')?;
    let (route_path, constant) = uri.split_once('?').unwrap_or((uri, ""));
    let route_path: Vec<&str> = route_path.split('/').skip(1).collect();
    if method != route_method || path.len() != route_path.len() || !has_constant(constant, query) {
        return None;
    }
    let mut ids = Vec::new();
    for (expected, segment) in route_path.into_iter().zip(path) {
        let placeholder = expected.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        match placeholder {
            Some(name) => ids.push((name, segment.clone())),
            None if expected == segment => {}
            None => return None,
        }
    }
    Some(ids)
}

/// Whether the query has the constant, such as `operation=create`, of a route; a route without one is not for
/// requests with an `operation`.
fn has_constant(constant: &str, query: &[(String, String)]) -> bool {
    let (name, value) = match constant.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => ("operation", None),
    };
    let values = query.iter().filter(|(known, _)| known == name);
    values.map(|(_, value)| value.as_str()).eq(value)
}

/// The decoded segments of a path. An escaped slash is part of its segment.
fn segments(path: &str) -> Result<Vec<String>, Refusal> {
    let path = path.strip_prefix('/').ok_or_else(unknown_operation)?;
    let segments = path.split('/').map(|segment| match segment {
        "" | "." | ".." => Err(unknown_operation()),
        _ => decode(segment),
    });
    segments.collect()
}

fn parameters(query: &str) -> Result<Vec<(String, String)>, Refusal> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| Ok((decode(name)?, decode(value)?))).collect()
}

/// Percent-decodes, and nothing else: a plus sign is a plus sign.
fn decode(text: &str) -> Result<String, Refusal> {
    let whole = |escape: &[u8]| escape.iter().all(u8::is_ascii_hexdigit);
    let mut escapes = text.split('%').skip(1).map(|after| after.as_bytes().get(..2));
    let decoded = percent_decode_str(text).decode_utf8().ok();
    decoded
        .filter(|_| escapes.all(|escape| escape.is_some_and(whole)))
        .map(Into::into)
        .ok_or_else(|| Refusal::bad_request("The URI is not percent-encoded UTF-8."))
}

fn unknown_operation() -> Refusal {
    Refusal::unknown_operation(
        "The embedded Chime does not implement an operation with this method, path and query.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routed(method: &str, uri: &str) -> Result<String, Refusal> {
        let request = Request::builder().method(method).uri(uri);
        let request = request.body(Bytes::new()).unwrap();
        let found = find(&request, Utc::now())?;
        let route = ROUTES.iter().find(|(name, ..)| *name == found.name);
        Ok(route.unwrap().1.to_owned())
    }

    #[test]
    fn every_route_is_found_and_means_one_operation() {
        for (_, route, _) in ROUTES {
            let (method, uri) = route.split_once(' ').unwrap();
            let uri = uri.replace(['{', '}'], "");
            assert_eq!(routed(method, &uri).as_deref(), Ok(*route));

            let request = Request::builder().method(method).uri(&uri).body(()).unwrap();
            let path = segments(request.uri().path()).unwrap();
            let query = parameters(request.uri().query().unwrap_or_default()).unwrap();
            let bound = ROUTES
                .iter()
                .filter(|(_, route, _)| bind(route, request.method(), &path, &query).is_some());
            assert_eq!(bound.count(), 1, "{route}");
        }
    }

    #[test]
    fn other_requests_name_no_operation() {
        for (method, uri) in [
            ("GET", "/"),
            ("GET", "/accounts/"),
            ("GET", "//accounts"),
            ("GET", "/accounts//users"),
            ("GET", "/accounts/./users"),
            ("GET", "/accounts/a/users/.."),
            ("GET", "/rooms"),
            ("PUT", "/accounts"),
            ("HEAD", "/accounts"),
            ("OPTIONS", "/accounts"),
            ("GET", "/accounts?operation=list"),
            ("POST", "/accounts/a/users"),
            ("POST", "/accounts/a/users?operation=Create"),
            ("POST", "/accounts/a/users?operation=create&operation=create"),
            ("POST", "/accounts/a/users?operation=create&operation=suspend"),
        ] {
            assert_eq!(routed(method, uri), Err(unknown_operation()), "{method} {uri}");
        }
    }

    #[test]
    fn segments_are_decoded_after_they_are_split() {
        assert_eq!(segments("/accounts/a%2Fb%20c%C3%A9+").unwrap(), ["accounts", "a/b cé+"]);
    }

    #[test]
    fn parameters_are_decoded_after_they_are_split() {
        let expected = [("name", "a&b=c+d"), ("x", ""), ("y", "=")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(parameters("name=a%26b%3Dc+d&x&&y==").unwrap(), expected);
    }

    #[test]
    fn broken_escapes_are_refused() {
        for text in ["%", "a%2", "%zz", "%+1", "%C3", "%FF"] {
            assert!(decode(text).is_err(), "{text}");
        }
    }
}
