//! The checks of the limits of request parameters, before anything is sent.
//!
//! The error of a check names the parameter, the problem and the limit. It never shows a text, which may be an e-mail
//! address. A parameter that is not set passes.

use std::ops::RangeInclusive;

use crate::sensitive::Sensitive;

/// Why a parameter cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not sent: {parameter} {problem}")]
pub struct InvalidParameter {
    pub(crate) parameter: &'static str,
    pub(crate) problem: String,
}

pub(crate) type Validity = Result<(), InvalidParameter>;

/// Checks that a text is not blank and has a length within `limits`, in characters.
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

/// Checks that a parameter is set that an ensured create requires, and returns its value.
pub(crate) fn set_to_ensure<'a, T>(
    parameter: &'static str,
    value: Option<&'a T>,
) -> Result<&'a T, InvalidParameter> {
    value.ok_or_else(|| InvalidParameter {
        parameter,
        problem: "must be set, since what is ensured is recognised by it".to_owned(),
    })
}

pub(crate) fn not_blank(parameter: &'static str, value: &str) -> Validity {
    if value.trim().is_empty() {
        return invalid(parameter, "must not be empty or blank".to_owned());
    }
    Ok(())
}

/// Checks an e-mail address, by the API's pattern `.+@.+\..+`.
pub(crate) fn email(parameter: &'static str, value: Option<&crate::Sensitive>) -> Validity {
    match value {
        Some(value) if !is_email(value.expose()) => {
            invalid(parameter, "must be an e-mail address such as name@example.com".to_owned())
        }
        _ => Ok(()),
    }
}

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

pub(crate) fn at_most<T>(parameter: &'static str, list: &[T], limit: usize) -> Validity {
    if list.len() > limit {
        return invalid(
            parameter,
            format!("must have at most {limit} entries, but has {}", list.len()),
        );
    }
    Ok(())
}

pub(crate) fn not_empty<T>(parameter: &'static str, list: &[T]) -> Validity {
    if list.is_empty() {
        return invalid(parameter, "must have at least 1 entry".to_owned());
    }
    Ok(())
}

/// Checks a client request token: 2 to 64 characters, by the API's pattern `[-_a-zA-Z0-9]*`.
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

/// Checks that an identifier in the path does not lead to another resource.
pub(crate) fn path_segment(parameter: &'static str, value: &str) -> Validity {
    not_blank(parameter, value)?;
    if matches!(value, "." | "..") {
        return invalid(parameter, "must not be \".\" or \"..\"".to_owned());
    }
    Ok(())
}

