//! The store of an embedded Chime with a data directory: an `SQLite` database in which each row is JSON.
//!
//! Operations read and change the rows in memory, in a `Directory`. Before the response, the changes of an operation
//! are written to the database in one transaction. The database is read only at the start and after a transaction that
//! failed.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use chrono::TimeDelta;
use rusqlite::{CachedStatement, Connection, Params, params};

use super::answer::Refusal;
use super::changes::{Change, Kind, Place};
use super::data_directory::{self, Failure, Lock};
use super::directory::Directory;
use super::paging::Tokens;
use super::restore::Unreadable;

/// An open database, which no other process has open.
pub(super) struct Store {
    connection: Connection,
    /// The reason why the directory in memory may differ from the database, if it may differ.
    lost: Option<String>,
    /// The lock is dropped after the connection.
    _lock: Lock,
}

pub(super) struct Stored {
    pub(super) directory: Directory,
    /// How far the clock of the resources is ahead.
    pub(super) clock_ahead: TimeDelta,
    /// Whether a seed was loaded into the store.
    pub(super) is_loaded: bool,
    pub(super) has_rows: bool,
}

impl Store {
    /// Opens the database of a data directory and reads it. Both are created if they do not exist.
    ///
    /// Before the response to a change, the operating system has the change. With `sync`, the disk also has the change.
    pub(super) fn open(path: &Path, sync: bool) -> io::Result<(Self, Stored)> {
        let (connection, lock) = data_directory::open(path, sync)?;
        let store = Self { connection, lost: None, _lock: lock };
        let stored = store.read().map_err(|failure| data_directory::error(path, &failure))?;
        Ok((store, stored))
    }

    /// Acts on the directory and stores the changes. If they cannot be stored, the directory does not change.
    pub(super) fn act<T>(
        &mut self,
        directory: &mut Directory,
        act: impl FnOnce(&mut Directory) -> T,
    ) -> Result<T, Refusal> {
        if let Some(lost) = &self.lost {
            return Err(Refusal::unavailable(lost.as_str()));
        }
        let outcome = act(directory);
        let mut writer = Writer::new(&self.connection);
        directory.drain(&mut |place, change| writer.visit(place, change));
        let accounts = writer.accounts.clone();
        let Err(failure) = writer.finish() else {
            return Ok(outcome);
        };
        let message = format!("The change cannot be stored: {failure}.");
        if let Err(failure) = self.put_back(directory, &accounts) {
            self.lost = Some(format!(
                "{message} What is stored cannot be read, either: {failure}. Restart the embedded Chime."
            ));
        }
        Err(Refusal::unavailable(message))
    }

    /// Stores the rows that a seed added to the empty directory: all rows or none.
    pub(super) fn keep_seed(&self, path: &Path, directory: &mut Directory) -> io::Result<()> {
        let mut writer = Writer::new(&self.connection);
        writer.set_state(IS_LOADED, true);
        directory.drain(&mut |place, change| writer.visit(place, change));
        let kept = writer.finish().and_then(|()| Ok(data_directory::checkpoint(&self.connection)?));
        kept.map_err(|failure| data_directory::error(path, &failure))
    }

    /// Stores how far the clock of the resources is ahead.
    pub(super) fn keep_clock(&mut self, ahead: TimeDelta) {
        let mut writer = Writer::new(&self.connection);
        writer.set_state(CLOCK_AHEAD, ahead.num_milliseconds());
        if let Err(failure) = writer.finish() {
            self.lost = Some(format!("The time cannot be stored: {failure}."));
        }
    }

    fn read(&self) -> Result<Stored, Failure> {
        let mut directory = Directory::default();
        let rows = self.connection.prepare(&format!("{SELECT_ROWS} ORDER BY id"))?;
        let has_rows = restore_rows(&mut directory, rows, [])?;
        let counts = self.connection.prepare(SELECT_COUNTS)?;
        restore_counts(&mut directory, counts, [])?;
        directory.tokens = Tokens::with_key(self.state(data_directory::PAGE_TOKEN_KEY)?);
        let clock_ahead: i64 = self.state(CLOCK_AHEAD)?;
        let clock_ahead = TimeDelta::try_milliseconds(clock_ahead)
            .ok_or(Failure::Unreadable(Unreadable::Malformed))?;
        Ok(Stored { directory, clock_ahead, is_loaded: self.state(IS_LOADED)?, has_rows })
    }

