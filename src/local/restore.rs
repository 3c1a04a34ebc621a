//! Restores stored rows in the directory.

use serde::de::DeserializeOwned;

use super::accounts::Account;
use super::changes::{Kind, Place};
use super::directory::Directory;
use super::inventory::Inventory;
use super::room_memberships::RoomMembership;
use super::single::Single;
use super::table::Table;

impl Directory {
    /// Restores a row whose parents have been restored before.
    pub(super) fn restore(&mut self, place: Place, json: &str) -> Result<(), Unreadable> {
        let Place { kind, account, room, position } = place;
        match kind {
            Kind::Account => self.accounts.restore(position, read(json)?),
            Kind::User => self
                .accounts
                .restore_user(account, position, read(json)?)
                .ok_or(Unreadable::WithoutParent)?,
            Kind::Bot => self.account(account)?.bots.restore(position, read(json)?),
            Kind::Room => self.account(account)?.rooms.restore(position, read(json)?),
            Kind::RoomMembership => {
                self.memberships(account, room)?.restore(position, read(json)?);
            }
            Kind::PhoneNumber => self.phone_numbers.restore(position, read(json)?),
            Kind::PhoneNumberOrder => self.phone_number_orders.restore(position, read(json)?),
            Kind::PhoneNumberSettings => self.phone_number_settings.restore(read(json)?),
            Kind::GlobalSettings => self.global_settings.restore(read(json)?),
        }
        Ok(())
    }

    /// Restores the number of rows that were ever added to the table of a place.
    pub(super) fn restore_added(&mut self, place: Place, added: u64) -> Result<(), Unreadable> {
        let Place { kind, account, room, .. } = place;
        match kind {
            Kind::Account => self.accounts.restore_added(added),
            Kind::User => self
                .accounts
                .restore_users_added(account, added)
                .ok_or(Unreadable::WithoutParent)?,
            Kind::Bot => self.account(account)?.bots.restore_added(added),
            Kind::Room => self.account(account)?.rooms.restore_added(added),
            Kind::RoomMembership => self.memberships(account, room)?.restore_added(added),
            Kind::PhoneNumber => self.phone_numbers.restore_added(added),
            Kind::PhoneNumberOrder => self.phone_number_orders.restore_added(added),
            Kind::PhoneNumberSettings | Kind::GlobalSettings => {}
        }
        Ok(())
    }

    /// Removes an account and all its rows from memory, before the stored rows are restored. Account 0 stands for the
    /// rows of the AWS account.
    pub(super) fn take(&mut self, account: u64) {
        if account == 0 {
            self.phone_numbers = Inventory::default();
            self.phone_number_orders = Table::default();
            self.phone_number_settings = Single::default();
            self.global_settings = Single::default();
        } else {
            self.accounts.take(account);
        }
    }

    fn account(&mut self, position: u64) -> Result<&mut Account, Unreadable> {
        self.accounts.at_mut(position).ok_or(Unreadable::WithoutParent)
    }

    fn memberships(
        &mut self,
        account: u64,
        room: u64,
    ) -> Result<&mut Table<RoomMembership>, Unreadable> {
        self.account(account)?.rooms.memberships_at(room).ok_or(Unreadable::WithoutParent)
    }
}

/// The reason why a stored row cannot be restored.
#[derive(Debug, PartialEq)]
pub(super) enum Unreadable {
    /// The JSON does not fit the kind of the row.
    Malformed,
    /// A parent of the row does not exist.
    WithoutParent,
}

fn read<R: DeserializeOwned>(json: &str) -> Result<R, Unreadable> {
    // The error of serde_json could quote the row.
    serde_json::from_str(json).map_err(|_| Unreadable::Malformed)
}
