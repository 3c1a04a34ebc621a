//! The open enums of the API: the service may send values that this version of the crate does not know.

use std::fmt;

/// A value that this version of the crate does not know, as the service wrote it.
///
/// Only this crate can create it, so a variant `Unknown` never contains the text of a known variant.
///
/// ```
/// use amazon_chime::License;
///
/// let License::Unknown(value) = License::from("Platinum") else { unreachable!() };
/// assert_eq!(value.to_string(), "Platinum");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    pub(crate) fn new(value: &str) -> Self {
        Self(value.into())
    }

    /// Returns the value as the service wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Defines an open enum: an enum with a variant `Unknown`. In the JSON of the API, a value is the name of its variant.
/// A literal sets another name, for acronyms that Rust and the API write differently.
macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$variant_doc:meta])* $variant:ident $(= $wire:literal)?,)+
    }) => {
        $(#[$doc])*
        ///
        /// It can be made from any `&str`, also from an unknown value, and serialises to the same text.
        ///
        /// ```
        #[doc = concat!("use amazon_chime::", stringify!($name), ";")]
        ///
        #[doc = concat!("let value = ", stringify!($name), "::from(\"OfTomorrow\");")]
        #[doc = concat!("assert!(matches!(value, ", stringify!($name), "::Unknown(_)));")]
        /// assert_eq!(value.as_str(), "OfTomorrow");
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A value that this version of the crate does not know.
            Unknown(crate::UnknownValue),
        }

        impl $name {
            /// The known variants, in the order of the API's documentation.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// Returns `true` if this version of the crate knows the value.
            #[must_use]
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }

            /// Parses a known value, for command lines and other places where an unknown value is a mistake.
            ///
            /// ```
            #[doc = concat!("use amazon_chime::", stringify!($name), ";")]
            ///
            #[doc = concat!("let error = ", stringify!($name), "::parse_known(\"OfTomorrow\").unwrap_err();")]
            #[doc = concat!("assert!(error.to_string().contains(", stringify!($name), "::KNOWN[0].as_str()));")]
            /// ```
            ///
            /// # Errors
            ///
            /// Returns a [`ParseKnownError`](crate::ParseKnownError), whose text lists the known values, if this
            /// version of the crate does not know the value.
            pub fn parse_known(value: &str) -> Result<Self, crate::ParseKnownError> {
                let names = &[$(crate::open_enum::wire!($variant $($wire)?)),+];
                let value = Self::from(value);
                if value.is_known() { Ok(value) } else { Err(crate::ParseKnownError::new(names)) }
            }

            /// Returns the value as the API writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => crate::open_enum::wire!($variant $($wire)?),)+
                    Self::Unknown(value) => value.as_str(),
                }
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $(crate::open_enum::wire!($variant $($wire)?) => Self::$variant,)+
                    _ => Self::Unknown(crate::UnknownValue::new(value)),
                }
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl From<&String> for $name {
            fn from(value: &String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl From<&$name> for $name {
            fn from(value: &$name) -> Self {
                value.clone()
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(value))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::open_enum::deserialize(deserializer)
            }
        }
    };
}

/// Returns the name of a variant in the JSON of the API.
macro_rules! wire {
    ($variant:ident) => {
        stringify!($variant)
    };
    ($variant:ident $wire:literal) => {
        $wire
    };
}

pub(crate) use {open_enum, wire};

/// Reads an open enum, without an allocation for a known value.
pub(crate) fn deserialize<'de, D, E>(deserializer: D) -> Result<E, D::Error>
where
    D: serde::Deserializer<'de>,
    E: for<'a> From<&'a str>,
{
    struct Text<E>(std::marker::PhantomData<E>);

    impl<E: for<'a> From<&'a str>> serde::de::Visitor<'_> for Text<E> {
        type Value = E;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<Failure>(self, value: &str) -> Result<E, Failure> {
            Ok(E::from(value))
        }
    }

    deserializer.deserialize_str(Text(std::marker::PhantomData))
}