/// Checks a phone number in E.164 form, by the API's pattern `^\+?[1-9]\d{1,14}$`.
pub(crate) fn e164(parameter: &'static str, number: &Sensitive) -> Validity {
    let digits = number.expose();
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    let is_number = (2..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    if !is_number {
        let problem = "must be a phone number of 2 to 15 digits such as +12065550100";
        return invalid(parameter, problem.to_owned());
    }
    Ok(())
}

/// Checks a UUID, by the API's pattern `[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}`.
pub(crate) fn uuid(parameter: &'static str, value: &str) -> Validity {
    let parts = value.split('-').map(str::len);
    let is_hexadecimal = |byte: u8| byte == b'-' || byte.is_ascii_hexdigit();
    if !parts.eq([8, 4, 4, 4, 12]) || !value.bytes().all(is_hexadecimal) {
        let problem = "must be a UUID such as 12a3456b-7c89-412d-8456-78901e23fa45";
        return invalid(parameter, problem.to_owned());
    }
    Ok(())
}

/// Checks a calling name, by the API's pattern `^$|^[a-zA-Z0-9 ]{2,15}$`.
pub(crate) fn calling_name(parameter: &'static str, name: Option<&Sensitive>) -> Validity {
    let Some(name) = name.map(Sensitive::expose) else { return Ok(()) };
    let is_part = |byte: u8| byte == b' ' || byte.is_ascii_alphanumeric();
    if !matches!(name.len(), 0 | 2..=15) || !name.bytes().all(is_part) {
        let problem = "must be empty, or 2 to 15 letters, digits and spaces";
        return invalid(parameter, problem.to_owned());
    }
    Ok(())
}

/// Checks a join token: 2 to 2048 characters, by the API's pattern `^[a-zA-Z0-9+/]+$`.
pub(crate) fn join_token(parameter: &'static str, token: &Sensitive) -> Validity {
    let token = token.expose();
    let is_part = |byte: u8| matches!(byte, b'+' | b'/') || byte.is_ascii_alphanumeric();
    if !(2..=2048).contains(&token.len()) || !token.bytes().all(is_part) {
        let problem = "must be 2 to 2048 letters, digits, \"+\" and \"/\"";
        return invalid(parameter, problem.to_owned());
    }
    Ok(())
}

/// Checks a country code, by the API's pattern `[A-Z]{2}`.
pub(crate) fn country(parameter: &'static str, code: Option<&str>) -> Validity {
    match code.map(str::as_bytes) {
        None | Some([b'A'..=b'Z', b'A'..=b'Z']) => Ok(()),
        _ => invalid(parameter, "must be two capital letters such as US".to_owned()),
    }
}

/// Checks the first three digits of a toll-free number, by the API's pattern `^8(00|33|44|55|66|77|88)$`.
pub(crate) fn toll_free_prefix(parameter: &'static str, prefix: Option<&str>) -> Validity {
    match prefix {
        None | Some("800" | "833" | "844" | "855" | "866" | "877" | "888") => Ok(()),
        _ => invalid(parameter, "must be 800, 833, 844, 855, 866, 877 or 888".to_owned()),
    }
}

fn invalid(parameter: &'static str, problem: String) -> Validity {
    Err(InvalidParameter { parameter, problem })
}

fn is_email(value: &str) -> bool {
    let on_one_line = !value.contains(['\n', '\r']);
    let mut characters = value.chars();
    characters.next();
    // The first `@` with a character before it leaves the longest text after it.
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
    fn a_number_must_be_within_its_limits() {
        for (value, passes) in [(0, false), (1, true), (200, true), (201, false)] {
            assert_eq!(range("MaxResults", Some(value), 1..=200).is_ok(), passes, "{value}");
        }
    }

    #[test]
    fn a_list_must_not_be_too_long() {
        assert!(at_most("UserIdList", &[0; 50], 50).is_ok());
        assert!(at_most("UserIdList", &[0; 51], 50).is_err());
    }

    #[test]
    fn an_empty_list_is_refused_where_an_entry_is_required() {
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
    fn a_path_segment_must_not_be_blank_or_dots() {
        for bad in ["", " ", ".", ".."] {
            assert!(path_segment("AccountId", bad).is_err(), "{bad:?}");
        }
        for good in ["...", "a", "%2e%2e", "a/b", "..a"] {
            assert!(path_segment("AccountId", good).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn a_phone_number_has_2_to_15_digits_and_does_not_begin_with_0() {
        for good in ["12", "+12", "+12065550100", "123456789012345", "+999999999999999"] {
            assert!(e164("ToPhoneNumber", &good.into()).is_ok(), "{good}");
        }
        for bad in ["", "+", "1", "+1", "+01", "0123", "1234567890123456", "++12", "1 2", "12\n"]
            .into_iter()
            .chain(["%2B12065550100", "+1206x", "+1٢"])
        {
            assert!(e164("ToPhoneNumber", &bad.into()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_uuid_has_five_groups_of_hexadecimal_digits() {
        for good in ["12a3456b-7c89-012d-3456-78901e23fa45", "ABCDEF01-0000-0000-0000-00000000000F"]
        {
            assert!(uuid("MeetingId", good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "12a3456b7c89012d345678901e23fa45",
            "12a3456b-7c89-012d-3456-78901e23fg45",
            "12a3456b-7c89-012d-3456-78901e23fa4",
            "12a3456b-7c89-012d-3456-78901e23fa456",
            "12a3456b-7c89-012d-345678901e23fa45",
            "12a3456b-7c89-012d-3456-78901e23fa45-",
            "{12a3456b-7c89-012d-3456-78901e23fa45}",
            "12a3456b-7c89-012d-3456-78901e23fa45\n",
        ] {
            assert!(uuid("MeetingId", bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_calling_name_is_empty_or_2_to_15_letters_digits_and_spaces() {
        for good in ["", "ab", "Acme 42", "  ", "123456789012345"] {
            assert!(calling_name("CallingName", Some(&good.into())).is_ok(), "{good:?}");
        }
        for bad in ["a", "1234567890123456", "Acme!", "Ünal", "ab\n"] {
            assert!(calling_name("CallingName", Some(&bad.into())).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_join_token_has_2_to_2048_characters_of_base_64() {
        for good in ["aZ", "0+/9", &"a".repeat(2048)] {
            assert!(join_token("JoinToken", &good.into()).is_ok(), "{good}");
        }
        for bad in ["", "a", "ab=", "a b", "äö", "ab\n", &"a".repeat(2049)] {
            assert!(join_token("JoinToken", &bad.into()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_country_is_two_capital_letters() {
        for good in [None, Some("US"), Some("AZ")] {
            assert!(country("Country", good).is_ok(), "{good:?}");
        }
        for bad in ["", "U", "us", "USA", "U1", "Ü", "US\n"] {
            assert!(country("Country", Some(bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_toll_free_prefix_is_one_of_seven() {
        for good in [None, Some("800"), Some("833"), Some("844"), Some("855")].into_iter().chain([
            Some("866"),
            Some("877"),
            Some("888"),
        ]) {
            assert!(toll_free_prefix("TollFreePrefix", good).is_ok(), "{good:?}");
        }
        for bad in ["", "80", "8000", "811", "822", "899", "900"] {
            assert!(toll_free_prefix("TollFreePrefix", Some(bad)).is_err(), "{bad}");
        }
    }
}
