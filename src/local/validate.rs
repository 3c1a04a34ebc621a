//! Checks of parameters for several resources. Checks for one resource are in the file of this resource.

use std::ops::RangeInclusive;

use super::answer::Refusal;

/// Returns the value of a required member.
pub(super) fn required<T>(name: &str, value: Option<T>) -> Result<T, Refusal> {
    value.ok_or_else(|| Refusal::bad_request(format!("{name} is required.")))
}

/// Returns a required list that must have at least one item.
pub(super) fn not_empty<T>(name: &str, list: Option<Vec<T>>) -> Result<Vec<T>, Refusal> {
    let list = required(name, list)?;
    if list.is_empty() { Err(must_be(name, "a list of at least one item")) } else { Ok(list) }
}

#[expect(clippy::unnecessary_wraps, reason = "a check like the others")]
pub(super) fn anything<'a>(_name: &str, text: &'a str) -> Result<&'a str, Refusal> {
    Ok(text)
}

pub(super) fn not_blank<'a>(name: &str, text: &'a str) -> Result<&'a str, Refusal> {
    if text.trim().is_empty() { Err(must_be(name, "more than white space")) } else { Ok(text) }
}

/// Checks an e-mail address by the pattern of the API: `.+@.+\..+`.
pub(super) fn email<'a>(name: &str, text: &'a str) -> Result<&'a str, Refusal> {
    let dot_inside = |domain: &str| {
        let mut dots = domain.match_indices('.');
        dots.any(|(dot, _)| dot > 0 && dot + 1 < domain.len())
    };
    let on_one_line = !text.contains(['\n', '\r']);
    let mut ats = text.match_indices('@');
    if on_one_line && ats.any(|(at, _)| at > 0 && dot_inside(&text[at + 1..])) {
        Ok(text)
    } else {
        Err(must_be(name, "an e-mail address"))
    }
}

/// Checks a phone number by the pattern of the API, `\+?[1-9]\d{1,14}`, and returns its digits.
pub(super) fn e164<'a>(name: &str, text: &'a str) -> Result<&'a str, Refusal> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let is_number = (2..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    if is_number { Ok(digits) } else { Err(must_be(name, "a phone number in E.164 form")) }
}

/// Checks a calling name: empty, or 2 to 15 letters, digits and spaces.
pub(super) fn calling_name<'a>(name: &str, text: &'a str) -> Result<&'a str, Refusal> {
    let is_part = |byte: u8| byte == b' ' || byte.is_ascii_alphanumeric();
    if matches!(text.len(), 0 | 2..=15) && text.bytes().all(is_part) {
        Ok(text)
    } else {
        Err(must_be(name, "empty, or 2 to 15 letters, digits and spaces"))
    }
}

/// Checks a UUID of any version, in upper or lower case.
pub(super) fn uuid<'a>(name: &str, text: &'a str) -> Result<&'a str, Refusal> {
    let is_part = |byte: u8| byte == b'-' || byte.is_ascii_hexdigit();
    let lengths = text.split('-').map(str::len);
    if lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(is_part) {
        Ok(text)
    } else {
        Err(must_be(name, "a UUID"))
    }
}

/// Checks a whole number in decimal digits, within a range.
pub(super) fn whole_number(
    name: &str,
    text: &str,
    range: RangeInclusive<usize>,
) -> Result<usize, Refusal> {
    // `parse` alone would also accept a plus sign.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    within(name, text.parse().ok().filter(|_| digits), &range)
}

/// Checks a whole number within a range. `None` stands for a value that is not a whole number.
pub(super) fn within(
    name: &str,
    number: Option<usize>,
    range: &RangeInclusive<usize>,
) -> Result<usize, Refusal> {
    number.filter(|number| range.contains(number)).ok_or_else(|| {
        let (least, most) = (range.start(), range.end());
        must_be(name, &format!("a whole number from {least} to {most}"))
    })
}

pub(super) fn one_of(
    name: &str,
    text: &str,
    values: &[&'static str],
) -> Result<&'static str, Refusal> {
    let known = values.iter().find(|value| **value == text).copied();
    known.ok_or_else(|| must_be(name, &format!("one of {}", values.join(", "))))
}

/// Returns the refusal of a parameter, which must be `what`.
pub(super) fn must_be(name: &str, what: &str) -> Refusal {
    Refusal::bad_request(format!("{name} must be {what}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_addresses_match_the_pattern_of_the_api() {
        for good in ["a@b.c", "@a@b.c", "a@b@c.d", "a@.b.c", "ünï@exämple.org", "a b@c d.e"] {
            assert!(email("Email", good).is_ok(), "{good}");
        }
        for bad in
            ["", "a", "a@b", "@b.c", "a@.c", "a@b.", "a.b@c", "a@@", "@@..", "a@b.c\n", "a\r@b.c"]
        {
            assert!(email("Email", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn messages_do_not_quote_values() {
        let refusal = email("Email", "ana@example").unwrap_err();
        assert!(!format!("{refusal:?}").contains("ana"));
    }

    #[test]
    fn phone_numbers_are_2_to_15_digits_with_or_without_a_plus_sign() {
        for (good, digits) in [
            ("+12065550100", "12065550100"),
            ("12065550100", "12065550100"),
            ("+10", "10"),
            ("+123456789012345", "123456789012345"),
        ] {
            assert_eq!(e164("E164PhoneNumber", good), Ok(digits));
        }
        for bad in
            ["", "+", "+1", "+0123", "++12", "+1234567890123456", "%2B12", "+12x", "+12\n", "+1٢٣"]
        {
            assert!(e164("E164PhoneNumber", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn calling_names_are_empty_or_2_to_15_letters_digits_and_spaces() {
        for good in ["", "Ac", "Acme 24", "  ", "fifteen letters"] {
            assert!(calling_name("CallingName", good).is_ok(), "{good}");
        }
        for bad in ["A", "sixteen  letters", "Acme!", "Ämter", "Acme\n"] {
            assert!(calling_name("CallingName", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn uuids_are_hexadecimal_digits_in_five_groups() {
        for good in ["12a3456b-7c89-012d-3456-78901e23fa45", "12A3456B-7C89-012D-3456-78901E23FA45"]
        {
            assert!(uuid("MeetingId", good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "12a3456b7c89012d345678901e23fa45",
            "12a3456b-7c89-012d-3456-78901e23fg45",
            "12a3456b-7c89-012d-3456-78901e23fa4",
            "12a3456b-7c89-012d-3456-78901e23fa45-",
        ] {
            assert!(uuid("MeetingId", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_known_enum_values_are_accepted() {
        assert_eq!(one_of("LicenseType", "Pro", &["Basic", "Pro"]), Ok("Pro"));
        assert!(one_of("LicenseType", "pro", &["Basic", "Pro"]).is_err());
    }

    #[test]
    fn whole_numbers_are_digits_within_the_range() {
        assert_eq!(whole_number("max-results", "7", 1..=9), Ok(7));
        for bad in ["", "0", "10", "-1", "+1", "1.0", " 1", "one", "99999999999999999999"] {
            assert!(whole_number("max-results", bad, 1..=9).is_err(), "{bad}");
        }
    }
}
