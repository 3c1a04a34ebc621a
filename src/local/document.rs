//! Resources, stored in the JSON form of the responses.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

/// A resource as the text of a JSON object, in the JSON form that the API uses.
///
/// A seeded resource keeps every member as it was written, including members that the API's model does not define. The
/// text needs about a fifth of the memory of parsed values, most of which are never read.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(try_from = "Box<RawValue>")]
pub(super) struct Document(Box<RawValue>);

impl Document {
    /// Creates a document with the members of a JSON object, or an empty document from any other value.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "it is written with `json!` where it is called"
    )]
    pub(super) fn new(object: Value) -> Self {
        to_raw_value(&object).ok().and_then(|text| Self::try_from(text).ok()).unwrap_or_default()
    }

    pub(super) fn json(&self) -> &str {
        self.0.get()
    }

    /// Returns the member with this name, if it is a string.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        let json = self.find(name)?.get();
        let text = json.strip_prefix('"')?.strip_suffix('"')?;
        if text.contains('\\') {
            serde_json::from_str(json).ok().map(Cow::Owned)
        } else {
            Some(Cow::Borrowed(text))
        }
    }

    /// Returns the member with this name, if it is a time.
    pub(super) fn time(&self, name: &str) -> Option<DateTime<Utc>> {
        self.text(name)?.parse().ok()
    }

    /// Returns the member with this name, or null if the member is absent.
    pub(super) fn member(&self, name: &str) -> Value {
        let member = self.find(name).and_then(|json| serde_json::from_str(json.get()).ok());
        member.unwrap_or_default()
    }

    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.replace(name, to_raw_value(&value.into()).ok());
    }

    pub(super) fn set_some(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.replace(name, None);
    }

    /// Changes the object that is the member with this name, and creates the object if it is absent. Other members of
    /// the object stay as they are.
    pub(super) fn change(&mut self, name: &str, change: impl FnOnce(&mut Self)) {
        let object = self.find(name).and_then(|json| Self::try_from(json.to_owned()).ok());
        let mut object = object.unwrap_or_default();
        change(&mut object);
        self.replace(name, Some(object.0));
    }

    fn find(&self, name: &str) -> Option<&RawValue> {
        let mut deserializer = serde_json::Deserializer::from_str(self.json());
        deserializer.deserialize_map(Find(name)).ok()?
    }

    fn replace(&mut self, name: &str, value: Option<Box<RawValue>>) {
        let Ok(mut members) = serde_json::from_str::<Members>(self.json()) else { return };
        match value {
            Some(value) => members.set(name.to_owned(), value),
            None => members.0.retain(|(other, _)| other != name),
        }
        if let Ok(text) = to_raw_value(&members) {
            self.0 = text;
        }
    }
}

impl Default for Document {
    fn default() -> Self {
        Self(RawValue::from_string("{}".to_owned()).unwrap_or_default())
    }
}

impl TryFrom<Box<RawValue>> for Document {
    type Error = NotAnObject;

    fn try_from(text: Box<RawValue>) -> Result<Self, NotAnObject> {
        if text.get().starts_with('{') { Ok(Self(text)) } else { Err(NotAnObject) }
    }
}

/// The error for JSON that is not an object.
#[derive(Debug)]
pub(super) struct NotAnObject;

impl fmt::Display for NotAnObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is no JSON object")
    }
}

/// Finds the last member with a name.
struct Find<'a>(&'a str);

impl<'de> Visitor<'de> for Find<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(is_found) = map.next_key_seed(Is(self.0))? {
            if is_found {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// Compares a name in the JSON with this name, without a copy.
struct Is<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for Is<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Is<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<bool, E> {
        Ok(name == self.0)
    }
}

/// The members of an object in their order, each as it was written.
struct Members(Vec<(String, Box<RawValue>)>);

impl Members {
    fn set(&mut self, name: String, value: Box<RawValue>) {
        match self.0.iter_mut().find(|(other, _)| *other == name) {
            Some((_, member)) => *member = value,
            None => self.0.push((name, value)),
        }
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(All)
    }
}

struct All;

impl<'de> Visitor<'de> for All {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Members(Vec::new());
        while let Some((name, value)) = map.next_entry()? {
            members.set(name, value);
        }
        Ok(members)
    }
}

/// Returns a time in the format of the service.
pub(super) fn timestamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Returns the time `delta` after `now`, or the last possible time.
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
    fn members_are_read_and_written_back_unchanged() {
        let text = r#"{"A":"a","B":"\u00fc\"","C":1e400,"D":[1.0,{"A":"b"}],"E":null,"A":"last"}"#;
        let document: Document = serde_json::from_str(text).unwrap();
        assert_eq!(document.text("A").as_deref(), Some("last"));
        assert_eq!(document.text("B").as_deref(), Some("ü\""));
        assert_eq!(document.member("D"), json!([1.0, { "A": "b" }]));
        for absent in ["C", "E", "F"] {
            assert_eq!((document.text(absent), document.member(absent)), (None, Value::Null));
        }
        assert_eq!(serde_json::to_string(&document).unwrap(), text);
    }

    #[test]
    fn a_change_does_not_rewrite_the_other_members() {
        let text = r#"{"B": 1.50, "A": {"D": 1e400,"C": 1}, "E": "\u00fc"}"#;
        let mut document: Document = serde_json::from_str(text).unwrap();
        document.set("B", 2);
        document.change("A", |object| object.set("C", 3));
        document.set("F", "\"");
        assert_eq!(document.json(), r#"{"B":2,"A":{"D":1e400,"C":3},"E":"\u00fc","F":"\""}"#);
        document.remove("B");
        assert_eq!(document.json(), r#"{"A":{"D":1e400,"C":3},"E":"\u00fc","F":"\""}"#);
    }

    #[test]
    fn a_document_is_an_object() {
        for other in ["null", "1", "\"{}\"", "[{}]"] {
            assert!(serde_json::from_str::<Document>(other).is_err(), "{other}");
        }
        assert_eq!(Document::new(json!([1])).json(), "{}");
    }

    #[test]
    fn a_time_beyond_the_last_possible_time_is_the_last_possible_time() {
        let now = DateTime::<Utc>::MAX_UTC - TimeDelta::days(1);
        assert_eq!(later(now, TimeDelta::hours(1)), now + TimeDelta::hours(1));
        assert_eq!(later(now, TimeDelta::days(2)), DateTime::<Utc>::MAX_UTC);
    }
}
