//! The type of what must not show.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A text that the API marks as sensitive, such as an e-mail address or a PIN.
///
/// Its `Debug` form never shows the content, so a model that holds one can be
/// logged. [`expose`](Self::expose) hands the content out, in so many words.
/// Serialising writes the content too: the serde form of a model is its wire form.
///
/// ```
/// use amazon_chime::Sensitive;
///
/// let email = Sensitive::from("ana@example.com");
/// assert_eq!(format!("{email:?}"), "Sensitive(***)");
/// assert_eq!(email.expose(), "ana@example.com");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sensitive(String);

impl Sensitive {
    /// The content, for where it is really needed.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The content, owned.
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
