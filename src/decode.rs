//! Reading the bodies of successful responses.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IgnoredAny,
    MapAccess, Visitor,
};

use crate::asked::{Answers, Asked};
use crate::json::Json;

/// The result of reading a body. The error quotes values, so errors of this crate keep only its kind and position.
pub(crate) type Decoded<T> = Result<T, serde_json::Error>;

/// The output that is read from the body of a successful response.
pub trait Decode: Sized + Send + 'static {
    /// The same output with the JSON of each model instead of the model.
    type AsJson: Decode;

    #[doc(hidden)]
    fn decode(json: &str) -> Decoded<Self>;

    /// Checks that the output may belong to a request.
    #[doc(hidden)]
    fn answers(&self, _asked: &Asked) -> Answers {
        Ok(())
    }
}

/// A model: the struct of a resource.
pub trait Model: DeserializeOwned + Send + 'static {
    /// Compares the identifiers and names in the model with those in a request.
    #[doc(hidden)]
    fn is_about(&self, _asked: &Asked) -> Answers {
        Ok(())
    }
}

/// A model that is alone in an envelope, as in `{"User": {…}}`.
pub trait Enveloped: Model {
    /// The name of the model in the envelope.
    #[doc(hidden)]
    const MEMBER: &'static str;
}

/// A model that is in a list, as in `{"Users": […]}`.
pub trait Listed: Model {
    /// The name of the list.
    #[doc(hidden)]
    const LIST: &'static str;
}

impl<T: Enveloped> Decode for T {
    type AsJson = Json<T>;

    fn decode(json: &str) -> Decoded<Self> {
        let member = envelope(json, T::MEMBER)?.member;
        member.ok_or_else(|| serde_json::Error::missing_field(T::MEMBER))
    }

    fn answers(&self, asked: &Asked) -> Answers {
        self.is_about(asked)
    }
}

/// An absent or null list becomes an empty list.
impl<T: Listed> Decode for Vec<T> {
    type AsJson = Vec<Json<T>>;

    fn decode(json: &str) -> Decoded<Self> {
        Ok(envelope(json, T::LIST)?.member.unwrap_or_default())
    }

    fn answers(&self, asked: &Asked) -> Answers {
        self.iter().try_for_each(|item| item.is_about(asked))
    }
}

/// Accepts an empty body and any JSON, because any other body does not come from the service.
impl Decode for () {
    type AsJson = ();

    fn decode(json: &str) -> Decoded<()> {
        if json.trim().is_empty() {
            return Ok(());
        }
        serde_json::from_str(json).map(|IgnoredAny| ())
    }
}

/// Reads a response whose `members` are in the body itself, without an envelope. Refuses an object that has only other
/// members, because it is a response of another operation, and an object that has one of the `members` twice.
pub(crate) fn bare<T: DeserializeOwned>(json: &str, members: &[&str]) -> Decoded<T> {
    serde_json::Deserializer::from_str(json).deserialize_map(KnownMembers(members))?;
    serde_json::from_str(json)
}

/// Refuses an object that has only other members, or has one of these members twice.
struct KnownMembers<'a>(&'a [&'a str]);

impl<'de> Visitor<'de> for KnownMembers<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with one of the members {}", self.0.join(", "))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        let (mut is_empty, mut known) = (true, Vec::new());
        while let Some((key, IgnoredAny)) = map.next_entry::<Cow<'de, str>, _>()? {
            is_empty = false;
            if self.0.contains(&&*key) {
                if known.contains(&key) {
                    return Err(M::Error::custom("a member is there twice"));
                }
                known.push(key);
            }
        }
        if is_empty || !known.is_empty() {
            Ok(())
        } else {
            Err(M::Error::custom("no member is known"))
        }
    }
}

/// Reads a member of a model, with a null list as an empty list.
pub(crate) fn null_as_empty<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a member of a model as a timestamp. It tries RFC 3339, the form of the service, before the other forms that
/// chrono reads, because that is much faster.
pub(crate) fn timestamp<'de, D>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error>
where
    D: Deserializer<'de>,
{
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let timestamp = match DateTime::parse_from_rfc3339(&text) {
        Ok(timestamp) => timestamp.to_utc(),
        Err(_) => text.parse().map_err(D::Error::custom)?,
    };
    Ok(Some(timestamp))
}

