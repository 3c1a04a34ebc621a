//! The files of an archive: their kinds, their rows, and the identifiers of rows.
//!
//! A row is a line such as `{"User":{…},"AccountId":"…"}`. It has the resource as the service sent it, under the name
//! of its kind, and the identifiers of its parents, such as its account. The embedded Chime (`chime serve`) can load
//! such lines.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader};
use std::path::Path;

use fs_err::File;
use serde::Deserialize;
use serde_json::value::RawValue;

/// A kind of rows, with its own file in an archive.
pub(crate) struct Kind {
    /// The name of the kind in a row.
    pub(crate) name: &'static str,
    /// The name of the kind in a sentence, in the singular.
    pub(crate) noun: &'static str,
    /// The name of the file; names sort in the order in which the files can be loaded.
    pub(crate) file: &'static str,
    /// The name of the part: the files that hold the rows while an archive is made.
    pub(crate) part: &'static str,
    /// The names of the parents' identifiers in a row.
    pub(crate) parents: &'static [&'static str],
    /// The path of members to the resource's own identifier.
    id: &'static [&'static str],
}

pub(crate) const ACCOUNT: Kind = Kind {
    name: "Account",
    noun: "account",
    file: "01_accounts.jsonl",
    part: "accounts",
    parents: &[],
    id: &["AccountId"],
};

pub(crate) const ACCOUNT_SETTINGS: Kind = Kind {
    name: "AccountSettings",
    noun: "account setting",
    file: "02_account_settings.jsonl",
    part: "settings",
    parents: &["AccountId"],
    id: &[],
};

pub(crate) const ACCOUNT_RETENTION: Kind = Kind {
    name: "AccountRetention",
    noun: "retention setting",
    file: "03_account_retention.jsonl",
    part: "retention",
    parents: &["AccountId"],
    id: &[],
};

pub(crate) const USER: Kind = Kind {
    name: "User",
    noun: "user",
    file: "04_users.jsonl",
    part: "users",
    parents: &["AccountId"],
    id: &["UserId"],
};

pub(crate) const USER_SETTINGS: Kind = Kind {
    name: "UserSettings",
    noun: "user setting",
    file: "05_user_settings.jsonl",
    part: "user_settings",
    parents: &["AccountId", "UserId"],
    id: &[],
};

pub(crate) const BOT: Kind = Kind {
    name: "Bot",
    noun: "bot",
    file: "06_bots.jsonl",
    part: "bots",
    parents: &["AccountId"],
    id: &["BotId"],
};

pub(crate) const EVENTS_CONFIGURATION: Kind = Kind {
    name: "EventsConfiguration",
    noun: "events configuration",
    file: "07_events_configurations.jsonl",
    part: "events_configurations",
    parents: &["AccountId", "BotId"],
    id: &[],
};

pub(crate) const ROOM: Kind = Kind {
    name: "Room",
    noun: "room",
    file: "08_rooms.jsonl",
    part: "rooms",
    parents: &["AccountId"],
    id: &["RoomId"],
};

pub(crate) const ROOM_MEMBERSHIP: Kind = Kind {
    name: "RoomMembership",
    noun: "membership",
    file: "09_room_memberships.jsonl",
    part: "memberships",
    parents: &["AccountId", "RoomId"],
    id: &["Member", "MemberId"],
};

pub(crate) const PHONE_NUMBER: Kind = Kind {
    name: "PhoneNumber",
    noun: "phone number",
    file: "10_phone_numbers.jsonl",
    part: "phone_numbers",
    parents: &[],
    id: &["PhoneNumberId"],
};

pub(crate) const PHONE_NUMBER_ORDER: Kind = Kind {
    name: "PhoneNumberOrder",
    noun: "phone number order",
    file: "11_phone_number_orders.jsonl",
    part: "phone_number_orders",
    parents: &[],
    id: &["PhoneNumberOrderId"],
};

pub(crate) const PHONE_NUMBER_SETTINGS: Kind = Kind {
    name: "PhoneNumberSettings",
    noun: "phone number setting",
    file: "12_phone_number_settings.jsonl",
    part: "phone_number_settings",
    parents: &[],
    id: &[],
};

pub(crate) const GLOBAL_SETTINGS: Kind = Kind {
    name: "GlobalSettings",
    noun: "global setting",
    file: "13_global_settings.jsonl",
    part: "global_settings",
    parents: &[],
    id: &[],
};

/// All kinds, in the order in which they can be loaded.
pub(crate) const KINDS: [&Kind; 13] = [
    &ACCOUNT,
    &ACCOUNT_SETTINGS,
    &ACCOUNT_RETENTION,
    &USER,
    &USER_SETTINGS,
    &BOT,
    &EVENTS_CONFIGURATION,
    &ROOM,
    &ROOM_MEMBERSHIP,
    &PHONE_NUMBER,
    &PHONE_NUMBER_ORDER,
    &PHONE_NUMBER_SETTINGS,
    &GLOBAL_SETTINGS,
];

