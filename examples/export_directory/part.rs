//! One listing on disk: its rows so far, and where to go on.
//!
//! A page's rows are appended first. They count once the mark beside them, which is replaced at one
//! stroke, says so; rows that do not count are cut off when the part is opened again.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use amazon_chime::Page;
use fs_err::tokio::{self as fs, File};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;

pub(crate) struct Part {
    rows: File,
    mark_path: PathBuf,
    mark: Mark,
}

/// How far a listing has come.
#[derive(Default, Serialize, Deserialize)]
struct Mark {
    /// The length of the rows that count.
    bytes: u64,
    rows: u64,
    /// The token of the page that comes next, unless that is the first.
    next_token: Option<String>,
    is_complete: bool,
}

impl Part {
    /// Opens the part whose rows are in this file, or begins it.
    pub(crate) async fn open(rows_path: &Path) -> io::Result<Self> {
        let mark_path = rows_path.with_extension("json");
        let rows = File::options().create(true).append(true).open(rows_path).await?;
        let mut part = Self { rows, mark: read_mark(&mark_path).await?, mark_path };
        if part.rows.metadata().await?.len() < part.mark.bytes {
            // A power cut took what had been written: the mark is worth nothing.
            part.mark = Mark::default();
        }
        part.rows.set_len(part.mark.bytes).await?;
        Ok(part)
    }

    /// Adds a page, one row a line, and remembers the token of the next one.
    pub(crate) async fn add<T: Serialize>(&mut self, page: Page<T>) -> io::Result<()> {
        let mut lines = Vec::new();
        for item in &page.items {
            serde_json::to_writer(&mut lines, item)?;
            lines.push(b'\n');
        }
        self.rows.write_all(&lines).await?;
        self.rows.flush().await?;
        // So that the mark cannot outlive the rows in a power cut.
        self.rows.sync_data().await?;

        self.mark.bytes += lines.len() as u64;
        self.mark.rows += page.items.len() as u64;
        self.mark.is_complete = page.next_token.is_none();
        self.mark.next_token = page.next_token;
        self.write_mark().await
    }

    /// Forgets all rows.
    pub(crate) async fn start_over(&mut self) -> io::Result<()> {
        self.mark = Mark::default();
        self.write_mark().await?;
        self.rows.set_len(0).await
    }

    pub(crate) fn rows(&self) -> u64 {
        self.mark.rows
    }

    pub(crate) fn next_token(&self) -> Option<&str> {
        self.mark.next_token.as_deref()
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.mark.is_complete
    }

    async fn write_mark(&self) -> io::Result<()> {
        let new = self.mark_path.with_extension("new");
        fs::write(&new, serde_json::to_vec(&self.mark)?).await?;
        fs::rename(&new, &self.mark_path).await
    }
}

/// A mark that is missing, or was lost in a power cut, is that of a listing that has not begun.
async fn read_mark(path: &Path) -> io::Result<Mark> {
    match fs::read(path).await {
        Ok(json) => Ok(serde_json::from_slice(&json).unwrap_or_default()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Mark::default()),
        Err(error) => Err(error),
    }
}