    /// Reads accounts again from the database.
    fn put_back(&self, directory: &mut Directory, accounts: &BTreeSet<u64>) -> Result<(), Failure> {
        for &account in accounts {
            directory.take(account);
            let rows = format!("{SELECT_ROWS} WHERE account = ? ORDER BY id");
            restore_rows(directory, self.connection.prepare(&rows)?, [account])?;
            let counts = format!("{SELECT_COUNTS} WHERE account = ?");
            restore_counts(directory, self.connection.prepare(&counts)?, [account])?;
        }
        Ok(())
    }

    fn state<T: rusqlite::types::FromSql>(&self, name: &str) -> rusqlite::Result<T> {
        let sql = "SELECT value FROM state WHERE name = ?";
        self.connection.query_row(sql, [name], |row| row.get(0))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        data_directory::close(&self.connection);
    }
}

const CLOCK_AHEAD: &str = "clock_ahead_milliseconds";
const IS_LOADED: &str = "is_loaded";

const SELECT_ROWS: &str = "SELECT account, kind, room, position, row FROM rows";
const SELECT_COUNTS: &str = "SELECT account, kind, room, added FROM counts";

/// Restores rows, and returns `true` if there are any.
fn restore_rows(
    directory: &mut Directory,
    mut rows: rusqlite::Statement<'_>,
    parameters: impl Params,
) -> Result<bool, Failure> {
    let mut rows = rows.query(parameters)?;
    let mut has_rows = false;
    while let Some(row) = rows.next()? {
        let place = Place { position: row.get(3)?, ..table_place(row)? };
        directory.restore(place, row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?)?;
        has_rows = true;
    }
    Ok(has_rows)
}

fn restore_counts(
    directory: &mut Directory,
    mut counts: rusqlite::Statement<'_>,
    parameters: impl Params,
) -> Result<(), Failure> {
    let mut counts = counts.query(parameters)?;
    while let Some(row) = counts.next()? {
        directory.restore_added(table_place(row)?, row.get(3)?)?;
    }
    Ok(())
}

fn table_place(row: &rusqlite::Row<'_>) -> Result<Place, Failure> {
    let name = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
    let kind = Kind::of_name(name).ok_or(Failure::Unreadable(Unreadable::Malformed))?;
    Ok(Place { kind, account: row.get(0)?, room: row.get(2)?, position: 0 })
}

/// Writes changes in one transaction, which begins with the first change.
struct Writer<'a> {
    connection: &'a Connection,
    has_begun: bool,
    outcome: Result<(), Failure>,
    /// The accounts that have changes. 0 stands for the rows of the AWS account.
    accounts: BTreeSet<u64>,
}

impl<'a> Writer<'a> {
    fn new(connection: &'a Connection) -> Self {
        Self { connection, has_begun: false, outcome: Ok(()), accounts: BTreeSet::new() }
    }

    /// Writes a change, unless an earlier change failed.
    fn visit(&mut self, place: Place, change: Change<'_>) {
        self.accounts.insert(account_of(place));
        if self.outcome.is_ok() {
            self.outcome = self.begin().and_then(|()| self.write(place, change));
        }
    }

    fn set_state(&mut self, name: &str, value: impl rusqlite::ToSql) {
        // A value never decreases, even if two threads advance the clock at the same time.
        let sql = "UPDATE state SET value = max(value, ?) WHERE name = ?";
        self.outcome = self.begin().and_then(|()| self.execute(sql, params![value, name]));
    }

    /// Ends the transaction, and writes nothing if a change failed.
    fn finish(self) -> Result<(), Failure> {
        if !self.has_begun {
            return self.outcome;
        }
        let outcome =
            self.outcome.and_then(|()| Ok(self.connection.prepare_cached("COMMIT")?.execute([])?));
        if outcome.is_err() && !self.connection.is_autocommit() {
            self.connection.execute_batch("ROLLBACK")?;
        }
        outcome.map(drop)
    }

    fn begin(&mut self) -> Result<(), Failure> {
        if !self.has_begun {
            self.execute("BEGIN IMMEDIATE", [])?;
            self.has_begun = true;
        }
        Ok(())
    }

