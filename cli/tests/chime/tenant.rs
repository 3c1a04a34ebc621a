//! The contents of an embedded Chime and of an archive, for comparison.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use amazon_chime::local::{Fault, LocalChime};
use amazon_chime::{Account, Client, User};
use futures_util::{StreamExt, stream};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::program::{archive_to, kill_when};

/// All accounts and all users, sorted.
#[derive(Debug, PartialEq)]
pub(crate) struct Directory {
    accounts: Vec<Account>,
    users: Vec<User>,
}

impl Directory {
    pub(crate) async fn in_chime(client: &Client) -> Self {
        let accounts: Vec<Account> = client.list_accounts().items().try_collect().await.unwrap();
        let mut users = Vec::new();
        for account in &accounts {
            let listing = client.list_users(&account.account_id).max_results(200).items();
            users.extend(listing.try_collect::<Vec<User>>().await.unwrap());
        }
        Self { accounts, users }.sorted()
    }

    pub(crate) fn in_archive(directory: &Path) -> Self {
        let accounts = resources(&directory.join("01_accounts.jsonl"), "Account");
        let users = resources(&directory.join("04_users.jsonl"), "User");
        Self { accounts, users }.sorted()
    }

    pub(crate) fn sizes(&self) -> (usize, usize) {
        (self.accounts.len(), self.users.len())
    }

    fn sorted(mut self) -> Self {
        self.accounts.sort_by(|one, other| one.account_id.cmp(&other.account_id));
        self.users.sort_by(|one, other| one.user_id.cmp(&other.user_id));
        self
    }
}

pub(crate) fn resources<T: DeserializeOwned>(file: &Path, kind: &str) -> Vec<T> {
    let text = fs::read_to_string(file).unwrap();
    let resource = |line: &str| {
        let mut row: Value = serde_json::from_str(line).unwrap();
        serde_json::from_value(row[kind].take()).unwrap()
    };
    text.lines().map(resource).collect()
}

/// Returns a Chime with three accounts: with 30 users (one page), with 450 users (three pages), and without users.
pub(crate) async fn chime_with_users() -> (LocalChime, Directory) {
    let chime = LocalChime::start().unwrap();
    let client = chime.client();
    for (name, users) in [("Small", 30), ("Large", 450), ("Empty", 0)] {
        let account_id = client.create_account(name).await.unwrap().account_id;
        stream::iter(0..users)
            .map(|number| client.create_user(&account_id).email(format!("{number}@example.com")))
            .for_each_concurrent(8, async |request| drop(request.await.unwrap()))
            .await;
    }
    let expected = Directory::in_chime(&client).await;
    assert_eq!(expected.sizes(), (3, 480));
    (chime, expected)
}

/// Returns the number of users that the marks count.
pub(crate) fn users_read(archive: &Path) -> u64 {
    marks_of_users(archive).values().map(|mark| mark["rows"].as_u64().unwrap()).sum()
}

/// Returns the marks (the states on disk) of the lists of users that have begun.
pub(crate) fn marks_of_users(archive: &Path) -> HashMap<PathBuf, Value> {
    let Ok(accounts) = fs::read_dir(archive.join("parts/accounts")) else { return HashMap::new() };
    let marks = accounts.map(|account| account.unwrap().path().join("users.json"));
    marks.filter_map(|path| Some((path.clone(), read_mark(&path)?))).collect()
}

pub(crate) fn mark(path: &Path) -> Value {
    read_mark(path).unwrap()
}

fn read_mark(path: &Path) -> Option<Value> {
    Some(serde_json::from_slice(&fs::read(path).ok()?).unwrap())
}

/// The number of users in the first three of the five pages.
pub(crate) const IN_THREE_PAGES: u64 = 30 + 200 + 200;

/// Returns an archive that was killed when three of the five pages were read.
pub(crate) fn killed_archive(scratch: &Path, chime: &LocalChime) -> PathBuf {
    let archive = scratch.join("archive");
    let_through(3, chime);
    let has_read = || users_read(&archive) == IN_THREE_PAGES;
    kill_when(has_read, archive_to(&archive, chime).args(["--concurrency", "1"]));
    until_all_is_read(chime);
    chime.clear_faults();
    archive
}

/// Waits until the embedded Chime has read the last requests of a killed program, so that the next run's faults do not
/// apply to them. One thread serves all connections in the order in which their data arrives.
pub(crate) fn until_all_is_read(chime: &LocalChime) {
    let address = chime.endpoint_url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
}

/// Lets the Chime answer this number of requests for users, and then no more.
pub(crate) fn let_through(pages: u32, chime: &LocalChime) {
    chime.inject(Fault::delay(Duration::ZERO).on("ListUsers").times(pages));
    chime.inject(Fault::stall().on("ListUsers").times(u32::MAX));
}

/// Returns the paths of the rows and the mark of the large account's part.
pub(crate) fn half_read_part(archive: &Path) -> (PathBuf, PathBuf) {
    let marks = marks_of_users(archive);
    let mut half_read = marks.into_iter().filter(|(_, mark)| !mark["next_token"].is_null());
    let (path, _) = half_read.next().unwrap();
    (path.with_extension("jsonl"), path)
}

/// Adds the first row of a list once more, as if a page had repeated it.
pub(crate) fn double_first_row(mark_path: &Path) {
    let part = mark_path.with_extension("jsonl");
    let rows = fs::read_to_string(&part).unwrap();
    let doubled = format!("{}\n", rows.lines().next().unwrap());
    append(&part, &doubled);
    let mut mark = mark(mark_path);
    mark["bytes"] = json!(rows.len() + doubled.len());
    mark["rows"] = json!(mark["rows"].as_u64().unwrap() + 1);
    fs::write(mark_path, mark.to_string()).unwrap();
}

pub(crate) fn names(directory: &Path) -> Vec<OsString> {
    let files = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    names.sort();
    names
}

/// The files of a finished archive.
pub(crate) const FINISHED: [&str; 15] = [
    "01_accounts.jsonl",
    "02_account_settings.jsonl",
    "03_account_retention.jsonl",
    "04_users.jsonl",
    "06_bots.jsonl",
    "07_events_configurations.jsonl",
    "08_rooms.jsonl",
    "09_room_memberships.jsonl",
    "10_phone_numbers.jsonl",
    "11_phone_number_orders.jsonl",
    "12_phone_number_settings.jsonl",
    "13_global_settings.jsonl",
    "archive.json",
    "archive.lock",
    "manifest.json",
];

pub(crate) fn append(path: &Path, text: &str) {
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

/// Returns a Chime with at least one row of each kind.
pub(crate) async fn chime_of_every_kind() -> LocalChime {
    let chime = LocalChime::start().unwrap();
    chime.seed(include_str!("../../../examples/seed.jsonl").as_bytes()).unwrap();
    let client = chime.client();
    let account = client.list_accounts().await.unwrap().items.remove(0).account_id;
    let users = client.list_users(&account).await.unwrap().items;
    for number in 0..30 {
        let room = client.create_room(&account, format!("Room {number}")).await.unwrap();
        for user in &users {
            client.create_room_membership(&account, &room.room_id, &user.user_id).await.unwrap();
        }
    }
    for number in 0..3 {
        client.create_bot(&account, format!("bot{number}")).await.unwrap();
    }
    chime
}
