//! The limits of request parameters, checked before anything is sent.
//!
//! Every check names the parameter, the problem and the limit, and never the
//! value: it may be an e-mail address. A parameter that is not set passes.

use std::ops::RangeInclusive;

/// Why a parameter cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not sent: {parameter} {problem}")]
pub struct InvalidParameter {
    pub(crate) parameter: &'static str,
    pub(crate) problem: String,
}

/// The result of a check.
pub(crate) type Validity = Result<(), InvalidParameter>;

/// A text of a length within `limits`, in characters, that is not blank.
pub(crate) fn text(
    parameter: &'static str,
    value: Option<&str>,
    limits: RangeInclusive<usize>,
) -> Validity {
    let Some(value) = value else { return Ok(()) };
    let length = value.chars().count();
    if !limits.contains(&length) {
        return invalid(
            parameter,
            format!(
                "must have {} to {} characters, but has {length}",
                limits.start(),
                limits.end()
            ),
        );
    }
    not_blank(parameter, value)
}

/// A text with something else than white space in it.
pub(crate) fn not_blank(parameter: &'static str, value: &str) -> Validity {
    if value.trim().is_empty() {
        return invalid(parameter, "must not be empty or blank".to_owned());
    }
    Ok(())
}

/// An e-mail address, by the API's pattern `.+@.+\..+`.
pub(crate) fn email(parameter: &'static str, value: Option<&crate::Sensitive>) -> Validity {
    match value {
        Some(value) if !is_email(value.expose()) => {
            invalid(parameter, "must be an e-mail address such as name@example.com".to_owned())
        }
        _ => Ok(()),
    }
}

/// A number within `limits`.
pub(crate) fn range(
    parameter: &'static str,
    value: Option<u32>,
    limits: RangeInclusive<u32>,
) -> Validity {
    match value {
        Some(value) if !limits.contains(&value) => invalid(
            parameter,
            format!("must be {} to {}, but is {value}", limits.start(), limits.end()),
        ),
        _ => Ok(()),
    }
}

/// A list of at most `limit` entries.
pub(crate) fn at_most<T>(parameter: &'static str, list: &[T], limit: usize) -> Validity {
    if list.len() > limit {
        return invalid(
            parameter,
            format!("must have at most {limit} entries, but has {}", list.len()),
        );
    }
    Ok(())
}

/// A list of at least one entry.
pub(crate) fn not_empty<T>(parameter: &'static str, list: &[T]) -> Validity {
    if list.is_empty() {
        return invalid(parameter, "must have at least 1 entry".to_owned());
    }
    Ok(())
}

/// A client request token: 2 to 64 characters, by the API's pattern `[-_a-zA-Z0-9]*`.
pub(crate) fn client_request_token(
    parameter: &'static str,
    value: Option<&crate::Sensitive>,
) -> Validity {
    let Some(value) = value.map(crate::Sensitive::expose) else { return Ok(()) };
    text(parameter, Some(value), 2..=64)?;
    if !value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return invalid(parameter, "must have only letters, digits, \"-\" and \"_\"".to_owned());
    }
    Ok(())
}

/// An identifier that becomes a segment of the path: none that would reach
/// another resource than the one it stands for.
pub(crate) fn path_segment(parameter: &'static str, value: &str) -> Validity {
    not_blank(parameter, value)?;
    if matches!(value, "." | "..") {
        return invalid(parameter, "must not be \".\" or \"..\"".to_owned());
    }
    Ok(())
}

fn invalid(parameter: &'static str, problem: String) -> Validity {
    Err(InvalidParameter { parameter, problem })
}

fn is_email(value: &str) -> bool {
    let on_one_line = !value.contains(['\n', '\r']);
    let mut characters = value.chars();
    characters.next();
    // The first `@` that has something before it leaves the most behind it.
    let Some((_, domain)) = characters.as_str().split_once('@') else {
        return false;
    };
    let mut characters = domain.chars();
    let (_, last) = (characters.next(), characters.next_back());
    on_one_line && last.is_some() && characters.as_str().contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email_passes(value: &str) -> bool {
        email("Email", Some(&value.into())).is_ok()
    }

    #[test]
    fn an_email_needs_text_before_the_at_and_around_a_dot() {
        for good in ["a@b.c", "ana@example.com", "@@b.c", "a@b@c.d", "ü@ö.ä", "a@b..", "a@..c"] {
            assert!(email_passes(good), "{good}");
        }
        for bad in
            ["", "a", "@b.c", "a@", "a@b", "a@b.", "a@.b", "a.b@c", "a@b.c\n", "@@.c", "ü@ö."]
        {
            assert!(!email_passes(bad), "{bad:?}");
        }
    }

    #[test]
    fn the_length_of_a_text_is_counted_in_characters() {
        assert_eq!(text("Name", Some(&"ü".repeat(100)), 1..=100), Ok(()));
        let error = text("Name", Some(&"a".repeat(101)), 1..=100).unwrap_err();
        assert_eq!(error.problem, "must have 1 to 100 characters, but has 101");
        assert_eq!(
            text("Name", Some(""), 1..=100).unwrap_err().problem,
            "must have 1 to 100 characters, but has 0"
        );
    }

    #[test]
    fn a_blank_text_is_refused_and_a_missing_one_passes() {
        assert!(text("Name", Some(" \t\n"), 1..=100).is_err());
        assert_eq!(text("Name", None, 1..=100), Ok(()));
        assert_eq!(email("Email", None), Ok(()));
        assert_eq!(range("MaxResults", None, 1..=200), Ok(()));
    }

    #[test]
    fn a_number_stays_within_its_limits() {
        for (value, passes) in [(0, false), (1, true), (200, true), (201, false)] {
            assert_eq!(range("MaxResults", Some(value), 1..=200).is_ok(), passes, "{value}");
        }
    }

    #[test]
    fn a_list_keeps_its_limit() {
        assert!(at_most("UserIdList", &[0; 50], 50).is_ok());
        assert!(at_most("UserIdList", &[0; 51], 50).is_err());
    }

    #[test]
    fn a_list_that_must_not_be_empty_has_an_entry() {
        assert!(not_empty("GroupNames", &["group"]).is_ok());
        let error = not_empty::<&str>("GroupNames", &[]).unwrap_err();
        assert_eq!(error.problem, "must have at least 1 entry");
    }

    #[test]
    fn a_client_request_token_has_2_to_64_letters_digits_hyphens_and_underscores() {
        let passes = |value: &str| client_request_token("Token", Some(&value.into())).is_ok();
        for good in ["ab", "-_", "0Z", &"a".repeat(64), "67e55044-10b1-426f-9247-bb680e5fe0c8"] {
            assert!(passes(good), "{good}");
        }
        for bad in ["", "a", &"a".repeat(65), "a b", "a.b", "ab\n", "äb", "a/b"] {
            assert!(!passes(bad), "{bad:?}");
        }
        assert_eq!(client_request_token("Token", None), Ok(()));
    }

    #[test]
    fn a_path_segment_cannot_climb_or_vanish() {
        for bad in ["", " ", ".", ".."] {
            assert!(path_segment("AccountId", bad).is_err(), "{bad:?}");
        }
        for good in ["...", "a", "%2e%2e", "a/b", "..a"] {
            assert!(path_segment("AccountId", good).is_ok(), "{good:?}");
        }
    }
}
