//! The identifier of a phone number, which is the number itself.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::equal_to_text;
use crate::sensitive::Sensitive;

/// The identifier of a [`PhoneNumber`](crate::PhoneNumber), which is the number in E.164 form.
///
/// The service writes a number as `%2B12065550100`, and people write the same number as `+12065550100`. The two forms
/// are equal, and every call accepts both. A call sends the form that the service expects; `as_str` and serialisation
/// return the text unchanged.
///
/// A phone number is sensitive, so `Debug` does not show it and there is no `Display`. A `PhoneNumberId` can be made
/// from any string, and dereferences to `str`.
///
/// ```
/// use amazon_chime::PhoneNumberId;
///
/// let id = PhoneNumberId::from("+12065550100");
/// assert_eq!(id, PhoneNumberId::from("%2B12065550100"));
/// assert_eq!(id.as_str(), "+12065550100");
/// assert_eq!(format!("{id:?}"), "PhoneNumberId(***)");
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhoneNumberId(Sensitive);

impl PhoneNumberId {
    /// Returns the text that the identifier was made from.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.expose()
    }

    /// Returns the identifier in the form for a segment of a path, before percent-encoding.
    pub(crate) fn in_path(&self) -> Sensitive {
        self.with_plus("+")
    }

    /// Returns the identifier in the form for the body of a request.
    pub(crate) fn in_body(&self) -> Self {
        Self(self.with_plus("%2B"))
    }

    /// Returns `true` if both texts identify the same phone number, or if the texts are equal.
    pub(crate) fn is_same(one: &str, other: &str) -> bool {
        key(one) == key(other)
    }

    pub(crate) fn as_sensitive(&self) -> &Sensitive {
        &self.0
    }

    fn with_plus(&self, plus: &str) -> Sensitive {
        match digits(self) {
            Some(digits) => [plus, digits].concat().into(),
            None => self.0.clone(),
        }
    }
}

impl PartialEq for PhoneNumberId {
    fn eq(&self, other: &Self) -> bool {
        key(self) == key(other)
    }
}

impl Eq for PhoneNumberId {}

impl Hash for PhoneNumberId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        key(self).hash(state);
    }
}

impl Ord for PhoneNumberId {
    fn cmp(&self, other: &Self) -> Ordering {
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for PhoneNumberId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq<str> for PhoneNumberId {
    fn eq(&self, other: &str) -> bool {
        key(self) == key(other)
    }
}

impl PartialEq<&str> for PhoneNumberId {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl PartialEq<String> for PhoneNumberId {
    fn eq(&self, other: &String) -> bool {
        *self == **other
    }
}

equal_to_text!(PhoneNumberId);

impl fmt::Debug for PhoneNumberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumberId(***)")
    }
}

impl Deref for PhoneNumberId {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for PhoneNumberId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl FromStr for PhoneNumberId {
    type Err = Infallible;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(id))
    }
}

impl From<&str> for PhoneNumberId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

impl From<String> for PhoneNumberId {
    fn from(id: String) -> Self {
        Self(id.into())
    }
}

impl From<Box<str>> for PhoneNumberId {
    fn from(id: Box<str>) -> Self {
        Self(id.into())
    }
}

impl From<Cow<'_, str>> for PhoneNumberId {
    fn from(id: Cow<'_, str>) -> Self {
        Self(id.into())
    }
}

impl From<&String> for PhoneNumberId {
    fn from(id: &String) -> Self {
        Self(id.into())
    }
}

impl From<&PhoneNumberId> for PhoneNumberId {
    fn from(id: &PhoneNumberId) -> Self {
        id.clone()
    }
}

/// Converts a phone number, such as one that was found by a search or ordered.
impl From<Sensitive> for PhoneNumberId {
    fn from(number: Sensitive) -> Self {
        Self(number)
    }
}

impl From<&Sensitive> for PhoneNumberId {
    fn from(number: &Sensitive) -> Self {
        Self(number.clone())
    }
}

