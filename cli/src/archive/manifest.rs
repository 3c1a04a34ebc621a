//! The manifest of an archive: what it has, what it has not, and why.

use std::collections::BTreeMap;
use std::path::Path;

use amazon_chime::chrono::{DateTime, Utc};
use anyhow::Context;
use serde::{Deserialize, Serialize};

pub(crate) const MANIFEST: &str = "manifest.json";

/// The version of the form of archives. It changes when older programs could not read a newer archive.
pub(crate) const FORMAT: u32 = 1;

/// How many identifiers a line of the manifest names.
const NAMED: usize = 20;

/// What the API never shows, so that no archive has it.
const LOST: [&str; 7] = [
    "what a suspended user was before: registered or not",
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
    /// When reading began, and when the files were complete.
    pub(crate) begun: DateTime<Utc>,
    pub(crate) finished: DateTime<Utc>,
    /// Whether everything that the API shows was read.
    pub(crate) is_complete: bool,
    pub(crate) user_settings: bool,
    /// In the order in which they can be loaded.
    pub(crate) files: Vec<ArchiveFile>,
    /// What could not be read, and why.
    pub(crate) not_read: Vec<Reasons>,
    /// What there was nothing to read of, and why: for example rooms of a Team account.
    pub(crate) notes: Vec<Reasons>,
    /// What the API never shows.
    pub(crate) lost: Vec<String>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct ArchiveFile {
    pub(crate) file: String,
    pub(crate) kind: String,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
}

/// A reason, and what it holds for.
#[derive(Serialize, Deserialize)]
pub(crate) struct Reasons {
    pub(crate) kind: String,
    pub(crate) reason: String,
    pub(crate) count: u64,
    /// The identifiers of the first ones.
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
            format!(
                "{} has no finished archive: chime archive goes on with it",
                directory.display()
            )
        })?;
        let format: Format = serde_json::from_slice(&json)
            .map_err(|_| anyhow::anyhow!("{} is not the manifest of an archive", path.display()))?;
        anyhow::ensure!(
            format.format == FORMAT,
            "{} is of an archive of another version: {} rather than {FORMAT}",
            path.display(),
            format.format
        );
        serde_json::from_slice(&json).map_err(|_| anyhow::anyhow!("{} is damaged", path.display()))
    }
}

/// What the manifests of all versions have.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

/// Collects reasons, so that a thousand accounts with one reason are one entry.
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
