use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::equal_to_text;

/// A text that the API marks as sensitive, such as an e-mail address or a PIN.
///
/// Its `Debug` form never shows the content, so a model with sensitive texts can be logged. [`expose`](Self::expose)
/// returns the content. Serde writes the content, because the serde form of a model is the JSON that the API uses.
///
/// ```
/// use amazon_chime::Sensitive;
///
/// let email = Sensitive::from("ana@example.com");
/// assert_eq!(format!("{email:?}"), "Sensitive(***)");
/// assert_eq!(email.expose(), "ana@example.com");
/// assert!(email == "ana@example.com");
/// ```
///
/// It can be made from any text and compared with any text. It has no `Display`, `Deref` or `AsRef<str>`, and no
/// conversion into `String`, so no program shows the content by accident.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sensitive(String);

impl Sensitive {
    /// Returns the content.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the content as an owned string.
    #[must_use]
    pub fn into_inner(self) -> String {
        self.0
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sensitive(***)")
    }
}

impl From<String> for Sensitive {
    fn from(content: String) -> Self {
        Self(content)
    }
}

impl From<&str> for Sensitive {
    fn from(content: &str) -> Self {
        Self(content.to_owned())
    }
}

impl From<Box<str>> for Sensitive {
    fn from(content: Box<str>) -> Self {
        Self(content.into())
    }
}

impl From<Cow<'_, str>> for Sensitive {
    fn from(content: Cow<'_, str>) -> Self {
        Self(content.into_owned())
    }
}

impl From<&String> for Sensitive {
    fn from(content: &String) -> Self {
        Self(content.clone())
    }
}

impl From<&Sensitive> for Sensitive {
    fn from(content: &Sensitive) -> Self {
        content.clone()
    }
}

impl FromStr for Sensitive {
    type Err = Infallible;

    fn from_str(content: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(content))
    }
}

impl PartialEq<str> for Sensitive {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Sensitive {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl PartialEq<String> for Sensitive {
    fn eq(&self, other: &String) -> bool {
        self.0 == *other
    }
}

equal_to_text!(Sensitive);
