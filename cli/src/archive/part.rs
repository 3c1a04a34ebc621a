//! A part: the rows of one list or response that were read so far, on disk, and a mark that says where to continue.
//!
//! Rows are appended before the mark is replaced, which is atomic. Only the rows that the mark counts are valid.
//! The other rows are cut off when the part is opened again.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use fs_err::tokio::{self as fs, File, OpenOptions};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;

pub(crate) struct Part {
    path: PathBuf,
    /// `None` until there are rows.
    rows: Option<File>,
    pub(crate) mark: Mark,
}

/// The state of a part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Mark {
    /// The length of the valid rows in bytes.
    pub(crate) bytes: u64,
    pub(crate) rows: u64,
    /// The token of the next page, or `None` for the first page.
    pub(crate) next_token: Option<String>,
    /// If the part is read with one call per row of another part: the number of finished rows of the other part.
    pub(crate) done: u64,
    /// The failed reads, which the next run retries.
    pub(crate) failed: VecDeque<Failed>,
    /// The resources that do not exist.
    pub(crate) notes: Vec<Note>,
    pub(crate) is_complete: bool,
}

/// The identifier of a resource that could not be read, and the reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Failed {
    pub(crate) id: String,
    pub(crate) error: String,
}

/// The identifier of a resource that does not exist, and the reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Note {
    pub(crate) id: String,
    pub(crate) reason: String,
}

impl Part {
    /// Opens or begins the part at this path.
    pub(crate) async fn open(path: &Path) -> io::Result<Self> {
        let mut part = Self { path: path.to_owned(), rows: None, mark: read_mark(path)? };
        match fs::metadata(part.rows_path()).await {
            Ok(rows) => {
                if rows.len() < part.mark.bytes {
                    // A power failure has removed rows, so the mark is wrong.
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

    /// Adds rows, and changes the mark.
    pub(crate) async fn add(
        &mut self,
        lines: &str,
        change: impl FnOnce(&mut Mark),
    ) -> io::Result<()> {
        if !lines.is_empty() {
            let rows = self.open_rows().await?;
            rows.write_all(lines.as_bytes()).await?;
            rows.flush().await?;
            // After a power failure, the mark must not count rows that are lost.
            rows.sync_data().await?;
        }
        self.mark.bytes += lines.len() as u64;
        self.mark.rows += lines.matches('\n').count() as u64;
        change(&mut self.mark);
        self.write_mark().await
    }

    /// Removes all rows.
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

/// Returns the options to create files that only their owner can read.
fn private() -> OpenOptions {
    let mut options = File::options();
    #[cfg(unix)]
    options.mode(0o600);
    options.create(true);
    options
}

/// Returns the path of the rows of a part.
pub(crate) fn rows_path(part: &Path) -> PathBuf {
    with_suffix(part, ".jsonl")
}

/// Reads the mark of a part, or returns an empty mark if the file is missing or damaged.
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

/// Appends a suffix to the path, whose last name may contain dots.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}
