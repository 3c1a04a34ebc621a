//! What one call of the API is. No I/O.

use reqwest::Method;
use serde::Serialize;
use serde_json::Value;

use crate::asked::Asked;
use crate::decode::Decode;
use crate::route::Route;
use crate::sensitive::Sensitive;
use crate::validate::Validity;

/// One operation of the API with its parameters: what is sent, and what its answer becomes.
///
/// It is the bound on [`Request`](crate::Request), for functions that take any of them. Only this crate
/// implements it.
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
    /// What a call gives when it succeeds.
    type Output: Decode;

    #[doc(hidden)]
    const SPEC: Spec;

    #[doc(hidden)]
    fn route(&self) -> Route;

    /// The limits of all parameters but those in the path, which the route checks.
    #[doc(hidden)]
    fn validate(&self) -> Validity {
        Ok(())
    }

    #[doc(hidden)]
    fn body(&self) -> Body {
        Body::none()
    }

    /// Where the client request token is, for an operation of [`Replay::Token`].
    /// If the caller has set none, the crate does.
    #[doc(hidden)]
    fn client_request_token(&mut self) -> Option<&mut Option<Sensitive>> {
        None
    }
}

/// What is the same for all calls of an operation.
#[derive(Debug)]
pub struct Spec {
    /// Its name in the API.
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    pub(crate) replay: Replay,
}

/// Whether a call that may have run may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replay {
    /// Running twice leaves what running once leaves.
    Safe,
    /// The service runs it once for all requests with the same client request token.
    Token,
    /// Running twice may leave two of what was asked for once.
    Never,
}

impl Spec {
    /// A GET.
    pub(crate) const fn get(name: &'static str) -> Self {
        Self { name, method: Method::GET, replay: Replay::Safe }
    }

    /// A DELETE.
    pub(crate) const fn delete(name: &'static str) -> Self {
        Self { name, method: Method::DELETE, replay: Replay::Safe }
    }

    /// A PUT.
    pub(crate) const fn put(name: &'static str) -> Self {
        Self { name, method: Method::PUT, replay: Replay::Safe }
    }

    /// A POST, which only its operation can say whether it may run twice.
    pub(crate) const fn post(name: &'static str, replay: Replay) -> Self {
        Self { name, method: Method::POST, replay }
    }
}

/// The body of a request.
pub struct Body {
    pub(crate) json: Result<Option<String>, serde_json::Error>,
    /// The sensitive values in it.
    pub(crate) sensitive: Vec<Sensitive>,
    /// The values in it that the answer must have, too, if it has any.
    pub(crate) asked: Asked,
    /// The names of users in it.
    pub(crate) user_names: Vec<Sensitive>,
}

impl Body {
    pub(crate) fn none() -> Self {
        Self::of(Ok(None))
    }

    /// The operation itself as JSON: its fields are the members of the body. What is not set is
    /// not sent, at any depth.
    pub(crate) fn json(operation: &impl Serialize) -> Self {
        let json = serde_json::to_value(operation).map(|mut body| {
            remove_nulls(&mut body);
            Some(body.to_string())
        });
        Self::of(json)
    }

    /// Remembers values in the body that no error may show if the service quotes them.
    pub(crate) fn sensitive<'a>(mut self, values: impl IntoIterator<Item = &'a Sensitive>) -> Self {
        self.sensitive.extend(values.into_iter().cloned());
        self
    }

    /// Remembers the value of a parameter, if it is set, that the answer must be about.
    pub(crate) fn asks(mut self, parameter: &'static str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.asked.add(parameter, value);
        }
        self
    }

    /// Remembers names of users, which no error may show as words of their own.
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
