//! The rows of a page, read a few at a time.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use serde_json::value::RawValue;

use super::super::accounts::{Account, Accounts};
use super::super::directory::Directory;
use super::super::document::Document;
use super::super::table::Row as _;
use super::view::{Kind, Position, View};

/// The maximum number of rows of a page.
const ROWS_PER_PAGE: usize = 50;

/// The number of rows that are read before other requests can run.
const ROWS_AT_A_TIME: usize = 100;

/// The maximum number of phone numbers that are counted, because counting reads each number.
const COUNTED_PHONE_NUMBERS: usize = 10_000;

/// The rows of a page that have been read so far, and the totals of all rows.
pub(super) struct Rows {
    pub(super) shown: Vec<Row>,
    /// The position before the next page, or `None` if this page is the last.
    pub(super) next: Option<Position>,
    /// The number of rows of each kind.
    pub(super) totals: Vec<(Kind, String)>,
    /// The name of the account whose rows are shown.
    pub(super) account_name: Option<String>,
}

/// A row of a page with all its members.
pub(super) struct Row {
    pub(super) position: u64,
    /// The position and name of the row's account.
    pub(super) account: Option<(u64, String)>,
    pub(super) members: BTreeMap<String, Value>,
    pub(super) contents: Contents,
}

/// The number of child rows of each kind.
type Contents = Vec<(Kind, usize)>;

impl Rows {
    pub(super) fn new(after: Position) -> Self {
        Self { shown: Vec::new(), next: Some(after), totals: Vec::new(), account_name: None }
    }

    pub(super) fn is_done(&self) -> bool {
        self.next.is_none() || self.shown.len() == ROWS_PER_PAGE
    }

    /// Reads the next rows, but only a few, so that other requests need not wait.
    pub(super) fn read(&mut self, view: &View, directory: &Directory, now: DateTime<Utc>) {
        if self.totals.is_empty() {
            self.totals = totals(directory, now);
            let account = view.account.and_then(|account| directory.accounts.at(account));
            self.account_name = account.map(|account| account.name().into_owned());
        }
        if let Some(row) = view.row {
            let account = view.account.unwrap_or_default();
            self.next = Some(Position { account, row: row.saturating_sub(1) });
        }
        let mut found = found(view, self.next.unwrap_or_default(), directory, now);
        for found in found.by_ref().take(ROWS_AT_A_TIME) {
            self.next = Some(found.position);
            let row = Row {
                position: found.position.row,
                account: found
                    .account
                    .map(|account| (found.position.account, account.name().into_owned())),
                members: members(found.document),
                contents: found.contents,
            };
            if view.row.is_some_and(|wanted| wanted != row.position) {
                break;
            }
            if view.search.is_empty()
                || row.members.values().any(|value| contains(value, &view.search))
            {
                self.shown.push(row);
            }
            if view.row.is_some() || self.shown.len() == ROWS_PER_PAGE {
                break;
            }
        }
        if view.row.is_some() || found.next().is_none() {
            self.next = None;
        }
    }
}

fn totals(directory: &Directory, now: DateTime<Utc>) -> Vec<(Kind, String)> {
    let accounts = || directory.accounts.after(0, None).map(|(_, account)| account);
    let numbers = directory.phone_numbers.after(0, now).take(COUNTED_PHONE_NUMBERS + 1).count();
    let numbers = if numbers > COUNTED_PHONE_NUMBERS {
        format!("more than {COUNTED_PHONE_NUMBERS}")
    } else {
        numbers.to_string()
    };
    let [mut users, mut rooms, mut bots] = [0; 3];
    for account in accounts() {
        users += account.user_count();
        rooms += account.rooms.len();
        bots += account.bots.len();
    }
    vec![
        (Kind::Account, accounts().count().to_string()),
        (Kind::User, users.to_string()),
        (Kind::Room, rooms.to_string()),
        (Kind::Bot, bots.to_string()),
        (Kind::PhoneNumber, numbers),
    ]
}

