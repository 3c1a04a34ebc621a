//! Ctrl-C, outages, and many errors.

use std::process::Stdio;
use std::time::Duration;

use amazon_chime::local::{Fault, LocalChime};

use crate::directory;
use crate::program::{archive_to, chime_at, ended, interrupt, run_to, scratch, wait_until};
use crate::tenant::{Directory, chime_with_users, let_through, users_read};

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_prints_what_was_done_and_how_to_continue() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    let_through(3, &chime);
    let mut command = archive_to(&archive, &chime);
    command.args(["--concurrency", "1"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn().unwrap();
    wait_until(&mut program, || users_read(&archive) == 430);
    interrupt(&program);
    let ended = ended(program.wait_with_output().unwrap());
    assert_eq!(ended.code, 130);
    assert!(ended.stderr.contains("Interrupted after "), "{}", ended.stderr);
    assert!(ended.stderr.contains("430 users"), "{}", ended.stderr);
    assert!(ended.stderr.contains("run the same command again"), "{}", ended.stderr);

    chime.clear_faults();
    run_to(0, &mut archive_to(&archive, &chime));
    assert_eq!(Directory::in_archive(&archive), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_prints_one_line_and_stops_the_program_and_the_next_run_continues() {
    let chime = LocalChime::start().unwrap();
    directory::seed(&chime.client(), 200, 400).await.unwrap();
    let expected = Directory::in_chime(&chime.client()).await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    chime.inject(Fault::delay(Duration::ZERO).times(300));
    chime.inject(Fault::reset().times(u32::MAX));
    let ended = run_to(1, archive_to(&archive, &chime).env("AWS_MAX_ATTEMPTS", "1"));
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 4, "{lines:#?}");
    assert!(lines[1].contains(" requests failed: "), "{}", lines[1]);
    assert!(lines[2].starts_with("Stopped after "));
    assert!(lines[3].contains("run the same command again"));
    assert_eq!(ended.stdout, "");
    assert!(!archive.join("01_accounts.jsonl").exists());

    chime.clear_faults();
    run_to(0, &mut archive_to(&archive, &chime));
    assert_eq!(Directory::in_archive(&archive), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_one_kind_print_one_line_with_a_count() {
    let chime = LocalChime::start().unwrap();
    directory::seed(&chime.client(), 40, 0).await.unwrap();
    let scratch = scratch();
    chime.inject(Fault::status(400).on("ListUsers").times(u32::MAX));
    let ended = run_to(1, &mut archive_to(&scratch.path().join("archive"), &chime));
    let about: Vec<_> = ended.stderr.lines().filter(|line| line.contains("failed")).collect();
    assert_eq!(about.len(), 1, "{about:#?}");
    assert!(about[0].starts_with("40 requests failed: ListUsers: "), "{}", about[0]);
    assert!(ended.stdout.contains("Not read: User, 40 times: ListUsers: "), "{}", ended.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_credentials_stop_the_program_at_once() {
    let (chime, _) = chime_with_users().await;
    let other = LocalChime::start().unwrap();
    let scratch = scratch();
    let mut command = chime_at(chime.endpoint_url(), &other);
    let ended = run_to(1, command.arg("archive").arg(scratch.path().join("archive")));
    assert_eq!(ended.stderr.lines().count(), 2, "{}", ended.stderr);
    assert!(ended.stderr.contains("error: ListAccounts: "), "{}", ended.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_expire_during_a_run_stop_the_program() {
    let chime = LocalChime::start().unwrap();
    directory::seed(&chime.client(), 40, 0).await.unwrap();
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    // The first requests are answered, and then the key is unknown.
    chime.inject(Fault::delay(Duration::ZERO).times(30));
    chime.inject(Fault::status(401).times(u32::MAX));
    let ended = run_to(1, &mut archive_to(&archive, &chime));
    assert!(ended.stderr.contains("Stopped after "), "{}", ended.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_stops_no_other_requests() {
    let chime = LocalChime::start().unwrap();
    directory::seed(&chime.client(), 40, 40).await.unwrap();
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    chime.inject(Fault::status(403).on("GetAccountSettings").times(u32::MAX));
    let ended = run_to(1, archive_to(&archive, &chime).args(["--concurrency", "1"]));
    assert!(ended.stdout.contains("04_users.jsonl: 40 rows"), "{}", ended.stdout);
}
