//! Seeds: rows that are read from JSON Lines.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, ErrorKind};

use chrono::{DateTime, Utc};
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;
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

type Seed = fn(&mut Directory, Line) -> Result<(), Refusal>;

/// The kinds, each with the depth of its rows: the number of parents of a row.
const KINDS: &[(&str, usize, Seed)] = &[
    ("Account", 0, accounts::seed),
    ("AccountSettings", 1, account_settings::seed),
    ("AccountRetention", 1, retention_settings::seed),
    ("User", 1, users::seed),
    ("UserSettings", 2, user_settings::seed),
    ("Room", 1, rooms::seed),
    ("RoomMembership", 2, room_memberships::seed),
    ("Bot", 1, bots::seed),
    ("EventsConfiguration", 2, events_configuration::seed),
    ("PhoneNumber", 0, phone_numbers::seed),
    ("PhoneNumberOrder", 0, phone_number_orders::seed),
    ("PhoneNumberSettings", 0, phone_number_settings::seed),
    ("GlobalSettings", 0, global_settings::seed),
];

pub(super) const DEPTHS: usize = 3;

/// Adds the rows of the lines, up to the first line that is refused.
pub(super) fn read(chime: &Chime, lines: impl BufRead) -> io::Result<()> {
    let mut lines = lines.lines().peekable();
    let mut before = 0;
    while lines.peek().is_some() {
        // Reading may be slow, so it does not lock the directory.
        let some: Vec<_> = lines.by_ref().take(LINES_AT_ONCE).collect();
        let count = some.len();
        let now = chime.resource_clock.now();
        let added = chime.state.act(|directory| add(directory, some, before, now));
        added.map_err(Refusal::into_io_error)??;
        before += count;
    }
    Ok(())
}

/// The number of lines that are added and stored at once.
const LINES_AT_ONCE: usize = 1000;

/// Adds the rows of some lines of a seed. `before` is the number of earlier lines; errors contain the line number.
pub(super) fn add(
    directory: &mut Directory,
    lines: impl IntoIterator<Item = io::Result<String>>,
    before: usize,
    now: DateTime<Utc>,
) -> io::Result<()> {
    for (number, line) in (before + 1..).zip(lines) {
        let line = line.map_err(|error| at_line(number, error.kind(), &error.to_string()))?;
        if !line.trim().is_empty() {
            seed(directory, &line, now)
                .map_err(|refusal| at_line(number, ErrorKind::InvalidData, refusal.message()))?;
        }
    }
    Ok(())
}

/// Returns the depth of the row of a line: 0 for an account, 2 for a membership of a room.
pub(super) fn depth(line: &str) -> usize {
    // `add` refuses any other line.
    #[expect(clippy::zero_sized_map_values, reason = "serde does not read an object into a set")]
    let members: HashMap<Cow<'_, str>, IgnoredAny> = serde_json::from_str(line).unwrap_or_default();
    let kind = KINDS.iter().find(|(kind, ..)| members.contains_key(*kind));
    kind.map_or(0, |(_, depth, _)| *depth)
}

/// A line of a seed.
pub(super) struct Line {
    /// The row as it was written.
    pub(super) document: Document,
    /// The other members of the line: the identifiers of the parents.
    beside: Members,
    pub(super) now: DateTime<Utc>,
}

impl Line {
    /// Sets a random identifier, unless the row has one.
    pub(super) fn identify(&mut self, name: &str) -> Result<(), Refusal> {
        match self.document.member(name) {
            Value::Null => {
                self.document.set(name, Uuid::new_v4().to_string());
                Ok(())
            }
            Value::String(id) => validate::not_blank(name, &id).map(drop),
            _ => Err(validate::must_be(name, "a string")),
        }
    }

    /// Returns the identifier of a parent from the row or from the other members of the line.
    pub(super) fn parent(&self, name: &str) -> Result<String, Refusal> {
        let id = match self.document.text(name) {
            Some(id) => id.into_owned(),
            None => {
                validate::required(name, self.beside.text(name, validate::not_blank)?)?.to_owned()
            }
        };
        Ok(id)
    }

    /// Returns the identifier of a parent, and adds it to the row if it is absent there.
    pub(super) fn fill_in_parent(&mut self, name: &str) -> Result<String, Refusal> {
        let id = self.parent(name)?;
        // A row with the identifier stays as it was written.
        if self.document.text(name).is_none() {
            self.document.set(name, id.as_str());
        }
        Ok(id)
    }

    /// Creates a line without identifiers of parents.
    #[cfg(test)]
    pub(super) fn of(document: Document) -> Self {
        Self { document, beside: Members::default(), now: Utc::now() }
    }
}

fn seed(directory: &mut Directory, line: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
    let mut line: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(line)
        .map_err(|_| Refusal::bad_request("This is not a JSON object."))?;
    let mut kinds = KINDS.iter().filter(|(kind, ..)| line.contains_key(*kind));
    let (Some((kind, _, seed)), None) = (kinds.next(), kinds.next()) else {
        let kinds: Vec<&str> = KINDS.iter().map(|(kind, ..)| *kind).collect();
        let message = format!("There must be exactly one of {}.", kinds.join(", "));
        return Err(Refusal::bad_request(message));
    };
    let document = line.remove(*kind).and_then(|row| Document::try_from(row.to_owned()).ok());
    let document = document.ok_or_else(|| validate::must_be(kind, "an object"))?;
    let beside = line.into_iter().map(|(name, value)| {
        (name.into_owned(), serde_json::from_str(value.get()).unwrap_or_default())
    });
    seed(directory, Line { document, beside: Members::new(beside.collect()), now })
}

/// Creates an error with the line and the problem, but without values, which may be e-mail addresses.
fn at_line(number: usize, kind: ErrorKind, problem: &str) -> io::Error {
    io::Error::new(kind, format!("line {number} of the seed: {problem}"))
}