/// The top-level members that an operation knows in its response.
pub(crate) struct Envelope<T> {
    pub(crate) member: Option<T>,
    pub(crate) next_token: Option<String>,
}

/// Reads an object with a member of this name, a page token, or both. Refuses an object that has only other members,
/// because it is a response of another operation.
pub(crate) fn envelope<T: DeserializeOwned>(
    json: &str,
    name: &'static str,
) -> Decoded<Envelope<T>> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let envelope = EnvelopeSeed { name, member: PhantomData }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(envelope)
}

const NEXT_TOKEN: &str = "NextToken";

struct EnvelopeSeed<T> {
    name: &'static str,
    member: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for EnvelopeSeed<T> {
    type Value = Envelope<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for EnvelopeSeed<T> {
    type Value = Envelope<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with the member {}", self.name)
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        // The outer option is `None` if the member is absent, the inner option is `None` if the member is null.
        let (mut member, mut next_token) = (None, None);
        let mut has_others = false;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key == self.name {
                read_once(&mut member, self.name, &mut map)?;
            } else if key == NEXT_TOKEN {
                read_once(&mut next_token, NEXT_TOKEN, &mut map)?;
            } else {
                map.next_value::<IgnoredAny>()?;
                has_others = true;
            }
        }
        if has_others && member.is_none() && next_token.is_none() {
            return Err(M::Error::missing_field(self.name));
        }
        Ok(Envelope { member: member.flatten(), next_token: next_token.flatten() })
    }
}

