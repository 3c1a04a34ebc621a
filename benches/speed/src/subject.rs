//! What a client must be able to do to be measured.

use std::str::FromStr;

use anyhow::{Context, Result};

/// The identifier of the account that is asked for.
pub(crate) const ACCOUNT_ID: &str = "12a3456b-7c89-012d-3456-78901e23fg45";

/// How many accounts there are on a page.
pub(crate) const PAGE: u16 = 200;

/// A client under test. Its methods give the number of accounts that it read.
pub(crate) trait Subject: Clone + Send + Sync + 'static {
    fn connect(url: &str) -> Result<Self>;

    fn get_account(&self) -> impl Future<Output = Result<usize>> + Send;

    /// Reads the first page only.
    fn list_page(&self) -> impl Future<Output = Result<usize>> + Send;

    /// Reads account by account to the end of the listing.
    fn stream(&self) -> impl Future<Output = Result<usize>> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Client {
    Chime,
    Official,
    Floor,
}

impl Client {
    pub(crate) const ALL: [Self; 3] = [Self::Chime, Self::Official, Self::Floor];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chime => "chime",
            Self::Official => "official",
            Self::Floor => "floor",
        }
    }
}

impl FromStr for Client {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        let client = Self::ALL.into_iter().find(|client| client.name() == name);
        client.context("there is no such client")
    }
}
