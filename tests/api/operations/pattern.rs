//! Examples of the patterns in AWS's model. A pattern without examples fails the tests.

/// A pattern, with texts that match it and texts that do not.
pub(crate) struct Pattern {
    regex: &'static str,
    /// Returns a matching text, if possible a different text for each number. A sensitive text contains one of `MARKS`.
    pub(crate) sample: Option<fn(usize) -> String>,
    /// A character that matches in any number, if the pattern has no length of its own.
    pub(crate) repeatable: Option<char>,
    pub(crate) matching: &'static [&'static str],
    pub(crate) other: &'static [&'static str],
    /// The text that the error must contain if a value does not match; empty if the words do not matter.
    pub(crate) problem: &'static str,
}

impl Pattern {
    pub(crate) fn of(regex: &str) -> &'static Self {
        let pattern = PATTERNS.iter().find(|pattern| pattern.regex == regex);
        pattern.unwrap_or_else(|| panic!("pattern.rs has no examples of the pattern {regex}"))
    }
}

const PATTERNS: &[Pattern] = &[
    Pattern {
        regex: r".*\S.*",
        sample: None,
        repeatable: Some('🦀'),
        matching: &["a", " a "],
        other: &["", " ", " \t\n"],
        problem: "must not be empty or blank",
    },
    Pattern {
        regex: r".+@.+\..+",
        sample: Some(|number| format!("mark mail{number}@example.com")),
        repeatable: None,
        matching: &["a@b.c", "ana+tag@sub.example.com", "\"a@b\"@c.d", "ünï@exämple.org"],
        other: &["", "mark.of", "mark.of@localhost", "@mark.of", "mark@of.", "mark@.o"],
        problem: "an e-mail address such as",
    },
    Pattern {
        regex: r"^\+?[1-9]\d{1,14}$",
        // It has no plus, because errors hide every number with a plus.
        sample: Some(|number| format!("1425555{number:04}")),
        repeatable: None,
        matching: &["12", "+12", "999999999999999", "+999999999999999"],
        other: &[
            "",
            "+",
            "1",
            "+1",
            "012",
            "+012",
            "1999999999999999",
            "+1 206 5550",
            "++12",
            "a12",
        ],
        problem: "",
    },
    Pattern {
        regex: r"^$|^[a-zA-Z0-9 ]{2,15}$",
        sample: Some(|number| format!("mark name {number}")),
        repeatable: None,
        matching: &["", "ab", "aZ 09", "fifteen letters"],
        other: &["a", "sixteen letters ", "mark!", "märk"],
        problem: "",
    },
    Pattern {
        regex: r"[-_a-zA-Z0-9]*",
        sample: Some(|number| format!("mark-token_{number}")),
        repeatable: Some('a'),
        matching: &["-_aZ09"],
        other: &["mark of", "mark/", "märk"],
        problem: "",
    },
    Pattern {
        regex: r"^[a-zA-Z0-9+/]+$",
        sample: Some(|number| format!("mark/token+{number}")),
        repeatable: Some('a'),
        matching: &["+/aZ09"],
        other: &["mark of", "mark-of", "märk"],
        problem: "",
    },
    Pattern {
        regex: r"[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}",
        sample: Some(|number| format!("0123abCD-4567-89EF-0123-{number:012}")),
        repeatable: None,
        matching: &["01234567-89ab-cdef-ABCD-EF0123456789"],
        other: &["", "g1234567-89ab-cdef-ABCD-EF0123456789", "0123456789abcdefABCDEF0123456789"],
        problem: "",
    },
    Pattern {
        regex: r"[A-Z]{2}",
        sample: Some(|_| "US".to_owned()),
        repeatable: None,
        matching: &["DE"],
        other: &["", "U", "us", "1 2"],
        problem: "",
    },
    Pattern {
        regex: r"^8(00|33|44|55|66|77|88)$",
        sample: Some(|_| "833".to_owned()),
        repeatable: None,
        matching: &["800", "888"],
        other: &["", "8", "822", "8000", "900", " 800"],
        problem: "",
    },
];