    fn write(&self, place: Place, change: Change<'_>) -> Result<(), Failure> {
        let Place { kind, room, position, .. } = place;
        let (account, name) = (account_of(place), kind.name());
        match change {
            Change::Put(row) => {
                let row = row().map_err(|_| Failure::Unreadable(Unreadable::Malformed))?;
                self.execute(PUT, params![account, name, room, position, row])
            }
            Change::Remove { added } => {
                match kind {
                    Kind::Account => {
                        self.execute("DELETE FROM rows WHERE account = ?", [account])?;
                        self.execute("DELETE FROM counts WHERE account = ?", [account])?;
                    }
                    Kind::Room => {
                        let memberships = params![account, Kind::RoomMembership.name(), position];
                        self.execute(REMOVE_IN_ROOM, memberships)?;
                        self.execute(REMOVE_COUNT_IN_ROOM, memberships)?;
                        self.execute(REMOVE, params![account, name, room, position])?;
                    }
                    _ => self.execute(REMOVE, params![account, name, room, position])?,
                }
                self.execute(PUT_COUNT, params![place.account, name, room, added])
            }
        }
    }

    fn execute(&self, sql: &str, parameters: impl Params) -> Result<(), Failure> {
        let mut statement: CachedStatement<'_> = self.connection.prepare_cached(sql)?;
        statement.execute(parameters)?;
        Ok(())
    }
}

/// Returns the position of the account of a row, or the row's own position if the row is an account.
fn account_of(place: Place) -> u64 {
    if place.kind == Kind::Account { place.position } else { place.account }
}

const PUT: &str = "INSERT INTO rows (account, kind, room, position, row) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (account, kind, room, position) DO UPDATE SET row = excluded.row";
const REMOVE: &str =
    "DELETE FROM rows WHERE account = ? AND kind = ? AND room = ? AND position = ?";
