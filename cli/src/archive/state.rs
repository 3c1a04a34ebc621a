//! The state of an archive on disk while it is made, so that the program can be killed at any moment.
//!
//! ```text
//! DIR/archive.json                       the record: what is archived, and the phase
//! DIR/archive.lock                       locked while an archive is being made
//! DIR/parts/accounts.jsonl, .json        the rows of a list so far, and the mark: where to continue
//! DIR/parts/accounts/ACCOUNT_ID/users…   the same for the resources of an account
//! ```
//!
//! When the archive is complete, `parts` is removed.

use std::fs::TryLockError;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use amazon_chime::Client;
use amazon_chime::chrono::{DateTime, Utc};
use anyhow::{Context, bail};
use fs_err::{self as fs, File};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use super::requests::Requests;
use crate::files::{create_directory, replace, sync_directory};

const RECORD: &str = "archive.json";
const NEW_RECORD: &str = "archive.json.new";
const LOCK: &str = "archive.lock";

/// The record of an archive. An archive can continue only with the same endpoint, settings and AWS account.
#[derive(Serialize, Deserialize)]
struct Record {
    endpoint_url: String,
    user_settings: bool,
    /// `None` until the first account was read.
    aws_account_id: Option<String>,
    begun: DateTime<Utc>,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Phase {
    /// Some data must still be read.
    Reading,
    /// All data was read, so the service is not needed any more.
    Writing,
    Finished,
}

/// An archive that is being made.
pub(crate) struct Archive {
    directory: PathBuf,
    record: Record,
    /// The lock file, which keeps other processes out while it is open.
    _locked: File,
}

impl Archive {
    /// Begins or continues an archive.
    pub(crate) fn open(
        directory: &Path,
        endpoint_url: &str,
        user_settings: bool,
    ) -> anyhow::Result<Self> {
        create_directory(directory)?;
        refuse_foreign_files(directory)?;
        let locked = lock(&directory.join(LOCK))?;
        let record = read_record(directory)?.unwrap_or_else(|| Record {
            endpoint_url: endpoint_url.to_owned(),
            user_settings,
            aws_account_id: None,
            begun: Utc::now(),
            phase: Phase::Reading,
        });
        let settings = |with| if with { "with" } else { "without" };
        if (record.endpoint_url.as_str(), record.user_settings) != (endpoint_url, user_settings) {
            bail!(
                "its archive is of {} {} --user-settings, but this command is for {endpoint_url} {} \
                 --user-settings: use the options of the archive, or name another directory",
                record.endpoint_url,
                settings(record.user_settings),
                settings(user_settings)
            );
        }
        let archive = Self { directory: directory.to_owned(), record, _locked: locked };
        if archive.is_finished() {
            archive.remove_parts()?;
        } else {
            archive.write_record()?;
            create_directory(&archive.parts().join("accounts"))?;
        }
        Ok(archive)
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.record.phase == Phase::Finished
    }

    pub(crate) fn is_read(&self) -> bool {
        self.record.phase != Phase::Reading
    }

    pub(crate) fn begun(&self) -> DateTime<Utc> {
        self.record.begun
    }

    pub(crate) fn endpoint_url(&self) -> &str {
        &self.record.endpoint_url
    }

    pub(crate) fn user_settings(&self) -> bool {
        self.record.user_settings
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Returns the path of a part that belongs to no account.
    pub(crate) fn part(&self, name: &str) -> PathBuf {
        self.parts().join(name)
    }

    /// Returns the directory of the parts of an account.
    pub(crate) fn account(&self, account_id: &str) -> PathBuf {
        // An identifier may contain characters that a file name must not have.
        let name = utf8_percent_encode(account_id, NON_ALPHANUMERIC).to_string();
        self.parts().join("accounts").join(name)
    }

    /// Returns an error if the archive belongs to another AWS account. A tenant without accounts cannot be checked.
    pub(crate) async fn check_aws_account(
        &mut self,
        client: &Client,
        requests: &Requests,
    ) -> anyhow::Result<()> {
        let page = requests.send(client.list_accounts().max_results(1)).await?;
        let Some(account) = page.items.into_iter().next() else { return Ok(()) };
        let now = account.aws_account_id;
        match &self.record.aws_account_id {
            None => {
                self.record.aws_account_id = Some(now);
                Ok(self.write_record()?)
            }
            Some(known) if *known == now => Ok(()),
            Some(known) => bail!(
                "{} has an archive of the AWS account {known}, but these credentials are of {now}: \
                 use credentials of {known}, or name another directory",
                self.directory.display()
            ),
        }
    }

    /// Records that all data was read.
    pub(crate) fn all_is_read(&mut self) -> io::Result<()> {
        self.record.phase = Phase::Writing;
        self.write_record()
    }

    /// Records that the archive is complete, and removes the parts.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.record.phase = Phase::Finished;
        self.write_record()?;
        self.remove_parts()
    }

    /// Begins again, because a finished archive has lost a file.
    pub(crate) fn begin_again(&mut self) -> anyhow::Result<()> {
        self.record.phase = Phase::Reading;
        self.record.begun = Utc::now();
        self.write_record()?;
        Ok(create_directory(&self.parts().join("accounts"))?)
    }

    pub(crate) fn parts(&self) -> PathBuf {
        self.directory.join("parts")
    }

    fn remove_parts(&self) -> io::Result<()> {
        match fs::remove_dir_all(self.parts()) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            result => result,
        }
    }

    /// Replaces the record atomically.
    fn write_record(&self) -> io::Result<()> {
        replace(self.directory.join(RECORD), &serde_json::to_vec_pretty(&self.record)?)?;
        sync_directory(&self.directory)
    }
}

/// Returns an error if there are files but no archive, because archiving would overwrite or remove them.
fn refuse_foreign_files(directory: &Path) -> anyhow::Result<()> {
    let mut has_others = false;
    for file in fs::read_dir(directory)? {
        let name = file?.file_name();
        // An archive that was killed at its beginning leaves these files.
        has_others |= name != LOCK && name != NEW_RECORD;
    }
    if has_others && !directory.join(RECORD).try_exists()? {
        bail!("it has other files: name a new or empty directory");
    }
    Ok(())
}

fn read_record(directory: &Path) -> anyhow::Result<Option<Record>> {
    match fs::read(directory.join(RECORD)) {
        Ok(json) => Ok(Some(serde_json::from_slice(&json).map_err(
            // The file may contain anything, so the message does not show its content.
            |_| anyhow::anyhow!("its {RECORD} cannot be read: name another directory"),
        )?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn lock(path: &Path) -> anyhow::Result<File> {
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    fs_err::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.create(true).truncate(false).write(true).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!("another chime archive process uses it"),
        Err(TryLockError::Error(error)) => Err(error).context("it cannot be locked"),
    }
}