struct Found<'a> {
    position: Position,
    account: Option<&'a Account>,
    document: &'a Document,
    contents: Contents,
}

/// Returns the rows of a view after a position. Earlier rows are not read.
fn found<'a>(
    view: &'a View,
    after: Position,
    directory: &'a Directory,
    now: DateTime<Utc>,
) -> Box<dyn Iterator<Item = Found<'a>> + 'a> {
    let of_all = |row, document, contents| Found {
        position: Position { account: 0, row },
        account: None,
        document,
        contents,
    };
    match view.kind {
        Kind::Account => {
            let accounts = directory.accounts.after(after.row, None);
            Box::new(accounts.map(move |(position, account)| {
                let contents = vec![
                    (Kind::User, account.user_count()),
                    (Kind::Room, account.rooms.len()),
                    (Kind::Bot, account.bots.len()),
                ];
                of_all(position, account.document(), contents)
            }))
        }
        Kind::PhoneNumber => {
            let numbers = directory.phone_numbers.after(after.row, now);
            Box::new(
                numbers
                    .map(move |(position, number)| of_all(position, number.document(), Vec::new())),
            )
        }
        Kind::User | Kind::Room | Kind::RoomMembership | Kind::Bot => {
            let first = view.account.unwrap_or_default().max(after.account);
            let accounts = directory.accounts.after(first.saturating_sub(1), None);
            let accounts = accounts
                .take_while(|(account, _)| view.account.is_none_or(|only| only == *account));
            Box::new(accounts.flat_map(move |(position, account)| {
                let after = if position == after.account { after.row } else { 0 };
                let rows = of_account(view, after, &directory.accounts, account);
                rows.map(move |(row, document, contents)| {
                    let position = Position { account: position, row };
                    Found { position, account: Some(account), document, contents }
                })
            }))
        }
    }
}

type OfAccount<'a> = Box<dyn Iterator<Item = (u64, &'a Document, Contents)> + 'a>;

fn of_account<'a>(
    view: &View,
    after: u64,
    accounts: &'a Accounts,
    account: &'a Account,
) -> OfAccount<'a> {
    match view.kind {
        Kind::User => {
            let users = accounts.users_after(account, after, None);
            Box::new(users.map(|(position, user)| (position, user.document(), Vec::new())))
        }
        Kind::Room => Box::new(account.rooms.after(after).map(|(position, room)| {
            (position, room.document(), vec![(Kind::RoomMembership, room.memberships.len())])
        })),
        Kind::RoomMembership => {
            let room = view.room.and_then(|room| account.rooms.at(room));
            let members = room.into_iter().flat_map(move |room| room.memberships.after(after));
            Box::new(members.map(|(position, member)| (position, member.document(), Vec::new())))
        }
        Kind::Bot => {
            let bots = account.bots.after(after);
            Box::new(bots.map(|(position, bot)| (position, bot.document(), Vec::new())))
        }
        Kind::Account | Kind::PhoneNumber => Box::new(std::iter::empty()),
    }
}

/// Returns the members of a document. A value that Rust cannot represent, such as `1e400`, is shown as its JSON text.
fn members(document: &Document) -> BTreeMap<String, Value> {
    let members: BTreeMap<String, Box<RawValue>> =
        serde_json::from_str(document.json()).unwrap_or_default();
    let value =
        |json: &RawValue| serde_json::from_str(json.get()).unwrap_or_else(|_| json.get().into());
    members.iter().map(|(name, json)| (name.clone(), value(json))).collect()
}

/// Returns `true` if a string or number of a value contains `text`, which is in lower case.
fn contains(value: &Value, text: &str) -> bool {
    match value {
        Value::String(string) => string.to_lowercase().contains(text),
        Value::Number(number) => number.to_string().contains(text),
        Value::Array(items) => items.iter().any(|item| contains(item, text)),
        Value::Object(members) => members.values().any(|member| contains(member, text)),
        Value::Null | Value::Bool(_) => false,
    }
}
