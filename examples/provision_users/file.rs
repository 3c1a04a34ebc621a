//! The file: which users it wants, and which of its lines are of no use.

use std::collections::HashMap;
use std::error::Error;

use amazon_chime::{License, UserType};
use csv::{ReaderBuilder, StringRecord};
use serde::Deserialize;

/// A user as a line of the file wants it.
#[derive(Deserialize)]
pub(crate) struct WantedUser {
    pub(crate) email: String,
    pub(crate) username: Option<String>,
    pub(crate) user_type: Option<UserType>,
    pub(crate) license_type: Option<License>,
}

/// What a line of the file says.
pub(crate) enum Line {
    User(WantedUser),
    /// The address of the user in this earlier line.
    Repeats(usize),
    /// Of no use, for this reason.
    Bad(String),
}

const COLUMNS: [&str; 4] = ["email", "username", "user_type", "license_type"];

/// Reads a file: its lines with their numbers. No message shows anything of what is in it.
pub(crate) fn read(csv: &[u8]) -> Result<Vec<(usize, Line)>, Box<dyn Error>> {
    let mut records = numbered_lines(csv).map(|(number, line)| (number, values(line)));
    let columns = match records.next() {
        Some((_, Ok(columns))) => columns,
        _ => StringRecord::new(),
    };
    let is_known = |column| COLUMNS.contains(&column);
    if !columns.iter().all(is_known) || !columns.iter().any(|column| column == "email") {
        let columns = COLUMNS.join(", ");
        return Err(format!(
            "the file must begin with the names of its columns, of {columns}; \
             the first is required"
        )
        .into());
    }
    for column in COLUMNS {
        if columns.iter().filter(|name| *name == column).count() > 1 {
            return Err(format!("the file has more than one column {column}").into());
        }
    }

    let mut first_seen = HashMap::new();
    let mut lines = Vec::new();
    for (number, record) in records {
        let line = match record.and_then(|record| wanted(&record, &columns)) {
            Ok(user) => {
                let first = *first_seen.entry(user.email.to_ascii_lowercase()).or_insert(number);
                if first == number { Line::User(user) } else { Line::Repeats(first) }
            }
            Err(problem) => Line::Bad(problem),
        };
        lines.push((number, line));
    }
    if lines.is_empty() {
        return Err("the file names no users: it has nothing but the names of its columns".into());
    }
    Ok(lines)
}

/// The lines that are not blank, whatever ends them, numbered as an editor does.
fn numbered_lines(csv: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    csv.split(|byte| *byte == b'\n')
        .flat_map(|line| line.strip_suffix(b"\r").unwrap_or(line).split(|byte| *byte == b'\r'))
        .zip(1..)
        .map(|(line, number)| (number, line))
        .filter(|(_, line)| !line.trim_ascii().is_empty())
}

/// Each line is read on its own, so that a quotation mark too many does not swallow those after it.
fn values(line: &[u8]) -> Result<StringRecord, String> {
    let line = std::str::from_utf8(line).map_err(|_| "it is not UTF-8")?;
    if line.matches('"').count() % 2 != 0 {
        return Err("a quotation mark without another in the same line".to_owned());
    }
    let mut reader = ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
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
        return Err("the license_type is none that is known".to_owned());
    }
    Ok(user)
}

/// Whether this is not what else people put into such a column, as `Ana <ana@example.com>`, or two
/// addresses. The service would take these.
fn is_one_address(email: &str) -> bool {
    let is_foreign = |letter| is_invisible(letter) || r#"()<>[]:;,\""#.contains(letter);
    email.matches('@').count() == 1 && !email.contains(is_foreign)
}

/// White space, and what has no width: spreadsheets and web pages leave both behind.
fn is_invisible(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{feff}')
}
