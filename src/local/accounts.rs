//! Accounts: their operations and their rows.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Bound::{Excluded, Included};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::{Answer, Refusal, enveloped};
use super::bots::Bot;
use super::call::Call;
use super::changes::{Change, Kind, Place};
use super::directory::Directory;
use super::document::{Document, timestamp};
use super::rooms::Rooms;
use super::seed::Line;
use super::table::{Row, Table};
use super::users::User;
use super::validate;

pub(super) fn create_account(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let members = call.members()?;
    let name = members.text("Name", account_name)?;
    let name = validate::required("Name", name)?;

    let account = Account::new(name, TEAM, call.now());
    let answer = Answer::created(enveloped("Account", &account.document));
    directory.accounts.add(account)?;
    Ok(answer)
}

pub(super) fn get_account(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let account = directory.accounts.find(call.id("accountId")?)?;
    Ok(Answer::ok(enveloped("Account", &account.document)))
}

pub(super) fn list_accounts(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let name = call.query("name", account_name)?;
    let email = call.query("user-email", validate::email)?;
    let paging = call.paging(200)?;

    let Directory { accounts, tokens, .. } = directory;
    let listing = format!("ListAccounts {:?}", (name, email));
    tokens.list("Accounts", &listing, &paging, |position| {
        let prefix = name.unwrap_or_default();
        let accounts = accounts.after(position, email);
        accounts.filter(move |(_, account)| account.name().starts_with(prefix))
    })
}

pub(super) fn update_account(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let id = call.id("accountId")?;
    let members = call.members()?;
    let name = members.text("Name", account_name)?;
    let default_license = members.text("DefaultLicense", license)?;
    let account = directory.accounts.find_mut(id)?;
    account.check_support(default_license)?;

    account.document.set_some("Name", name);
    account.document.set_some("DefaultLicense", default_license);
    Ok(Answer::ok(enveloped("Account", &account.document)))
}

pub(super) fn delete_account(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let id = call.id("accountId")?;
    let account = directory.accounts.find(id)?;
    if account.users.rows().any(|user| !user.is_suspended()) {
        let message = "The account has users that are not suspended.";
        return Err(Refusal::unprocessable(message));
    }
    directory.phone_numbers.disassociate_account(account, call.now());
    directory.accounts.remove(id)?;
    Ok(Answer::no_content())
}

/// Adds an account of any type and returns it in the JSON form that the API uses.
pub(super) fn add_account(
    directory: &mut Directory,
    name: &str,
    account_type: &str,
    now: DateTime<Utc>,
) -> Result<Document, Refusal> {
    let name = account_name("Name", name)?;
    let account_type = validate::one_of("AccountType", account_type, ACCOUNT_TYPES)?;

    let account = Account::new(name, account_type, now);
    let document = account.document.clone();
    directory.accounts.add(account)?;
    Ok(document)
}

pub(super) fn seed(directory: &mut Directory, mut line: Line) -> Result<(), Refusal> {
    line.identify("AccountId")?;
    let mut document = line.document;
    if document.text("Name").is_none() {
        return Err(validate::must_be("Name", "a string"));
    }
    if document.member("AwsAccountId").is_null() {
        document.set("AwsAccountId", AWS_ACCOUNT_ID);
    }
    directory.accounts.add(Account::of(document))
}

/// All accounts, with an index of the e-mail addresses of their users.
///
/// Only the methods of this type add and remove users, and each of them updates the index.
#[derive(Default)]
pub(super) struct Accounts {
    table: Table<Account>,
    /// Maps an address in lower case and the position of an account to the position of the user in this account.
    emails: BTreeMap<(String, u64), u64>,
}

impl Accounts {
    /// Adds an account, unless another account has the same identifier.
    pub(super) fn add(&mut self, account: Account) -> Result<(), Refusal> {
        self.table.try_insert(account).map(drop)
    }

    pub(super) fn find(&self, id: &str) -> Result<&Account, Refusal> {
        self.table.find(id)
    }

    pub(super) fn find_mut(&mut self, id: &str) -> Result<&mut Account, Refusal> {
        self.table.find_mut(id)
    }

    pub(super) fn at(&self, position: u64) -> Option<&Account> {
        self.table.at(position)
    }

    /// Returns the Enterprise account with this identifier.
    pub(super) fn enterprise(&self, id: &str) -> Result<&Account, Refusal> {
        let account = self.find(id)?;
        account.require_enterprise()?;
        Ok(account)
    }

    pub(super) fn enterprise_mut(&mut self, id: &str) -> Result<&mut Account, Refusal> {
        let account = self.find_mut(id)?;
        account.require_enterprise()?;
        Ok(account)
    }

