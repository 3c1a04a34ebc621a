//! The state: everything that an embedded Chime remembers.

use super::accounts::Accounts;
use super::document::Document;
use super::inventory::Inventory;
use super::paging::Tokens;
use super::phone_number_orders::PhoneNumberOrder;
use super::table::Table;

/// The resources of one AWS account, the only one that an embedded Chime has.
#[derive(Default)]
pub(super) struct Directory {
    pub(super) accounts: Accounts,
    pub(super) phone_numbers: Inventory,
    pub(super) phone_number_orders: Table<PhoneNumberOrder>,
    /// The settings of all phone numbers.
    pub(super) phone_number_settings: Document,
    pub(super) global_settings: Document,
    pub(super) tokens: Tokens,
}
