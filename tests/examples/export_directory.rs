//! `export_directory`: complete, without doubles, whatever becomes of it on the way.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use amazon_chime::local::{Fault, LocalChime};
use amazon_chime::{Account, Client, User};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::program::{Ended, Scratch, example, run};

/// Longer than anything here takes that goes well.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) fn export_to(directory: &Path, chime: &LocalChime) -> Command {
    let mut command = example("export_directory", chime);
    command.arg(directory);
    command
}

/// All accounts and all users, sorted, as they are now.
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

    pub(crate) fn in_export(directory: &Path) -> Self {
        let (accounts, users) = (directory.join("accounts.jsonl"), directory.join("users.jsonl"));
        Self { accounts: rows(&accounts), users: rows(&users) }.sorted()
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

fn rows<T: DeserializeOwned>(file: &Path) -> Vec<T> {
    let text = fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// How many users have been read for good.
pub(crate) fn users_read(export: &Path) -> u64 {
    marks_of_users(export).values().map(|mark| mark["rows"].as_u64().unwrap()).sum()
}

/// The marks of the listings of users that have begun.
fn marks_of_users(export: &Path) -> HashMap<PathBuf, Value> {
    let Ok(files) = fs::read_dir(export.join("parts")) else { return HashMap::new() };
    let is_mark = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("users-") && name.ends_with(".json")
    };
    let paths = files.map(|file| file.unwrap().path()).filter(is_mark);
    paths.map(|path| (path.clone(), mark(&path))).collect()
}

fn mark(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Lets the export run until something is so, then kills it.
pub(crate) fn kill_when(is_so: impl Fn() -> bool, command: &mut Command) {
    let mut program = command.stdout(Stdio::null()).spawn().unwrap();
    wait_until(&mut program, is_so);
    program.kill().unwrap();
    assert!(!program.wait().unwrap().success(), "it had ended before it was killed");
}

fn wait_until(program: &mut Child, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "nothing happens");
        assert!(program.try_wait().unwrap().is_none(), "it has ended");
        thread::sleep(Duration::from_millis(1));
    }
}

