//! The check that a response belongs to its request. Leftover bytes after one response on a connection can look like
//! the response to the next request.

use crate::api::PhoneNumberId;

/// The values of a request that its response must match, each with the name of its parameter.
#[derive(Default)]
pub struct Asked(Vec<(&'static str, String)>);

/// Whether a response may belong to a request.
pub(crate) type Answers = Result<(), Mismatch>;

/// Why a response does not belong to a request, with the name of a parameter but no value.
#[derive(Debug, PartialEq)]
pub enum Mismatch {
    /// The response has another value for this parameter than the request.
    Other(&'static str),
    /// The identifier of a model is blank.
    Blank(&'static str),
}

impl Asked {
    pub(crate) fn add(&mut self, parameter: &'static str, value: &str) {
        self.0.push((parameter, value.to_owned()));
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Compares the identifier of a model, which must not be blank.
    pub(crate) fn known_by(&self, parameter: &'static str, id: &str) -> Answers {
        if id.trim().is_empty() {
            return Err(Mismatch::Blank(parameter));
        }
        self.id(parameter, Some(id))
    }

    /// Compares another, optional identifier of a model.
    pub(crate) fn id(&self, parameter: &'static str, id: Option<&str>) -> Answers {
        let Some(id) = id.filter(|id| !id.trim().is_empty()) else { return Ok(()) };
        // `is_same` compares identifiers that are not phone numbers as they are.
        self.compare(parameter, |asked| PhoneNumberId::is_same(asked, id))
    }

    /// Compares an optional text, with or without a suffix that the service may have added.
    pub(crate) fn text(
        &self,
        parameter: &'static str,
        text: Option<&str>,
        suffix: &str,
    ) -> Answers {
        let Some(text) = text.map(essence) else { return Ok(()) };
        self.compare(parameter, |asked| {
            let added = text.strip_prefix(&essence(asked));
            added.is_some_and(|added| added.is_empty() || added == essence(suffix))
        })
    }

    fn compare(&self, parameter: &'static str, is_same: impl Fn(&str) -> bool) -> Answers {
        let mut asked = self.0.iter().filter(|(name, _)| *name == parameter);
        if asked.all(|(_, asked)| is_same(asked)) {
            Ok(())
        } else {
            Err(Mismatch::Other(parameter))
        }
    }
}

/// Returns `true` if two texts differ only in white space and case, which the service may change.
pub(crate) fn is_same_text(one: &str, other: &str) -> bool {
    essence(one) == essence(other)
}

/// Returns the compared part of a text: its characters without white space, in lower case.
fn essence(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(parameter: &'static str, value: &str) -> Asked {
        let mut asked = Asked::default();
        asked.add(parameter, value);
        asked
    }

    #[test]
    fn an_identifier_must_be_the_one_that_was_asked_for() {
        let asked = asked("UserId", "u-1");
        for (id, answers) in [("u-1", true), ("u-2", false), ("U-1", false), ("u-1 ", false)] {
            assert_eq!(asked.known_by("UserId", id).is_ok(), answers, "{id}");
            assert_eq!(asked.id("UserId", Some(id)).is_ok(), answers, "{id}");
        }
        assert_eq!(asked.id("UserId", Some("u-2")), Err(Mismatch::Other("UserId")));
        assert_eq!(asked.known_by("RoomId", "r-1"), Ok(()), "none was asked for");
    }

    #[test]
    fn an_absent_identifier_passes_but_the_identifier_of_the_model_must_not_be_blank() {
        let asked = asked("UserId", "u-1");
        for absent in [None, Some(""), Some(" ")] {
            assert_eq!(asked.id("UserId", absent), Ok(()));
        }
        for blank in ["", " "] {
            for asked in [&asked, &Asked::default()] {
                assert_eq!(asked.known_by("UserId", blank), Err(Mismatch::Blank("UserId")));
            }
        }
    }

    #[test]
    fn phone_numbers_are_compared_as_numbers() {
        for sent in ["+12065550100", "%2B12065550100"] {
            let asked = asked("PhoneNumberId", sent);
            for same in ["+12065550100", "%2B12065550100"] {
                assert_eq!(asked.known_by("PhoneNumberId", same), Ok(()));
            }
            for other in ["+12065550101", "12065550100", "%2B1206555010"] {
                assert!(asked.known_by("PhoneNumberId", other).is_err(), "{other}");
            }
        }
    }

    #[test]
    fn texts_are_compared_without_white_space_and_case() {
        let asked = asked("Name", " Ána's  Den\t");
        for (text, answers) in [
            (None, true),
            (Some("ána's den"), true),
            (Some("\u{a0}ÁNA'SDEN\n"), true),
            (Some("Ana's Den"), false),
            (Some("Ána's Den (Bot)"), false),
            (Some("Ána's"), false),
            (Some(""), false),
        ] {
            assert_eq!(asked.text("Name", text, "").is_ok(), answers, "{text:?}");
        }
    }

    #[test]
    fn a_text_may_have_the_suffix_that_the_service_adds() {
        let asked = asked("DisplayName", "Helper (Bot)");
        for (text, answers) in [
            ("Helper (Bot)", true),
            ("Helper (Bot) (Bot)", true),
            ("helper(bot)(BOT)", true),
            ("Helper", false),
            ("Helper (Bot) 2", false),
        ] {
            assert_eq!(asked.text("DisplayName", Some(text), " (Bot)").is_ok(), answers, "{text}");
        }
    }
}
