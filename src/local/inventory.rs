//! The inventory: the phone numbers of the AWS account and their users.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use super::accounts::Account;
use super::answer::Refusal;
use super::changes::{Change, Place};
use super::phone_numbers::{PhoneNumber, id_digits};
use super::table::{Row, Table};

/// The phone numbers of the AWS account by their digits, with an index of their users.
///
/// After its time in the deletion queue, a number is gone: no method returns the number. Its row stays until the number
/// is added again.
///
/// Only the methods of this type add numbers and change their associations, and each of them updates the index.
#[derive(Default)]
pub(super) struct Inventory {
    table: Table<PhoneNumber>,
    users: UserIndex,
}

/// The digits of the numbers of a user, by the identifier of the user. Users of several accounts may have the same
/// identifier and the same number, because a seeded association need not have an account.
type UserIndex = HashMap<String, BTreeSet<String>>;

impl Inventory {
    pub(super) fn find(&self, digits: &str, now: DateTime<Utc>) -> Result<&PhoneNumber, Refusal> {
        let number = self.table.find(digits)?;
        if number.is_gone(now) {
            Err(Refusal::not_found(PhoneNumber::NOT_FOUND))
        } else {
            Ok(number)
        }
    }

    fn find_mut(&mut self, digits: &str, now: DateTime<Utc>) -> Result<&mut PhoneNumber, Refusal> {
        self.find(digits, now)?;
        self.table.find_mut(digits)
    }

    pub(super) fn find_by_id(
        &mut self,
        id: &str,
        now: DateTime<Utc>,
    ) -> Result<&mut PhoneNumber, Refusal> {
        self.find_mut(id_digits(id)?, now)
    }

    pub(super) fn has(&self, digits: &str, now: DateTime<Utc>) -> bool {
        self.find(digits, now).is_ok()
    }

