//! What the service answers of a resource, stored in the form in which it is answered.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

use super::answer::Refusal;
use super::members::Members;
use super::validate;

/// The members of a resource in their wire form.
///
/// A resource that was seeded keeps every member as it came, also one that the API's model does not mention.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub(super) struct Document(Map<String, Value>);

impl Document {
    /// A document with the members of a JSON object. Any other value has none.
    pub(super) fn new(object: Value) -> Self {
        match object {
            Value::Object(members) => Self(members),
            _ => Self::default(),
        }
    }

    /// The member with this name, if it is a string.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// The identifier of what the document belongs to: its own member with this name, or else that of `ids`.
    pub(super) fn id<'a>(&'a self, name: &str, ids: &'a Members) -> Result<&'a str, Refusal> {
        match self.text(name) {
            Some(id) => Ok(id),
            None => validate::required(name, ids.text(name, validate::not_blank)?),
        }
    }

    /// The member with this name, if it is a time.
    pub(super) fn time(&self, name: &str) -> Option<DateTime<Utc>> {
        self.text(name)?.parse().ok()
    }

    /// The member with this name. It is null if it is absent.
    pub(super) fn member(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or(&Value::Null)
    }

    /// Sets a member.
    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Sets a member if there is a value for it. Otherwise the member stays as it is.
    pub(super) fn set_some(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }
}

impl From<Document> for Value {
    fn from(document: Document) -> Self {
        Self::Object(document.0)
    }
}

/// A time in the form in which the service writes it.
pub(super) fn timestamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
