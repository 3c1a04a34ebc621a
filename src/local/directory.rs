//! The state: everything that an embedded Chime remembers.

use super::accounts::Accounts;
use super::paging::Tokens;

/// The resources of one AWS account, the only one that an embedded Chime has.
#[derive(Default)]
pub(super) struct Directory {
    pub(super) accounts: Accounts,
    pub(super) tokens: Tokens,
}
