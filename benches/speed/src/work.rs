//! What the clients are measured with.

use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Result};

/// How long the consumer of a page takes, and the server for one, in [`Work::PageByPage`]
/// and [`Work::ReadAhead`].
pub const PAUSE: Duration = Duration::from_millis(5);

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Work {
    GetAccount,
    ListPage,
    Stream,
    ShortStream,
    Concurrent,
    PageByPage,
    ReadAhead,
}

impl Work {
    pub const ALL: [Self; 7] = [
        Self::GetAccount,
        Self::ListPage,
        Self::Stream,
        Self::ShortStream,
        Self::Concurrent,
        Self::PageByPage,
        Self::ReadAhead,
    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GetAccount => "get-account",
            Self::ListPage => "list-page",
            Self::Stream => "stream",
            Self::ShortStream => "short-stream",
            Self::Concurrent => "concurrent",
            Self::PageByPage => "page-by-page",
            Self::ReadAhead => "read-ahead",
        }
    }

    /// How many calls, pages or accounts there are in a run.
    #[must_use]
    pub fn count(self) -> usize {
        match self {
            Self::GetAccount => 60_000,
            Self::ListPage | Self::ShortStream => 10_000,
            Self::Stream => 1_000_000,
            Self::Concurrent => 40_000,
            Self::PageByPage | Self::ReadAhead => 200,
        }
    }

    /// How long the server takes for an answer.
    #[must_use]
    pub fn delay(self) -> Duration {
        match self {
            Self::PageByPage | Self::ReadAhead => PAUSE,
            _ => Duration::ZERO,
        }
    }
}

impl FromStr for Work {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|work| work.name() == name).context("there is no such work")
    }
}
