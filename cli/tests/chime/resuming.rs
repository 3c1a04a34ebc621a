//! Archives that were killed or could not be read are complete in the end, without duplicates.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use amazon_chime::local::{Fault, LocalChime};
use serde_json::json;
use wiremock::matchers::{path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::program::{archive_to, chime_at, kill_when, run_to, scratch, wait_until};
use crate::tenant::{
    Directory, FINISHED, IN_THREE_PAGES, append, chime_with_users, double_first_row,
    half_read_part, killed_archive, let_through, mark, marks_of_users, names, until_all_is_read,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_archive_continues_where_it_stopped() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = killed_archive(scratch.path(), &chime);
    assert!(!archive.join("04_users.jsonl").exists(), "a file with its final name is complete");

    // Two pages are left. The program would get an error for a third page.
    chime.inject(Fault::delay(Duration::ZERO).on("ListUsers").times(2));
    chime.inject(Fault::status(400).on("ListUsers").times(u32::MAX));
    run_to(0, &mut archive_to(&archive, &chime));
    chime.clear_faults();
    assert_eq!(Directory::in_archive(&archive), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_continues_all_accounts_that_were_being_read() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    for pages in [1, 2, 1] {
        let before = marks_of_users(&archive);
        let_through(pages, &chime);
        let has_gone_on = || marks_of_users(&archive) != before;
        kill_when(has_gone_on, archive_to(&archive, &chime).args(["--concurrency", "3"]));
        until_all_is_read(&chime);
        chime.clear_faults();
    }
    run_to(0, &mut archive_to(&archive, &chime));
    assert_eq!(Directory::in_archive(&archive), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_were_written_but_not_counted_are_cut_off() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = killed_archive(scratch.path(), &chime);
    let (part, mark) = half_read_part(&archive);
    let rows = fs::read_to_string(&part).unwrap();
    let line = rows.lines().next().unwrap();
    // As if the program was killed while it wrote a page or its mark.
    append(&part, &format!("{line}\n{line}\n{}", &line[..line.len() / 2]));
    fs::write(mark.with_extension("new"), "{\"bytes\":1").unwrap();

    run_to(0, &mut archive_to(&archive, &chime));
    assert_eq!(Directory::in_archive(&archive), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_written_files_are_written_again() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = killed_archive(scratch.path(), &chime);
    // As if the program was killed while it wrote the second file.
    fs::write(archive.join("01_accounts.jsonl"), "{}\n").unwrap();
    fs::write(archive.join("04_users.jsonl.new"), "{\"UserId\":").unwrap();
    run_to(0, &mut archive_to(&archive, &chime));
    assert_eq!(Directory::in_archive(&archive), expected);
    assert_eq!(names(&archive), FINISHED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_whose_rows_or_mark_were_lost_is_read_again() {
    let (chime, expected) = chime_with_users().await;
    for lose in [
        |rows: &Path, _: &Path| fs::write(rows, "").unwrap(),
        |_: &Path, mark: &Path| fs::write(mark, "").unwrap(),
        |_: &Path, mark: &Path| fs::remove_file(mark).unwrap(),
    ] {
        let scratch = scratch();
        let archive = killed_archive(scratch.path(), &chime);
        let (rows, mark) = half_read_part(&archive);
        lose(&rows, &mark);
        run_to(0, &mut archive_to(&archive, &chime));
        assert_eq!(Directory::in_archive(&archive), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_begins_again_if_its_token_is_refused() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = killed_archive(scratch.path(), &chime);
    for mark_path in [half_read_part(&archive).1, archive.join("parts/accounts.json")] {
        let mut mark = mark(&mark_path);
        mark["next_token"] = json!("expired");
        mark["is_complete"] = json!(false);
        fs::write(mark_path, mark.to_string()).unwrap();
    }
    run_to(0, &mut archive_to(&archive, &chime));
    assert_eq!(Directory::in_archive(&archive), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_archive_is_not_changed() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    run_to(0, &mut archive_to(&archive, &chime));
    chime.client().create_account("Late").await.unwrap();
    // As if the program was killed while it removed the parts.
    fs::create_dir(archive.join("parts")).unwrap();
    fs::write(archive.join("parts/accounts.json"), "{}").unwrap();
    let ended = run_to(0, &mut archive_to(&archive, &chime));
    assert!(ended.stdout.contains("has a finished archive"), "{}", ended.stdout);
    assert_eq!(Directory::in_archive(&archive), expected);
    assert_eq!(names(&archive), FINISHED);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_continues_only_with_the_same_service_and_settings() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = killed_archive(scratch.path(), &chime);
    let (other, _) = chime_with_users().await;
    for command in
        [&mut archive_to(&archive, &other), archive_to(&archive, &chime).arg("--user-settings")]
    {
        let ended = run_to(1, command);
        assert!(ended.stderr.contains("or name another directory"), "{}", ended.stderr);
        assert!(ended.stderr.contains(chime.endpoint_url()), "{}", ended.stderr);
    }
    run_to(0, &mut archive_to(&archive, &chime));
    assert_eq!(Directory::in_archive(&archive), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_do_not_write_to_one_directory() {
    let (chime, _) = chime_with_users().await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    let_through(1, &chime);
    let mut first = archive_to(&archive, &chime).stdout(Stdio::null()).spawn().unwrap();
    wait_until(&mut first, || !marks_of_users(&archive).is_empty());
    let ended = run_to(1, &mut archive_to(&archive, &chime));
    assert!(ended.stderr.contains("another chime archive process uses it"), "{}", ended.stderr);
    first.kill().unwrap();
    first.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_is_noted_and_the_archive_is_finished_without_it() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = killed_archive(scratch.path(), &chime);
    let empty = chime.client().list_accounts().name_prefix("Empty").await.unwrap().items.remove(0);
    chime.client().delete_account(&empty.account_id).await.unwrap();
    let ended = run_to(0, &mut archive_to(&archive, &chime));
    let told = "Note: User, 1 time: does not exist (ListUsers: NotFoundException (HTTP 404))";
    assert!(ended.stdout.contains(told), "{}", ended.stdout);
    let manifest = mark(&archive.join("manifest.json"));
    let notes = manifest["notes"].as_array().unwrap().iter();
    let of_users: Vec<_> = notes.filter(|note| note["kind"] == "User").collect();
    assert_eq!(of_users[0]["ids"], json!([empty.account_id]));
    assert_eq!(Directory::in_archive(&archive), expected);
    assert_eq!(names(&archive), FINISHED);
    let ended = run_to(0, &mut archive_to(&archive, &chime));
    assert!(ended.stdout.contains("has a finished archive"), "{}", ended.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_were_read_from_a_deleted_account_are_kept() {
    let (chime, _) = chime_with_users().await;
    let scratch = scratch();
    let archive = killed_archive(scratch.path(), &chime);
    chime.inject(Fault::status(404).on("ListUsers"));
    let ended = run_to(0, archive_to(&archive, &chime).args(["--concurrency", "1"]));
    let told = format!("04_users.jsonl: {IN_THREE_PAGES} rows");
    assert!(ended.stdout.contains(&told), "{}", ended.stdout);
    assert_eq!(names(&archive), FINISHED);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_run_reads_an_account_that_could_not_be_read() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    // The small account and the first page of the large account are read, and then an error follows.
    chime.inject(Fault::delay(Duration::ZERO).on("ListUsers").times(2));
    chime.inject(Fault::status(500).on("ListUsers"));
    let mut command = archive_to(&archive, &chime);
    let ended = run_to(1, command.args(["--concurrency", "1"]).env("AWS_MAX_ATTEMPTS", "1"));
    assert!(ended.stdout.contains("04_users.jsonl: 230 rows"), "{}", ended.stdout);
    assert!(ended.stdout.contains("Not read: User, 1 time: ListUsers: "), "{}", ended.stdout);
    assert!(ended.stdout.contains("run the same command again"), "{}", ended.stdout);
    let manifest = mark(&archive.join("manifest.json"));
    assert_eq!(manifest["is_complete"], json!(false));

    run_to(0, &mut archive_to(&archive, &chime));
    assert_eq!(Directory::in_archive(&archive), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_listed_twice_is_written_once() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = killed_archive(scratch.path(), &chime);
    double_first_row(&archive.join("parts/accounts.json"));
    double_first_row(&half_read_part(&archive).1);
    let ended = run_to(0, &mut archive_to(&archive, &chime));
    assert!(ended.stdout.contains("04_users.jsonl: 480 rows"), "{}", ended.stdout);
    assert_eq!(Directory::in_archive(&archive), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_listed_twice_is_read_once() {
    let service = MockServer::start().await;
    let account = json!({ "AccountId": "a-1", "AwsAccountId": "111122223333", "Name": "Acme" });
    let accounts = json!({ "Accounts": [&account, &account] });
    let accounts = ResponseTemplate::new(200).set_body_json(accounts);
    Mock::given(path("/accounts")).respond_with(accounts).mount(&service).await;
    let page = |user: &str, next: Option<&str>| {
        let page = json!({ "Users": [{ "UserId": user }], "NextToken": next });
        ResponseTemplate::new(200).set_body_json(page)
    };
    answer_users(&service, page("u-1", Some("second"))).await;
    let second = Mock::given(path(USERS)).and(query_param("next-token", "second"));
    second.respond_with(page("u-2", None)).with_priority(1).mount(&service).await;

    let scratch = scratch();
    let archive = scratch.path().join("archive");
    let ended = run_to(0, &mut archive_from(&service, &archive));
    assert!(ended.stdout.contains("01_accounts.jsonl: 1 row\n"), "{}", ended.stdout);
    assert!(ended.stdout.contains("04_users.jsonl: 2 rows"), "{}", ended.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_with_other_files_is_refused_and_not_changed() {
    let (chime, _) = chime_with_users().await;
    for file in ["parts/drawing.txt", "04_users.jsonl", "users.csv"] {
        let scratch = scratch();
        let archive = scratch.path().join("archive");
        fs::create_dir_all(archive.join(file).parent().unwrap()).unwrap();
        fs::write(archive.join(file), "precious").unwrap();
        let before = names(&archive);
        let ended = run_to(1, &mut archive_to(&archive, &chime));
        assert!(ended.stderr.contains("it has other files"), "{}", ended.stderr);
        assert_eq!(fs::read_to_string(archive.join(file)).unwrap(), "precious");
        assert_eq!(names(&archive), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_was_killed_at_its_beginning_begins_again() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    fs::create_dir(&archive).unwrap();
    fs::write(archive.join("archive.lock"), "").unwrap();
    fs::write(archive.join("archive.json.new"), "{\"endpoint").unwrap();
    run_to(0, &mut archive_to(&archive, &chime));
    assert_eq!(Directory::in_archive(&archive), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_error_of_an_unreadable_record_does_not_show_its_content() {
    let (chime, _) = chime_with_users().await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    fs::create_dir(&archive).unwrap();
    fs::write(archive.join("archive.json"), "{\"password\":\"hunter2\"").unwrap();
    let ended = run_to(1, &mut archive_to(&archive, &chime));
    assert!(ended.stderr.contains("archive.json cannot be read"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("hunter2"), "{}", ended.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_has_lost_a_file_begins_again() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = killed_archive(scratch.path(), &chime);
    for lost in ["parts", "01_accounts.jsonl", "04_users.jsonl"] {
        let lost = archive.join(lost);
        if lost.is_dir() { fs::remove_dir_all(lost) } else { fs::remove_file(lost) }.unwrap();
        run_to(0, &mut archive_to(&archive, &chime));
        assert_eq!(Directory::in_archive(&archive), expected);
        assert_eq!(names(&archive), FINISHED);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_written_without_the_service_when_all_is_read() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = killed_archive(scratch.path(), &chime);
    let in_the_way = archive.join("04_users.jsonl.new");
    fs::create_dir(&in_the_way).unwrap();
    let ended = run_to(1, &mut archive_to(&archive, &chime));
    assert!(ended.stderr.contains("04_users.jsonl.new"), "it says which file: {}", ended.stderr);

    fs::remove_dir(&in_the_way).unwrap();
    let mut command = archive_to(&archive, &chime);
    drop(chime);
    run_to(0, &mut command);
    assert_eq!(Directory::in_archive(&archive), expected);
    assert_eq!(names(&archive), FINISHED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_an_earlier_run_may_be_refused_with_any_code() {
    for code in ["InvalidNextTokenException", "ValidationException", "BadRequestException"] {
        let service = MockServer::start().await;
        let scratch = scratch();
        let archive = scratch.path().join("archive");
        answer_accounts(&service, "111122223333").await;
        let first = json!({ "Users": [{ "UserId": "u-1" }], "NextToken": "old" });
        answer_users(&service, ResponseTemplate::new(200).set_body_json(first)).await;
        let with_token = || Mock::given(path(USERS)).and(query_param("next-token", "old"));
        let trouble = with_token().respond_with(ResponseTemplate::new(500)).with_priority(1);
        let trouble = trouble.mount_as_scoped(&service).await;
        let mut command = archive_from(&service, &archive);
        let ended = run_to(1, command.env("AWS_MAX_ATTEMPTS", "1"));
        assert!(ended.stdout.contains("04_users.jsonl: 1 row\n"), "{}", ended.stdout);
        drop(trouble);

        service.reset().await;
        answer_accounts(&service, "111122223333").await;
        let refused = ResponseTemplate::new(400).insert_header("x-amzn-errortype", code);
        with_token().respond_with(refused).with_priority(1).mount(&service).await;
        let whole = json!({ "Users": [{ "UserId": "u-1" }, { "UserId": "u-2" }] });
        answer_users(&service, ResponseTemplate::new(200).set_body_json(whole)).await;
        let ended = run_to(0, &mut archive_from(&service, &archive));
        assert!(ended.stdout.contains("04_users.jsonl: 2 rows"), "{}", ended.stdout);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_does_not_continue_with_another_aws_account() {
    let service = MockServer::start().await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    answer_accounts(&service, "111122223333").await;
    answer_users(&service, ResponseTemplate::new(500)).await;
    run_to(1, archive_from(&service, &archive).env("AWS_MAX_ATTEMPTS", "1"));

    service.reset().await;
    answer_accounts(&service, "444455556666").await;
    let ended = run_to(1, &mut archive_from(&service, &archive));
    assert!(ended.stderr.contains("of the AWS account 111122223333"), "{}", ended.stderr);
}

/// Bodies of successful responses that are not lists of users.
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

        let scratch = scratch();
        let archive = scratch.path().join("archive");
        let ended = run_to(1, archive_from(&service, &archive).env("AWS_MAX_ATTEMPTS", "1"));
        assert!(ended.stdout.contains("04_users.jsonl: 1 row\n"), "{}", ended.stdout);
        assert!(ended.stdout.contains("Not read: User, 1 time: ListUsers: "), "{}", ended.stdout);
        assert!(archive.join("parts").exists(), "it is not finished");

        service.reset().await;
        answer_accounts(&service, "111122223333").await;
        let last =
            ResponseTemplate::new(200).set_body_json(json!({ "Users": [{ "UserId": "u-2" }] }));
        second().respond_with(last).with_priority(1).mount(&service).await;
        let ended = run_to(0, &mut archive_from(&service, &archive));
        assert!(ended.stdout.contains("04_users.jsonl: 2 rows"), "{}", ended.stdout);
        assert_eq!(names(&archive), FINISHED);
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

        let scratch = scratch();
        let archive = scratch.path().join("archive");
        let ended = run_to(1, archive_from(&service, &archive).env("AWS_MAX_ATTEMPTS", "1"));
        assert!(ended.stdout.contains("Not read: Account, 1 time: ListAccounts: "), "{ended:?}");
        assert!(archive.join("parts").exists(), "it is not finished");
    }
}

/// The path at which the mocked service lists the users of its only account.
const USERS: &str = "/accounts/a-1/users";

async fn answer_accounts(service: &MockServer, aws_account_id: &str) {
    let account = json!({ "AccountId": "a-1", "AwsAccountId": aws_account_id, "Name": "Acme" });
    let accounts = ResponseTemplate::new(200).set_body_json(json!({ "Accounts": [account] }));
    Mock::given(path("/accounts")).respond_with(accounts).mount(service).await;
}

async fn answer_users(service: &MockServer, users: ResponseTemplate) {
    Mock::given(path(USERS)).respond_with(users).mount(service).await;
}

fn archive_from(service: &MockServer, directory: &Path) -> Command {
    // The mocked service accepts all credentials, so any will work.
    let mut command = chime_at(&service.uri(), &LocalChime::start().unwrap());
    command.arg("archive").arg(directory);
    command
}
