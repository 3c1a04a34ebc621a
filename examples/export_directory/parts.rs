//! What an export remembers on disk, so that it can be killed at any moment.
//!
//! ```text
//! my-export/export.json            what is exported; locked while an export runs
//! my-export/parts/accounts.jsonl   the rows of a listing so far …
//! my-export/parts/accounts.json    … how much of that counts, and the token of the next page
//! my-export/parts/users-….jsonl    the same for the users of each account
//! my-export/parts/users-….json
//! ```
//!
//! Only `export.json` stays when the export is finished.

use std::error::Error;
use std::fs::TryLockError;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use amazon_chime::{AccountId, Client};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use tokio::fs::{self, DirBuilder, File};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::output::Format;

/// What is exported: an export can go on only from the same.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Source {
    endpoint_url: String,
    /// Null if there are no accounts.
    aws_account_id: Option<String>,
    format: Format,
}

impl Source {
    pub(crate) async fn of(client: &Client, format: Format) -> Result<Self, amazon_chime::Error> {
        let first = client.list_accounts().max_results(1).items().try_next().await?;
        Ok(Self {
            endpoint_url: client.endpoint_url().to_owned(),
            aws_account_id: first.map(|account| account.aws_account_id),
            format,
        })
    }
}

/// The parts of an export that is not finished.
pub(crate) struct Parts {
    directory: PathBuf,
    /// Keeps a second export out for as long as it is open.
    _locked: std::fs::File,
}

impl Parts {
    /// Begins an export, or goes on with one; none if it is finished.
    pub(crate) async fn open(
        export: &Path,
        source: &Source,
    ) -> Result<Option<Self>, Box<dyn Error>> {
        fs::create_dir_all(export).await?;
        let mut options = File::options();
        options.create(true).truncate(false).read(true).write(true);
        let mut file = options.open(export.join("export.json")).await?;
        file = lock(file).await?;
        let parts = export.join("parts");

        let mut known = String::new();
        file.read_to_string(&mut known).await?;
        if known.is_empty() {
            let mut builder = DirBuilder::new();
            #[cfg(unix)]
            builder.mode(0o700);
            builder.recursive(true).create(&parts).await?;
            file.write_all(&serde_json::to_vec(source)?).await?;
            file.sync_all().await?;
        } else if serde_json::from_str::<Source>(&known).ok().as_ref() != Some(source) {
            let now = serde_json::to_string(source)?;
            return Err(format!(
                "it has an export of {known}, and this would be one of {now}: \
                 go on with the settings that it was begun with, or name another directory"
            )
            .into());
        } else if !fs::try_exists(&parts).await? {
            remove_if_there(&removed(&parts)).await?;
            return Ok(None);
        }
        Ok(Some(Self { directory: parts, _locked: file.into_std().await }))
    }

    pub(crate) fn accounts(&self) -> PathBuf {
        self.directory.join("accounts.jsonl")
    }

    pub(crate) fn users(&self, account_id: &AccountId) -> PathBuf {
        // What an identifier may contain is the service's affair, and this is a file's name.
        let name = utf8_percent_encode(account_id, NON_ALPHANUMERIC);
        self.directory.join(format!("users-{name}.jsonl"))
    }

    /// Finishes the export: there are no parts from one moment to the next.
    pub(crate) async fn remove(self) -> io::Result<()> {
        let removed = removed(&self.directory);
        fs::rename(&self.directory, &removed).await?;
        remove_if_there(&removed).await
    }
}

/// Where the parts go while their files are being removed, one after the other.
fn removed(parts: &Path) -> PathBuf {
    parts.with_extension("removed")
}

async fn remove_if_there(directory: &Path) -> io::Result<()> {
    match fs::remove_dir_all(directory).await {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

async fn lock(file: File) -> Result<File, Box<dyn Error>> {
    let file = file.into_std().await;
    match file.try_lock() {
        Ok(()) => Ok(File::from_std(file)),
        Err(TryLockError::WouldBlock) => Err("another export to it is running".into()),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}
