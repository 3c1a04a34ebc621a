//! The search for values in texts with escapes.

use std::iter::once;

/// How many times escapes are undone, because a text may be escaped several times.
const ROUNDS: usize = 3;

/// The characters that begin an escape: percent, quoted-printable, HTML and JSON.
const INTRODUCERS: &[char] = &['%', '=', '&', '\\'];

/// The longest name or number in an HTML escape.
const MAX_ENTITY: usize = 8;

/// How many characters of a text are searched. An error shows a fifth of them, so a value that begins in the shown part
/// ends in the searched part.
const MAX_TEXT: usize = 1_500;

/// How many characters of a value are searched for: as many as a `u64` has bits.
pub(super) const MAX_VALUE: usize = 64;

/// One way to read the text at a position: a character, and the position after it.
type Reading = (char, usize);

/// A text in which each escape has several readings: as the escaped character, and literally, because `=be` in
/// `email=bea@example.com` is not quoted-printable.
pub(super) struct Escaped {
    /// The readings at each position, folded for comparison.
    readings: Vec<Vec<Reading>>,
    /// For each position, whether a word may begin there.
    word_starts: Vec<bool>,
}

impl Escaped {
    pub(super) fn new(text: &str) -> Self {
        let text = Undone::new(text.chars().take(MAX_TEXT).collect());
        let mut word_starts = vec![false; text.literal.len() + 1];
        word_starts[0] = true;
        let mut readings = Vec::with_capacity(text.literal.len());
        for at in 0..text.literal.len() {
            let folded = text.readings(at).map(|(c, next)| (folded(c), next));
            readings.push(folded.collect());
            for &(c, next) in &readings[at] {
                word_starts[next] |= !is_of_word(c);
            }
        }
        Self { readings, word_starts }
    }

    /// Returns `true` if a reading of the text contains the value, in upper or lower case. Of a long value, only the
    /// beginning is searched for.
    pub(super) fn says(&self, value: &str, as_word: bool) -> bool {
        let value: Vec<char> = value.chars().take(MAX_VALUE).map(folded).collect();
        let Some(first) = value.first() else { return false };
        let last = 1 << (value.len() - 1);
        let spaces = places(' ', &value);
        // Bit `n` of a position is set if the first `n + 1` characters of the value may end there.
        let mut found = vec![0_u64; self.readings.len() + 1];
        for (at, readings) in self.readings.iter().enumerate() {
            let begun = found[at] << 1;
            let may_begin = !as_word || self.word_starts[at];
            for &(c, next) in readings {
                if begun != 0 {
                    found[next] |= begun & places(c, &value);
                }
                if may_begin && c == *first {
                    found[next] |= 1;
                }
                if c == ' ' {
                    // Several spaces match one space.
                    found[next] |= found[at] & spaces;
                }
            }
        }
        let ends_anywhere = !as_word || value.len() == MAX_VALUE;
        (0..found.len()).any(|at| found[at] & last != 0 && (ends_anywhere || self.may_end_word(at)))
    }

    fn may_end_word(&self, at: usize) -> bool {
        self.readings.get(at).is_none_or(|readings| readings.iter().any(|(c, _)| !is_of_word(*c)))
    }
}

/// Returns the places of a character in a value: bit `n` for character `n` of the value.
fn places(c: char, value: &[char]) -> u64 {
    let bits = value.iter().enumerate().filter(|(_, in_value)| **in_value == c);
    bits.fold(0, |bits, (n, _)| bits | 1 << n)
}

/// A text whose escapes are being undone.
struct Undone {
    literal: Vec<char>,
    /// The readings of the escapes that begin at each position.
    escapes: Vec<Vec<Reading>>,
}

impl Undone {
    fn new(literal: Vec<char>) -> Self {
        let escapes = vec![Vec::new(); literal.len()];
        let mut undone = Self { literal, escapes };
        for _ in 0..ROUNDS {
            // A round reads escapes whose characters are readings of earlier rounds.
            let escapes = (0..undone.literal.len()).map(|at| undone.escapes(at)).collect();
            if undone.escapes == escapes {
                break;
            }
            undone.escapes = escapes;
        }
        undone
    }

    /// Returns the readings at a position: the character itself, and the escapes that begin there.
    fn readings(&self, at: usize) -> impl Iterator<Item = Reading> {
        let literal = self.literal.get(at).map(|c| (*c, at + 1));
        let escapes = self.escapes.get(at).into_iter().flatten();
        literal.into_iter().chain(escapes.copied())
    }

