//! `chime verify`: checks that an archive is complete and consistent.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use amazon_chime::chrono::{DateTime, Utc};
use clap::Args;

use crate::archive::manifest::{ArchiveFile, Manifest};
use crate::ending::Ending;
use crate::format;
use crate::output::say;
use crate::rows::{self, KINDS, Kind, Row, Seen, lines};

/// Checks an archive for missing rows, wrong references, duplicates and truncated files.
///
/// The member of a room may be missing if it is a webhook, if it is in another account, or if the membership changed
/// while the archive was made.
#[derive(Args)]
#[command(after_help = "Example: chime verify my-archive\n\nLists the problems. The exit code \
    is 1 if there are any.")]
pub(crate) struct Arguments {
    /// The directory of the archive.
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

/// The largest number of listed problems of one sort.
const LISTED: u64 = 20;

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Ending> {
    let directory = &arguments.directory;
    let manifest = Manifest::read(directory)?;
    let mut check = Check {
        manifest: &manifest,
        problems: Problems::default(),
        accounts: Seen::default(),
        users: Seen::default(),
        bots: Seen::default(),
        rooms: Seen::default(),
    };
    let mut rows = 0;
    for kind in KINDS {
        match manifest.files.iter().find(|file| file.kind == kind.name) {
            Some(file) => rows += check.file(directory, kind, file)?,
            None if kind.name == rows::USER_SETTINGS.name && !manifest.user_settings => {}
            None => check.problems.add("file", format!("{} is not in the manifest", kind.file)),
        }
    }
    if !manifest.is_complete {
        let count = manifest.not_read.iter().map(|reasons| reasons.count).sum();
        let problem = format!(
            "the archive is incomplete: its manifest lists {} that could not be read",
            format::count(count, "item")
        );
        check.problems.add("incomplete", problem);
    }
    Ok(check.problems.report(directory, rows))
}

struct Check<'a> {
    manifest: &'a Manifest,
    problems: Problems,
    accounts: Seen,
    users: Seen,
    bots: Seen,
    rooms: Seen,
}

impl Check<'_> {
    /// Checks a file, and returns the number of its rows.
    fn file(&mut self, directory: &Path, kind: &Kind, file: &ArchiveFile) -> anyhow::Result<u64> {
        let path = directory.join(kind.file);
        let bytes = match fs_err::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.problems.add("file", format!("{} is missing", kind.file));
                return Ok(0);
            }
            Err(error) => return Err(error.into()),
        };
        if bytes != file.bytes {
            let problem = if bytes < file.bytes { "truncated" } else { "changed" };
            let lengths = format!("{bytes} bytes rather than {}", file.bytes);
            self.problems.add("length", format!("{} is {problem}: it has {lengths}", kind.file));
        }
        let (mut seen, mut rows) = (Seen::default(), 0);
        for (number, line) in lines(&path)? {
            rows += 1;
            let at = format!("{} line {number}", kind.file);
            let line = match line {
                Ok(line) => line,
                Err(error) if error.kind() == ErrorKind::InvalidData => {
                    self.problems.add("line", format!("{at}: not UTF-8"));
                    continue;
                }
                // The disk cannot read the file, so there is no next line.
                Err(error) => return Err(error.into()),
            };
            match Row::read(kind, &line) {
                Err(problem) => self.problems.add("line", format!("{at}: {problem}")),
                Ok(row) => {
                    let is_single = row.ids.is_empty() && rows > 1;
                    if !row.ids.is_empty() && !seen.insert(&row.ids) || is_single {
                        let problem = format!("{at}: {} {} is a duplicate", kind.name, row.id());
                        self.problems.add("duplicate", problem);
                    }
                    self.row(kind, &row, &at);
                }
            }
        }
        if rows != file.rows {
            let counts = format!("{rows} rows rather than {}", file.rows);
            self.problems.add("count", format!("{} has {counts}", kind.file));
        }
        Ok(rows)
    }

    /// Checks the references of a row, and remembers the row if others may refer to it.
    fn row(&mut self, kind: &Kind, row: &Row<'_>, at: &str) {
        let ids = row.ids.as_slice();
        if kind.parents.first() == Some(&"AccountId")
            && !ids.get(..1).is_some_and(|account| self.accounts.contains(account))
        {
            self.refers_to_nothing(kind, row, at, "account");
        }
        match kind.name {
            "Account" => _ = self.accounts.insert(ids),
            "User" => _ = self.users.insert(ids),
            "Bot" => _ = self.bots.insert(ids),
            "Room" => _ = self.rooms.insert(ids),
            "UserSettings" if !self.users.contains(ids) => {
                self.refers_to_nothing(kind, row, at, "user");
            }
            "EventsConfiguration" if !self.bots.contains(ids) => {
                self.refers_to_nothing(kind, row, at, "bot");
            }
            "RoomMembership" => self.membership(kind, row, at),
            _ => {}
        }
    }

    fn membership(&mut self, kind: &Kind, row: &Row<'_>, at: &str) {
        let [account_id, room_id, member_id] = row.ids.as_slice() else { return };
        if !self.rooms.contains(&[account_id.clone(), room_id.clone()]) {
            self.refers_to_nothing(kind, row, at, "room");
        }
        let of_other_account =
            row.text(&["Member", "AccountId"]).is_some_and(|id| id != *account_id);
        let is_webhook = row.text(&["Member", "MemberType"]).as_deref() == Some("Webhook");
        let member = [account_id.clone(), member_id.clone()];
        let is_known = self.users.contains(&member) || self.bots.contains(&member);
        if is_known || of_other_account || is_webhook || self.changed_meanwhile(row) {
            return;
        }
        self.refers_to_nothing(kind, row, at, "member");
    }

    /// Returns `true` if the row was changed after reading began. Its member may be newer than the list of users.
    fn changed_meanwhile(&self, row: &Row<'_>) -> bool {
        let time = row.text(&["UpdatedTimestamp"]);
        let time = time.and_then(|text| text.parse::<DateTime<Utc>>().ok());
        time.is_some_and(|time| time >= self.manifest.begun)
    }

    fn refers_to_nothing(&mut self, kind: &Kind, row: &Row<'_>, at: &str, what: &'static str) {
        let problem = format!("{at}: {} {}: its {what} is not in the archive", kind.name, row.id());
        self.problems.add(what, problem);
    }
}

/// The number of problems of each sort, and the first problems.
#[derive(Default)]
struct Problems(BTreeMap<&'static str, (u64, Vec<String>)>);

impl Problems {
    fn add(&mut self, sort: &'static str, problem: String) {
        let (count, listed) = self.0.entry(sort).or_default();
        *count += 1;
        if *count <= LISTED {
            listed.push(problem);
        }
    }

    fn report(&self, directory: &Path, rows: u64) -> Ending {
        for (count, listed) in self.0.values() {
            listed.iter().for_each(say);
            if *count > LISTED {
                say(format_args!("… and {} more like this", format::number(count - LISTED)));
            }
        }
        let rows = format::count(rows, "row");
        let problems = self.0.values().map(|(count, _)| count).sum();
        if problems == 0 {
            say(format_args!("{} has no problems in {rows}.", directory.display()));
            return Ending::Done;
        }
        let problems = format::count(problems, "problem");
        say(format_args!("{} has {problems} in {rows}.", directory.display()));
        Ending::Incomplete
    }
}