    /// Removes an account and all its rows.
    pub(super) fn remove(&mut self, id: &str) -> Result<(), Refusal> {
        let position = self.table.position(id)?;
        let account = self.table.remove(id)?;
        for email in account.users.rows().filter_map(User::email) {
            self.emails.remove(&email_key(&email, position));
        }
        Ok(())
    }

    /// Adds a user to its account, unless another user there has the same identifier or e-mail address.
    pub(super) fn add_user(&mut self, user: User) -> Result<(), Refusal> {
        let position = self.table.position(&user.account_id())?;
        let key = user.email().map(|email| email_key(&email, position));
        let users = &mut self.table.find_mut(&user.account_id())?.users;
        let Some(key) = key else {
            return users.try_insert(user).map(drop);
        };
        match self.emails.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(users.try_insert(user)?);
                Ok(())
            }
            Entry::Occupied(_) => {
                let message = "The account has a user with this e-mail address.";
                Err(Refusal::conflict(message))
            }
        }
    }

    /// Returns the accounts after a position, each with its own position. With `email`, it returns only accounts that
    /// have a user with this address.
    pub(super) fn after(
        &self,
        position: u64,
        email: Option<&str>,
    ) -> Box<dyn Iterator<Item = (u64, &Account)> + '_> {
        let Some(email) = email else {
            return Box::new(self.table.after(position));
        };
        let after = (Excluded(email_key(email, position)), Included(email_key(email, u64::MAX)));
        let positions = self.emails.range(after).map(|((_, position), _)| *position);
        Box::new(positions.filter_map(|position| Some((position, self.table.at(position)?))))
    }

    /// Returns the users of an account after a position, each with its own position. With `email`, it returns only the
    /// user with this address.
    pub(super) fn users_after<'a>(
        &'a self,
        account: &'a Account,
        position: u64,
        email: Option<&str>,
    ) -> Box<dyn Iterator<Item = (u64, &'a User)> + 'a> {
        let Some(email) = email else {
            return Box::new(account.users.after(position));
        };
        let own = self.table.position(&account.id()).ok();
        let user = own.and_then(|own| self.emails.get(&email_key(email, own)));
        let user = user.filter(|user| **user > position);
        Box::new(user.and_then(|user| Some((*user, account.users.at(*user)?))).into_iter())
    }

    /// Visits the accounts and their rows that were added, changed or removed since the last call.
    pub(super) fn drain(&mut self, visit: &mut dyn FnMut(Place, Change<'_>)) {
        self.table.drain(Place::default(), visit, |account, row, visit| {
            let place = |kind| Place { kind, account, ..Place::default() };
            row.users.drain(place(Kind::User), visit, |_, _, _| ());
            row.bots.drain(place(Kind::Bot), visit, |_, _, _| ());
            row.rooms.drain(account, visit);
        });
    }
}

/// Restores stored accounts and users.
#[cfg(feature = "durable")]
impl Accounts {
    pub(super) fn restore(&mut self, position: u64, account: Account) {
        self.table.restore(position, account);
    }

    pub(super) fn restore_added(&mut self, added: u64) {
        self.table.restore_added(added);
    }

    pub(super) fn at_mut(&mut self, position: u64) -> Option<&mut Account> {
        self.table.at_mut(position)
    }

    /// Restores a user, or returns `None` if the account does not exist.
    pub(super) fn restore_user(&mut self, account: u64, position: u64, user: User) -> Option<()> {
        let users = &mut self.table.at_mut(account)?.users;
        if let Some(email) = user.email() {
            self.emails.insert(email_key(&email, account), position);
        }
        users.restore(position, user);
        Some(())
    }

    pub(super) fn restore_users_added(&mut self, account: u64, added: u64) -> Option<()> {
        self.table.at_mut(account)?.users.restore_added(added);
        Some(())
    }

    /// Removes an account and all its rows from memory, before the stored rows are restored.
    pub(super) fn take(&mut self, position: u64) {
        let account = self.table.take(position);
        let users = account.iter().flat_map(|account| account.users.rows());
        for email in users.filter_map(User::email) {
            self.emails.remove(&email_key(&email, position));
        }
    }
}

/// Returns the key of the index. Addresses that differ only in the case of ASCII letters have the same key.
fn email_key(email: &str, account: u64) -> (String, u64) {
    (email.to_ascii_lowercase(), account)
}

#[derive(Deserialize, Serialize)]
pub(super) struct Account {
    document: Document,
    /// The settings, or `None` if they were never set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) settings: Option<Document>,
    /// The response of `GetRetentionSettings`, empty at first.
    pub(super) retention: Document,
    /// Only [`Accounts`] adds users to this table.
    #[serde(skip)]
    users: Table<User>,
    /// Empty in a Team account.
    #[serde(skip)]
    pub(super) rooms: Rooms,
    /// Empty in a Team account.
    #[serde(skip)]
    pub(super) bots: Table<Bot>,
}

impl Account {
    /// Creates an account of any type, with the members that the API's model does not define.
    fn new(name: &str, account_type: &str, now: DateTime<Utc>) -> Self {
        let document = Document::new(json!({
            "AccountId": Uuid::new_v4().to_string(),
            "AccountStatus": "Active",
            "AccountType": account_type,
            "Admins": null,
            "AwsAccountId": AWS_ACCOUNT_ID,
            "BillingType": "SeatBilling",
            "CreatedTimestamp": timestamp(now),
            "DefaultLicense": "Pro",
            "DelegationStatus": "NoDelegation",
            "DirectoryId": null,
            "Domains": null,
            "Groups": [],
            "Name": name,
            "Owner": null,
            SIGNIN_DELEGATE_GROUPS: null,
            "SupportedLicenses": ["Basic", "Pro"],
            "UseProTrialLicense": false,
        }));
        Self::of(document)
    }

    /// Creates an account without users, rooms and bots.
    fn of(document: Document) -> Self {
        Self {
            document,
            settings: None,
            retention: Document::default(),
            users: Table::default(),
            rooms: Rooms::default(),
            bots: Table::default(),
        }
    }

    pub(super) fn name(&self) -> Cow<'_, str> {
        self.document.text("Name").unwrap_or_default()
    }

    /// Returns a value of the enum `AccountType`.
    fn account_type(&self) -> Cow<'_, str> {
        self.document.text("AccountType").unwrap_or_default()
    }

    pub(super) fn default_license(&self) -> Option<Cow<'_, str>> {
        self.document.text("DefaultLicense")
    }

    pub(super) fn user_count(&self) -> usize {
        self.users.len()
    }

    pub(super) fn user(&self, id: &str) -> Result<&User, Refusal> {
        self.users.find(id)
    }

    pub(super) fn user_mut(&mut self, id: &str) -> Result<&mut User, Refusal> {
        self.users.find_mut(id)
    }

    pub(super) fn signin_delegate_groups(&self) -> Vec<Value> {
        match self.document.member(SIGNIN_DELEGATE_GROUPS) {
            Value::Array(groups) => groups,
            _ => Vec::new(),
        }
    }

    /// Replaces the sign-in delegate groups. An account that never had a group keeps null instead of an empty list.
    pub(super) fn set_signin_delegate_groups(&mut self, groups: Vec<Value>) {
        if groups != self.signin_delegate_groups() {
            self.document.set(SIGNIN_DELEGATE_GROUPS, groups);
        }
    }

    pub(super) fn require_enterprise(&self) -> Result<(), Refusal> {
        if self.account_type().starts_with(ENTERPRISE) {
            Ok(())
        } else {
            Err(Refusal::forbidden("This is for Enterprise accounts only."))
        }
    }

    pub(super) fn require_team(&self) -> Result<(), Refusal> {
        if self.account_type() == TEAM {
            Ok(())
        } else {
            Err(Refusal::forbidden("This is for Team accounts only."))
        }
    }

    /// Refuses a license that the account does not support. A seeded account without `SupportedLicenses` supports every
    /// license.
    pub(super) fn check_support(&self, license: Option<&str>) -> Result<(), Refusal> {
        let supported = self.document.member("SupportedLicenses");
        let is_supported = |license: &str| {
            supported
                .as_array()
                .is_none_or(|licenses| licenses.iter().any(|other| other == license))
        };
        if license.is_none_or(is_supported) {
            Ok(())
        } else {
            let message = "The account does not support this license.";
            Err(Refusal::bad_request(message))
        }
    }
}

