//! The CSV file: its users, and its invalid lines.

use std::collections::HashMap;

use amazon_chime::{License, UserType};
use anyhow::bail;
use csv::{ReaderBuilder, StringRecord};
use serde::Deserialize;

/// A user in a line of the file.
#[derive(Deserialize)]
pub(crate) struct WantedUser {
    pub(crate) email: String,
    pub(crate) username: Option<String>,
    pub(crate) user_type: Option<UserType>,
    pub(crate) license_type: Option<License>,
}

pub(crate) enum Line {
    User(WantedUser),
    /// The line has the same e-mail address as this earlier line.
    Repeats(usize),
    /// The line is invalid, for this reason.
    Bad(String),
}

const COLUMNS: [&str; 4] = ["email", "username", "user_type", "license_type"];

/// Reads a file, and returns its lines with their numbers. Messages do not show the content of the file.
pub(crate) fn read(csv: &[u8]) -> anyhow::Result<Vec<(usize, Line)>> {
    let mut numbered = numbered_lines(csv);
    let header = numbered.next().map(|(_, line)| line).unwrap_or_default();
    // In countries with decimal commas, spreadsheets write semicolons.
    let separators = [b',', b';'].into_iter();
    let mut headers =
        separators.filter_map(|separator| Some((separator, columns(header, separator)?)));
    let Some((separator, columns)) = headers.next() else {
        bail!(
            "the first line must name the columns, separated by commas or semicolons: {}; only email is \
             required",
            COLUMNS.join(", ")
        );
    };
    for column in COLUMNS {
        if columns.iter().filter(|name| *name == column).count() > 1 {
            bail!("the file has more than one column {column}");
        }
    }

    let mut first_seen = HashMap::new();
    let mut lines = Vec::new();
    for (number, line) in numbered {
        let line = match values(line, separator).and_then(|record| wanted(&record, &columns)) {
            Ok(user) => {
                let first = *first_seen.entry(user.email.to_ascii_lowercase()).or_insert(number);
                if first == number { Line::User(user) } else { Line::Repeats(first) }
            }
            Err(problem) => Line::Bad(problem),
        };
        lines.push((number, line));
    }
    if lines.is_empty() {
        bail!("the file has no users: it has only the names of the columns");
    }
    Ok(lines)
}

/// Returns the columns of the file if the line has their names with this separator.
fn columns(header: &[u8], separator: u8) -> Option<StringRecord> {
    let names = values(header, separator).ok()?;
    let columns: StringRecord = names.iter().map(str::to_ascii_lowercase).collect();
    let is_known = columns.iter().all(|column| COLUMNS.contains(&column));
    (is_known && columns.iter().any(|column| column == "email")).then_some(columns)
}

/// Returns the lines that are not blank, for any line ending, with their numbers in an editor.
fn numbered_lines(csv: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    csv.split(|byte| *byte == b'\n')
        .flat_map(|line| line.strip_suffix(b"\r").unwrap_or(line).split(|byte| *byte == b'\r'))
        .zip(1..)
        .map(|(line, number)| (number, line))
        .filter(|(_, line)| !line.trim_ascii().is_empty())
}

/// Reads one line on its own, so that an unclosed quotation mark does not affect the next lines.
fn values(line: &[u8], separator: u8) -> Result<StringRecord, String> {
    let line = std::str::from_utf8(line).map_err(|_| "it is not UTF-8")?;
    if line.matches('"').count() % 2 != 0 {
        return Err("a quotation mark is not closed in the same line".to_owned());
    }
    let mut reader =
        ReaderBuilder::new().has_headers(false).delimiter(separator).from_reader(line.as_bytes());
    let mut record = StringRecord::new();
    reader.read_record(&mut record).map_err(|_| "it cannot be read")?;
    Ok(record.iter().map(|value| value.trim_matches(is_invisible)).collect())
}

fn wanted(record: &StringRecord, columns: &StringRecord) -> Result<WantedUser, String> {
    if record.len() != columns.len() {
        return Err(format!("{} values for {} columns", record.len(), columns.len()));
    }
    let user: WantedUser =
        record.deserialize(Some(columns)).map_err(|_| "it cannot be read".to_owned())?;
    if user.email.is_empty() {
        return Err("no e-mail address".to_owned());
    }
    if !is_one_address(&user.email) {
        return Err("the email is not one plain address such as name@example.com".to_owned());
    }
    if let Some(UserType::Unknown(_)) = user.user_type {
        return Err("the user_type is neither PrivateUser nor SharedDevice".to_owned());
    }
    if let Some(License::Unknown(_)) = user.license_type {
        return Err("the license_type is unknown".to_owned());
    }
    Ok(user)
}

/// Returns `true` if the text is one plain e-mail address. The service would also accept texts such as
/// `Ana <ana@example.com>`, or two addresses.
fn is_one_address(email: &str) -> bool {
    let is_foreign = |letter| is_invisible(letter) || r#"()<>[]:;,\""#.contains(letter);
    email.matches('@').count() == 1 && !email.contains(is_foreign)
}

/// Returns `true` for white space and characters without width, which texts from spreadsheets and web pages contain.
fn is_invisible(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{feff}')
}
