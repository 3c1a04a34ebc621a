//! `export_directory`: complete, without doubles, whatever becomes of it on the way.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use amazon_chime::local::{Fault, LocalChime};
use amazon_chime::{Account, Client, User};
use futures_util::{StreamExt, stream};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wiremock::matchers::{path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

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

/// What a finished export has.
const FINISHED: [&str; 4] = ["accounts.jsonl", "export.json", "export.lock", "users.jsonl"];

/// The users in the first three of the five pages.
const IN_THREE_PAGES: u64 = 30 + 200 + 200;

/// An export that was killed when it had read three of the five pages.
fn killed_export(scratch: &Scratch, chime: &LocalChime) -> PathBuf {
    let export = scratch.join("export");
    let_through(3, chime);
    let has_read = || users_read(&export) == IN_THREE_PAGES;
    kill_when(has_read, export_to(&export, chime).args(["--in-flight", "1"]));
    until_all_is_read(chime);
    chime.clear_faults();
    export
}

/// Waits until the embedded Chime has read what a killed program sent last, which must not meet the faults of the next
/// run. One thread serves all connections in the order in which they have something to read.
fn until_all_is_read(chime: &LocalChime) {
    let address = chime.endpoint_url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
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

/// Adds the first row of a listing once more, as a page that goes back would.
fn double_first_row(mark_path: &Path) {
    let part = mark_path.with_extension("jsonl");
    let rows = fs::read_to_string(&part).unwrap();
    let doubled = format!("{}\n", rows.lines().next().unwrap());
    append(&part, &doubled);
    let mut mark = mark(mark_path);
    mark["bytes"] = json!(rows.len() + doubled.len());
    mark["rows"] = json!(mark["rows"].as_u64().unwrap() + 1);
    fs::write(mark_path, mark.to_string()).unwrap();
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
    assert_eq!(names(&export), FINISHED);
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
        until_all_is_read(&chime);
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
    assert_eq!(names(&export), FINISHED);
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
    fs::create_dir(export.join("parts")).unwrap();
    fs::write(export.join("parts/accounts.json"), "{}").unwrap();
    let ended = succeeded(&mut export_to(&export, &chime));
    assert!(ended.stdout.contains("has a finished export"), "{}", ended.stdout);
    assert_eq!(Directory::in_export(&export), expected);
    assert_eq!(names(&export), FINISHED);
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
async fn an_account_that_is_gone_is_told_and_the_export_is_finished_without_it() {
    let (chime, expected) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = killed_export(&scratch, &chime);
    let empty = chime.client().list_accounts().name_prefix("Empty").await.unwrap().items.remove(0);
    chime.client().delete_account(&empty.account_id).await.unwrap();
    let ended = failed(&mut export_to(&export, &chime));
    let told = format!("{}: ListUsers: NotFoundException", empty.account_id);
    assert!(ended.stdout.contains("These accounts are gone"), "{}", ended.stdout);
    assert!(ended.stdout.contains(&told), "{}", ended.stdout);
    assert!(!ended.stdout.contains("Run it again"), "{}", ended.stdout);
    assert_eq!(Directory::in_export(&export), expected);
    assert_eq!(names(&export), FINISHED);
    let ended = succeeded(&mut export_to(&export, &chime));
    assert!(ended.stdout.contains("has a finished export"), "{}", ended.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_of_an_account_that_is_gone_is_kept() {
    let (chime, _) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = killed_export(&scratch, &chime);
    chime.inject(Fault::status(404).on("ListUsers"));
    let ended = failed(export_to(&export, &chime).args(["--in-flight", "1"]));
    let told = format!("3 accounts and {IN_THREE_PAGES} users");
    assert!(ended.stdout.contains(&told), "{}", ended.stdout);
    assert_eq!(names(&export), FINISHED);
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
    assert!(ended.stdout.contains("Not all users of these accounts"), "{}", ended.stdout);
    assert!(ended.stdout.contains("Run it again"), "{}", ended.stdout);

    succeeded(&mut export_to(&export, &chime));
    assert_eq!(Directory::in_export(&export), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_listed_twice_is_written_once() {
    let (chime, expected) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = killed_export(&scratch, &chime);
    double_first_row(&export.join("parts/accounts.json"));
    double_first_row(&half_read_part(&export).1);
    let ended = succeeded(&mut export_to(&export, &chime));
    assert!(ended.stdout.contains("3 accounts and 480 users"), "{}", ended.stdout);
    assert_eq!(Directory::in_export(&export), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_with_other_files_is_refused_and_left_as_it_is() {
    let (chime, _) = chime_with_users().await;
    for file in ["parts/drawing.txt", "users.jsonl", "users.csv"] {
        let scratch = Scratch::new();
        let export = scratch.join("export");
        fs::create_dir_all(export.join(file).parent().unwrap()).unwrap();
        fs::write(export.join(file), "precious").unwrap();
        let before = names(&export);
        let ended = failed(&mut export_to(&export, &chime));
        assert!(ended.stderr.contains("it has other files"), "{}", ended.stderr);
        assert_eq!(fs::read_to_string(export.join(file)).unwrap(), "precious");
        assert_eq!(names(&export), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_was_killed_when_it_had_hardly_begun_begins_again() {
    let (chime, expected) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = scratch.join("export");
    fs::create_dir(&export).unwrap();
    fs::write(export.join("export.lock"), "").unwrap();
    fs::write(export.join("export.json.new"), "{\"endpoint").unwrap();
    succeeded(&mut export_to(&export, &chime));
    assert_eq!(Directory::in_export(&export), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_record_is_told_without_what_is_in_it() {
    let (chime, _) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = scratch.join("export");
    fs::create_dir(&export).unwrap();
    fs::write(export.join("export.json"), "{\"password\":\"hunter2\"").unwrap();
    let ended = failed(&mut export_to(&export, &chime));
    assert!(ended.stderr.contains("export.json is not that of an export"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("hunter2"), "{}", ended.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_has_lost_a_file_begins_again() {
    let (chime, expected) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = killed_export(&scratch, &chime);
    for lost in ["parts", "accounts.jsonl", "users.jsonl"] {
        let lost = export.join(lost);
        if lost.is_dir() { fs::remove_dir_all(lost) } else { fs::remove_file(lost) }.unwrap();
        succeeded(&mut export_to(&export, &chime));
        assert_eq!(Directory::in_export(&export), expected);
        assert_eq!(names(&export), FINISHED);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_all_read_is_written_without_the_service() {
    let (chime, expected) = chime_with_users().await;
    let scratch = Scratch::new();
    let export = killed_export(&scratch, &chime);
    let in_the_way = export.join("users.new");
    fs::create_dir(&in_the_way).unwrap();
    let ended = failed(&mut export_to(&export, &chime));
    assert!(ended.stderr.contains("users.new"), "it says which file: {}", ended.stderr);

    fs::remove_dir(&in_the_way).unwrap();
    let mut command = export_to(&export, &chime);
    drop(chime);
    succeeded(&mut command);
    assert_eq!(Directory::in_export(&export), expected);
    assert_eq!(names(&export), FINISHED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_an_earlier_run_may_be_refused_with_any_code() {
    for code in ["InvalidNextTokenException", "ValidationException", "BadRequestException"] {
        let service = MockServer::start().await;
        let scratch = Scratch::new();
        let export = scratch.join("export");
        answer_accounts(&service, "111122223333").await;
        let first = json!({ "Users": [{ "UserId": "u-1" }], "NextToken": "old" });
        answer_users(&service, ResponseTemplate::new(200).set_body_json(first)).await;
        let with_token = || Mock::given(path(USERS)).and(query_param("next-token", "old"));
        let trouble = with_token().respond_with(ResponseTemplate::new(500)).with_priority(1);
        let trouble = trouble.mount_as_scoped(&service).await;
        let mut command = export_from(&service, &export);
        let ended = failed(command.env("AWS_MAX_ATTEMPTS", "1"));
        assert!(ended.stdout.contains("1 accounts and 1 users"), "{}", ended.stdout);
        drop(trouble);

        service.reset().await;
        answer_accounts(&service, "111122223333").await;
        let refused = ResponseTemplate::new(400).insert_header("x-amzn-errortype", code);
        with_token().respond_with(refused).with_priority(1).mount(&service).await;
        let whole = json!({ "Users": [{ "UserId": "u-1" }, { "UserId": "u-2" }] });
        answer_users(&service, ResponseTemplate::new(200).set_body_json(whole)).await;
        let ended = succeeded(&mut export_from(&service, &export));
        assert!(ended.stdout.contains("1 accounts and 2 users"), "{}", ended.stdout);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_does_not_go_on_with_another_aws_account() {
    let service = MockServer::start().await;
    let scratch = Scratch::new();
    let export = scratch.join("export");
    answer_accounts(&service, "111122223333").await;
    answer_users(&service, ResponseTemplate::new(500)).await;
    failed(export_from(&service, &export).env("AWS_MAX_ATTEMPTS", "1"));

    service.reset().await;
    answer_accounts(&service, "444455556666").await;
    let ended = failed(&mut export_from(&service, &export));
    assert!(ended.stderr.contains("of the AWS account 111122223333"), "{}", ended.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_gets_the_account_that_it_was_listed_in() {
    let service = MockServer::start().await;
    answer_accounts(&service, "111122223333").await;
    let users = json!({ "Users": [{ "UserId": "u-1" }] });
    answer_users(&service, ResponseTemplate::new(200).set_body_json(users)).await;
    let scratch = Scratch::new();
    let export = scratch.join("export");
    succeeded(&mut export_from(&service, &export));
    let users: Vec<User> = rows(&export.join("users.jsonl"));
    assert_eq!(users[0].account_id.as_deref(), Some("a-1"));
}

/// Successes that are not the answer to a listing of users.
const NO_LISTINGS: [&str; 2] =
    [r#"{"Message":"Internal failure","Code":"ServiceFailure"}"#, r#"{"Accounts":[]}"#];

#[tokio::test(flavor = "multi_thread")]
async fn a_success_that_is_no_page_does_not_end_a_listing_of_users() {
    for body in NO_LISTINGS {
        let service = MockServer::start().await;
        answer_accounts(&service, "111122223333").await;
        let first = json!({ "Users": [{ "UserId": "u-1" }], "NextToken": "second" });
        answer_users(&service, ResponseTemplate::new(200).set_body_json(first)).await;
        let second = || Mock::given(path(USERS)).and(query_param("next-token", "second"));
        let wrong = ResponseTemplate::new(200).set_body_raw(body, "application/json");
        second().respond_with(wrong).with_priority(1).mount(&service).await;

        let scratch = Scratch::new();
        let export = scratch.join("export");
        let ended = failed(export_from(&service, &export).env("AWS_MAX_ATTEMPTS", "1"));
        assert!(ended.stdout.contains("1 accounts and 1 users"), "{}", ended.stdout);
        assert!(ended.stdout.contains("a-1: ListUsers: the answer"), "{}", ended.stdout);
        assert!(export.join("parts").exists(), "it is not finished");

        service.reset().await;
        answer_accounts(&service, "111122223333").await;
        let last =
            ResponseTemplate::new(200).set_body_json(json!({ "Users": [{ "UserId": "u-2" }] }));
        second().respond_with(last).with_priority(1).mount(&service).await;
        let ended = succeeded(&mut export_from(&service, &export));
        assert!(ended.stdout.contains("1 accounts and 2 users"), "{}", ended.stdout);
        assert_eq!(names(&export), FINISHED);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_success_that_is_no_page_does_not_end_the_listing_of_accounts() {
    for body in [NO_LISTINGS[0], r#"{"Users":[]}"#] {
        let service = MockServer::start().await;
        let first = json!({ "AccountId": "a-1", "AwsAccountId": "111122223333", "Name": "Acme" });
        let first = json!({ "Accounts": [first], "NextToken": "second" });
        let first = ResponseTemplate::new(200).set_body_json(first);
        Mock::given(path("/accounts")).respond_with(first).mount(&service).await;
        let wrong = ResponseTemplate::new(200).set_body_raw(body, "application/json");
        let second = Mock::given(path("/accounts")).and(query_param("next-token", "second"));
        second.respond_with(wrong).with_priority(1).mount(&service).await;

        let scratch = Scratch::new();
        let export = scratch.join("export");
        let ended = failed(export_from(&service, &export).env("AWS_MAX_ATTEMPTS", "1"));
        assert!(ended.stderr.contains("ListAccounts: the answer"), "{}", ended.stderr);
        assert!(!export.join("accounts.jsonl").exists(), "a file with its final name is whole");
    }
}

/// Where the mocked service lists the users of its only account.
const USERS: &str = "/accounts/a-1/users";

async fn answer_accounts(service: &MockServer, aws_account_id: &str) {
    let account = json!({ "AccountId": "a-1", "AwsAccountId": aws_account_id, "Name": "Acme" });
    let accounts = ResponseTemplate::new(200).set_body_json(json!({ "Accounts": [account] }));
    Mock::given(path("/accounts")).respond_with(accounts).mount(service).await;
}

async fn answer_users(service: &MockServer, users: ResponseTemplate) {
    Mock::given(path(USERS)).respond_with(users).mount(service).await;
}

fn export_from(service: &MockServer, directory: &Path) -> Command {
    // Any credentials do, so those of a Chime that stops at once.
    let mut command = export_to(directory, &LocalChime::start().unwrap());
    command.env("AWS_ENDPOINT_URL_CHIME", service.uri());
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn csv_has_a_column_for_each_member_and_no_formulas() {
    let chime = LocalChime::start().unwrap();
    let client = chime.client();
    let account = client.create_account("Müller, \"Sons\"\nand Co.").await.unwrap();
    let account_id = &account.account_id;
    let names = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "+12065550100",
        "Ana, \"A.\"",
        "x=1",
        " =1",
        "\n=1",
        "\u{200b}=1",
        "\u{feff} @A1",
        "＝1",
        "＋1",
        "－1",
        "＠A1",
        "\u{200d}x",
        " x",
    ];
    for name in names {
        client.create_user(account_id).username(name).await.unwrap();
    }
    let scratch = Scratch::new();
    let export = scratch.join("export");
    succeeded(export_to(&export, &chime).args(["--format", "csv"]));

    for file in ["accounts.csv", "users.csv"] {
        let begins_with_mark = fs::read(export.join(file)).unwrap().starts_with(b"\xef\xbb\xbf");
        assert!(begins_with_mark, "or Excel takes {file} for text in another encoding");
    }
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
        [
            "'=1+1",
            "+1",
            "'-1",
            "'@SUM(A1)",
            "'\tx",
            "+12065550100",
            "Ana, \"A.\"",
            "x=1",
            "' =1",
            "'\n=1",
            "'\u{200b}=1",
            "'\u{feff} @A1",
            "'＝1",
            "'＋1",
            "'－1",
            "'＠A1",
            "\u{200d}x",
            " x"
        ]
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
