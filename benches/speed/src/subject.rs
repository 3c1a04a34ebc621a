//! The interface of the clients that are measured.

use std::time::Duration;

use anyhow::Result;

pub const ACCOUNT_ID: &str = "12a3456b-7c89-012d-3456-78901e23fg45";

pub const PAGE: u16 = 200;

/// A client under test. Its methods return the number of accounts that were read.
pub trait Subject: Clone + Send + Sync + 'static {
    /// # Errors
    ///
    /// The errors of the client.
    fn connect(url: &str) -> Result<Self>;

    fn get_account(&self) -> impl Future<Output = Result<usize>> + Send;

    /// Reads the first page only.
    fn list_page(&self) -> impl Future<Output = Result<usize>> + Send;

    /// Reads the whole listing, account by account.
    fn stream(&self) -> impl Future<Output = Result<usize>> + Send;

    /// Reads the whole listing, page by page, with a pause after each page.
    fn pages(&self, pause: Duration) -> impl Future<Output = Result<usize>> + Send;

    /// Reads pages as [`pages`](Self::pages) does. A client that can read ahead reads the next page during the pause.
    fn pages_ahead(&self, pause: Duration) -> impl Future<Output = Result<usize>> + Send {
        self.pages(pause)
    }
}
