//! `provision_users`: every user once, and a word on every line.

use std::fs;
use std::process::Command;

use amazon_chime::local::{Fault, LocalChime};
use amazon_chime::{AccountId, License, User, UserType};
use futures_util::TryStreamExt;

use crate::program::{Ended, Scratch, example, run};

async fn chime_with_account() -> (LocalChime, AccountId) {
    let chime = LocalChime::start().unwrap();
    let account_id = chime.client().create_account("Acme").await.unwrap().account_id;
    (chime, account_id)
}

async fn users(chime: &LocalChime, account_id: &AccountId) -> Vec<User> {
    chime.client().list_users(account_id).items().try_collect().await.unwrap()
}

fn emails(users: &[User]) -> Vec<&str> {
    let mut emails: Vec<&str> =
        users.iter().map(|user| user.primary_email.as_ref().unwrap().expose()).collect();
    emails.sort_unstable();
    emails
}

fn provision(chime: &LocalChime, account_id: &AccountId, csv: &str) -> Ended {
    let scratch = Scratch::new();
    let file = scratch.join("users.csv");
    fs::write(&file, csv).unwrap();
    let mut command: Command = example("provision_users", chime);
    run(command.arg(file).arg("--account").arg(account_id.as_str()))
}

/// What was printed of each line, without the identifiers.
fn outcomes(ended: &Ended) -> Vec<String> {
    let lines = ended.stdout.lines().filter(|line| line.starts_with("line "));
    let without_id = |line: &str| match line.rsplit_once(": ") {
        Some((start, id)) if uuid::Uuid::parse_str(id).is_ok() => start.to_owned(),
        _ => line.to_owned(),
    };
    lines.map(without_id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_is_told_what_became_of_it() {
    let (chime, account_id) = chime_with_account().await;
    chime.client().create_user(&account_id).email("Ana@example.com").await.unwrap();
    let csv = "\u{feff}email,username,user_type,license_type\r\n\
               ana@EXAMPLE.com,Ana Silva,,\r\n\
               ben@example.com,\"Okafor, Ben\",,Basic\r\n\
               BEN@example.com,Ben,,\r\n\
               room@example.com,Oslo,SharedDevice,\r\n\
               dev@example.com,Dev,Robot,\r\n\
               elif@example.com,Elif,,Gold\r\n\
               lobby,Lobby,,\r\n\
               ,Nobody,,\r\n\
               femi@example.com\r\n";
    let ended = provision(&chime, &account_id, csv);
    assert_eq!(
        outcomes(&ended),
        [
            "line 2: exists",
            "line 3: created, and given the license Basic",
            "line 4: skipped: the same e-mail address as in line 3",
            "line 5: created",
            "line 6: skipped: the user_type is neither PrivateUser nor SharedDevice",
            "line 7: skipped: the license_type is none that is known",
            "line 8: skipped: ListUsers: not sent: UserEmail must be an e-mail address such as \
             name@example.com",
            "line 9: skipped: no e-mail address",
            "line 10: skipped: 1 values for 4 columns",
        ]
    );
    assert!(ended.stdout.contains("Of 9 users, 3 are in the account; 6 skipped, 0 failed."));
    assert!(ended.succeeded);
    let users = users(&chime, &account_id).await;
    assert_eq!(emails(&users), ["Ana@example.com", "ben@example.com", "room@example.com"]);
    let ben = users.iter().find(|user| user.primary_email == Some("ben@example.com".into()));
    let ben = ben.unwrap();
    assert_eq!(ben.display_name, Some("Okafor, Ben".into()));
    assert_eq!(ben.license_type, Some(License::Basic));
    assert!(users.iter().any(|user| user.user_type == Some(UserType::SharedDevice)));
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_numbered_as_an_editor_does() {
    let (chime, account_id) = chime_with_account().await;
    for end in ["\n", "\r\n"] {
        let lines =
            ["", "email,username", "", "a,", "", "", "b,\"two", "lines\"", "c", "", "d", ""];
        let ended = provision(&chime, &account_id, &lines.join(end));
        let numbers: Vec<String> = outcomes(&ended)
            .iter()
            .map(|line| line.split(':').next().unwrap().to_owned())
            .collect();
        assert_eq!(numbers, ["line 4", "line 7", "line 9", "line 11"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_creates_nobody() {
    let (chime, account_id) = chime_with_account().await;
    let csv = "license_type,email\nBasic,ana@example.com\n,ben@example.com\n";
    let created = ["line 2: created, and given the license Basic", "line 3: created"];
    assert_eq!(outcomes(&provision(&chime, &account_id, csv)), created);
    let before = users(&chime, &account_id).await;
    let again = provision(&chime, &account_id, csv);
    assert_eq!(outcomes(&again), ["line 2: exists", "line 3: exists"]);
    assert_eq!(users(&chime, &account_id).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_whose_license_was_not_set_any_more_gets_it_in_the_next_run() {
    let (chime, account_id) = chime_with_account().await;
    let csv = "email,license_type\nana@example.com,Basic\n";
    chime.inject(Fault::status(403).on("UpdateUser"));
    let ended = provision(&chime, &account_id, csv);
    assert!(!ended.succeeded);
    assert!(outcomes(&ended)[0].starts_with("line 2: failed: UpdateUser: "), "{}", ended.stdout);
    assert!(ended.stdout.contains("Run it again"));

    let ended = provision(&chime, &account_id, csv);
    assert_eq!(outcomes(&ended), ["line 2: exists, and given the license Basic"]);
    assert!(ended.succeeded);
    assert_eq!(users(&chime, &account_id).await[0].license_type, Some(License::Basic));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_whose_answer_is_lost_is_looked_for() {
    let lost = "line 2: created by an attempt whose answer was lost";
    for (fault, expected) in [
        (Fault::reset().after_effect(), lost),
        (Fault::cut_off(), lost),
        (Fault::status(500).after_effect(), lost),
        // It had not arrived: created once more, for the first time.
        (Fault::reset(), "line 2: created"),
        (Fault::status(503), "line 2: created"),
    ] {
        let (chime, account_id) = chime_with_account().await;
        chime.inject(fault.clone().on("CreateUser"));
        let ended = provision(&chime, &account_id, "email\nana@example.com\n");
        assert_eq!(outcomes(&ended), [expected], "{fault:?}");
        assert_eq!(users(&chime, &account_id).await.len(), 1, "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_never_succeeds_fails_and_the_next_run_mends_it() {
    let (chime, account_id) = chime_with_account().await;
    let csv = "email\nana@example.com\nben@example.com\n";
    chime.inject(Fault::status(500).on("CreateUser").times(u32::MAX));
    let ended = provision(&chime, &account_id, csv);
    assert!(!ended.succeeded);
    assert!(outcomes(&ended).iter().all(|line| line.contains(": failed: CreateUser: ")));
    chime.clear_faults();
    let ended = provision(&chime, &account_id, csv);
    assert_eq!(outcomes(&ended), ["line 2: created", "line 3: created"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_created_twice_when_connections_break() {
    let (chime, account_id) = chime_with_account().await;
    let lines = (0..100).map(|number| format!("user-{number}@example.com\n"));
    let csv = "email\n".to_owned() + &lines.collect::<String>();
    chime.inject(Fault::reset().after_effect().on("CreateUser").with_probability(0.2, 1));
    chime.inject(Fault::reset().on("CreateUser").with_probability(0.2, 2));
    let first = provision(&chime, &account_id, &csv);
    let lost = outcomes(&first).iter().filter(|line| line.contains("answer was lost")).count();
    assert!(lost > 0, "{}", first.stdout);
    chime.clear_faults();
    assert!(provision(&chime, &account_id, &csv).succeeded);

    let users = users(&chime, &account_id).await;
    let mut emails = emails(&users);
    emails.dedup();
    assert_eq!((users.len(), emails.len()), (100, 100));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_output_has_an_email_address_in_it() {
    let (chime, account_id) = chime_with_account().await;
    for csv in [
        "email\nana@example.com\nana@example.com\nben.okafor\n",
        "ana@example.com,Ana\nben@example.com,Ben\n",
        "email,username\nana@example.com,\"Ana\n",
    ] {
        for fault in [Fault::status(409), Fault::status(500), Fault::reset()] {
            chime.inject(fault.times(u32::MAX));
            let ended = provision(&chime, &account_id, csv);
            let output = ended.stdout + &ended.stderr;
            assert!(!output.contains("ana@") && !output.contains("okafor"), "{output}");
            chime.clear_faults();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_the_names_of_its_columns_is_refused() {
    let (chime, account_id) = chime_with_account().await;
    for csv in ["", "ana@example.com,Ana\n", "username\nAna\n", "email;username\na@b.c;Ana\n"] {
        let ended = provision(&chime, &account_id, csv);
        assert!(!ended.succeeded, "{csv}");
        assert!(ended.stderr.contains("names of its columns"), "{}", ended.stderr);
    }
    assert!(users(&chime, &account_id).await.is_empty());
}
