//! What a client must be able to do to be measured.

use std::time::Duration;

use anyhow::Result;

/// The identifier of the account that is asked for.
pub const ACCOUNT_ID: &str = "12a3456b-7c89-012d-3456-78901e23fg45";

/// How many accounts there are on a page.
pub const PAGE: u16 = 200;

/// A client under test. Its methods give the number of accounts that it read.
pub trait Subject: Clone + Send + Sync + 'static {
    /// # Errors
    ///
    /// Those of the client.
    fn connect(url: &str) -> Result<Self>;

    fn get_account(&self) -> impl Future<Output = Result<usize>> + Send;

    /// Reads the first page only.
    fn list_page(&self) -> impl Future<Output = Result<usize>> + Send;

    /// Reads account by account to the end of the listing.
    fn stream(&self) -> impl Future<Output = Result<usize>> + Send;

    /// Reads page by page to the end of the listing, and takes a pause at each.
    fn pages(&self, pause: Duration) -> impl Future<Output = Result<usize>> + Send;

    /// The same, with the next page fetched during the pause if the client can do that.
    fn pages_ahead(&self, pause: Duration) -> impl Future<Output = Result<usize>> + Send {
        self.pages(pause)
    }
}
