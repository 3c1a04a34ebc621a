//! The state: everything that an embedded Chime remembers.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use super::answer::Refusal;
use super::paging::Tokens;

/// The accounts of the one AWS account that this Chime knows.
#[derive(Default)]
pub(super) struct Directory {
    pub(super) accounts: Table<Account>,
    pub(super) tokens: Tokens,
}

impl Directory {
    pub(super) fn account(&self, id: &str) -> Result<&Account, Refusal> {
        self.accounts.get(id).ok_or_else(no_such_account)
    }

    pub(super) fn account_mut(&mut self, id: &str) -> Result<&mut Account, Refusal> {
        self.accounts.get_mut(id).ok_or_else(no_such_account)
    }
}

pub(super) struct Account {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) default_license: &'static str,
    pub(super) created_at: DateTime<Utc>,
    pub(super) users: Table<User>,
}

impl Account {
    pub(super) fn user(&self, id: &str) -> Result<&User, Refusal> {
        self.users.get(id).ok_or_else(no_such_user)
    }

    pub(super) fn user_mut(&mut self, id: &str) -> Result<&mut User, Refusal> {
        self.users.get_mut(id).ok_or_else(no_such_user)
    }

    pub(super) fn has_email(&self, email: &str) -> bool {
        self.users.iter().any(|(_, user)| user.has_email(email))
    }
}

pub(super) struct User {
    pub(super) id: String,
    pub(super) account_id: String,
    pub(super) email: Option<String>,
    pub(super) display_name: Option<String>,
    pub(super) license: &'static str,
    /// Of the enum `UserType`.
    pub(super) kind: &'static str,
    /// The status that suspending hides and unsuspending brings back.
    pub(super) registration: &'static str,
    pub(super) suspended: bool,
    pub(super) invited_at: Option<DateTime<Utc>>,
    pub(super) alexa_enabled: bool,
    pub(super) alexa_room_arn: Option<String>,
    pub(super) personal_pin: String,
}

impl User {
    /// Whether this is the user's address, in whatever case.
    pub(super) fn has_email(&self, email: &str) -> bool {
        let own = self.email.as_deref();
        own.is_some_and(|own| own.eq_ignore_ascii_case(email))
    }
}

/// Rows in the order in which they were added, found by their identifiers, too.
pub(super) struct Table<T> {
    rows: BTreeMap<u64, T>,
    sequences: HashMap<String, u64>,
    added: u64,
}

impl<T> Table<T> {
    pub(super) fn insert(&mut self, id: String, row: T) {
        self.added += 1;
        self.sequences.insert(id, self.added);
        self.rows.insert(self.added, row);
    }

    pub(super) fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(self.sequences.get(id)?)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.rows.get_mut(self.sequences.get(id)?)
    }

    pub(super) fn remove(&mut self, id: &str) {
        if let Some(sequence) = self.sequences.remove(id) {
            self.rows.remove(&sequence);
        }
    }

    /// All rows with their sequence numbers, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        self.rows.iter().map(|(sequence, row)| (*sequence, row))
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), sequences: HashMap::new(), added: 0 }
    }
}

fn no_such_account() -> Refusal {
    Refusal::not_found("The account does not exist.")
}

fn no_such_user() -> Refusal {
    Refusal::not_found("The user does not exist in this account.")
}
