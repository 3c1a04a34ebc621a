//! Reads the members of a JSON body by their names.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::answer::Refusal;
use super::validate::{must_be, within};

/// The members of a JSON object in a request. A `null` counts as absent, and unknown members are ignored.
#[derive(Debug, Default)]
pub(super) struct Members(Map<String, Value>);

impl Members {
    pub(super) fn new(mut members: Map<String, Value>) -> Self {
        members.retain(|_, value| !value.is_null());
        Self(members)
    }

    /// Returns a string that passes `check`, such as a function of `validate`.
    pub(super) fn text<'a, T>(
        &'a self,
        name: &str,
        check: impl FnOnce(&str, &'a str) -> Result<T, Refusal>,
    ) -> Result<Option<T>, Refusal> {
        let text = self.member(name, "a string", Value::as_str)?;
        text.map(|text| check(name, text)).transpose()
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        self.member(name, "a boolean", Value::as_bool)
    }

    pub(super) fn whole_number(
        &self,
        name: &str,
        range: RangeInclusive<usize>,
    ) -> Result<Option<usize>, Refusal> {
        let number = |value: &Value| value.as_u64().and_then(|number| number.try_into().ok());
        self.0.get(name).map(|value| within(name, number(value), &range)).transpose()
    }

    pub(super) fn object(&self, name: &str) -> Result<Option<Members>, Refusal> {
        let object = self.member(name, "an object", Value::as_object)?;
        Ok(object.cloned().map(Members::new))
    }

    /// Returns a list of at most `most` strings that all pass `check`.
    pub(super) fn texts<'a, T>(
        &'a self,
        name: &str,
        most: usize,
        check: impl Fn(&str, &'a str) -> Result<T, Refusal>,
    ) -> Result<Option<Vec<T>>, Refusal> {
        self.list(name, most, |item| match item.as_str() {
            Some(text) => check(name, text),
            None => Err(must_be(name, "a list of strings")),
        })
    }

    /// Returns a list of at most `most` objects.
    pub(super) fn objects(&self, name: &str, most: usize) -> Result<Option<Vec<Members>>, Refusal> {
        self.list(name, most, |item| match item {
            Value::Object(members) => Ok(Members::new(members.clone())),
            _ => Err(must_be(name, "a list of objects")),
        })
    }

    fn list<'a, T>(
        &'a self,
        name: &str,
        most: usize,
        read: impl Fn(&'a Value) -> Result<T, Refusal>,
    ) -> Result<Option<Vec<T>>, Refusal> {
        let Some(list) = self.member(name, "a list", Value::as_array)? else {
            return Ok(None);
        };
        if list.len() > most {
            return Err(must_be(name, &format!("a list of at most {most} items")));
        }
        list.iter().map(read).collect::<Result<_, _>>().map(Some)
    }

    fn member<'a, T>(
        &'a self,
        name: &str,
        kind: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        match self.0.get(name) {
            None => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| must_be(name, kind)),
        }
    }
}

#[cfg(test)]
pub(super) fn members(value: Value) -> Members {
    match value {
        Value::Object(members) => Members::new(members),
        other => panic!("{other} is no object"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::validate::{anything, email, required};
    use super::*;

    #[test]
    fn members_must_have_the_requested_type() {
        let members = members(json!({
            "text": "a", "flag": true, "object": { "inner": null }, "texts": ["a", "b"], "mixed": ["a", 1],
        }));
        assert_eq!(members.text("text", anything), Ok(Some("a")));
        assert_eq!(members.flag("flag"), Ok(Some(true)));
        let object = members.object("object").unwrap().unwrap();
        assert_eq!(object.text("inner", anything), Ok(None));
        assert_eq!(members.texts("texts", 2, anything), Ok(Some(vec!["a", "b"])));

        assert!(members.text("flag", anything).is_err());
        assert!(members.flag("text").is_err());
        assert!(members.object("texts").is_err());
        assert!(members.texts("texts", 1, anything).is_err());
        assert!(members.texts("mixed", 50, anything).is_err());
        assert!(members.texts("object", 50, anything).is_err());
        assert!(members.texts("texts", 50, email).is_err());
    }

    #[test]
    fn a_list_of_objects_must_have_only_objects_and_not_too_many() {
        let members = members(json!({
            "list": [{ "MemberId": "m", "Role": null }, {}], "mixed": [{}, "a"], "null": [null], "object": {},
        }));
        let list = members.objects("list", 2).unwrap().unwrap();
        assert_eq!(list.len(), 2);
        assert_eq!(list[0].text("MemberId", anything), Ok(Some("m")));
        assert_eq!(list[0].text("Role", anything), Ok(None));
        assert!(members.objects("absent", 2).unwrap().is_none());

        assert!(members.objects("list", 1).is_err());
        for name in ["mixed", "null", "object"] {
            assert!(members.objects(name, 2).is_err(), "{name}");
        }
    }

    #[test]
    fn whole_numbers_are_within_the_range() {
        let members = members(json!({
            "least": 1, "most": 9, "zero": 0, "ten": 10, "minus": -1, "point": 1.0, "text": "1", "huge": 1e30,
        }));
        assert_eq!(members.whole_number("least", 1..=9), Ok(Some(1)));
        assert_eq!(members.whole_number("most", 1..=9), Ok(Some(9)));
        assert_eq!(members.whole_number("absent", 1..=9), Ok(None));
        for name in ["zero", "ten", "minus", "point", "text", "huge"] {
            assert!(members.whole_number(name, 1..=9).is_err(), "{name}");
        }
    }

    #[test]
    fn null_counts_as_absent() {
        let members = members(json!({ "Name": null }));
        let name = members.text("Name", anything);
        assert_eq!(name, Ok(None));
        assert!(required("Name", name.unwrap()).is_err());
    }
}
