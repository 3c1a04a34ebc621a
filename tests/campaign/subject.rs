//! What a client under test must be able to do.

use amazon_chime::aws_credential_types::provider::SharedCredentialsProvider;
use anyhow::Result;

use super::settings::Settings;

/// Where the client sends its requests, and what it signs them with.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    pub(crate) region: String,
    pub(crate) credentials: SharedCredentialsProvider,
}

/// What a caller learns of a call that failed.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// Whether the client says that the call may have taken effect.
    pub(crate) may_have_applied: bool,
    /// `None` if the client does not say.
    pub(crate) attempts: Option<u32>,
    /// A few words, the same for all failures of a kind.
    pub(crate) what: String,
}

impl Failure {
    /// Whether the client stopped before it had used all its attempts.
    pub(crate) fn is_early(&self, settings: &Settings) -> bool {
        self.attempts.is_some_and(|attempts| attempts < settings.max_attempts)
    }
}

/// The items of a listing, in the order of their arrival.
pub(crate) struct Listing {
    pub(crate) items: Vec<String>,
    /// Why it ended before its end, and the token to go on with.
    pub(crate) broken: Option<(Failure, Option<String>)>,
}

/// A client under test. What it gives of a success is what shows whether that is one.
pub(crate) trait Subject: Sized {
    fn connect(endpoint: &Endpoint, settings: &Settings) -> Result<Self>;

    /// Gives the id of the new account.
    async fn create_account(&self, name: &str) -> Result<String, Failure>;

    /// Gives the id of the new user.
    async fn create_user(&self, account_id: &str, email: &str) -> Result<String, Failure>;

    /// Gives the id of the new room.
    async fn create_room(&self, account_id: &str, name: &str) -> Result<String, Failure>;

    /// Gives the id of the new bot.
    async fn create_bot(&self, account_id: &str, name: &str) -> Result<String, Failure>;

    /// Gives the address if an invitation was sent to it, and nothing if it had been invited before.
    async fn invite_user(&self, account_id: &str, email: &str) -> Result<String, Failure>;

    /// Gives the id of the new order of this number.
    async fn order_phone_number(&self, number: &str) -> Result<String, Failure>;

    /// Gives the id of the account.
    async fn get_account(&self, id: &str) -> Result<String, Failure>;

    /// Gives the name that the account has then.
    async fn update_account(&self, id: &str, name: &str) -> Result<String, Failure>;

    /// Gives the number of users who could not be suspended.
    async fn suspend_users(&self, account_id: &str, user_ids: &[String]) -> Result<usize, Failure>;

    /// The ids of all accounts, by the client's own stream of items or pages.
    async fn list_accounts(
        &self,
        page_size: usize,
        from: Option<String>,
        before_next: impl FnMut(),
    ) -> Listing;
}
