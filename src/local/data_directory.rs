//! The data directory of an embedded Chime: its lock, and the checks of its files.

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, params};
use uuid::Uuid;

use super::restore::Unreadable;
use super::write_ahead_log;

const FILE: &str = "chime.db";
/// The write-ahead log: changes that are not yet copied into the database file. It is removed at an orderly end.
const LOG: &str = "chime.db-wal";
/// The database while it is created.
const UNFINISHED: &str = "chime.db-new";
const LOCK: &str = "chime.lock";

/// The version of the tables below. A program that changes the tables adds 1 and still reads the earlier versions.
const VERSION: i32 = 1;
/// The `PRAGMA application_id` of these files: `Chim` in ASCII.
const APPLICATION_ID: i32 = 0x4368_696d;

const TABLES: &str = "
    CREATE TABLE rows (
        id INTEGER PRIMARY KEY,
        account INTEGER NOT NULL,
        kind TEXT NOT NULL,
        room INTEGER NOT NULL,
        position INTEGER NOT NULL,
        row TEXT NOT NULL,
        UNIQUE (account, kind, room, position)
    ) STRICT;
    CREATE TABLE counts (
        account INTEGER NOT NULL,
        kind TEXT NOT NULL,
        room INTEGER NOT NULL,
        added INTEGER NOT NULL,
        PRIMARY KEY (account, kind, room)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE state (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO state VALUES ('clock_ahead_milliseconds', 0), ('is_loaded', 0), ('is_open', 0);
";
pub(super) const PAGE_TOKEN_KEY: &str = "page_token_key";

/// Opens the database of a data directory and locks the directory. Both are created if they do not exist.
pub(super) fn open(directory: &Path, sync: bool) -> io::Result<(Connection, Lock)> {
    let lock = lock(directory)?;
    let log_is_there = directory.join(LOG).exists();
    if !directory.join(FILE).exists() {
        if log_is_there {
            return Err(damaged(directory, "its other half, chime.db-wal, is there without it"));
        }
        create(directory).map_err(|failure| error(directory, &failure))?;
    }
    let connection = connect(directory, log_is_there, sync);
    Ok((connection.map_err(|failure| error(directory, &failure))?, lock))
}

/// Copies the changes in the log into the file.
pub(super) fn checkpoint(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}

/// Marks the database as closed, so that closing the connection removes the log.
///
/// If the mark cannot be written, the log stays, because a database that is marked as open and has no log counts as
/// damaged.
pub(super) fn close(connection: &Connection) {
    if connection.execute("UPDATE state SET value = 0 WHERE name = 'is_open'", []).is_ok() {
        _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
    }
}

/// Locks a data directory for this process until the lock is dropped or the process ends for any reason.
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file is not enough if a process that was just forked also has the file open.
        _ = self.0.unlock();
    }
}

fn lock(directory: &Path) -> io::Result<Lock> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    let path = directory.join(LOCK);
    let locked = builder.create(directory).and_then(|()| private().open(&path));
    let file = locked.map_err(|error| {
        let problem = format!(
            "{}: the data directory cannot be written: {error}. Let this user write it, or choose another one",
            directory.display()
        );
        io::Error::new(error.kind(), problem)
    })?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => {
            let problem = format!(
                "{}: another embedded Chime uses this data directory. End that one, or choose another directory",
                directory.display()
            );
            Err(io::Error::new(ErrorKind::ResourceBusy, problem))
        }
        Err(TryLockError::Error(error)) => {
            let problem = format!("{}: cannot be locked: {error}", path.display());
            Err(io::Error::new(error.kind(), problem))
        }
    }
}

/// Returns options for files that only their owner can read, because they contain PINs and security tokens.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    options.mode(0o600);
    options
}