const REMOVE_IN_ROOM: &str = "DELETE FROM rows WHERE account = ? AND kind = ? AND room = ?";
const REMOVE_COUNT_IN_ROOM: &str = "DELETE FROM counts WHERE account = ? AND kind = ? AND room = ?";
const PUT_COUNT: &str = "INSERT INTO counts (account, kind, room, added) VALUES (?, ?, ?, ?)
    ON CONFLICT (account, kind, room) DO UPDATE SET added = excluded.added";

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use chrono::Utc;
    use serde_json::json;

    use super::super::accounts;
    use super::super::document::Document;
    use super::super::seed;
    use super::super::users;
    use super::*;

    /// A data directory for a test, which is removed when this is dropped.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new() -> Self {
            let name = format!("amazon-chime-{}-{:016x}", std::process::id(), fastrand::u64(..));
            Self(std::env::temp_dir().join(name))
        }

        fn open(&self) -> (Store, Directory) {
            let (store, stored) = Store::open(&self.0, false).unwrap();
            (store, stored.directory)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            _ = std::fs::remove_dir_all(&self.0);
        }
    }

    /// Limits the number of pages of the file, as a full disk does.
    fn limit(store: &Store, pages: u32) {
        store.connection.pragma_update(None, "max_page_count", pages).unwrap();
    }

    fn add_user(store: &mut Store, directory: &mut Directory, email: &str) -> Result<(), Refusal> {
        let add = |directory: &mut Directory| {
            users::add_registered_user(directory, "a", email, Utc::now()).map(drop)
        };
        store.act(directory, add).flatten()
    }

    fn add_seed(
        store: &mut Store,
        directory: &mut Directory,
        seed: &[&str],
    ) -> Result<(), Refusal> {
        let lines = seed.iter().map(|line| Ok((*line).to_owned()));
        store.act(directory, |directory| seed::add(directory, lines, 0, Utc::now()).unwrap())
    }

    const SEED: [&str; 4] = [
        r#"{"Account": {"AccountId": "a", "Name": "Acme", "AccountType": "EnterpriseOIDC"}}"#,
        r#"{"Room": {"RoomId": "r"}, "AccountId": "a"}"#,
        r#"{"PhoneNumber": {"E164PhoneNumber": "+12065550100"}}"#,
        r#"{"GlobalSettings": {"VoiceConnector": {}}}"#,
    ];

    fn stored(store: &Store) -> Vec<(String, String)> {
        let sql = "SELECT account || kind || room || '/' || position, row FROM rows ORDER BY 1";
        let mut rows = store.connection.prepare(sql).unwrap();
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn a_change_that_cannot_be_stored_changes_nothing() {
        let scratch = Scratch::new();
        let (mut store, mut directory) = scratch.open();
        add_seed(&mut store, &mut directory, &SEED).unwrap();
        add_user(&mut store, &mut directory, "ana@example.com").unwrap();
        let before = stored(&store);

        limit(&store, 1);
        let long = "x".repeat(9000);
        let outcome = store.act(&mut directory, |directory| {
            let account = directory.accounts.find_mut("a").unwrap();
            account.settings = Some(Document::new(json!({ "Long": long })));
            *directory.global_settings.document_mut() = Document::new(json!({ "New": 1 }));
            users::add_registered_user(directory, "a", "bo@example.com", Utc::now()).unwrap();
            accounts::add_account(directory, "Birch", "Team", Utc::now()).unwrap();
            directory.phone_numbers.associate("12065550100", "a", "u", Utc::now()).unwrap();
            directory.accounts.enterprise_mut("a").unwrap().rooms.find_mut("r").unwrap();
        });
        let refusal = outcome.unwrap_err();
        assert!(refusal.message().contains("full"), "{}", refusal.message());
        assert_eq!(stored(&store), before);
        assert!(directory.accounts.find("a").unwrap().settings.is_none());
        let room = directory.accounts.enterprise("a").unwrap().rooms.find("r");
        assert!(room.is_ok(), "what did not change is still there");
        assert_eq!(json!(directory.global_settings.document()), json!({ "VoiceConnector": {} }));
        assert_eq!(directory.phone_numbers.of_user("a", "u", Utc::now()).count(), 0);
        assert_eq!(directory.accounts.after(0, Some("bo@example.com")).count(), 0);
        assert_eq!(directory.accounts.after(0, Some("ana@example.com")).count(), 1);
        assert_eq!(directory.accounts.after(0, None).count(), 1);

        limit(&store, u32::MAX);
        assert_eq!(add_user(&mut store, &mut directory, "bo@example.com"), Ok(()));
        assert_eq!(stored(&store).len(), before.len() + 1);
    }

    #[test]
    fn a_removal_that_cannot_be_stored_removes_nothing() {
        let scratch = Scratch::new();
        let (mut store, mut directory) = scratch.open();
        add_seed(&mut store, &mut directory, &SEED).unwrap();
        let before = stored(&store);
        // The trigger fails after the rows are deleted and before the end of the transaction.
        let trigger =
            "CREATE TEMP TRIGGER t BEFORE INSERT ON counts BEGIN SELECT RAISE(FAIL, 'full'); END";
        store.connection.execute_batch(trigger).unwrap();
        let outcome =
            store.act(&mut directory, |directory| directory.accounts.remove("a").unwrap());
        assert!(outcome.is_err());
        store.connection.execute_batch("DROP TRIGGER t").unwrap();
        assert_eq!(stored(&store), before);
        assert!(directory.accounts.enterprise("a").unwrap().rooms.find("r").is_ok());

        store.act(&mut directory, |directory| directory.accounts.remove("a").unwrap()).unwrap();
        assert_eq!(stored(&store).len(), 2, "what was in the account is gone with it");
    }

    #[test]
    fn requests_are_refused_if_the_directory_may_differ_from_the_database() {
        let scratch = Scratch::new();
        let (mut store, mut directory) = scratch.open();
        add_seed(&mut store, &mut directory, &SEED).unwrap();
        store.connection.execute_batch("ALTER TABLE rows RENAME TO gone").unwrap();
        assert!(add_user(&mut store, &mut directory, "ana@example.com").is_err());
        store.connection.execute_batch("ALTER TABLE gone RENAME TO rows").unwrap();
        let refusal = store.act(&mut directory, |_| ()).unwrap_err();
        assert!(refusal.message().contains("Restart"), "{}", refusal.message());
    }

    #[test]
    fn reading_writes_nothing() {
        let scratch = Scratch::new();
        let (mut store, mut directory) = scratch.open();
        add_seed(&mut store, &mut directory, &SEED).unwrap();
        store.connection.execute_batch("PRAGMA query_only = ON").unwrap();
        let find = |directory: &mut Directory| directory.accounts.find("a").map(drop);
        assert_eq!(store.act(&mut directory, find).flatten(), Ok(()));
        assert!(add_user(&mut store, &mut directory, "ana@example.com").is_err());
    }

    #[test]
    fn no_row_is_lost_if_the_mark_for_a_closed_database_cannot_be_written() {
        let scratch = Scratch::new();
        let (mut store, mut directory) = scratch.open();
        add_seed(&mut store, &mut directory, &SEED).unwrap();
        // Writing fails, as on a full disk.
        store.connection.execute_batch("PRAGMA query_only = ON").unwrap();
        drop(store);
        let (_store, directory) = scratch.open();
        assert!(directory.accounts.find("a").is_ok());
    }
}
