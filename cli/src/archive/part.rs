//! What is read of one thing so far, on disk: its rows, and where to go on.
//!
//! Rows are appended first. They count once the mark beside them, which is replaced at one stroke, says so. Rows that
//! do not count are cut off when the part is opened again.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use fs_err::tokio::{self as fs, File, OpenOptions};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;

pub(crate) struct Part {
    path: PathBuf,
    /// None until there are rows.
    rows: Option<File>,
    pub(crate) mark: Mark,
}

/// How far the part has come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Mark {
    /// The length of the rows that count.
    pub(crate) bytes: u64,
    pub(crate) rows: u64,
    /// The token of the page that comes next, unless that is the first.
    pub(crate) next_token: Option<String>,
    /// Of what is read for each row of another part: how many of those rows are done.
    pub(crate) done: u64,
    /// Those of them that failed and are to be tried again, as identifiers.
    pub(crate) failed: VecDeque<Failed>,
    /// What is not there to be read.
    pub(crate) notes: Vec<Note>,
    pub(crate) is_complete: bool,
}

/// What could not be read, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Failed {
    pub(crate) id: String,
    pub(crate) error: String,
}

/// What there is nothing to read of, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Note {
    pub(crate) id: String,
    pub(crate) reason: String,
}

impl Part {
    /// Opens the part at this path, or begins it.
    pub(crate) async fn open(path: &Path) -> io::Result<Self> {
        let mut part = Self { path: path.to_owned(), rows: None, mark: read_mark(path)? };
        match fs::metadata(part.rows_path()).await {
            Ok(rows) => {
                if rows.len() < part.mark.bytes {
                    // A power cut took what had been written: the mark is worth nothing.
                    part.mark = Mark::default();
                }
                let bytes = part.mark.bytes;
                part.open_rows().await?.set_len(bytes).await?;
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                if part.mark.bytes > 0 {
                    part.mark = Mark::default();
                }
            }
            Err(error) => return Err(error),
        }
        Ok(part)
    }

    /// Adds rows, and what the mark is after them.
    pub(crate) async fn add(
        &mut self,
        lines: &str,
        change: impl FnOnce(&mut Mark),
    ) -> io::Result<()> {
        if !lines.is_empty() {
            let rows = self.open_rows().await?;
            rows.write_all(lines.as_bytes()).await?;
            rows.flush().await?;
            // So that the mark cannot outlive the rows in a power cut.
            rows.sync_data().await?;
        }
        self.mark.bytes += lines.len() as u64;
        self.mark.rows += lines.matches('\n').count() as u64;
        change(&mut self.mark);
        self.write_mark().await
    }

    /// Forgets all rows.
    pub(crate) async fn start_over(&mut self) -> io::Result<()> {
        self.mark = Mark::default();
        self.write_mark().await?;
        self.open_rows().await?.set_len(0).await
    }

    async fn open_rows(&mut self) -> io::Result<&mut File> {
        let rows = if let Some(rows) = self.rows.take() {
            rows
        } else {
            private().append(true).open(self.rows_path()).await?
        };
        Ok(self.rows.insert(rows))
    }

    fn rows_path(&self) -> PathBuf {
        rows_path(&self.path)
    }

    async fn write_mark(&self) -> io::Result<()> {
        let path = mark_path(&self.path);
        let new = path.with_extension("new");
        let mut file = private().truncate(true).write(true).open(&new).await?;
        file.write_all(&serde_json::to_vec(&self.mark)?).await?;
        file.flush().await?;
        fs::rename(&new, path).await
    }
}

/// How files are made that only their owner can read.
fn private() -> OpenOptions {
    let mut options = File::options();
    #[cfg(unix)]
    options.mode(0o600);
    options.create(true);
    options
}

/// The file with the rows of the part at this path.
pub(crate) fn rows_path(part: &Path) -> PathBuf {
    with_suffix(part, ".jsonl")
}

/// The mark of a part. One that is missing, or was lost in a power cut, is that of a part that has not begun.
pub(crate) fn read_mark(part: &Path) -> io::Result<Mark> {
    match fs_err::read(mark_path(part)) {
        Ok(json) => Ok(serde_json::from_slice(&json).unwrap_or_default()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Mark::default()),
        Err(error) => Err(error),
    }
}

fn mark_path(part: &Path) -> PathBuf {
    with_suffix(part, ".json")
}

/// The path with something after its last name, whatever dots that has.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}