    /// Returns the positions after the expected character.
    fn behind(&self, at: usize, expected: char) -> impl Iterator<Item = usize> {
        self.readings(at).filter_map(move |(c, next)| (c == expected).then_some(next))
    }

    /// Returns the readings of an escape that begins at a position.
    fn escapes(&self, at: usize) -> Vec<Reading> {
        let mut undone = Vec::new();
        if !INTRODUCERS.contains(&self.literal[at]) {
            return undone;
        }
        for (introducer, next) in self.readings(at) {
            match introducer {
                '%' => undone.extend(self.bytes('%', next)),
                '=' => {
                    undone.extend(self.bytes('=', next));
                    // A soft line break, which is a space here because the message has been made one line.
                    undone.extend(self.behind(next, ' ').flat_map(|next| self.readings(next)));
                }
                '&' => undone.extend(self.entity(next)),
                '\\' => undone.extend(self.json(next)),
                _ => {}
            }
        }
        undone.sort_unstable();
        undone.dedup();
        undone
    }

    /// Reads `40` or `C3%BC`: a character in UTF-8, or a byte in Latin-1.
    fn bytes(&self, introducer: char, at: usize) -> Vec<Reading> {
        let mut read = Vec::new();
        for (first, end) in self.byte(at) {
            read.push((char::from(first), end));
            let mut sequences = vec![(vec![first], end)];
            for _ in 1..first.leading_ones().min(4) {
                let longer = sequences.iter().flat_map(|(bytes, end)| {
                    let next = self.behind(*end, introducer).flat_map(|next| self.byte(next));
                    next.map(|(byte, end)| ([bytes.as_slice(), &[byte]].concat(), end))
                });
                sequences = longer.collect();
            }
            for (bytes, end) in sequences {
                let text = std::str::from_utf8(&bytes).ok();
                read.extend(text.and_then(|text| text.chars().next()).map(|c| (c, end)));
            }
        }
        read
    }

    fn byte(&self, at: usize) -> impl Iterator<Item = (u8, usize)> {
        let numbers = self.hexadecimal(at, 2).into_iter();
        numbers.filter_map(|(number, end)| Some((u8::try_from(number).ok()?, end)))
    }

    /// Reads a number with this many hexadecimal digits.
    fn hexadecimal(&self, at: usize, digits: usize) -> Vec<(u32, usize)> {
        let mut numbers = vec![(0, at)];
        for _ in 0..digits {
            let longer = numbers.iter().flat_map(|(number, at)| {
                let digits = self.readings(*at);
                digits.filter_map(move |(c, next)| Some((number << 4 | c.to_digit(16)?, next)))
            });
            numbers = longer.collect();
        }
        numbers
    }

    /// Reads `commat;`, `#64;` or `#x40;`, also without the semicolon, as browsers do.
    fn entity(&self, at: usize) -> Vec<Reading> {
        let is_part = |c: char| c.is_ascii_alphanumeric();
        let names = self.spelled(at, is_part).into_iter();
        let mut read: Vec<_> = names.filter_map(|(name, end)| Some((named(&name)?, end))).collect();
        for number in self.behind(at, '#') {
            let hexadecimal = self.behind(number, 'x').chain(self.behind(number, 'X'));
            for (at, radix) in once((number, 10)).chain(hexadecimal.map(|at| (at, 16))) {
                for (digits, end) in self.spelled(at, |c| c.is_digit(radix)) {
                    let c = u32::from_str_radix(&digits, radix).ok().and_then(char::from_u32);
                    read.extend(c.map(|c| (c, end)));
                }
            }
        }
        let closed = read.iter().flat_map(|(c, end)| self.behind(*end, ';').map(|end| (*c, end)));
        let closed: Vec<_> = closed.collect();
        read.extend(closed);
        read
    }

    /// Returns the texts that begin at a position and have only characters for which `is_part` returns `true`. Each
    /// text ends before the first other character.
    fn spelled(&self, at: usize, is_part: impl Fn(char) -> bool) -> Vec<(String, usize)> {
        let mut whole = Vec::new();
        let mut begun = vec![(String::new(), at)];
        for _ in 0..=MAX_ENTITY {
            for (text, at) in std::mem::take(&mut begun) {
                let mut is_whole = at == self.literal.len();
                for (c, next) in self.readings(at) {
                    if is_part(c) {
                        begun.push((format!("{text}{c}"), next));
                    } else {
                        is_whole = true;
                    }
                }
                if is_whole {
                    whole.push((text, at));
                }
            }
        }
        whole
    }

