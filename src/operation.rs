//! Operations of the API, without I/O: their parameters, how they are sent, and their output.

use reqwest::Method;
use serde::Serialize;
use serde_json::Value;

use crate::asked::Asked;
use crate::decode::Decode;
use crate::route::Route;
use crate::sensitive::Sensitive;
use crate::validate::Validity;

/// An operation of the API with its parameters: the bound on [`Request`](crate::Request).
///
/// Use it for functions that take any request. Only this crate implements it.
///
/// ```
/// use std::time::Duration;
/// use amazon_chime::{Error, Request, operations::Operation};
///
/// async fn send_soon<O: Operation>(request: Request<O>) -> Result<O::Output, Error> {
///     request.operation_timeout(Duration::from_secs(5)).send().await
/// }
#[doc = crate::docs::with_client!()]
/// let account = send_soon(client.create_account("Acme")).await?;
/// # Ok(()) }
/// ```
pub trait Operation: Clone + std::fmt::Debug + Send + Sync + 'static {
    /// The output of a successful call.
    type Output: Decode;

    #[doc(hidden)]
    const SPEC: Spec;

    #[doc(hidden)]
    fn route(&self) -> Route;

    /// Checks the limits of the parameters, except those in the path, which `Route` checks.
    #[doc(hidden)]
    fn validate(&self) -> Validity {
        Ok(())
    }

    #[doc(hidden)]
    fn body(&self) -> Body {
        Body::none()
    }

    /// Returns the place of the client request token, for an operation of [`Replay::Token`]. The crate fills in a token
    /// if the caller has set none.
    #[doc(hidden)]
    fn client_request_token(&mut self) -> Option<&mut Option<Sensitive>> {
        None
    }
}

/// The properties that all calls of an operation share.
#[derive(Debug)]
pub struct Spec {
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    pub(crate) replay: Replay,
}

/// Whether a request may be sent again after an attempt that may have run: an attempt without a response, or with an
/// unreadable response or a server error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replay {
    /// Running twice has the same effect as running once.
    Safe,
    /// The service runs the operation once for all requests with the same client request token.
    Token,
    /// Running twice may have another effect than running once, such as two resources.
    Never,
}

impl Spec {
    pub(crate) const fn get(name: &'static str) -> Self {
        Self { name, method: Method::GET, replay: Replay::Safe }
    }

    pub(crate) const fn delete(name: &'static str) -> Self {
        Self { name, method: Method::DELETE, replay: Replay::Safe }
    }

    pub(crate) const fn put(name: &'static str) -> Self {
        Self { name, method: Method::PUT, replay: Replay::Safe }
    }

    /// Returns the properties of a POST, for which the operation decides whether it may run twice.
    pub(crate) const fn post(name: &'static str, replay: Replay) -> Self {
        Self { name, method: Method::POST, replay }
    }
}

/// The body of a request.
pub struct Body {
    pub(crate) json: Result<Option<String>, serde_json::Error>,
    pub(crate) sensitive: Vec<Sensitive>,
    /// The values in the body that must match the response, where the response has such values.
    pub(crate) asked: Asked,
    pub(crate) user_names: Vec<Sensitive>,
}

impl Body {
    pub(crate) fn none() -> Self {
        Self::of(Ok(None))
    }

    /// Writes the operation as JSON, with its fields as the members of the body. Members that are not set are left out,
    /// at any depth.
    pub(crate) fn json(operation: &impl Serialize) -> Self {
        let json = serde_json::to_value(operation).map(|mut body| {
            remove_nulls(&mut body);
            Some(body.to_string())
        });
        Self::of(json)
    }

    /// Adds sensitive values of the body, which no error may show even if the service quotes them.
    pub(crate) fn sensitive<'a>(mut self, values: impl IntoIterator<Item = &'a Sensitive>) -> Self {
        self.sensitive.extend(values.into_iter().cloned());
        self
    }

    /// Adds the value of a parameter that the response must match, if it is set.
    pub(crate) fn asks(mut self, parameter: &'static str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.asked.add(parameter, value);
        }
        self
    }

    /// Adds names of users, which no error may show as whole words.
    pub(crate) fn user_names<'a>(mut self, names: impl IntoIterator<Item = &'a Sensitive>) -> Self {
        self.user_names.extend(names.into_iter().cloned());
        self
    }

    fn of(json: Result<Option<String>, serde_json::Error>) -> Self {
        Self { json, sensitive: Vec::new(), asked: Asked::default(), user_names: Vec::new() }
    }
}

fn remove_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(remove_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_nulls),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_has_no_nulls_at_any_depth_but_keeps_what_is_empty() {
        let operation = json!({
            "Unset": null,
            "Set": { "Unset": null, "False": false },
            "List": [{ "Unset": null, "Zero": 0 }, []],
            "Empty": { "Object": {}, "List": [], "Text": "" },
        });
        let body = Body::json(&operation).json.unwrap().unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(&body).unwrap(),
            json!({
                "Set": { "False": false },
                "List": [{ "Zero": 0 }, []],
                "Empty": { "Object": {}, "List": [], "Text": "" },
            })
        );
    }
}