/// The AWS account of every resource.
pub(super) const AWS_ACCOUNT_ID: &str = "111122223333";

const SIGNIN_DELEGATE_GROUPS: &str = "SigninDelegateGroups";

/// The caller of every operation, for `CreatedBy` and `InvitedBy`.
pub(super) const CALLER_ARN: &str = "arn:aws:iam::111122223333:user/local";

/// The type of the accounts that `CreateAccount` creates.
const TEAM: &str = "Team";

/// The prefix of all other account types.
const ENTERPRISE: &str = "Enterprise";

const ACCOUNT_TYPES: &[&str] = &[TEAM, "EnterpriseDirectory", "EnterpriseLWA", "EnterpriseOIDC"];

impl Row for Account {
    const NOT_FOUND: &'static str = "The account does not exist.";

    fn id(&self) -> Cow<'_, str> {
        self.document.text("AccountId").unwrap_or_default()
    }

    fn document(&self) -> &Document {
        &self.document
    }
}

/// Checks the name of an account: 1 to 100 characters, not only white space.
fn account_name<'a>(name: &str, text: &'a str) -> Result<&'a str, Refusal> {
    if text.chars().count() > 100 {
        return Err(validate::must_be(name, "at most 100 characters long"));
    }
    validate::not_blank(name, text)
}