    /// Returns the numbers after a position, oldest first, each with its own position.
    pub(super) fn after(
        &self,
        position: u64,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = (u64, &PhoneNumber)> {
        self.table.after(position).filter(move |(_, number)| !number.is_gone(now))
    }

    pub(super) fn of_user<'a>(
        &'a self,
        account_id: &'a str,
        user_id: &'a str,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = &'a PhoneNumber> {
        let digits = self.users.get(user_id).into_iter().flatten();
        let numbers = digits.filter_map(move |digits| self.find(digits, now).ok());
        numbers.filter(move |number| number.is_of_user(account_id, user_id))
    }

    /// Adds a number, unless the inventory has this number.
    pub(super) fn add(&mut self, number: PhoneNumber, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self.has(&number.id(), now) {
            return Err(Refusal::conflict("The phone number is in the inventory."));
        }
        if let Ok(gone) = self.table.remove(&number.id()) {
            forget_users(&mut self.users, &gone);
        }
        for user_id in number.user_ids() {
            self.users.entry(user_id).or_default().insert(number.id().into_owned());
        }
        self.table.insert(number);
        Ok(())
    }

    pub(super) fn associate(
        &mut self,
        digits: &str,
        account_id: &str,
        user_id: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        self.find_mut(digits, now)?.associate(account_id, user_id, now);
        self.users.entry(user_id.to_owned()).or_default().insert(digits.to_owned());
        Ok(())
    }

    pub(super) fn disassociate_user(
        &mut self,
        account_id: &str,
        user_id: &str,
        now: DateTime<Utc>,
    ) {
        let numbers = self.of_user(account_id, user_id, now);
        let numbers: Vec<String> = numbers.map(|number| number.id().into_owned()).collect();
        self.disassociate(&numbers, now);
    }

    /// Disassociates the numbers of an account and of its users.
    pub(super) fn disassociate_account(&mut self, account: &Account, now: DateTime<Utc>) {
        let numbers = self.table.rows().filter(|number| number.is_of_account(account));
        let numbers: Vec<String> = numbers.map(|number| number.id().into_owned()).collect();
        self.disassociate(&numbers, now);
    }

    fn disassociate(&mut self, numbers: &[String], now: DateTime<Utc>) {
        for digits in numbers {
            if let Ok(number) = self.table.find_mut(digits) {
                forget_users(&mut self.users, number);
                number.disassociate(now);
            }
        }
    }

    /// Visits the numbers that were added, changed or removed since the last call.
    pub(super) fn drain(&mut self, place: Place, visit: &mut dyn FnMut(Place, Change<'_>)) {
        self.table.drain(place, visit, |_, _, _| ());
    }
}

/// Restores stored numbers.
#[cfg(feature = "durable")]
impl Inventory {
    pub(super) fn restore(&mut self, position: u64, number: PhoneNumber) {
        for user_id in number.user_ids() {
            self.users.entry(user_id).or_default().insert(number.id().into_owned());
        }
        self.table.restore(position, number);
    }

    pub(super) fn restore_added(&mut self, added: u64) {
        self.table.restore_added(added);
    }
}

fn forget_users(users: &mut UserIndex, number: &PhoneNumber) {
    for user_id in number.user_ids() {
        if let Some(numbers) = users.get_mut(&user_id) {
            numbers.remove(&*number.id());
            if numbers.is_empty() {
                users.remove(&user_id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use super::super::document::Document;
    use super::super::phone_number_catalog as catalog;
    use super::super::phone_numbers::BUSINESS_CALLING;
    use super::*;

    fn day(day: u32) -> DateTime<Utc> {
        format!("2026-03-{day:02}T12:00:00Z").parse().unwrap()
    }

    fn new(digits: &str, now: DateTime<Utc>) -> PhoneNumber {
        PhoneNumber::new(catalog::range_of(digits).unwrap(), digits, BUSINESS_CALLING, now)
    }

    fn seeded(document: Value) -> Inventory {
        let mut inventory = Inventory::default();
        inventory.add(PhoneNumber::of(Document::new(document)), day(1)).unwrap();
        inventory
    }

    fn member(inventory: &Inventory, name: &str, now: DateTime<Utc>) -> Value {
        inventory.find("12065550100", now).unwrap().document().member(name)
    }

    #[test]
    fn a_number_is_gone_when_its_time_in_the_deletion_queue_is_over() {
        let mut inventory = Inventory::default();
        inventory.add(new("12065550100", day(1)), day(1)).unwrap();
        let number = inventory.find_mut("12065550100", day(1)).unwrap();
        number.delete(day(2)).unwrap();
        number.delete(day(4)).unwrap();
        assert_eq!(number.document().time("DeletionTimestamp"), Some(day(9)));

        let just_before = day(9) - TimeDelta::milliseconds(1);
        assert!(inventory.has("12065550100", just_before));
        assert_eq!(inventory.after(0, just_before).count(), 1);
        assert!(!inventory.has("12065550100", day(9)));
        assert!(inventory.find_mut("12065550100", day(9)).is_err());
        assert_eq!(inventory.after(0, day(9)).count(), 0);

        inventory.add(new("12065550100", day(9)), day(9)).unwrap();
        assert_eq!(inventory.after(0, day(10)).count(), 1);
        assert_eq!(member(&inventory, "Status", day(10)), "Unassigned");
    }

    #[test]
    fn disassociating_keeps_associations_with_other_resources() {
        let others = json!([{ "Name": "VoiceConnectorId", "Value": "v" }]);
        let mut associations = others.as_array().unwrap().clone();
        associations.push(json!({ "Name": "UserId", "Value": "u" }));
        let mut inventory = seeded(
            json!({ "PhoneNumberId": "%2B12065550100", "Status": "Assigned", "Associations": associations }),
        );
        inventory.disassociate_user("a", "somebody else", day(1));
        assert!(inventory.find("12065550100", day(1)).unwrap().is_of_user("a", "u"));

        inventory.disassociate_user("a", "u", day(1));
        assert_eq!(member(&inventory, "Associations", day(1)), others);
        assert_eq!(member(&inventory, "Status", day(1)), "Assigned");
        assert!(inventory.users.is_empty());
    }

    #[test]
    fn the_index_of_users_is_updated_with_the_numbers() {
        let queued = json!({
            "PhoneNumberId": "%2B12065550100", "Status": "ReleaseInProgress",
            "DeletionTimestamp": "2026-03-05T12:00:00Z",
            "Associations": [{ "Name": "AccountId", "Value": "a" }, { "Name": "UserId", "Value": "u" }],
        });
        let mut inventory = seeded(queued);
        let count = |inventory: &Inventory, account_id, day| {
            inventory.of_user(account_id, "u", day).count()
        };
        assert_eq!([count(&inventory, "a", day(4)), count(&inventory, "b", day(4))], [1, 0]);
        assert_eq!(count(&inventory, "a", day(5)), 0);

        inventory.add(new("12065550100", day(5)), day(5)).unwrap();
        assert!(inventory.users.is_empty());
        inventory.associate("12065550100", "b", "u", day(5)).unwrap();
        assert_eq!([count(&inventory, "a", day(5)), count(&inventory, "b", day(5))], [0, 1]);
    }
}
