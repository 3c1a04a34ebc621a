//! The files that an export is for.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use csv::IntoInnerError;
use fs_err::{self as fs, File, OpenOptions};
use serde::{Deserialize, Serialize};

use crate::columns::Row;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    Jsonl,
    Csv,
}

impl FromStr for Format {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "jsonl" => Ok(Self::Jsonl),
            "csv" => Ok(Self::Csv),
            _ => Err("the formats are jsonl and csv"),
        }
    }
}

impl Format {
    /// The file in the directory of an export that has the `accounts` or the `users`.
    pub(crate) fn file(self, directory: &Path, what: &str) -> PathBuf {
        directory.join(what).with_extension(self.extension())
    }

    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }
}

/// A file of one row a line that is being written. Only its owner may read it.
pub(crate) struct Output {
    path: PathBuf,
    new: PathBuf,
    writer: Writer,
    rows: usize,
}

enum Writer {
    Jsonl(BufWriter<File>),
    Csv(Box<csv::Writer<BufWriter<File>>>),
}

impl Output {
    pub(crate) fn create<T: Row>(path: PathBuf, format: Format) -> io::Result<Self> {
        let new = path.with_extension("new");
        let mut options = OpenOptions::new();
        options.create(true).truncate(true).write(true);
        #[cfg(unix)]
        fs_err::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = BufWriter::new(options.open(&new)?);
        let writer = match format {
            Format::Jsonl => Writer::Jsonl(file),
            Format::Csv => {
                // Without it, Excel takes what follows for text in another encoding than UTF-8.
                file.write_all("\u{feff}".as_bytes())?;
                let mut csv = csv::Writer::from_writer(file);
                csv.write_record(T::COLUMNS)?;
                Writer::Csv(Box::new(csv))
            }
        };
        Ok(Self { path, new, writer, rows: 0 })
    }

    pub(crate) fn write<T: Row>(&mut self, row: &T) -> io::Result<()> {
        match &mut self.writer {
            Writer::Jsonl(file) => {
                serde_json::to_writer(&mut *file, row)?;
                file.write_all(b"\n")?;
            }
            Writer::Csv(csv) => csv.write_record(row.values())?,
        }
        self.rows += 1;
        Ok(())
    }

    /// Puts the file into its place, at one stroke, and gives the number of its rows. That it is
    /// there after a power cut, too, takes [`sync_directory`].
    pub(crate) fn finish(self) -> io::Result<usize> {
        let file = match self.writer {
            Writer::Jsonl(file) => file,
            Writer::Csv(csv) => csv.into_inner().map_err(IntoInnerError::into_error)?,
        };
        file.into_inner()?.sync_all()?;
        fs::rename(self.new, self.path)?;
        Ok(self.rows)
    }
}

/// Makes the names of the files in a directory last, as their content does once it is synchronized.
pub(crate) async fn sync_directory(directory: &Path) -> io::Result<()> {
    // Elsewhere, a directory cannot be opened like a file.
    if cfg!(unix) {
        fs::tokio::File::open(directory).await?.sync_all().await?;
    }
    Ok(())
}