pub(super) fn license(name: &str, text: &str) -> Result<&'static str, Refusal> {
    validate::one_of(name, text, &["Basic", "Plus", "Pro", "ProTrial"])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three accounts with the names `a`, `b` and `c`, each with Ana and another user.
    fn accounts() -> Accounts {
        let mut accounts = Accounts::default();
        for name in ["a", "b", "c"] {
            let mut account = Account::new(name, TEAM, Utc::now());
            account.document.set("AccountId", name);
            let somebody = format!("{name}@example.com");
            let users = [somebody.as_str(), "Ana@example.com"]
                .map(|email| User::new(&account, Some(email), None, Utc::now()));
            accounts.add(account).unwrap();
            for user in users {
                accounts.add_user(user).unwrap();
            }
        }
        accounts
    }

    fn ids_after(accounts: &Accounts, position: u64, email: &str) -> Vec<String> {
        accounts
            .after(position, Some(email))
            .map(|(_, account)| account.id().into_owned())
            .collect()
    }

    fn emails_of(accounts: &Accounts, id: &str, position: u64, email: &str) -> Vec<String> {
        let users = accounts.users_after(accounts.find(id).unwrap(), position, Some(email));
        users.filter_map(|(_, user)| user.email().map(Cow::into_owned)).collect()
    }

    #[test]
    fn accounts_are_found_by_the_address_of_a_user_in_any_case() {
        let accounts = accounts();
        assert_eq!(ids_after(&accounts, 0, "ana@EXAMPLE.com"), ["a", "b", "c"]);
        assert_eq!(ids_after(&accounts, 0, "b@example.com"), ["b"]);
        assert_eq!(ids_after(&accounts, 0, "an@example.com"), [""; 0]);
        let first = accounts.table.position("a").unwrap();
        assert_eq!(ids_after(&accounts, first, "ana@example.com"), ["b", "c"]);
    }

    #[test]
    fn a_user_is_found_by_address_in_its_own_account_only() {
        let accounts = accounts();
        assert_eq!(emails_of(&accounts, "b", 0, "ANA@example.com"), ["Ana@example.com"]);
        assert_eq!(emails_of(&accounts, "b", 0, "a@example.com"), [""; 0]);
        let last = accounts.find("b").unwrap().users.after(0).last().unwrap().0;
        assert_eq!(emails_of(&accounts, "b", last, "ana@example.com"), [""; 0]);
    }

    #[test]
    fn an_account_has_at_most_one_user_with_an_address() {
        let mut accounts = accounts();
        let account = accounts.find("a").unwrap();
        let again = User::new(account, Some("ANA@example.com"), None, Utc::now());
        let nameless = [
            User::new(account, None, None, Utc::now()),
            User::new(account, None, None, Utc::now()),
        ];
        assert!(accounts.add_user(again).is_err());
        for user in nameless {
            assert_eq!(accounts.add_user(user), Ok(()));
        }
        assert_eq!(accounts.find("a").unwrap().users.rows().count(), 4);
    }

    #[test]
    fn removing_an_account_removes_its_addresses_from_the_index() {
        let mut accounts = accounts();
        accounts.remove("b").unwrap();
        assert_eq!(ids_after(&accounts, 0, "ana@example.com"), ["a", "c"]);
        assert_eq!(accounts.emails.len(), 4);
    }

    #[test]
    fn an_account_is_an_enterprise_account_or_a_team_account() {
        for account_type in &ACCOUNT_TYPES[1..] {
            let account = Account::new("Acme", account_type, Utc::now());
            assert!(account.require_enterprise().is_ok() && account.require_team().is_err());
        }
        let account = Account::new("Acme", TEAM, Utc::now());
        assert!(account.require_enterprise().is_err() && account.require_team().is_ok());
    }

    #[test]
    fn the_length_of_an_account_name_is_counted_in_characters() {
        assert!(account_name("Name", &"é".repeat(100)).is_ok());
        assert!(account_name("Name", &"é".repeat(101)).is_err());
        assert!(account_name("Name", "").is_err());
        assert!(account_name("Name", " \t\u{2003}").is_err());
    }

    #[test]
    fn only_licenses_of_the_api_are_accepted() {
        assert_eq!(license("LicenseType", "Pro"), Ok("Pro"));
        assert!(license("LicenseType", "pro").is_err());
    }
}
