//! The file: which users it wants, and which of its lines are of no use.

use std::collections::HashMap;
use std::error::Error;

use amazon_chime::{License, UserType};
use csv::{ReaderBuilder, StringRecord, Trim};
use serde::Deserialize;

/// A user as a line of the file wants it.
#[derive(Deserialize)]
pub(crate) struct WantedUser {
    pub(crate) email: String,
    pub(crate) username: Option<String>,
    pub(crate) user_type: Option<UserType>,
    pub(crate) license_type: Option<License>,
}

/// The number of each line with the user that it wants, or why it is of no use.
pub(crate) type Lines = Vec<(usize, Result<WantedUser, String>)>;

const COLUMNS: [&str; 4] = ["email", "username", "user_type", "license_type"];

/// Reads a file. No message shows anything of what is in it.
pub(crate) fn read(csv: &[u8]) -> Result<Lines, Box<dyn Error>> {
    let mut reader = ReaderBuilder::new().trim(Trim::All).flexible(true).from_reader(csv);
    let columns = reader.headers()?.clone();
    let is_known = |column| COLUMNS.contains(&column);
    if !columns.iter().all(is_known) || !columns.iter().any(|column| column == "email") {
        let columns = COLUMNS.join(", ");
        return Err(format!(
            "the file must begin with the names of its columns, of {columns}; \
             the first is required"
        )
        .into());
    }

    let mut lines = Lines::new();
    let mut first_seen = HashMap::new();
    let mut numbers = LineNumbers { csv, line: 1, counted: 0 };
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        let number = numbers.of(&record);
        let user = wanted(record.clone(), &columns).and_then(|user| {
            match *first_seen.entry(user.email.to_lowercase()).or_insert(number) {
                first if first == number => Ok(user),
                first => Err(format!("the same e-mail address as in line {first}")),
            }
        });
        lines.push((number, user));
    }
    Ok(lines)
}

fn wanted(record: csv::ByteRecord, columns: &StringRecord) -> Result<WantedUser, String> {
    let record =
        StringRecord::from_byte_record(record).map_err(|_| "it is not UTF-8".to_owned())?;
    if record.len() != columns.len() {
        return Err(format!("{} values for {} columns", record.len(), columns.len()));
    }
    let user: WantedUser =
        record.deserialize(Some(columns)).map_err(|_| "it cannot be read".to_owned())?;
    if user.email.is_empty() {
        return Err("no e-mail address".to_owned());
    }
    if let Some(UserType::Unknown(_)) = user.user_type {
        return Err("the user_type is neither PrivateUser nor SharedDevice".to_owned());
    }
    if let Some(License::Unknown(_)) = user.license_type {
        return Err("the license_type is none that is known".to_owned());
    }
    Ok(user)
}

/// The numbers of the lines that records begin on. The reader's own do not count the line feed that
/// ends the line before, nor empty lines.
struct LineNumbers<'a> {
    csv: &'a [u8],
    line: usize,
    /// How much of the file has been counted.
    counted: usize,
}

impl LineNumbers<'_> {
    /// Records must come in their order.
    fn of(&mut self, record: &csv::ByteRecord) -> usize {
        let end_of_last = record.position().map_or(0, csv::Position::byte);
        let end_of_last = usize::try_from(end_of_last).unwrap_or(usize::MAX);
        let breaks = self.csv.iter().skip(end_of_last).take_while(|byte| b"\r\n".contains(byte));
        let start = end_of_last.saturating_add(breaks.count()).min(self.csv.len());
        self.line += self.csv[self.counted..start].split(|byte| *byte == b'\n').count() - 1;
        self.counted = start;
        self.line
    }
}