impl From<PhoneNumberId> for String {
    fn from(id: PhoneNumberId) -> Self {
        id.0.into_inner()
    }
}

/// Returns the digits of a phone number, or `None` for any other text.
fn digits(id: &str) -> Option<&str> {
    let digits = id.strip_prefix("%2B").or_else(|| id.strip_prefix('+'))?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(digits)
}

/// Returns the value by which identifiers are compared.
fn key(id: &str) -> (Option<&str>, &str) {
    match digits(id) {
        Some(digits) => (Some(digits), ""),
        None => (None, id),
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use proptest::prelude::*;

    use super::*;
    use crate::route::Route;

    fn url(id: &PhoneNumberId) -> String {
        Route::new("phone-numbers").sensitive_id("PhoneNumberId", id.in_path()).url("").unwrap()
    }

    proptest! {
        #[test]
        fn both_forms_of_a_number_are_one_identifier(digits in "[0-9]{1,20}") {
            let [plain, encoded] = ["+", "%2B"].map(|plus| PhoneNumberId::from(format!("{plus}{digits}")));
            prop_assert_eq!(&plain, &encoded);
            prop_assert_eq!(plain.cmp(&encoded), Ordering::Equal);
            prop_assert!(plain == *encoded.as_str() && encoded == plain.as_str());
            let state = RandomState::new();
            prop_assert_eq!(state.hash_one(&plain), state.hash_one(&encoded));
            let longer = format!("+{digits}0");
            prop_assert_ne!(state.hash_one(&plain), state.hash_one(PhoneNumberId::from(&longer)));
            let text = encoded.as_str().to_owned();
            prop_assert!(plain == text && plain != longer);

            let url_of_both = format!("/phone-numbers/%2B{digits}");
            prop_assert_eq!(url(&plain), url_of_both.as_str());
            prop_assert_eq!(url(&encoded), url_of_both.as_str());

            for id in [&plain, &encoded] {
                let in_body = id.in_body();
                prop_assert_eq!(in_body.as_str(), encoded.as_str());
            }
        }

        #[test]
        fn any_other_text_is_an_ordinary_identifier(
            text in prop_oneof![
                "\\PC*[^ ]\\PC*",
                "(%2B|%2b|%252B|\\+| )?[0-9]{1,5}(x|٢| |%)",
                "(%2b|%252B|\\+\\+|%2B\\+)?[0-9]{1,5}",
                "%2B|\\+",
            ]
            .prop_filter("a number", |text| {
                let digits = text.strip_prefix("%2B").or(text.strip_prefix('+')).unwrap_or_default();
                digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit())
            })
            .prop_filter("no path segment", |text| {
                !text.trim().is_empty() && text != "." && text != ".."
            })
        ) {
            let id = PhoneNumberId::from(&text);
            let encoded = Route::new("phone-numbers").id("PhoneNumberId", &text).url("").unwrap();
            prop_assert_eq!(url(&id), encoded);
            prop_assert_eq!(String::from(id.in_body()), text.as_str());
            prop_assert_ne!(id, PhoneNumberId::from(format!("+{text}x")));
        }

        #[test]
        fn an_identifier_is_kept_as_it_came_and_hidden(text in "(\\+|%2B|%2b)?[0-9]{4,15}") {
            let id = PhoneNumberId::from(&text);
            let json = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(&json, &serde_json::to_string(&text).unwrap());
            let read: PhoneNumberId = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(read.as_str(), &text);
            prop_assert_eq!(format!("{id:?} {id:#?}"), "PhoneNumberId(***) PhoneNumberId(***)");
            prop_assert_eq!(String::from(id), text);
        }

        #[test]
        fn order_agrees_with_equality(a in "(\\+|%2B)?[0-2]{1,2}", b in "(\\+|%2B)?[0-2]{1,2}") {
            let (a, b) = (PhoneNumberId::from(a), PhoneNumberId::from(b));
            prop_assert_eq!(a == b, a.cmp(&b) == Ordering::Equal);
        }
    }
}
