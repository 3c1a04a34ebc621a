//! The manifest of an archive: what the archive contains, what it does not contain, and why.

use std::collections::BTreeMap;
use std::path::Path;

use amazon_chime::chrono::{DateTime, Utc};
use anyhow::Context;
use serde::{Deserialize, Serialize};

pub(crate) const MANIFEST: &str = "manifest.json";

/// The version of the archive format. It changes if older programs cannot read newer archives.
pub(crate) const FORMAT: u32 = 1;

/// The largest number of identifiers for one reason.
const NAMED: usize = 20;

/// The data that no archive contains, because the API never shows it.
const LOST: [&str; 7] = [
    "whether a suspended user was registered",
    "client request tokens",
    "the messages and files of rooms and conversations",
    "meetings, their attendees, recordings and call records",
    "passwords, and who is signed in",
    "the tokens and URLs of webhooks",
    "Voice Connectors, SIP and everything else of the Amazon Chime SDK",
];

#[derive(Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    pub(crate) program: String,
    pub(crate) endpoint_url: String,
    /// The time when reading began.
    pub(crate) begun: DateTime<Utc>,
    /// The time when the files were complete.
    pub(crate) finished: DateTime<Utc>,
    /// Whether everything that the API shows was read.
    pub(crate) is_complete: bool,
    pub(crate) user_settings: bool,
    /// The files, in the order in which they can be loaded.
    pub(crate) files: Vec<ArchiveFile>,
    /// The data that could not be read.
    pub(crate) not_read: Vec<Reasons>,
    /// The data that does not exist, such as rooms of a Team account.
    pub(crate) notes: Vec<Reasons>,
    /// The data that the API never shows.
    pub(crate) lost: Vec<String>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct ArchiveFile {
    pub(crate) file: String,
    pub(crate) kind: String,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
}

/// A reason, and the resources that it applies to.
#[derive(Serialize, Deserialize)]
pub(crate) struct Reasons {
    pub(crate) kind: String,
    pub(crate) reason: String,
    pub(crate) count: u64,
    /// The identifiers of the first resources.
    pub(crate) ids: Vec<String>,
}

impl Manifest {
    pub(crate) fn new(endpoint_url: &str, begun: DateTime<Utc>, user_settings: bool) -> Self {
        Self {
            format: FORMAT,
            program: format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
            endpoint_url: endpoint_url.to_owned(),
            begun,
            finished: Utc::now(),
            is_complete: false,
            user_settings,
            files: Vec::new(),
            not_read: Vec::new(),
            notes: Vec::new(),
            lost: LOST.map(str::to_owned).into(),
        }
    }

    pub(crate) fn read(directory: &Path) -> anyhow::Result<Self> {
        let path = directory.join(MANIFEST);
        let json = fs_err::read(&path).with_context(|| {
            format!("{} has no finished archive: finish it with chime archive", directory.display())
        })?;
        let format: Format = serde_json::from_slice(&json)
            .map_err(|_| anyhow::anyhow!("{} is not the manifest of an archive", path.display()))?;
        anyhow::ensure!(
            format.format == FORMAT,
            "{} has the format version {}, but this program reads version {FORMAT}",
            path.display(),
            format.format
        );
        serde_json::from_slice(&json).map_err(|_| anyhow::anyhow!("{} is damaged", path.display()))
    }
}

/// The member that every version of the manifest has.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

/// Collects reasons, with one entry for all resources of the same kind and reason.
#[derive(Default)]
pub(crate) struct Collected(BTreeMap<(&'static str, String), (u64, Vec<String>)>);

impl Collected {
    pub(crate) fn add(&mut self, kind: &'static str, reason: String, id: String) {
        let (count, ids) = self.0.entry((kind, reason)).or_default();
        *count += 1;
        if ids.len() < NAMED && !id.is_empty() {
            ids.push(id);
        }
    }

    pub(crate) fn into_reasons(self) -> Vec<Reasons> {
        let reason = |((kind, reason), (count, ids)): ((&str, String), _)| Reasons {
            kind: kind.to_owned(),
            reason,
            count,
            ids,
        };
        self.0.into_iter().map(reason).collect()
    }
}
