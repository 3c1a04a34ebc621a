//! `chime provision`: creates each user once, and reports each line.

use std::fs;
use std::process::{Command, Stdio};

use amazon_chime::local::{Fault, LocalChime};
use amazon_chime::{AccountId, License, User, UserType};
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::program::{self, Ended, chime_at, interrupt, run, scratch, wait_until};

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
    provision_by(program::chime(chime), account_id, csv)
}

fn provision_by(mut command: Command, account_id: &AccountId, csv: &str) -> Ended {
    let scratch = scratch();
    let file = scratch.path().join("users.csv");
    fs::write(&file, csv).unwrap();
    run(command.arg("provision").arg(file).arg("--account").arg(account_id.as_str()))
}

/// Returns the printed results of the lines, without the identifiers.
fn outcomes(ended: &Ended) -> Vec<String> {
    let lines = ended.stdout.lines().filter(|line| line.starts_with("line "));
    let without_id = |line: &str| match line.rsplit_once(": ") {
        Some((start, id)) if uuid::Uuid::parse_str(id).is_ok() => start.to_owned(),
        _ => line.to_owned(),
    };
    lines.map(without_id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_result_of_each_line_is_printed() {
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
            "line 4: the same e-mail address as in line 3",
            "line 5: created",
            "line 6: skipped: the user_type is neither PrivateUser nor SharedDevice",
            "line 7: skipped: the license_type is unknown",
            "line 8: skipped: the email is not one plain address such as name@example.com",
            "line 9: skipped: no e-mail address",
            "line 10: skipped: 1 values for 4 columns",
        ]
    );
    let counts = "9 lines: 3 in the account, 1 repeated, 5 skipped, 0 failed.";
    assert!(ended.stdout.contains(counts), "{}", ended.stdout);
    assert!(ended.code == 1);
    let users = users(&chime, &account_id).await;
    assert_eq!(emails(&users), ["Ana@example.com", "ben@example.com", "room@example.com"]);
    let ben = users.iter().find(|user| user.primary_email == Some("ben@example.com".into()));
    let ben = ben.unwrap();
    assert_eq!(ben.display_name, Some("Okafor, Ben".into()));
    assert_eq!(ben.license_type, Some(License::Basic));
    assert!(users.iter().any(|user| user.user_type == Some(UserType::SharedDevice)));
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_have_the_same_numbers_as_in_an_editor() {
    let (chime, account_id) = chime_with_account().await;
    for end in ["\n", "\r\n", "\r"] {
        let lines = ["", "email,username", "", "a,", "", " ", "b", "c", "", "d", ""];
        let ended = provision(&chime, &account_id, &lines.join(end));
        let numbers: Vec<String> = outcomes(&ended)
            .iter()
            .map(|line| line.split(':').next().unwrap().to_owned())
            .collect();
        assert_eq!(numbers, ["line 4", "line 7", "line 8", "line 10"], "{end:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_address_is_not_a_failure_for_any_line_ending() {
    for end in ["\n", "\r\n", "\r"] {
        let (chime, account_id) = chime_with_account().await;
        let csv = ["email", "ana@example.com", "ANA@example.com", ""].join(end);
        let ended = provision(&chime, &account_id, &csv);
        let expected = ["line 2: created", "line 3: the same e-mail address as in line 2"];
        assert_eq!(outcomes(&ended), expected, "{end:?}");
        assert!(ended.code == 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unclosed_quotation_mark_affects_only_its_own_line() {
    let (chime, account_id) = chime_with_account().await;
    let csv = "email,username\n\
               cy@example.com,\"Cy\n\
               dan@example.com,\"Dan \"\"D.\"\" Xu\"\n\
               \"eve@example.com,Eve\n\
               fay@example.com,Fay";
    let ended = provision(&chime, &account_id, csv);
    let skipped = "skipped: a quotation mark is not closed in the same line";
    let expected = [
        format!("line 2: {skipped}"),
        "line 3: created".to_owned(),
        format!("line 4: {skipped}"),
        "line 5: created".to_owned(),
    ];
    assert_eq!(outcomes(&ended), expected);
    assert!(ended.code == 1);
    let users = users(&chime, &account_id).await;
    assert_eq!(emails(&users), ["dan@example.com", "fay@example.com"]);
    assert!(users.iter().any(|user| user.display_name == Some("Dan \"D.\" Xu".into())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_is_not_one_plain_address_is_skipped() {
    let (chime, account_id) = chime_with_account().await;
    for bad in [
        "Ana <ana@example.com>",
        "<ana@example.com>",
        "ana@example.com;ben@example.com",
        "\"ana@example.com, ben@example.com\"",
        "\"ana@example.com,\"",
        "ana@example.com ben@example.com",
        "ana@ben@example.com",
        "mailto:ana@example.com",
        "ana\u{200b}@example.com",
        "ana@exam\u{a0}ple.com",
        "ana@example\u{ad}.com",
        "ana.example.com",
    ] {
        let ended = provision(&chime, &account_id, &format!("email\n{bad}\n"));
        let expected =
            "line 2: skipped: the email is not one plain address such as name@example.com";
        assert_eq!(outcomes(&ended), [expected], "{bad:?}");
        assert!(ended.code == 1, "{bad:?}");
    }
    assert!(users(&chime, &account_id).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn invisible_characters_around_a_value_are_ignored() {
    let (chime, account_id) = chime_with_account().await;
    let csv = "email ,\u{a0}username\n\
               \u{a0}ana@example.com\u{200b},\" Ana\u{3000}\"\n\
               \u{feff}ANA@example.com,Ana\n";
    let ended = provision(&chime, &account_id, csv);
    let expected = ["line 2: created", "line 3: the same e-mail address as in line 2"];
    assert_eq!(outcomes(&ended), expected, "{}", ended.stderr);
    let users = users(&chime, &account_id).await;
    assert_eq!(emails(&users), ["ana@example.com"]);
    assert_eq!(users[0].display_name, Some("Ana".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_user_is_created_for_a_license_that_the_account_does_not_support() {
    let (chime, account_id) = chime_with_account().await;
    let csv = "email,license_type\nana@example.com,ProTrial\nben@example.com,Basic\n";
    let ended = provision(&chime, &account_id, csv);
    let expected = [
        "line 2: skipped: the account does not support the license ProTrial",
        "line 3: created, and given the license Basic",
    ];
    assert_eq!(outcomes(&ended), expected);
    assert!(ended.code == 1);
    assert_eq!(emails(&users(&chime, &account_id).await), ["ben@example.com"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_account_is_reported_once() {
    let (chime, _) = chime_with_account().await;
    let csv = "email\nana@example.com\nben@example.com\n";
    let ended = provision(&chime, &AccountId::from("no-such-account"), csv);
    assert!(ended.code == 1);
    assert!(ended.stderr.contains("\nerror: GetAccount: "), "{}", ended.stderr);
    assert_eq!(outcomes(&ended), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_may_return_other_users_and_an_account_may_lack_licenses() {
    let account = json!({ "AwsAccountId": "111122223333", "AccountId": "acme", "Name": "Acme" });
    let user =
        |id: &str, email: &str| json!({ "AccountId": "acme", "UserId": id, "PrimaryEmail": email });
    let ana = user("ana", "ana@example.com");
    let server = MockServer::start().await;
    for (verb, place, answer) in [
        ("GET", "/accounts/acme", json!({ "Account": account })),
        // The result of every search.
        (
            "GET",
            "/accounts/acme/users",
            json!({ "Users": [user("diana", "diana@example.com"), ana] }),
        ),
        ("POST", "/accounts/acme/users", json!({ "User": user("ben", "ben@example.com") })),
        ("POST", "/accounts/acme/users/ana", json!({ "User": ana })),
    ] {
        let answer = ResponseTemplate::new(200).set_body_json(answer);
        Mock::given(method(verb)).and(path(place)).respond_with(answer).mount(&server).await;
    }
    let command = chime_at(&server.uri(), &LocalChime::start().unwrap());
    let csv = "email,license_type\nben@example.com,\nana@example.com,Plus\n";
    let ended = provision_by(command, &AccountId::from("acme"), csv);
    let expected = ["line 2: created: ben", "line 3: exists, and given the license Plus: ana"];
    assert_eq!(outcomes(&ended), expected, "{}", ended.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_creates_no_users() {
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
async fn the_next_run_sets_a_license_that_could_not_be_set() {
    let (chime, account_id) = chime_with_account().await;
    let csv = "email,license_type\nana@example.com,Basic\n";
    chime.inject(Fault::status(403).on("UpdateUser"));
    let ended = provision(&chime, &account_id, csv);
    assert!(ended.code == 1);
    assert!(outcomes(&ended)[0].starts_with("line 2: failed: UpdateUser: "), "{}", ended.stdout);
    assert!(ended.stdout.contains("Run it again"));

    let ended = provision(&chime, &account_id, csv);
    assert_eq!(outcomes(&ended), ["line 2: exists, and given the license Basic"]);
    assert!(ended.code == 0);
    assert_eq!(users(&chime, &account_id).await[0].license_type, Some(License::Basic));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_created_once_even_if_the_response_is_lost() {
    let lost = "line 2: created, although the response was lost";
    for (fault, expected) in [
        (Fault::reset().after_effect(), lost),
        (Fault::cut_off(), lost),
        (Fault::status(500).after_effect(), lost),
        // The request did not arrive, so the second attempt creates the user.
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
async fn a_create_that_never_succeeds_fails_and_the_next_run_succeeds() {
    let (chime, account_id) = chime_with_account().await;
    let csv = "email\nana@example.com\nben@example.com\n";
    chime.inject(Fault::status(500).on("CreateUser").times(u32::MAX));
    let ended = provision(&chime, &account_id, csv);
    assert!(ended.code == 1);
    assert!(ended.stdout.contains("lines 2-3: failed: CreateUser: "), "{}", ended.stdout);
    chime.clear_faults();
    let ended = provision(&chime, &account_id, csv);
    assert_eq!(outcomes(&ended), ["line 2: created", "line 3: created"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_user_is_created_twice_when_connections_break() {
    let (chime, account_id) = chime_with_account().await;
    let lines = (0..100).map(|number| format!("user-{number}@example.com\n"));
    let csv = "email\n".to_owned() + &lines.collect::<String>();
    chime.inject(Fault::reset().after_effect().on("CreateUser").with_probability(0.2, 1));
    chime.inject(Fault::reset().on("CreateUser").with_probability(0.2, 2));
    let first = provision(&chime, &account_id, &csv);
    let lost = outcomes(&first).iter().filter(|line| line.contains("response was lost")).count();
    assert!(lost > 0, "{}", first.stdout);
    chime.clear_faults();
    assert!(provision(&chime, &account_id, &csv).code == 0);

    let users = users(&chime, &account_id).await;
    let mut emails = emails(&users);
    emails.dedup();
    assert_eq!((users.len(), emails.len()), (100, 100));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_output_contains_no_email_addresses() {
    let (chime, account_id) = chime_with_account().await;
    for csv in [
        "email\nana@example.com\nana@example.com\nben.okafor\n",
        "ana@example.com,Ana\nben@example.com,Ben\n",
        "email,username\nana@example.com,\"Ana\n",
    ] {
        let faults = [Fault::status(409), Fault::status(500), Fault::reset()];
        for (fault, operation) in
            faults.iter().flat_map(|fault| ["ListUsers", "CreateUser"].map(|name| (fault, name)))
        {
            chime.inject(fault.clone().on(operation).times(u32::MAX));
            let ended = provision(&chime, &account_id, csv);
            let output = ended.stdout + &ended.stderr;
            assert!(!output.contains("ana@") && !output.contains("okafor"), "{output}");
            chime.clear_faults();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_column_names_is_refused() {
    let (chime, account_id) = chime_with_account().await;
    for csv in ["", "ana@example.com,Ana\n", "username\nAna\n", "email;user name\na@b.c;Ana\n"] {
        let ended = provision(&chime, &account_id, csv);
        assert!(ended.code == 1, "{csv}");
        let wanted = "the first line must name the columns, separated by commas or semicolons: \
                      email, username, user_type, license_type;";
        assert!(ended.stderr.contains(wanted), "{}", ended.stderr);
    }
    assert!(users(&chime, &account_id).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_users_or_with_repeated_columns_is_refused() {
    let (chime, account_id) = chime_with_account().await;
    for (csv, problem) in [
        ("email,username\n", "the file has no users"),
        ("email,username\r\n \r\n", "the file has no users"),
        ("email,email\na@example.com,b@example.com\n", "more than one column email"),
        ("email,username,username\na@example.com,,\n", "more than one column username"),
    ] {
        let ended = provision(&chime, &account_id, csv);
        assert!(ended.code == 1, "{csv}");
        assert!(ended.stderr.contains(problem), "{}", ended.stderr);
    }
    assert!(users(&chime, &account_id).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn semicolons_and_headers_in_upper_or_lower_case_are_accepted() {
    let (chime, account_id) = chime_with_account().await;
    let csv = "EMail;UserName;License_Type\nana@example.com;\"Silva; Ana\";Basic\n";
    let ended = provision(&chime, &account_id, csv);
    assert_eq!(outcomes(&ended), ["line 2: created, and given the license Basic"]);
    let users = users(&chime, &account_id).await;
    assert_eq!(users[0].display_name, Some("Silva; Ana".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_prints_what_would_be_done_and_changes_nothing() {
    let (chime, account_id) = chime_with_account().await;
    chime.client().create_user(&account_id).email("ana@example.com").await.unwrap();
    let before = users(&chime, &account_id).await;
    let csv = "email,license_type\nana@example.com,Basic\nANA@example.com,\nben@example.com,Basic\n\
               cy@example.com,ProTrial\n";
    let scratch = scratch();
    let file = scratch.path().join("users.csv");
    fs::write(&file, csv).unwrap();
    let mut command = program::chime(&chime);
    command.arg("provision").arg(&file).args(["--dry-run", "--account", account_id.as_str()]);
    let ended = run(&mut command);
    let lines: Vec<_> = ended.stdout.lines().map(str::to_owned).collect();
    let ana = &before[0].user_id;
    assert_eq!(
        lines,
        [
            format!("line 2: exists, and would be given the license Basic: {ana}"),
            "line 3: the same e-mail address as in line 2".to_owned(),
            "line 4: would be created".to_owned(),
            "line 5: skipped: the account does not support the license ProTrial".to_owned(),
            "4 lines: 1 in the account, 1 to create, 1 repeated, 1 skipped, 0 failed.".to_owned(),
        ]
    );
    assert_eq!(users(&chime, &account_id).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_prints_one_line_and_stops_the_program() {
    let (chime, account_id) = chime_with_account().await;
    let lines = (0..300).map(|number| format!("user-{number}@example.com\n"));
    let csv = "email\n".to_owned() + &lines.collect::<String>();
    chime.inject(Fault::delay(std::time::Duration::ZERO).times(101));
    chime.inject(Fault::reset().times(u32::MAX));
    let mut command = program::chime(&chime);
    command.env("AWS_MAX_ATTEMPTS", "1");
    let ended = provision_by(command, &account_id, &csv);
    assert_eq!(ended.code, 1);
    assert_eq!(ended.stdout.matches("failed: ").count(), 1, "{}", ended.stdout);
    assert!(ended.stderr.contains("Stopped with "), "{}", ended.stderr);
    chime.clear_faults();
    assert_eq!(provision(&chime, &account_id, &csv).code, 0);
    assert_eq!(users(&chime, &account_id).await.len(), 300);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_prints_what_was_done_and_how_to_continue() {
    let (chime, account_id) = chime_with_account().await;
    let scratch = scratch();
    let file = scratch.path().join("users.csv");
    fs::write(&file, "email\nana@example.com\nben@example.com\n").unwrap();
    // The look for the second user gets no response.
    chime.inject(Fault::delay(std::time::Duration::ZERO).on("ListUsers").times(1));
    chime.inject(Fault::stall().on("ListUsers").times(u32::MAX));
    let mut command = program::chime(&chime);
    command.arg("provision").arg(&file).args(["--concurrency", "1", "--account"]);
    command.arg(account_id.as_str()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn().unwrap();
    let runtime = tokio::runtime::Handle::current();
    let has_first = || {
        // Users cannot be listed now, so this searches the accounts for the address.
        let accounts = chime.client().list_accounts().user_email("ana@example.com");
        tokio::task::block_in_place(|| runtime.block_on(accounts.send())).unwrap().items.len() == 1
    };
    wait_until(&mut program, has_first);
    // The response to the create must arrive.
    std::thread::sleep(std::time::Duration::from_millis(100));
    interrupt(&program);
    let ended = program::ended(program.wait_with_output().unwrap());
    assert_eq!(ended.code, 130, "{ended:?}");
    assert!(ended.stdout.contains("2 lines: 1 in the account"), "{ended:?}");
    assert!(ended.stderr.contains("Interrupted with 1 line left. Run it again"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_pipe_does_not_stop_the_work() {
    let (chime, account_id) = chime_with_account().await;
    let scratch = scratch();
    let file = scratch.path().join("users.csv");
    let lines = (0..50).map(|number| format!("user-{number}@example.com\n"));
    fs::write(&file, "email\n".to_owned() + &lines.collect::<String>()).unwrap();
    let mut command = program::chime(&chime);
    command.arg("provision").arg(&file).args(["--account", account_id.as_str()]);
    let mut program = command.stdout(Stdio::piped()).spawn().unwrap();
    drop(program.stdout.take());
    assert!(program.wait().unwrap().success());
    assert_eq!(users(&chime, &account_id).await.len(), 50);
}
