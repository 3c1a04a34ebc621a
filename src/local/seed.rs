//! Seeds: the rows with which an embedded Chime begins, read from JSON Lines.

use std::io::{self, BufRead, ErrorKind};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::answer::Refusal;
use super::directory::Directory;
use super::document::Document;
use super::members::Members;
use super::server::Chime;
use super::validate;
use super::{
    account_settings, accounts, bots, events_configuration, global_settings, phone_number_orders,
    phone_number_settings, phone_numbers, retention_settings, room_memberships, rooms,
    user_settings, users,
};

/// Adds the row of a line.
type Seed = fn(&mut Directory, Line) -> Result<(), Refusal>;

const KINDS: &[(&str, Seed)] = &[
    ("Account", accounts::seed),
    ("AccountSettings", account_settings::seed),
    ("AccountRetention", retention_settings::seed),
    ("User", users::seed),
    ("UserSettings", user_settings::seed),
    ("Room", rooms::seed),
    ("RoomMembership", room_memberships::seed),
    ("Bot", bots::seed),
    ("EventsConfiguration", events_configuration::seed),
    ("PhoneNumber", phone_numbers::seed),
    ("PhoneNumberOrder", phone_number_orders::seed),
    ("PhoneNumberSettings", phone_number_settings::seed),
    ("GlobalSettings", global_settings::seed),
];

/// Adds the rows that the lines describe, up to the first line that is refused.
pub(super) fn read(chime: &Chime, lines: impl BufRead) -> io::Result<()> {
    for (number, line) in (1..).zip(lines.lines()) {
        let line = line.map_err(|error| at_line(number, error.kind(), &error.to_string()))?;
        if !line.trim().is_empty() {
            seed(&mut chime.directory(), &line, chime.resource_clock.now())
                .map_err(|refusal| at_line(number, ErrorKind::InvalidData, refusal.message()))?;
        }
    }
    Ok(())
}

/// A line of a seed.
pub(super) struct Line {
    /// The row as it came.
    pub(super) document: Document,
    /// What is beside the row: the identifiers of what it belongs to.
    beside: Members,
    pub(super) now: DateTime<Utc>,
}

impl Line {
    /// Gives the row an identifier, unless it has one.
    pub(super) fn identify(&mut self, name: &str) -> Result<(), Refusal> {
        match self.document.member(name) {
            Value::Null => {
                self.document.set(name, Uuid::new_v4().to_string());
                Ok(())
            }
            Value::String(id) => validate::not_blank(name, id).map(drop),
            _ => Err(validate::must_be(name, "a string")),
        }
    }

    /// The identifier of what the row belongs to, which is in the row or beside it.
    pub(super) fn parent(&self, name: &str) -> Result<String, Refusal> {
        let id = match self.document.text(name) {
            Some(id) => id,
            None => validate::required(name, self.beside.text(name, validate::not_blank)?)?,
        };
        Ok(id.to_owned())
    }

    /// The same, for a row whose model has a member for it. The row has this member afterwards.
    pub(super) fn fill_in_parent(&mut self, name: &str) -> Result<String, Refusal> {
        let id = self.parent(name)?;
        self.document.set(name, id.as_str());
        Ok(id)
    }

    /// A line with nothing beside the row.
    #[cfg(test)]
    pub(super) fn of(document: Document) -> Self {
        Self { document, beside: Members::default(), now: Utc::now() }
    }
}

fn seed(directory: &mut Directory, line: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
    let line: Map<String, Value> = serde_json::from_str(line)
        .map_err(|_| Refusal::bad_request("This is not a JSON object."))?;
    let mut kinds = KINDS.iter().filter(|(kind, _)| line.contains_key(*kind));
    let (Some((kind, seed)), None) = (kinds.next(), kinds.next()) else {
        let kinds: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
        let message = format!("There must be exactly one of {}.", kinds.join(", "));
        return Err(Refusal::bad_request(message));
    };
    let Some(Value::Object(_)) = line.get(*kind) else {
        return Err(validate::must_be(kind, "an object"));
    };
    let mut beside = line;
    let document = Document::new(beside.remove(*kind).unwrap_or_default());
    seed(directory, Line { document, beside: Members::new(beside), now })
}

/// The error says where and what, but quotes no value, which may be an e-mail address.
fn at_line(number: usize, kind: ErrorKind, problem: &str) -> io::Error {
    io::Error::new(kind, format!("line {number} of the seed: {problem}"))
}
