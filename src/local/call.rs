//! The call of an operation: values from the path, the query and the body, which are read by name.

use chrono::{DateTime, Utc};
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Map, Value};

use super::answer::Refusal;
use super::members::Members;
use super::paging::Paging;
use super::validate;

/// A routed request. Each method checks the value that it returns.
pub(super) struct Call {
    path: Vec<(&'static str, String)>,
    query: Vec<(String, String)>,
    content_type: Option<HeaderValue>,
    body: Bytes,
    now: DateTime<Utc>,
}

impl Call {
    pub(super) fn new(
        path: Vec<(&'static str, String)>,
        query: Vec<(String, String)>,
        request: &Request<Bytes>,
        now: DateTime<Utc>,
    ) -> Self {
        let content_type = request.headers().get(CONTENT_TYPE).cloned();
        Self { path, query, content_type, body: request.body().clone(), now }
    }

    /// Returns the time of the request by the clock of the resources.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Returns an identifier in the path by its name in the route, and refuses a blank identifier.
    pub(super) fn id(&self, name: &str) -> Result<&str, Refusal> {
        validate::not_blank(name, self.any_id(name))
    }

    /// Returns an identifier in the path that may be blank, because the API's model does not limit it.
    pub(super) fn any_id(&self, name: &str) -> &str {
        let value = self.path.iter().find(|(known, _)| *known == name);
        value.map_or("", |(_, value)| value)
    }

    pub(super) fn query<'a, T>(
        &'a self,
        name: &str,
        check: impl FnOnce(&str, &'a str) -> Result<T, Refusal>,
    ) -> Result<Option<T>, Refusal> {
        let mut values = self.query.iter().filter(|(known, _)| known == name);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Refusal::bad_request(format!("{name} occurs twice."))),
            (Some((_, value)), None) => check(name, value).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// Returns the requested page of a listing, with at most `largest` items.
    pub(super) fn paging(&self, largest: usize) -> Result<Paging, Refusal> {
        let max_results = self
            .query("max-results", |name, text| validate::whole_number(name, text, 1..=largest))?;
        let token = self.query("next-token", validate::anything)?;
        Ok(Paging {
            token: token.map(str::to_owned),
            max_results: max_results.unwrap_or(largest.min(100)),
        })
    }

    pub(super) fn members(&self) -> Result<Members, Refusal> {
        if self.body.is_empty() {
            return Err(Refusal::bad_request("The body is empty; it must be JSON."));
        }
        if !self.says_json() {
            return Err(Refusal::bad_request("The Content-Type must be application/json."));
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(members)) => Ok(Members::new(members)),
            Ok(_) => Err(Refusal::bad_request("The body is not a JSON object.")),
            Err(_) => Err(Refusal::bad_request("The body is not JSON.")),
        }
    }

    /// Returns the parameters in the path, the query and the body, by their names in the API.
    pub(super) fn parameters(self) -> Map<String, Value> {
        let Self { path, query, body, .. } = self;
        let path = path.into_iter().map(|(name, value)| (name.to_owned(), value));
        // The parts of a signature and the name of the operation are not parameters.
        let is_parameter = |name: &str| {
            !name.to_ascii_lowercase().starts_with("x-amz-")
                && !["operation", "type"].contains(&name)
        };
        let query = query.into_iter().filter(|(name, _)| is_parameter(name));
        let body: Option<Map<_, _>> = serde_json::from_slice(&body).ok();
        let mut parameters = body.unwrap_or_default();
        // The operation uses the value in the path, even if the body has another value.
        parameters.extend(path.chain(query).map(|(name, value)| (api_name(&name), value.into())));
        parameters
    }

    fn says_json(&self) -> bool {
        let essence = self
            .content_type
            .as_ref()
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next());
        essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
    }
}

/// Returns the name of a parameter in the API: `UserEmail` for the query parameter `user-email`, and `UserId` for
/// `userId` in a path.
fn api_name(name: &str) -> String {
    let capitalized = |word: &str| {
        let (first, rest) = word.split_at(word.ceil_char_boundary(1));
        first.to_ascii_uppercase() + rest
    };
    name.split('-').map(capitalized).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(query: &[(&str, &str)], content_type: Option<&str>, body: &'static str) -> Call {
        let mut request = Request::new(Bytes::from_static(body.as_bytes()));
        if let Some(content_type) = content_type {
            let value = content_type.parse().unwrap();
            request.headers_mut().insert(CONTENT_TYPE, value);
        }
        let query =
            query.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let path = vec![("accountId", "a".to_owned()), ("userId", "  ".to_owned())];
        Call::new(path, query, &request, Utc::now())
    }

    #[test]
    fn identifiers_are_not_blank_where_the_model_limits_them() {
        let call = call(&[], None, "");
        assert_eq!(call.id("accountId"), Ok("a"));
        assert!(call.id("userId").is_err());
        assert_eq!((call.any_id("accountId"), call.any_id("userId")), ("a", "  "));
    }

    #[test]
    fn a_query_parameter_occurs_at_most_once() {
        let call = call(&[("name", "a"), ("other", "b"), ("other", "b")], None, "");
        assert_eq!(call.query("name", validate::anything), Ok(Some("a")));
        assert_eq!(call.query("absent", validate::anything), Ok(None));
        assert!(call.query("other", validate::anything).is_err());
    }

    #[test]
    fn pages_have_100_items_by_default() {
        assert_eq!(call(&[], None, "").paging(200).unwrap().max_results, 100);
        for (text, expected) in [("1", Some(1)), ("200", Some(200)), ("0", None), ("201", None)] {
            let paging = call(&[("max-results", text)], None, "").paging(200);
            assert_eq!(paging.ok().map(|paging| paging.max_results), expected);
        }
    }

    #[test]
    fn a_body_is_a_json_object_with_the_content_type_of_json() {
        let json = Some("Application/JSON; charset=utf-8");
        assert!(call(&[], json, "{}").members().is_ok());
        for (content_type, body) in [
            (json, ""),
            (json, "[]"),
            (json, "null"),
            (json, "{} {}"),
            (json, "Name=Acme"),
            (None, "{}"),
            (Some("text/plain"), "{}"),
            (Some("application/jsonlines"), "{}"),
        ] {
            assert!(call(&[], content_type, body).members().is_err(), "{body}");
        }
    }
}
