//! The directory: all resources of an embedded Chime.

use super::accounts::Accounts;
use super::changes::{Change, Kind, Place};
use super::inventory::Inventory;
use super::paging::Tokens;
use super::phone_number_orders::PhoneNumberOrder;
use super::single::Single;
use super::table::Table;

/// The resources of the one AWS account of an embedded Chime.
#[derive(Default)]
pub(super) struct Directory {
    pub(super) accounts: Accounts,
    pub(super) phone_numbers: Inventory,
    pub(super) phone_number_orders: Table<PhoneNumberOrder>,
    pub(super) phone_number_settings: Single,
    pub(super) global_settings: Single,
    pub(super) tokens: Tokens,
}

impl Directory {
    /// Discards the list of changes, because nothing stores them.
    pub(super) fn forget_changes(&mut self) {
        self.drain(&mut |_, _| ());
    }

    /// Visits the rows that were added, changed or removed since the last call, parents before their child rows.
    pub(super) fn drain(&mut self, visit: &mut dyn FnMut(Place, Change<'_>)) {
        let place = |kind| Place { kind, ..Place::default() };
        self.accounts.drain(visit);
        self.phone_numbers.drain(place(Kind::PhoneNumber), visit);
        self.phone_number_orders.drain(place(Kind::PhoneNumberOrder), visit, |_, _, _| ());
        self.phone_number_settings.drain(place(Kind::PhoneNumberSettings), visit);
        self.global_settings.drain(place(Kind::GlobalSettings), visit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_that_nothing_stores_are_discarded() {
        let mut directory = Directory::default();
        _ = directory.global_settings.document_mut();
        directory.forget_changes();
        let mut changes = 0;
        directory.drain(&mut |_, _| changes += 1);
        assert_eq!(changes, 0);

        _ = directory.global_settings.document_mut();
        directory.drain(&mut |_, _| changes += 1);
        assert_eq!(changes, 1);
    }
}
