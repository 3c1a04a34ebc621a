//! The kinds of work for which the clients are measured.

use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Result};

/// The delay of the server and the pause of the client for each page, in [`Work::PageByPage`] and [`Work::ReadAhead`].
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

    /// Returns the number of calls, pages or accounts in a run.
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

    /// Returns the delay of the server for a response.
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