/// Three accounts, in this order: 30 users, which are one page; 450, which are three; and none.
async fn chime_with_users() -> (LocalChime, Directory) {
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

/// The users in the first three of the five pages.
const IN_THREE_PAGES: u64 = 30 + 200 + 200;

/// An export that was killed when it had read three of the five pages.
fn killed_export(scratch: &Scratch, chime: &LocalChime) -> PathBuf {
    let export = scratch.join("export");
    let_through(3, chime);
    let has_read = || users_read(&export) == IN_THREE_PAGES;
    kill_when(has_read, export_to(&export, chime).args(["--in-flight", "1"]));
    chime.clear_faults();
    export
}

/// Lets the answers to so many requests for users through, and no more.
fn let_through(pages: u32, chime: &LocalChime) {
    chime.inject(Fault::delay(Duration::ZERO).on("ListUsers").times(pages));
    chime.inject(Fault::stall().on("ListUsers").times(u32::MAX));
}

/// The part of the large account: its rows and its mark.
fn half_read_part(export: &Path) -> (PathBuf, PathBuf) {
    let marks = marks_of_users(export);
    let mut half_read = marks.into_iter().filter(|(_, mark)| !mark["next_token"].is_null());
    let (path, _) = half_read.next().unwrap();
    (path.with_extension("jsonl"), path)
}

/// What is in a directory.
fn names(directory: &Path) -> Vec<OsString> {
    let files = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    names.sort();
    names
}

fn append(path: &Path, text: &str) {
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

fn succeeded(command: &mut Command) -> Ended {
    let ended = run(command);
    assert!(ended.succeeded, "{}{}", ended.stdout, ended.stderr);
    ended
}

fn failed(command: &mut Command) -> Ended {
    let ended = run(command);
    assert!(!ended.succeeded, "{}{}", ended.stdout, ended.stderr);
    ended
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_every_account_and_every_user_and_nothing_else_is_left() {
    let (chime, expected) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = scratch.join("export");
    let ended = succeeded(&mut export_to(&export, &chime));
    assert!(ended.stdout.contains("3 accounts and 480 users"), "{}", ended.stdout);
    assert_eq!(ended.stderr, "", "no progress is shown where there is no terminal");
    assert_eq!(Directory::in_export(&export), expected);
    assert_eq!(names(&export), ["accounts.jsonl", "export.json", "users.jsonl"]);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn only_the_owner_may_read_what_is_personal() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;

    let (chime, _) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = killed_export(&scratch, &chime);
    assert_eq!(mode(&export.join("parts")), 0o700);
    succeeded(&mut export_to(&export, &chime));
    assert_eq!(mode(&export.join("accounts.jsonl")), 0o600);
    assert_eq!(mode(&export.join("users.jsonl")), 0o600);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_was_killed_goes_on_where_it_was() {
    let (chime, expected) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = killed_export(&scratch, &chime);
    assert!(!export.join("users.jsonl").exists(), "a file with its final name is whole");

    // Two pages are left. Were it to ask for a third, it would get no answer.
    chime.inject(Fault::delay(Duration::ZERO).on("ListUsers").times(2));
    chime.inject(Fault::status(400).on("ListUsers").times(u32::MAX));
    succeeded(&mut export_to(&export, &chime));
    chime.clear_faults();
    assert_eq!(Directory::in_export(&export), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_accounts_that_were_being_read_all_go_on() {
    let (chime, expected) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = scratch.join("export");
    for pages in [1, 2, 1] {
        let before = marks_of_users(&export);
        let_through(pages, &chime);
        let has_gone_on = || marks_of_users(&export) != before;
        kill_when(has_gone_on, export_to(&export, &chime).args(["--in-flight", "3"]));
        chime.clear_faults();
    }
    succeeded(&mut export_to(&export, &chime));
    assert_eq!(Directory::in_export(&export), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_but_not_recorded_is_cut_off() {
    let (chime, expected) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = killed_export(&scratch, &chime);
    let (part, mark) = half_read_part(&export);
    let rows = fs::read_to_string(&part).unwrap();
    let line = rows.lines().next().unwrap();
    // Killed between a page and its mark, or in the middle of either.
    append(&part, &format!("{line}\n{line}\n{}", &line[..line.len() / 2]));
    fs::write(mark.with_extension("new"), "{\"bytes\":1").unwrap();

    succeeded(&mut export_to(&export, &chime));
    assert_eq!(Directory::in_export(&export), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_were_being_written_are_written_again() {
    let (chime, expected) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = killed_export(&scratch, &chime);
    // Killed after the first file, in the middle of the second.
    fs::write(export.join("accounts.jsonl"), "{}\n").unwrap();
    fs::write(export.join("users.new"), "{\"UserId\":").unwrap();
    succeeded(&mut export_to(&export, &chime));
    assert_eq!(Directory::in_export(&export), expected);
    assert_eq!(names(&export), ["accounts.jsonl", "export.json", "users.jsonl"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_whose_rows_or_mark_were_lost_is_read_again() {
    let (chime, expected) = chime_with_users().await;
    for lose in [
        |rows: &Path, _: &Path| fs::write(rows, "").unwrap(),
        |_: &Path, mark: &Path| fs::write(mark, "").unwrap(),
        |_: &Path, mark: &Path| fs::remove_file(mark).unwrap(),
    ] {
        let scratch = Scratch::new();
        let export = killed_export(&scratch, &chime);
        let (rows, mark) = half_read_part(&export);
        lose(&rows, &mark);
        succeeded(&mut export_to(&export, &chime));
        assert_eq!(Directory::in_export(&export), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_whose_token_is_refused_begins_anew() {
    let (chime, expected) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = killed_export(&scratch, &chime);
    for mark_path in [half_read_part(&export).1, export.join("parts/accounts.json")] {
        let mut mark = mark(&mark_path);
        mark["next_token"] = json!("expired");
        mark["is_complete"] = json!(false);
        fs::write(mark_path, mark.to_string()).unwrap();
    }
    succeeded(&mut export_to(&export, &chime));
    assert_eq!(Directory::in_export(&export), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_export_is_left_as_it_is() {
    let (chime, expected) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = scratch.join("export");
    succeeded(&mut export_to(&export, &chime));
    chime.client().create_account("Late").await.unwrap();
    // Killed when all was done, but for the last of the parts to be removed.
    fs::create_dir(export.join("parts.removed")).unwrap();
    fs::write(export.join("parts.removed/accounts.json"), "{}").unwrap();
    let ended = succeeded(&mut export_to(&export, &chime));
    assert!(ended.stdout.contains("has a finished export"), "{}", ended.stdout);
    assert_eq!(Directory::in_export(&export), expected);
    assert_eq!(names(&export), ["accounts.jsonl", "export.json", "users.jsonl"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_goes_on_only_from_the_same_service_and_in_the_same_format() {
    let (chime, expected) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = killed_export(&scratch, &chime);
    let (other, _) = chime_with_users().await;
    for command in
        [&mut export_to(&export, &other), export_to(&export, &chime).args(["--format", "csv"])]
    {
        let ended = failed(command);
        assert!(ended.stderr.contains("or name another directory"), "{}", ended.stderr);
        assert!(ended.stderr.contains(chime.endpoint_url()), "{}", ended.stderr);
    }
    succeeded(&mut export_to(&export, &chime));
    assert_eq!(Directory::in_export(&export), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_exports_do_not_write_to_one_directory() {
    let (chime, _) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = scratch.join("export");
    let_through(1, &chime);
    let mut first = export_to(&export, &chime).stdout(Stdio::null()).spawn().unwrap();
    wait_until(&mut first, || !marks_of_users(&export).is_empty());
    let ended = failed(&mut export_to(&export, &chime));
    assert!(ended.stderr.contains("another export to it is running"), "{}", ended.stderr);
    first.kill().unwrap();
    first.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_gone_is_told_and_stops_no_other() {
    let (chime, expected) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = killed_export(&scratch, &chime);
    let empty = chime.client().list_accounts().name_prefix("Empty").await.unwrap().items.remove(0);
    chime.client().delete_account(&empty.account_id).await.unwrap();
    for _ in 0..2 {
        let ended = failed(&mut export_to(&export, &chime));
        let told = format!("{}: ListUsers: NotFoundException", empty.account_id);
        assert!(ended.stdout.contains(&told), "{}", ended.stdout);
        assert_eq!(Directory::in_export(&export), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_could_not_be_read_is_read_by_the_next_run() {
    let (chime, expected) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = scratch.join("export");
    // The small account, the first page of the large one, and then trouble.
    chime.inject(Fault::delay(Duration::ZERO).on("ListUsers").times(2));
    chime.inject(Fault::status(500).on("ListUsers"));
    let mut command = export_to(&export, &chime);
    let ended = failed(command.args(["--in-flight", "1"]).env("AWS_MAX_ATTEMPTS", "1"));
    assert!(ended.stdout.contains("3 accounts and 230 users"), "{}", ended.stdout);
    assert!(ended.stdout.contains("Of 1 accounts"), "{}", ended.stdout);
    assert!(ended.stdout.contains("Run it again"), "{}", ended.stdout);

    succeeded(&mut export_to(&export, &chime));
    assert_eq!(Directory::in_export(&export), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn csv_has_a_column_for_each_member_and_no_formulas() {
    let chime = LocalChime::start().unwrap();
    let client = chime.client();
    let account = client.create_account("Müller, \"Sons\"\nand Co.").await.unwrap();
    let account_id = &account.account_id;
    for name in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "+12065550100", "Ana, \"A.\"", "x=1"] {
        client.create_user(account_id).username(name).await.unwrap();
    }
    let scratch = Scratch::new();
    let export = scratch.join("export");
    succeeded(export_to(&export, &chime).args(["--format", "csv"]));

    let accounts = csv_rows(&export.join("accounts.csv"));
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0]["AccountId"], account_id.as_str());
    assert_eq!(accounts[0]["Name"], account.name);
    assert_eq!(accounts[0]["SupportedLicenses"], "Basic Pro");
    let users = csv_rows(&export.join("users.csv"));
    assert!(users.iter().all(|user| user["AccountId"] == account_id.as_str()));
    let names: Vec<&str> = users.iter().map(|user| user["DisplayName"].as_str()).collect();
    assert_eq!(
        names,
        ["'=1+1", "+1", "'-1", "'@SUM(A1)", "'\tx", "+12065550100", "Ana, \"A.\"", "x=1"]
    );
    let pins: Vec<&str> = users.iter().map(|user| user["PersonalPIN"].as_str()).collect();
    let listed: Vec<User> = client.list_users(account_id).items().try_collect().await.unwrap();
    let expected: Vec<&str> =
        listed.iter().map(|user| user.personal_pin.as_ref().unwrap().expose()).collect();
    assert_eq!(pins, expected);
}

fn csv_rows(file: &Path) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}
