//! What the clients are measured with.

use std::str::FromStr;

use anyhow::{Context, Result};

use crate::table::{Better, Table};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Work {
    GetAccount,
    ListPage,
    Stream,
    Concurrent,
}

impl Work {
    pub(crate) const ALL: [Self; 4] =
        [Self::GetAccount, Self::ListPage, Self::Stream, Self::Concurrent];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GetAccount => "get-account",
            Self::ListPage => "list-page",
            Self::Stream => "stream",
            Self::Concurrent => "concurrent",
        }
    }

    /// How many calls, pages or accounts there are in each run.
    pub(crate) fn counts(self) -> &'static [usize] {
        match self {
            Self::GetAccount => &[20_000],
            Self::ListPage => &[3_000],
            Self::Stream => &[1_000_000, 10_000],
            Self::Concurrent => &[40_000],
        }
    }

    /// What is told of the outcomes of its runs.
    pub(crate) fn tables(self) -> Vec<Table> {
        match self {
            Self::GetAccount => vec![
                Table::new(
                    "get_account, one after the other: user CPU, µs a call",
                    Better::Less,
                    |runs| runs[0].user_micros_each(),
                ),
                Table::new("the same: peak memory, KiB", Better::Less, |runs| runs[0].peak_kib),
            ],
            Self::ListPage => vec![Table::new(
                "list_accounts, pages of 200: user CPU, µs a page",
                Better::Less,
                |runs| runs[0].user_micros_each(),
            )],
            Self::Stream => vec![
                Table::new("streaming 1,000,000 accounts: accounts/s", Better::More, |runs| {
                    runs[0].each_second()
                }),
                Table::new("the same: user CPU, ns an account", Better::Less, |runs| {
                    1e3 * runs[0].user_micros_each()
                }),
                Table::new("the same: peak memory, KiB", Better::Less, |runs| runs[0].peak_kib),
                Table::new("streaming 10,000 accounts: peak memory, KiB", Better::Less, |runs| {
                    runs[1].peak_kib
                }),
            ],
            Self::Concurrent => vec![Table::new(
                "get_account, 64 at once, 2 threads: calls/s",
                Better::More,
                |runs| runs[0].each_second(),
            )],
        }
    }
}

impl FromStr for Work {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|work| work.name() == name).context("there is no such work")
    }
}
