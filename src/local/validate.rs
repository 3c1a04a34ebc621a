//! The limits of the API on what a request may contain.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::answer::Refusal;

/// The members of a JSON object in a request. `null` counts as absent; members that nobody asks for are ignored.
#[derive(Debug, Default)]
pub(super) struct Members(Map<String, Value>);

impl Members {
    pub(super) fn new(mut members: Map<String, Value>) -> Self {
        members.retain(|_, value| !value.is_null());
        Self(members)
    }

    /// A string that passes `check`, one of the functions below.
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

    pub(super) fn object(&self, name: &str) -> Result<Option<Members>, Refusal> {
        let object = self.member(name, "an object", Value::as_object)?;
        Ok(object.cloned().map(Members::new))
    }

    /// A list of at most `most` strings that all pass `check`.
    pub(super) fn texts<'a, T>(
        &'a self,
        name: &str,
        most: usize,
        check: impl Fn(&str, &'a str) -> Result<T, Refusal>,
    ) -> Result<Option<Vec<T>>, Refusal> {
        let Some(list) = self.member(name, "a list", Value::as_array)? else {
            return Ok(None);
        };
        if list.len() > most {
            return Err(must_be(name, &format!("a list of at most {most} items")));
        }
        let texts = list.iter().map(|item| match item.as_str() {
            Some(text) => check(name, text),
            None => Err(must_be(name, "a list of strings")),
        });
        texts.collect::<Result<_, _>>().map(Some)
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

/// The value of a member that must be there.
pub(super) fn required<T>(name: &str, value: Option<T>) -> Result<T, Refusal> {
    value.ok_or_else(|| Refusal::bad_request(format!("{name} is required.")))
}

/// A string that the API does not limit.
#[expect(clippy::unnecessary_wraps, reason = "a check like the others")]
pub(super) fn anything<'a>(_name: &str, text: &'a str) -> Result<&'a str, Refusal> {
    Ok(text)
}

pub(super) fn not_blank<'a>(name: &str, text: &'a str) -> Result<&'a str, Refusal> {
    if text.trim().is_empty() { Err(must_be(name, "more than white space")) } else { Ok(text) }
}

/// The name of an account: 1 to 100 characters, not only white space.
pub(super) fn account_name<'a>(name: &str, text: &'a str) -> Result<&'a str, Refusal> {
    if text.chars().count() > 100 {
        return Err(must_be(name, "at most 100 characters long"));
    }
    not_blank(name, text)
}

/// An e-mail address as the API sees it: `.+@.+\..+`.
pub(super) fn email<'a>(name: &str, text: &'a str) -> Result<&'a str, Refusal> {
    let dot_inside = |domain: &str| {
        let mut dots = domain.match_indices('.');
        dots.any(|(dot, _)| dot > 0 && dot + 1 < domain.len())
    };
    let on_one_line = !text.contains(['\n', '\r']);
    let mut ats = text.match_indices('@');
    if on_one_line && ats.any(|(at, _)| at > 0 && dot_inside(&text[at + 1..])) {
        Ok(text)
    } else {
        Err(must_be(name, "an e-mail address"))
    }
}

pub(super) fn license(name: &str, text: &str) -> Result<&'static str, Refusal> {
    one_of(name, text, &["Basic", "Plus", "Pro", "ProTrial"])
}

pub(super) fn user_type(name: &str, text: &str) -> Result<&'static str, Refusal> {
    one_of(name, text, &["PrivateUser", "SharedDevice"])
}

pub(super) fn whole_number(
    name: &str,
    text: &str,
    range: RangeInclusive<usize>,
) -> Result<usize, Refusal> {
    // `parse` alone would take a plus sign, too.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.filter(|_| digits).ok_or_else(|| {
        let (least, most) = (range.start(), range.end());
        must_be(name, &format!("a whole number from {least} to {most}"))
    })
}

/// One of the values of an enum.
fn one_of(name: &str, text: &str, values: &[&'static str]) -> Result<&'static str, Refusal> {
    let known = values.iter().find(|value| **value == text).copied();
    known.ok_or_else(|| must_be(name, &format!("one of {}", values.join(", "))))
}

fn must_be(name: &str, what: &str) -> Refusal {
    Refusal::bad_request(format!("{name} must be {what}."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn members(value: Value) -> Members {
        match value {
            Value::Object(members) => Members::new(members),
            other => panic!("{other} is no object"),
        }
    }

    #[test]
    fn members_have_the_type_that_is_asked_for() {
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
    fn null_is_absent() {
        let members = members(json!({ "Name": null }));
        let name = members.text("Name", account_name);
        assert_eq!(name, Ok(None));
        assert!(required("Name", name.unwrap()).is_err());
    }

    #[test]
    fn account_names_are_counted_in_characters() {
        assert!(account_name("Name", &"é".repeat(100)).is_ok());
        assert!(account_name("Name", &"é".repeat(101)).is_err());
        assert!(account_name("Name", "").is_err());
        assert!(account_name("Name", " \t\u{2003}").is_err());
    }

    #[test]
    fn email_addresses_match_the_pattern_of_the_api() {
        for good in ["a@b.c", "@a@b.c", "a@b@c.d", "a@.b.c", "ünï@exämple.org", "a b@c d.e"] {
            assert!(email("Email", good).is_ok(), "{good}");
        }
        for bad in
            ["", "a", "a@b", "@b.c", "a@.c", "a@b.", "a.b@c", "a@@", "@@..", "a@b.c\n", "a\r@b.c"]
        {
            assert!(email("Email", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn messages_do_not_quote_values() {
        let refusal = email("Email", "ana@example").unwrap_err();
        assert!(!format!("{refusal:?}").contains("ana"));
    }

    #[test]
    fn enum_values_are_known_ones() {
        assert_eq!(license("LicenseType", "Pro"), Ok("Pro"));
        assert!(license("LicenseType", "pro").is_err());
    }

    #[test]
    fn whole_numbers_are_digits_within_the_range() {
        assert_eq!(whole_number("max-results", "7", 1..=9), Ok(7));
        for bad in ["", "0", "10", "-1", "+1", "1.0", " 1", "one", "99999999999999999999"] {
            assert!(whole_number("max-results", bad, 1..=9).is_err(), "{bad}");
        }
    }
}