    /// Reads `u0040`, or the `"` of `\"`.
    fn json(&self, at: usize) -> Vec<Reading> {
        let mut read = Vec::new();
        for (c, next) in self.readings(at) {
            match c {
                '"' | '\\' | '/' => read.push((c, next)),
                'b' | 'f' | 'n' | 'r' | 't' => read.push((' ', next)),
                'u' => {
                    for (unit, end) in self.hexadecimal(next, 4) {
                        read.extend(char::from_u32(unit).map(|c| (c, end)));
                        let behind = self.behind(end, '\\').flat_map(|next| self.behind(next, 'u'));
                        for (low, end) in behind.flat_map(|next| self.hexadecimal(next, 4)) {
                            read.extend(surrogates(unit, low).map(|c| (c, end)));
                        }
                    }
                }
                _ => {}
            }
        }
        read
    }
}

/// Returns a character in the form for comparison. Letters become lower case, because a service may change the case of
/// letters. A plus becomes a space, because forms write a plus for a space.
fn folded(c: char) -> char {
    if c == '+' || c.is_whitespace() || c.is_control() {
        return ' ';
    }
    c.to_lowercase().next().unwrap_or(c)
}

/// Returns `true` if a character is a part of a word. Letters without upper and lower case do not count, because their
/// scripts may have no spaces between words.
pub(super) fn is_of_word(c: char) -> bool {
    c.is_lowercase() || c.is_uppercase() || c.is_numeric()
}

fn surrogates(high: u32, low: u32) -> Option<char> {
    let units = [u16::try_from(high).ok()?, u16::try_from(low).ok()?];
    let mut characters = char::decode_utf16(units);
    let first = characters.next()?.ok()?;
    characters.next().is_none().then_some(first)
}

/// Returns the character of ASCII or Latin-1 with this name in HTML.
fn named(name: &str) -> Option<char> {
    let ascii = ASCII.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
    let latin = || LATIN_1.iter().position(|known| *known == name);
    ascii.or_else(|| char::from_u32(0xA0 + u32::try_from(latin()?).ok()?))
}