/// Creates the file under another name first, so that a file with the final name is always complete.
fn create(directory: &Path) -> Result<(), Failure> {
    let unfinished = directory.join(UNFINISHED);
    for former in [UNFINISHED, "chime.db-new-wal", "chime.db-new-journal"] {
        match fs::remove_file(directory.join(former)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    private().open(&unfinished)?;
    let connection = Connection::open_with_flags(&unfinished, flags())?;
    // The data need not be on the disk before the file has its final name. Opening the file writes it to the disk.
    connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")?;
    connection.execute_batch(TABLES)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", VERSION)?;
    let key = Uuid::new_v4().into_bytes();
    connection.execute("INSERT INTO state VALUES (?, ?)", params![PAGE_TOKEN_KEY, key])?;
    connection.execute_batch("COMMIT; PRAGMA journal_mode = WAL")?;
    connection.close().map_err(|(_, error)| error)?;
    fs::rename(&unfinished, directory.join(FILE))?;
    Ok(())
}

fn connect(directory: &Path, log_is_there: bool, sync: bool) -> Result<Connection, Failure> {
    let file = directory.join(FILE);
    check_writable(directory, &file)?;
    if fs::metadata(&file)?.len() == 0 {
        return Err(Failure::Damaged("it is empty".to_owned()));
    }
    if !write_ahead_log::is_whole(&directory.join(LOG))? {
        let problem = "its other half, chime.db-wal, has changes that cannot be read";
        return Err(Failure::Damaged(problem.to_owned()));
    }
    let connection = Connection::open_with_flags(&file, flags())?;
    // Without this, closing the connection after an error would remove the log of a database that is marked as open.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(Duration::ZERO)?;
    // No other process may read the database, so no shared memory is needed.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    if number("application_id")? != APPLICATION_ID {
        return Err(Failure::Foreign);
    }
    if number("user_version")? != VERSION {
        return Err(Failure::Version(number("user_version")?));
    }
    connection.pragma_update(None, "synchronous", if sync { "FULL" } else { "NORMAL" })?;
    // After a large transaction, the limit makes the log smaller again.
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    let check: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if check != "ok" {
        return Err(Failure::Damaged(check));
    }
    let was_open: bool =
        connection
            .query_row("SELECT value FROM state WHERE name = 'is_open'", [], |row| row.get(0))?;
    if was_open && !log_is_there {
        let problem = "its other half, chime.db-wal, is not there, without which changes are lost";
        return Err(Failure::Damaged(problem.to_owned()));
    }
    connection.execute("UPDATE state SET value = 1 WHERE name = 'is_open'", [])?;
    checkpoint(&connection)?;
    // Syncing the directory writes the names of the files to the disk. Syncing the parent writes the name of the
    // directory. A parent that this user cannot read is skipped.
    #[cfg(unix)]
    if sync {
        let directory = fs::canonicalize(directory)?;
        File::open(&directory)?.sync_all()?;
        if let Some(Ok(parent)) = directory.parent().map(File::open) {
            parent.sync_all()?;
        }
    }
    Ok(connection)
}

/// Returns the error of the operating system if a file cannot be written, instead of an I/O error of `SQLite`.
fn check_writable(directory: &Path, file: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).open(file)?;
    private().open(directory.join(UNFINISHED))?;
    fs::remove_file(directory.join(UNFINISHED))
}

fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// The reason why a database cannot be used.
#[derive(Debug)]
pub(super) enum Failure {
    Database(rusqlite::Error),
    Io(io::Error),
    Unreadable(Unreadable),
    Damaged(String),
    /// The file is not a file of an embedded Chime.
    Foreign,
    /// The file has a version that this program does not know.
    Version(i32),
}

/// Returns an error that names the file and says what to do.
pub(super) fn error(directory: &Path, failure: &Failure) -> io::Error {
    let file = directory.join(FILE);
    let again = "Restore all files of the directory from a copy, or choose an empty directory";
    let (kind, advice) = match failure {
        Failure::Damaged(_) | Failure::Unreadable(_) | Failure::Foreign => {
            (ErrorKind::InvalidData, again)
        }
        Failure::Version(_) => {
            (ErrorKind::Unsupported, "Use the program that wrote it, or a newer one")
        }
        Failure::Io(error) => {
            (error.kind(), "Let this user write the directory, or choose another one")
        }
        Failure::Database(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                (ErrorKind::InvalidData, again)
            }
            Some(ErrorCode::DiskFull) => (ErrorKind::StorageFull, "Make room on the disk"),
            Some(ErrorCode::DatabaseBusy) => {
                (ErrorKind::ResourceBusy, "End the other program that uses it")
            }
            Some(_) => (ErrorKind::Other, "Look at what the operating system says of its disk"),
            None => (ErrorKind::InvalidData, again),
        },
    };
    io::Error::new(kind, format!("{}: {failure}. {advice}", file.display()))
}

fn damaged(directory: &Path, problem: &str) -> io::Error {
    error(directory, &Failure::Damaged(problem.to_owned()))
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(error) => write!(f, "{error}"),
            Self::Io(error) => write!(f, "{error}"),
            Self::Unreadable(Unreadable::Malformed) => {
                f.write_str("the file is damaged: a row is not readable")
            }
            Self::Unreadable(Unreadable::WithoutParent) => {
                f.write_str("the file is damaged: a row belongs to a row that is not there")
            }
            Self::Damaged(problem) => write!(f, "the file is damaged: {problem}"),
            Self::Foreign => f.write_str("the file is not one of an embedded Chime"),
            Self::Version(version) => {
                write!(
                    f,
                    "the file has version {version} of its form, and this program knows version {VERSION}"
                )
            }
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Unreadable> for Failure {
    fn from(error: Unreadable) -> Self {
        Self::Unreadable(error)
    }
}