impl Kind {
    /// Returns the line of a resource and its parents' identifiers, which are in the order of `parents`.
    pub(crate) fn line(&self, resource: &str, parents: &[&str]) -> String {
        // Line breaks are white space between members, because line breaks in texts are escaped.
        let mut line = format!("{{\"{}\":{}", self.name, resource.replace(['\n', '\r'], " "));
        for (name, id) in self.parents.iter().zip(parents) {
            line.extend([",\"", name, "\":", &serde_json::Value::from(*id).to_string()]);
        }
        line + "}\n"
    }
}

pub(crate) struct Row<'a> {
    /// The identifiers of the parents and of the resource, which together are unique in the kind.
    pub(crate) ids: Vec<String>,
    pub(crate) resource: &'a RawValue,
}

impl<'a> Row<'a> {
    /// Reads a line. The error says what is wrong, and does not show the line.
    pub(crate) fn read(kind: &Kind, line: &'a str) -> Result<Self, String> {
        let mut members: Members<'a> = parse(line).ok_or("not a JSON object")?;
        let resource = members.remove(kind.name).ok_or_else(|| format!("no {}", kind.name))?;
        let mut ids = Vec::new();
        for name in kind.parents {
            ids.push(text(&members, name).ok_or_else(|| format!("no {name}"))?);
        }
        if let Some((last, path)) = kind.id.split_last() {
            let own = path.iter().try_fold(resource, |at, name| parse(at.get())?.remove(*name));
            let own = own.and_then(|own| text(&parse(own.get())?, last));
            ids.push(own.ok_or_else(|| format!("its {} has no {last}", kind.name))?);
        }
        Ok(Self { ids, resource })
    }

    /// Returns the text at the end of this path of members.
    pub(crate) fn text(&self, path: &[&str]) -> Option<String> {
        let (last, path) = path.split_last()?;
        let at = path.iter().try_fold(self.resource, |at, name| parse(at.get())?.remove(*name))?;
        text(&parse(at.get())?, last)
    }

    pub(crate) fn members(&self) -> Members<'a> {
        parse(self.resource.get()).unwrap_or_default()
    }

    /// Returns the identifiers as text for people.
    pub(crate) fn id(&self) -> String {
        self.ids.join("/")
    }
}

pub(crate) type Members<'a> = BTreeMap<String, &'a RawValue>;

fn parse(json: &str) -> Option<Members<'_>> {
    serde_json::from_str(json).ok()
}

fn text(members: &Members<'_>, name: &str) -> Option<String> {
    String::deserialize(*members.get(name)?).ok()
}

/// Reads a file line by line, with the numbers of the lines.
pub(crate) fn lines(
    path: &Path,
) -> std::io::Result<impl Iterator<Item = (usize, std::io::Result<String>)> + use<>> {
    Ok((1..).zip(BufReader::new(File::open(path)?).lines()))
}

/// The identifiers that were seen, as hashes of 16 bytes, so that a large archive needs little memory.
#[derive(Default)]
pub(crate) struct Seen {
    hashers: [RandomState; 2],
    hashes: std::collections::HashSet<[u64; 2]>,
}

impl Seen {
    /// Adds the identifiers, and returns `true` if they are new.
    pub(crate) fn insert(&mut self, ids: &[String]) -> bool {
        self.hashes.insert(self.hash(ids))
    }

    pub(crate) fn contains(&self, ids: &[String]) -> bool {
        self.hashes.contains(&self.hash(ids))
    }

    fn hash(&self, ids: &[String]) -> [u64; 2] {
        self.hashers.each_ref().map(|hasher| hasher.hash_one(ids))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_sort_in_the_order_of_loading() {
        assert!(KINDS.is_sorted_by_key(|kind| kind.file));
    }

    #[test]
    fn a_resource_becomes_one_line_that_can_be_read_back() {
        let line = USER.line("{\n \"UserId\": \"u/1\",\r\n \"New\": 1.0\n}", &["a\"1"]);
        let line = line.strip_suffix('\n').unwrap();
        assert_eq!(line, r#"{"User":{  "UserId": "u/1",   "New": 1.0 },"AccountId":"a\"1"}"#);
        let row = Row::read(&USER, line).unwrap();
        assert_eq!(row.ids, ["a\"1", "u/1"]);
        assert_eq!(row.members()["New"].get(), "1.0");
    }

    #[test]
    fn the_error_of_a_wrong_row_does_not_show_the_row() {
        for (line, problem) in [
            ("{", "not a JSON object"),
            (r#"{"Room":{}}"#, "no User"),
            (r#"{"User":{}}"#, "no AccountId"),
            (r#"{"User":{"UserId":1},"AccountId":"a"}"#, "its User has no UserId"),
            (r#"{"User":"secret","AccountId":"a"}"#, "its User has no UserId"),
        ] {
            assert_eq!(Row::read(&USER, line).err().as_deref(), Some(problem));
        }
    }

    #[test]
    fn all_parts_of_identifiers_are_compared() {
        let mut seen = Seen::default();
        let ids = |parts: [&str; 2]| parts.map(str::to_owned);
        assert!(seen.insert(&ids(["ab", "c"])));
        assert!(seen.insert(&ids(["a", "bc"])));
        assert!(!seen.insert(&ids(["ab", "c"])));
        assert!(seen.contains(&ids(["a", "bc"])));
    }
}
