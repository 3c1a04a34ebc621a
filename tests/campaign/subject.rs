//! The interface of subjects, the clients under test.

use amazon_chime::aws_credential_types::provider::SharedCredentialsProvider;
use anyhow::Result;

use super::settings::Settings;

#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    pub(crate) region: String,
    pub(crate) credentials: SharedCredentialsProvider,
}

/// The information that a caller gets about a failed call.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// Whether the client says that the call may have run.
    pub(crate) may_have_applied: bool,
    /// `None` if the client does not report the number.
    pub(crate) attempts: Option<u32>,
    /// The kind of the failure, in a few words.
    pub(crate) what: String,
}

impl Failure {
    /// Returns `true` if the client stopped before its last attempt.
    pub(crate) fn is_early(&self, settings: &Settings) -> bool {
        self.attempts.is_some_and(|attempts| attempts < settings.max_attempts)
    }
}

/// The items of a listing, in the order of their arrival.
pub(crate) struct Listing {
    pub(crate) items: Vec<String>,
    /// The failure that ended the listing early, and the token of the failed page.
    pub(crate) broken: Option<(Failure, Option<String>)>,
}

/// A client under test. The creates return the id of the new resource, which the tests compare with the service.
pub(crate) trait Subject: Sized {
    fn connect(endpoint: &Endpoint, settings: &Settings) -> Result<Self>;

    async fn create_account(&self, name: &str) -> Result<String, Failure>;

    async fn create_user(&self, account_id: &str, email: &str) -> Result<String, Failure>;

    async fn create_room(&self, account_id: &str, name: &str) -> Result<String, Failure>;

    async fn create_bot(&self, account_id: &str, name: &str) -> Result<String, Failure>;

    /// Returns the address if an invitation was sent to it, or an empty string if it was invited before.
    async fn invite_user(&self, account_id: &str, email: &str) -> Result<String, Failure>;

    async fn order_phone_number(&self, number: &str) -> Result<String, Failure>;

    /// Returns the id of the account.
    async fn get_account(&self, id: &str) -> Result<String, Failure>;

    /// Returns the new name of the account.
    async fn update_account(&self, id: &str, name: &str) -> Result<String, Failure>;

    /// Returns the number of users who could not be suspended.
    async fn suspend_users(&self, account_id: &str, user_ids: &[String]) -> Result<usize, Failure>;

    /// Returns the ids of all accounts, read with the client's own stream of items or pages.
    async fn list_accounts(
        &self,
        page_size: usize,
        from: Option<String>,
        before_next: impl FnMut(),
    ) -> Listing;
}
