//! What the service answers of a resource, stored in the form in which it is answered.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The members of a resource in their wire form.
///
/// A resource that was seeded keeps every member as it came, also one that the API's model does not mention.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
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

    /// Removes a member.
    pub(super) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Changes the object that is the member with this name. Without one, it is made. What `change` does not set
    /// stays as it is.
    pub(super) fn change(&mut self, name: &str, change: impl FnOnce(&mut Self)) {
        let mut object = Self::new(self.0.get_mut(name).map(Value::take).unwrap_or_default());
        change(&mut object);
        self.set(name, object);
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

/// The time that is this much after `now`, or the last one that there is.
pub(super) fn later(now: DateTime<Utc>, delta: TimeDelta) -> DateTime<Utc> {
    now.checked_add_signed(delta).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_of_an_object_keeps_its_other_members() {
        let mut document =
            Document::new(json!({ "Object": { "A": 1, "B": 2, "C": 3 }, "Text": "a" }));
        for name in ["Object", "Text", "New"] {
            document.change(name, |object| {
                object.set("A", 9);
                object.remove("B");
            });
        }
        let expected =
            json!({ "Object": { "A": 9, "C": 3 }, "Text": { "A": 9 }, "New": { "A": 9 } });
        assert_eq!(json!(document), expected);
    }

    #[test]
    fn no_time_is_later_than_the_last_one() {
        let now = DateTime::<Utc>::MAX_UTC - TimeDelta::days(1);
        assert_eq!(later(now, TimeDelta::hours(1)), now + TimeDelta::hours(1));
        assert_eq!(later(now, TimeDelta::days(2)), DateTime::<Utc>::MAX_UTC);
    }
}