/// Reads the value of a member, which must not be there twice, because neither of two values can be trusted.
fn read_once<'de, T, M>(
    member: &mut Option<T>,
    name: &'static str,
    map: &mut M,
) -> Result<(), M::Error>
where
    T: Deserialize<'de>,
    M: MapAccess<'de>,
{
    if member.is_some() {
        return Err(M::Error::duplicate_field(name));
    }
    *member = Some(map.next_value()?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pages::Page;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Answer(u8);

    impl Model for Answer {}

    impl Enveloped for Answer {
        const MEMBER: &'static str = "Answer";
    }

    impl Listed for Answer {
        const LIST: &'static str = "Answers";
    }

    #[test]
    fn a_member_is_found_among_others() {
        let json = r#"{"X": [1], "Answer": 42, "Y": null}"#;
        assert_eq!(Answer::decode(json).unwrap(), Answer(42));
    }

    #[test]
    fn the_error_for_another_type_names_the_expected_members() {
        let error = Answer::decode("[]").unwrap_err();
        assert!(error.to_string().contains("an object with the member Answer"), "{error}");
        let error = bare::<Answer>("[]", &["A", "B"]).unwrap_err();
        assert!(error.to_string().contains("an object with one of the members A, B"), "{error}");
    }

    #[test]
    fn a_missing_or_null_member_is_an_error() {
        assert!(Answer::decode("{}").is_err());
        assert!(Answer::decode(r#"{"Answer": null}"#).is_err());
    }

    #[test]
    fn an_output_of_nothing_accepts_an_empty_body_or_any_json() {
        for nothing in ["", " \n", "{}", r#"{"X": [1]}"#, "null"] {
            assert!(<()>::decode(nothing).is_ok(), "{nothing}");
        }
        assert!(<()>::decode("<html></html>").is_err());
    }

    #[test]
    fn an_absent_or_null_list_is_empty() {
        for empty in ["{}", r#"{"Answers": null}"#, r#"{"Answers": []}"#] {
            assert!(Vec::<Answer>::decode(empty).unwrap().is_empty());
            assert!(Page::<Answer>::decode(empty).unwrap().items.is_empty());
        }
    }

    #[test]
    fn an_absent_null_or_empty_token_ends_a_listing() {
        for end in ["{}", r#"{"NextToken": null}"#, r#"{"NextToken": ""}"#] {
            assert_eq!(Page::<Answer>::decode(end).unwrap().next_token, None, "{end}");
        }
        let page = Page::<Answer>::decode(r#"{"Answers": [1], "NextToken": "t"}"#).unwrap();
        assert_eq!((page.items, page.next_token.as_deref()), (vec![Answer(1)], Some("t")));
    }

    #[test]
    fn an_object_with_none_of_the_members_that_the_operation_knows_is_an_error() {
        for bad in [
            r#"{"Message": "Internal failure", "Code": "ServiceFailure"}"#,
            r#"{"Others": []}"#,
            r#"{"answers": [1]}"#,
        ] {
            assert!(Vec::<Answer>::decode(bad).is_err(), "{bad}");
            assert!(Page::<Answer>::decode(bad).is_err(), "{bad}");
        }
        for good in [r#"{"NextToken": "t", "X": 1}"#, r#"{"Answers": null, "X": 1}"#] {
            assert!(Vec::<Answer>::decode(good).is_ok(), "{good}");
            assert!(Page::<Answer>::decode(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_known_member_that_is_there_twice_is_an_error() {
        for (member, value) in [("Answer", "1"), ("Answers", "[1]"), ("NextToken", r#""t""#)] {
            for [first, second] in [[value, value], [value, "null"], ["null", value]] {
                let json = format!(r#"{{"{member}": {first}, "{member}": {second}}}"#);
                if member == "Answer" {
                    assert!(Answer::decode(&json).is_err(), "{json}");
                } else {
                    assert!(Page::<Answer>::decode(&json).is_err(), "{json}");
                }
            }
        }
        assert!(Answer::decode(r#"{"X": 1, "X": 2, "Answer": 3}"#).is_ok(), "others may be");
    }

    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    struct Bare {
        one: Option<u8>,
        two: Option<u8>,
    }

    fn bare_answer(json: &str) -> Decoded<Bare> {
        bare(json, &["one", "two"])
    }

    #[test]
    fn an_answer_without_an_envelope_is_read_with_any_of_its_members() {
        for (json, answer) in [
            (r#"{"one": 1, "two": 2}"#, Bare { one: Some(1), two: Some(2) }),
            (r#"{"X": [1], "two": 2, "X": 3}"#, Bare { one: None, two: Some(2) }),
            (r#"{"X": 1, "one": null}"#, Bare::default()),
            (r#"{"X": 1e999, "Y": "\ud800", "one": null}"#, Bare::default()),
            ("{}", Bare::default()),
        ] {
            assert_eq!(bare_answer(json).unwrap(), answer, "{json}");
        }
    }

    #[test]
    fn other_answers_are_not_read_as_an_answer_without_an_envelope() {
        for bad in [
            "",
            r#"{"Message": "Internal failure"}"#,
            r#"{"One": 1}"#,
            r#"{"one": 1, "one": 1}"#,
            r#"{"one": 1, "one": null}"#,
            r#"{"one": 1"#,
            r#"{"one": 1} x"#,
            r#"{"one": "1"}"#,
            "null",
            "[]",
            "[1, 2]",
            "<html></html>",
        ] {
            assert!(bare_answer(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_timestamp_is_read_as_chrono_reads_it(
            text in "[0-9]{4}-(0[1-9]|1[0-9])-[0-3][0-9][Tt ]{1,2}[0-2][0-9]:[0-5][0-9](:[0-6][0-9])?(\\.[0-9]{1,12})?(Z|z|[+-][0-9]{2}:?[0-9]{2})?"
        ) {
            let json = format!("{text:?}");
            let ours = timestamp(&mut serde_json::Deserializer::from_str(&json)).ok().flatten();
            prop_assert_eq!(ours, serde_json::from_str(&json).ok());
        }
    }

    #[test]
    fn a_body_that_is_not_exactly_one_json_object_is_an_error() {
        for bad in [
            "",
            "null",
            "[]",
            "7",
            r#"{"Answer": 42"#,
            r#"{"Answer": 42} x"#,
            r#"{"Answer": 1, "Answers": [1], "Answer": 2, "Answers": null}"#,
        ] {
            assert!(Answer::decode(bad).is_err(), "{bad}");
            assert!(Vec::<Answer>::decode(bad).is_err(), "{bad}");
            assert!(Page::<Answer>::decode(bad).is_err(), "{bad}");
        }
    }
}
