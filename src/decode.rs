//! Reading the bodies of successful answers.

use std::fmt;
use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor,
};

/// What reading a body gives. The error quotes values, so it is never shown:
/// the pipeline keeps its kind and position only.
pub(crate) type Decoded<T> = Result<T, serde_json::Error>;

/// What the body of an answer can become.
pub trait Decode: Sized + Send + 'static {
    #[doc(hidden)]
    fn decode(json: &str) -> Decoded<Self>;
}

/// A model that the service sends in an envelope.
pub trait Model: for<'de> Deserialize<'de> + Send + 'static {
    /// Its name in an envelope such as `{"User": {…}}`.
    #[doc(hidden)]
    const MEMBER: &'static str;
    /// The name of a list of it, as in `{"Users": […]}`.
    #[doc(hidden)]
    const LIST: &'static str;
}

/// From an envelope with one member.
impl<T: Model> Decode for T {
    fn decode(json: &str) -> Decoded<Self> {
        let member = read(json, T::MEMBER)?.member;
        member.ok_or_else(|| serde_json::Error::missing_field(T::MEMBER))
    }
}

/// A list is empty if it is absent or null.
impl<T: Model> Decode for Vec<T> {
    fn decode(json: &str) -> Decoded<Self> {
        Ok(read(json, T::LIST)?.member.unwrap_or_default())
    }
}

/// From an empty body, or JSON that says nothing of interest; what is neither
/// does not come from the service.
impl Decode for () {
    fn decode(json: &str) -> Decoded<()> {
        if json.trim().is_empty() {
            return Ok(());
        }
        serde_json::from_str(json).map(|IgnoredAny| ())
    }
}

/// For the members of models: a list that is null is empty.
pub(crate) fn null_as_empty<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// For the members of models: reads RFC 3339, the form that the service sends, in a fraction of the
/// time that chrono takes for all the forms it knows. Those are read, too.
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

/// An object with a member of interest, and a page token if it is a page.
pub(crate) struct Envelope<T> {
    pub(crate) member: Option<T>,
    pub(crate) next_token: Option<String>,
}

/// Reads an envelope whose member of interest has this name.
pub(crate) fn read<T: for<'de> Deserialize<'de>>(
    json: &str,
    name: &'static str,
) -> Decoded<Envelope<T>> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let envelope = EnvelopeSeed { name, member: PhantomData }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(envelope)
}

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
        let mut envelope = Envelope { member: None, next_token: None };
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            if key == self.name {
                if envelope.member.is_some() {
                    return Err(M::Error::duplicate_field(self.name));
                }
                envelope.member = map.next_value()?;
            } else if key == "NextToken" {
                envelope.next_token = map.next_value()?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(envelope)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pages::Page;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Answer(u8);

    impl Model for Answer {
        const MEMBER: &'static str = "Answer";
        const LIST: &'static str = "Answers";
    }

    #[test]
    fn a_member_is_found_among_others() {
        let json = r#"{"X": [1], "Answer": 42, "Y": null}"#;
        assert_eq!(Answer::decode(json).unwrap(), Answer(42));
    }

    #[test]
    fn a_missing_or_null_member_is_an_error() {
        assert!(Answer::decode("{}").is_err());
        assert!(Answer::decode(r#"{"Answer": null}"#).is_err());
    }

    #[test]
    fn nothing_comes_from_an_empty_body_or_any_json() {
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
    fn what_is_not_one_whole_json_object_is_an_error() {
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