const ASCII: &[(&str, char)] = &[
    ("amp", '&'),
    ("AMP", '&'),
    ("apos", '\''),
    ("ast", '*'),
    ("bsol", '\\'),
    ("colon", ':'),
    ("comma", ','),
    ("commat", '@'),
    ("dollar", '$'),
    ("equals", '='),
    ("excl", '!'),
    ("grave", '`'),
    ("gt", '>'),
    ("GT", '>'),
    ("Hat", '^'),
    ("lcub", '{'),
    ("lowbar", '_'),
    ("lpar", '('),
    ("lsqb", '['),
    ("lt", '<'),
    ("LT", '<'),
    ("num", '#'),
    ("percnt", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("quest", '?'),
    ("quot", '"'),
    ("QUOT", '"'),
    ("rcub", '}'),
    ("rpar", ')'),
    ("rsqb", ']'),
    ("semi", ';'),
    ("sol", '/'),
    ("verbar", '|'),
];

/// The names of the characters from U+00A0 on.
#[rustfmt::skip] // Eight per line.
const LATIN_1: &[&str] = &[
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect",
    "uml", "copy", "ordf", "laquo", "not", "shy", "reg", "macr",
    "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot",
    "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest",
    "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil",
    "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml",
    "ETH", "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times",
    "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig",
    "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil",
    "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml",
    "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml", "divide",
    "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_in_every_form_and_in_up_to_three_forms_at_once() {
        for text in [
            // Percent.
            "ana%40example.com",
            "ana%2540example.com",
            "ana%252540example%2ecom",
            "%61%6e%61%40%65xample%2Ecom",
            "%%36%31na@example.com",
            // HTML.
            "ana&#64;example.com",
            "ana&#064;example.com",
            "ana&#64example.com",
            "ana&#x40;example.com",
            "ana&#X0040;example.com",
            "ana&commat;example&period;com",
            "ana&amp;#64;example.com",
            "ana&amp;amp;commat;example.com",
            "ana&#38;#38;#64;example.com",
            // Quoted-printable.
            "ana=40example.com",
            "ana=3D40example.com",
            "ana=3d3D40example=2ecom",
            "ana@exam= ple.com",
            // JSON.
            r"ana\u0040example.com",
            r"ana\\u0040example.com",
            r"ana\\\u005cu0040example\u002Ecom",
            // Several kinds of escapes.
            "ana%26%2364%3Bexample.com",
            "ana%40example&#46;com",
            r"ana\u002540example.com",
            "ana=26commat;example.com",
            r"ana=5Cu002540example.com",
            "ana%5Cu0026commat;example.com",
            // The text before the value looks like the beginning of an escape.
            "email=ana%40example.com",
            r"CORP\nana%40example.com",
            // Upper case.
            "ANA%40Example.COM",
        ] {
            let text = format!("The user {text} exists");
            assert!(Escaped::new(&text).says("ana@example.com", false), "{text}");
            assert!(Escaped::new(&text).says("Ana@EXAMPLE.com", false), "{text}");
            assert!(!Escaped::new(&text).says("ana@example.org", false), "{text}");
        }
        for (text, value) in [
            ("email=bea%2540example.com", "bea@example.com"),
            (r"CORP\nina%2540example.com", "nina@example.com"),
            ("a&ampany%40example.com", "ampany@example.com"),
            ("The room Ana+Smith", "Ana Smith"),
            ("J%C3%B6rg", "Jörg"),
            ("J=C3=B6rg", "Jörg"),
            ("J%F6rg", "Jörg"),
            ("J&ouml;rg", "Jörg"),
            ("J&yuml;rg", "Jÿrg"),
            ("J&nbsp;rg", "J rg"),
            ("J%25C3%25B6RG", "JÖrg"),
            (r"J\u00f6rg", "Jörg"),
            (r"\uD83D\uDE00 room", "😀 room"),
            (r"%5CuD83D\uDE00 room", "😀 room"),
            ("%F0%9F%98%80 room", "😀 room"),
            (r#"the \"den\""#, "the \"den\""),
            (r"a\/b", "a/b"),
            (r"a\tb", "a\tb"),
            ("a%20%0D%0Ab", "a b"),
            ("ŽOFIE", "žofie"),
        ] {
            assert!(Escaped::new(text).says(value, false), "{text}");
        }
    }

    #[test]
    fn several_spaces_match_one_space() {
        let says = |text, value| Escaped::new(text).says(value, false);
        assert!(says("The room Ana   Smith", "Ana Smith"));
        assert!(says("Ana%20+%20Smith", "Ana Smith"));
        for text in ["AnaSmith", "Ana xSmith", "Ana x Smith", "The Smith", "x Smith"] {
            assert!(!says(text, "Ana Smith"), "{text}");
        }
    }

    #[test]
    fn an_entity_at_the_end_needs_no_semicolon() {
        for text in ["ana&#64", "ana&#x40", "ana&commat"] {
            assert!(Escaped::new(text).says("ana@", false), "{text}");
        }
    }

    #[test]
    fn escapes_are_undone_three_times() {
        assert!(Escaped::new("a%252540b").says("a@b", false));
        assert!(!Escaped::new("a%25252540b").says("a@b", false));
    }

    #[test]
    fn an_incomplete_escape_is_literal() {
        for text in
            ["a%4", "a%", "a%4gb", "a&;b", "a&#;b", "a&#x;b", "a&nosuch;b", "a\\", "a\\u004", "a="]
        {
            assert!(Escaped::new(text).says(text, false), "{text}");
            assert!(!Escaped::new(text).says("a@", false), "{text}");
        }
        assert!(!Escaped::new("a&#xD800;b\\uD800").says("\u{FFFD}", false));
        assert!(!Escaped::new("anything").says("", false));
    }

    #[test]
    fn a_word_is_found_where_it_is_not_a_part_of_another() {
        for (text, is_found) in [
            ("Ana", true),
            ("name=Ana, 1", true),
            ("name%3DANA%26x", true),
            ("Diana", false),
            ("Anabel", false),
            ("Ana2", false),
            ("%41nabel", false),
            (r"two\nAna", true),
            ("ana_b", true),
            ("用户Ana已", true),
        ] {
            assert_eq!(Escaped::new(text).says("Ana", true), is_found, "{text}");
        }
        assert!(Escaped::new("用户李明已存在").says("李明", true));
    }

    #[test]
    fn a_long_value_is_found_by_its_beginning() {
        let value = "a1".repeat(MAX_VALUE);
        assert!(Escaped::new(&format!("%20{value}")).says(&value, false));
        assert!(Escaped::new(&value[..MAX_VALUE]).says(&value, false));
        assert!(!Escaped::new(&value[..MAX_VALUE - 1]).says(&value, false));
        assert!(Escaped::new(&value).says(&value, true));
    }
}
