//! Reading the bodies of successful answers.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor,
};

use crate::pages::Page;

/// What reading a body gives. The error quotes values, so it is never shown:
/// the pipeline keeps its kind and position only.
pub(crate) type Decoded<T> = Result<T, serde_json::Error>;

/// The one member of an envelope such as `{"Account": {…}}`.
pub(crate) fn member<T: for<'de> Deserialize<'de>>(json: &str, name: &'static str) -> Decoded<T> {
    let envelope = read(json, name)?;
    envelope.member.ok_or_else(|| serde_json::Error::missing_field(name))
}

/// A list in an envelope such as `{"UserErrors": […]}`; absent or null, it is empty.
pub(crate) fn list<T: for<'de> Deserialize<'de>>(
    json: &str,
    name: &'static str,
) -> Decoded<Vec<T>> {
    Ok(read(json, name)?.member.unwrap_or_default())
}

/// A page such as `{"Accounts": […], "NextToken": "…"}`; an empty token is none.
pub(crate) fn page<T: for<'de> Deserialize<'de>>(
    json: &str,
    name: &'static str,
) -> Decoded<Page<T>> {
    let envelope: Envelope<Vec<T>> = read(json, name)?;
    let next_token = envelope.next_token.filter(|token| !token.is_empty());
    Ok(Page { items: envelope.member.unwrap_or_default(), next_token })
}

/// For the members of models: a list that is null is empty.
pub(crate) fn null_as_empty<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

struct Envelope<T> {
    member: Option<T>,
    next_token: Option<String>,
}

fn read<T: for<'de> Deserialize<'de>>(json: &str, name: &'static str) -> Decoded<Envelope<T>> {
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
    use super::*;

    #[test]
    fn a_member_is_found_among_others() {
        assert_eq!(member::<u8>(r#"{"X": [1], "Answer": 42, "Y": null}"#, "Answer").unwrap(), 42);
    }

    #[test]
    fn a_missing_or_null_member_is_an_error() {
        assert!(member::<u8>("{}", "Answer").is_err());
        assert!(member::<u8>(r#"{"Answer": null}"#, "Answer").is_err());
    }

    #[test]
    fn an_absent_or_null_list_is_empty() {
        assert!(list::<u8>("{}", "List").unwrap().is_empty());
        assert!(list::<u8>(r#"{"List": null}"#, "List").unwrap().is_empty());
    }

    #[test]
    fn an_absent_null_or_empty_token_ends_a_listing() {
        for end in ["{}", r#"{"NextToken": null}"#, r#"{"NextToken": ""}"#] {
            assert_eq!(page::<u8>(end, "List").unwrap().next_token, None, "{end}");
        }
        let page = page::<u8>(r#"{"List": [1], "NextToken": "t"}"#, "List").unwrap();
        assert_eq!((page.items, page.next_token.as_deref()), (vec![1], Some("t")));
    }

    #[test]
    fn what_is_not_one_whole_json_object_is_an_error() {
        for bad in ["", "null", "[]", "7", r#"{"Answer": 42"#, r#"{"Answer": 42} x"#] {
            assert!(member::<u8>(bad, "Answer").is_err(), "{bad}");
            assert!(list::<u8>(bad, "Answer").is_err(), "{bad}");
        }
    }
}
