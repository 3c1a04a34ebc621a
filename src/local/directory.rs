//! The state: everything that an embedded Chime remembers.

use super::accounts::Accounts;
use super::paging::Tokens;

/// What is in the one AWS account that this Chime knows.
#[derive(Default)]
pub(super) struct Directory {
    pub(super) accounts: Accounts,
    pub(super) tokens: Tokens,
}
