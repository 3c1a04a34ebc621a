//! What an archive remembers on disk while it is made, so that it can be killed at any moment.
//!
//! ```text
//! DIR/archive.json                       what is archived, and how far that is
//! DIR/archive.lock                       locked while an archive is being made
//! DIR/parts/accounts.jsonl, .json        the rows of a listing so far, and its mark
//! DIR/parts/accounts/ACCOUNT_ID/users…   the same for what an account has
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

/// What is archived, and how far that is: an archive can go on only from the same.
#[derive(Serialize, Deserialize)]
struct Record {
    endpoint_url: String,
    user_settings: bool,
    /// Null until it is known, which takes an account.
    aws_account_id: Option<String>,
    begun: DateTime<Utc>,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Phase {
    /// Something is left to be read.
    Reading,
    /// All is read, so the service is not needed any more.
    Writing,
    Finished,
}

/// An archive that is being made.
pub(crate) struct Archive {
    directory: PathBuf,
    record: Record,
    /// Keeps a second program out for as long as it is open.
    _locked: File,
}

impl Archive {
    /// Begins an archive, or goes on with one.
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
                "it has an archive of {} {} --user-settings, and this would be one of \
                 {endpoint_url} {}: go on as it was begun, or name another directory",
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

    /// Whether all is on disk already.
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

    /// The part of something that belongs to no account.
    pub(crate) fn part(&self, name: &str) -> PathBuf {
        self.parts().join(name)
    }

    /// The directory of the parts of an account.
    pub(crate) fn account(&self, account_id: &str) -> PathBuf {
        // What an identifier may contain is the service's affair, and this is a file's name.
        let name = utf8_percent_encode(account_id, NON_ALPHANUMERIC).to_string();
        self.parts().join("accounts").join(name)
    }

    /// Refuses to go on with the accounts of someone else, as far as can be known.
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
                "{} has an archive of the AWS account {known}, and these credentials are of {now}: \
                 go on with those that it was begun with, or name another directory",
                self.directory.display()
            ),
        }
    }

    /// Records that nothing is left to be read.
    pub(crate) fn all_is_read(&mut self) -> io::Result<()> {
        self.record.phase = Phase::Writing;
        self.write_record()
    }

    /// Records that the archive is complete. From then on, the parts are of no use.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.record.phase = Phase::Finished;
        self.write_record()?;
        self.remove_parts()
    }

    /// Begins again, for an archive that is finished but has lost a file.
    pub(crate) fn begin_again(&mut self) -> anyhow::Result<()> {
        self.record.phase = Phase::Reading;
        self.record.begun = Utc::now();
        self.write_record()?;
        Ok(create_directory(&self.parts().join("accounts"))?)
    }

    /// The directory of what belongs to no account.
    pub(crate) fn parts(&self) -> PathBuf {
        self.directory.join("parts")
    }

    fn remove_parts(&self) -> io::Result<()> {
        match fs::remove_dir_all(self.parts()) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            result => result,
        }
    }

    /// Replaces the record at one stroke, so that there is never half of one.
    fn write_record(&self) -> io::Result<()> {
        replace(self.directory.join(RECORD), &serde_json::to_vec_pretty(&self.record)?)?;
        sync_directory(&self.directory)
    }
}

/// Where there is no archive yet, nothing else may be: files would be overwritten and removed.
fn refuse_foreign_files(directory: &Path) -> anyhow::Result<()> {
    let mut has_others = false;
    for file in fs::read_dir(directory)? {
        let name = file?.file_name();
        // What is left of an archive that was killed when it had hardly begun.
        has_others |= name != LOCK && name != NEW_RECORD;
    }
    if has_others && !directory.join(RECORD).try_exists()? {
        bail!("it has other files: name a directory that is empty or new");
    }
    Ok(())
}

fn read_record(directory: &Path) -> anyhow::Result<Option<Record>> {
    match fs::read(directory.join(RECORD)) {
        Ok(json) => Ok(Some(serde_json::from_slice(&json).map_err(
            // What is in it may be anything: nothing of that is told.
            |_| anyhow::anyhow!("its {RECORD} is not that of an archive: name another directory"),
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
        Err(TryLockError::WouldBlock) => bail!("another chime archive to it is running"),
        Err(TryLockError::Error(error)) => Err(error).context("it cannot be locked"),
    }
}
