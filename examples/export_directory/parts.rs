//! What an export remembers on disk, so that it can be killed at any moment.
//!
//! ```text
//! my-export/export.json            what is exported, and whether that is done
//! my-export/export.lock            locked while an export runs
//! my-export/parts/accounts.jsonl   the rows of a listing so far …
//! my-export/parts/accounts.json    … how much of that counts, and the token of the next page
//! my-export/parts/users-….jsonl    the same for the users of each account
//! my-export/parts/users-….json
//! ```
//!
//! When the export is finished, `parts` is removed.

use std::error::Error;
use std::fs::TryLockError;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use amazon_chime::{AccountId, Client};
use fs_err::tokio::{self as fs, DirBuilder, File};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;

use crate::output::{Format, sync_directory};

const RECORD: &str = "export.json";
const NEW_RECORD: &str = "export.json.new";
const LOCK: &str = "export.lock";

/// What is exported, and whether that is done: an export can go on only from the same.
#[derive(Serialize, Deserialize)]
struct Record {
    endpoint_url: String,
    /// Null until it is known, which takes an account.
    aws_account_id: Option<String>,
    format: Format,
    is_finished: bool,
}

/// The parts of an export that is not finished.
pub(crate) struct Parts {
    export: PathBuf,
    record: Record,
    /// Keeps a second export out for as long as it is open.
    _locked: fs_err::File,
}

impl Parts {
    /// Begins an export, or goes on with one; none if it is finished.
    pub(crate) async fn open(
        export: &Path,
        endpoint_url: &str,
        format: Format,
    ) -> Result<Option<Self>, Box<dyn Error>> {
        fs::create_dir_all(export).await?;
        refuse_foreign_files(export).await?;
        let locked = lock(&export.join(LOCK)).await?;
        let record = read_record(export).await?.unwrap_or_else(|| Record {
            endpoint_url: endpoint_url.to_owned(),
            aws_account_id: None,
            format,
            is_finished: false,
        });
        if record.endpoint_url != endpoint_url || record.format != format {
            return Err(format!(
                "it has an export of {} as {}, and this would be one of {endpoint_url} as {}: go \
                 on with the settings that it was begun with, or name another directory",
                record.endpoint_url,
                record.format.extension(),
                format.extension()
            )
            .into());
        }

        let mut parts = Self { export: export.to_owned(), record, _locked: locked };
        if parts.record.is_finished {
            parts.remove().await?;
            if fs::try_exists(format.file(export, "accounts")).await?
                && fs::try_exists(format.file(export, "users")).await?
            {
                return Ok(None);
            }
            parts.record.is_finished = false;
        }
        parts.write_record().await?;
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        builder.mode(0o700);
        builder.recursive(true).create(parts.directory()).await?;
        Ok(Some(parts))
    }

    /// Refuses to go on with the accounts of someone else, as far as can be known.
    pub(crate) async fn check_aws_account(
        &mut self,
        client: &Client,
    ) -> Result<(), Box<dyn Error>> {
        let first = client.list_accounts().max_results(1).items().try_next().await?;
        let Some(now) = first.map(|account| account.aws_account_id) else { return Ok(()) };
        match &self.record.aws_account_id {
            None => {
                self.record.aws_account_id = Some(now);
                Ok(self.write_record().await?)
            }
            Some(known) if *known == now => Ok(()),
            Some(known) => Err(format!(
                "{} has an export of the AWS account {known}, and these credentials are of {now}: \
                 go on with those that it was begun with, or name another directory",
                self.export.display()
            )
            .into()),
        }
    }

    pub(crate) fn accounts(&self) -> PathBuf {
        self.directory().join("accounts.jsonl")
    }

    pub(crate) fn users(&self, account_id: &AccountId) -> PathBuf {
        // What an identifier may contain is the service's affair, and this is a file's name.
        let name = utf8_percent_encode(account_id, NON_ALPHANUMERIC);
        self.directory().join(format!("users-{name}.jsonl"))
    }

    /// Finishes the export. From when it is recorded, the parts are of no use.
    pub(crate) async fn finish(mut self) -> io::Result<()> {
        self.record.is_finished = true;
        self.write_record().await?;
        self.remove().await
    }

    fn directory(&self) -> PathBuf {
        self.export.join("parts")
    }

    async fn remove(&self) -> io::Result<()> {
        match fs::remove_dir_all(self.directory()).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            result => result,
        }
    }

    /// Replaces the record at one stroke, so that there is never half of one.
    async fn write_record(&self) -> io::Result<()> {
        let new = self.export.join(NEW_RECORD);
        let mut file = File::create(&new).await?;
        file.write_all(&serde_json::to_vec(&self.record)?).await?;
        file.flush().await?;
        file.sync_all().await?;
        fs::rename(&new, self.export.join(RECORD)).await?;
        sync_directory(&self.export).await
    }
}

/// Where there is no export yet, nothing else may be: files would be overwritten and removed.
async fn refuse_foreign_files(export: &Path) -> Result<(), Box<dyn Error>> {
    let mut files = fs::read_dir(export).await?;
    let mut has_others = false;
    while let Some(file) = files.next_entry().await? {
        // What is left of an export that was killed when it had hardly begun.
        has_others |= file.file_name() != LOCK && file.file_name() != NEW_RECORD;
    }
    if has_others && !fs::try_exists(export.join(RECORD)).await? {
        return Err("it has other files: name a directory that is empty or new".into());
    }
    Ok(())
}

async fn read_record(export: &Path) -> Result<Option<Record>, Box<dyn Error>> {
    match fs::read(export.join(RECORD)).await {
        Ok(json) => Ok(Some(serde_json::from_slice(&json).map_err(
            // What is in it may be anything: nothing of that is told.
            |_| format!("its {RECORD} is not that of an export: name another directory"),
        )?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn lock(path: &Path) -> Result<fs_err::File, Box<dyn Error>> {
    let file = File::options().create(true).truncate(false).write(true).open(path).await?;
    let file = file.into_std().await;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err("another export to it is running".into()),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}
