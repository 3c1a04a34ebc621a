//! `chime archive`: saves everything that the API shows, without loss.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use amazon_chime::local::{Fault, LocalChime};
use serde_json::{Value, json};
use wiremock::matchers::{path, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::program::{archive_to, chime_at, offline, run, run_to, scratch};
use crate::tenant::{
    Directory, FINISHED, chime_of_every_kind, chime_with_users, killed_archive, mark, names,
};

/// Returns the content of all files with rows, in the order in which they can be loaded.
fn seed_of(archive: &Path) -> String {
    let files =
        names(archive).into_iter().filter(|name| name.to_string_lossy().ends_with(".jsonl"));
    files.map(|name| fs::read_to_string(archive.join(name)).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_has_all_accounts_and_users_and_no_other_files_remain() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    let ended = run_to(0, &mut archive_to(&archive, &chime));
    assert!(ended.stdout.contains("01_accounts.jsonl: 3 rows\n"), "{}", ended.stdout);
    assert!(ended.stdout.contains("04_users.jsonl: 480 rows\n"), "{}", ended.stdout);
    assert_eq!(ended.stderr, format!("Using {}\n", chime.endpoint_url()));
    assert_eq!(Directory::in_archive(&archive), expected);
    assert_eq!(names(&archive), FINISHED);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_is_loaded_and_archived_again_is_the_same() {
    let chime = chime_of_every_kind().await;
    let scratch = scratch();
    let (first, second) = (scratch.path().join("first"), scratch.path().join("second"));
    run_to(0, archive_to(&first, &chime).arg("--user-settings"));
    let rows = seed_of(&first);
    for kind in crate::verify::KINDS {
        assert!(rows.contains(&format!("{{\"{kind}\":")), "{kind}");
    }
    assert_eq!(rows.matches("\"RoomMembership\":").count(), 2 + 30 * 3);

    let loaded = LocalChime::start().unwrap();
    loaded.seed(rows.as_bytes()).unwrap();
    run_to(0, archive_to(&second, &loaded).arg("--user-settings"));
    assert_eq!(seed_of(&second), rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_have_the_resources_as_the_service_sent_them() {
    let account = r#"{"AccountId":"a/1", "AwsAccountId":"1", "AccountType":"EnterpriseLWA",
        "Name":"Acme","New":{"Z":1.00,"A":123456789012345678901234567890}}"#;
    let user = r#"{"UserId":"u\u002d1","InvitedOn":"2019-12-02T22:29:31Z","Newer":null}"#;
    let service = MockServer::start().await;
    let answer = |body: String| ResponseTemplate::new(200).set_body_string(body);
    for (place, body) in [
        ("/accounts", format!("{{\"Accounts\":[{account}]}}")),
        ("/accounts/a%2F1/users", format!("{{\"Users\":[{user}]}}")),
        ("/accounts/a%2F1/retention-settings", r#"{"RetentionSettings":{"X":1.50}}"#.to_owned()),
        ("/settings", r#" {"VoiceConnector":{"CdrBucket":"b"} ,"N":0.10}"#.to_owned()),
    ] {
        Mock::given(path(place)).respond_with(answer(body)).mount(&service).await;
    }
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    let credentials = LocalChime::start().unwrap();
    run_to(0, chime_at(&service.uri(), &credentials).arg("archive").arg(&archive));
    let file = |name: &str| fs::read_to_string(archive.join(name)).unwrap();
    let expected = format!("{{\"Account\":{}}}\n", account.replace('\n', " "));
    assert_eq!(file("01_accounts.jsonl"), expected);
    assert_eq!(file("04_users.jsonl"), format!("{{\"User\":{user},\"AccountId\":\"a/1\"}}\n"));
    let retention = r#"{"AccountRetention":{"RetentionSettings":{"X":1.50}},"AccountId":"a/1"}"#;
    assert_eq!(file("03_account_retention.jsonl"), format!("{retention}\n"));
    let settings = r#"{"GlobalSettings":{"VoiceConnector":{"CdrBucket":"b"} ,"N":0.10}}"#;
    assert_eq!(file("13_global_settings.jsonl"), format!("{settings}\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manifest_lists_files_notes_and_data_that_the_api_never_shows() {
    let chime = chime_of_every_kind().await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    let ended = run_to(0, &mut archive_to(&archive, &chime));
    let forbidden =
        "not available for this type of account (ListRooms: ForbiddenException (HTTP 403))";
    assert!(ended.stdout.contains(&format!("Note: Room, 1 time: {forbidden}")), "{}", ended.stdout);

    let manifest = mark(&archive.join("manifest.json"));
    assert_eq!(manifest["endpoint_url"], chime.endpoint_url());
    assert_eq!(manifest["is_complete"], json!(true));
    assert_eq!(manifest["program"], concat!("amazon-chime-cli ", env!("CARGO_PKG_VERSION")));
    assert!(manifest["begun"].as_str().unwrap() < manifest["finished"].as_str().unwrap());
    for file in manifest["files"].as_array().unwrap() {
        let text = fs::read_to_string(archive.join(file["file"].as_str().unwrap())).unwrap();
        assert_eq!(
            (&file["rows"], &file["bytes"]),
            (&json!(text.lines().count()), &json!(text.len()))
        );
    }
    let notes = manifest["notes"].as_array().unwrap();
    assert!(notes.iter().any(|note| note["kind"] == "Room" && note["reason"] == forbidden));
    assert_eq!(manifest["not_read"], json!([]));
    let lost = manifest["lost"].to_string();
    assert!(lost.contains("suspended user") && lost.contains("client request tokens"), "{lost}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forbidden_request_is_a_failure_for_an_enterprise_account() {
    let chime = chime_of_every_kind().await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    let mut command = archive_to(&archive, &chime);
    chime.inject(Fault::status(403).on("ListBots").times(u32::MAX));
    let ended = run_to(1, &mut command);
    assert!(ended.stdout.contains("Not read: Bot, "), "{}", ended.stdout);
    assert!(ended.stdout.contains("Not read: EventsConfiguration, 1 time: not read"), "{ended:?}");
    assert_eq!(mark(&archive.join("manifest.json"))["is_complete"], json!(false));

    chime.clear_faults();
    run_to(0, &mut archive_to(&archive, &chime));
    assert_eq!(mark(&archive.join("manifest.json"))["not_read"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_failed_reads_of_a_list_are_retried() {
    let chime = chime_of_every_kind().await;
    let scratch = scratch();
    let (archive, whole) = (scratch.path().join("archive"), scratch.path().join("whole"));
    for operation in ["ListRoomMemberships", "GetUserSettings"] {
        chime.inject(Fault::status(400).on(operation).with_probability(0.2, 7).times(2));
    }
    let run_it = |code| run_to(code, archive_to(&archive, &chime).arg("--user-settings"));
    let ended = run_it(1);
    assert!(ended.stdout.contains("Not read: RoomMembership, 2 times"), "{}", ended.stdout);
    chime.clear_faults();
    chime.inject(Fault::delay(Duration::ZERO).on("ListRoomMemberships").times(2));
    chime.inject(Fault::status(400).on("ListRoomMemberships").times(u32::MAX));
    run_it(0);
    chime.clear_faults();

    run_to(0, archive_to(&whole, &chime).arg("--user-settings"));
    let rows = |archive: &Path| {
        let seed = seed_of(archive);
        let mut rows: Vec<_> = seed.lines().map(str::to_owned).collect();
        rows.sort();
        rows
    };
    assert_eq!(rows(&archive), rows(&whole));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;

    let (chime, _) = chime_with_users().await;
    let scratch = scratch();
    let archive = killed_archive(scratch.path(), &chime);
    assert_eq!(mode(&archive), 0o700);
    let rows = crate::tenant::marks_of_users(&archive).into_keys().next().unwrap();
    assert_eq!(mode(&rows.with_extension("jsonl")), 0o600);
    assert_eq!(mode(&rows.with_extension("json")), 0o600);
    run_to(0, archive_to(&archive, &chime).arg("--csv"));
    for name in names(&archive) {
        assert_eq!(mode(&archive.join(&name)), 0o600, "{}", name.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_slows_the_program_down_without_failures() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    chime.inject(Fault::status(429).with_probability(0.4, 3).times(40));
    let ended = run_to(0, archive_to(&archive, &chime).env("AWS_MAX_ATTEMPTS", "1"));
    assert!(ended.stderr.contains("Slowed down"), "{}", ended.stderr);
    assert_eq!(Directory::in_archive(&archive), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rate_of_requests_is_limited() {
    let chime = chime_of_every_kind().await;
    let scratch = scratch();
    let begun = Instant::now();
    run_to(0, archive_to(&scratch.path().join("archive"), &chime).args(["--rate", "50"]));
    // About 50 requests take at least about a second.
    assert!(begun.elapsed() > Duration::from_millis(800), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_concurrent_requests_is_limited() {
    let service = MockServer::start().await;
    let accounts: Vec<Value> = (0..8)
        .map(|number| json!({ "AccountId": format!("a-{number}"), "AwsAccountId": "1", "Name": "A" }))
        .collect();
    let accounts = ResponseTemplate::new(200).set_body_json(json!({ "Accounts": accounts }));
    Mock::given(path("/accounts")).respond_with(accounts).mount(&service).await;
    let late =
        ResponseTemplate::new(200).set_body_json(json!({})).set_delay(Duration::from_millis(20));
    Mock::given(path_regex("^/accounts/a-")).respond_with(late).mount(&service).await;
    let credentials = LocalChime::start().unwrap();
    let mut times = Vec::new();
    for concurrency in ["1", "16"] {
        let scratch = scratch();
        let begun = Instant::now();
        let mut command = chime_at(&service.uri(), &credentials);
        run(command.arg("archive").arg(scratch.path()).args(["--concurrency", concurrency]));
        times.push(begun.elapsed());
    }
    // 40 delayed responses, one after the other.
    assert!(times[0] > Duration::from_millis(800), "{times:?}");
    assert!(times[1] < times[0], "{times:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_pipe_does_not_stop_the_work() {
    let (chime, expected) = chime_with_users().await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    let mut command = archive_to(&archive, &chime);
    let mut program = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(program.stdout.take());
    let mut stderr = BufReader::new(program.stderr.take().unwrap());
    stderr.read_line(&mut String::new()).unwrap();
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).unwrap();
    assert!(program.wait().unwrap().success(), "{rest}");
    assert_eq!(rest, "");
    assert_eq!(Directory::in_archive(&archive), expected);
}

#[test]
fn wrong_usage_has_exit_code_2_and_help_has_an_example() {
    run_to(2, offline().args(["archive"]));
    run_to(2, offline().args(["archive", "dir", "--rate", "0"]));
    run_to(2, offline().args(["archive", "dir", "--concurrency", "0"]));
    run_to(2, offline().args(["unheard-of"]));
    for command in ["archive", "verify", "diff", "provision"] {
        let ended = run_to(0, offline().args([command, "--help"]));
        assert!(ended.stdout.contains(&format!("Example: chime {command} ")), "{}", ended.stdout);
    }
}

#[test]
fn missing_credentials_and_wrong_endpoints_are_reported() {
    let scratch = scratch();
    let mut command = offline();
    let ended = run_to(1, command.arg("archive").arg(scratch.path().join("archive")));
    assert!(
        ended.stderr.starts_with("Using https://chime.us-east-1.amazonaws.com\n"),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("name a profile with --profile"), "{}", ended.stderr);
    let mut command = offline();
    let ended = run_to(1, command.arg("archive").arg("x").args(["--endpoint-url", "nonsense"]));
    assert!(ended.stderr.contains("endpoint URL"), "{}", ended.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn profile_region_and_endpoint_can_be_set() {
    let (chime, _) = chime_with_users().await;
    let scratch = scratch();
    let credentials = chime.credentials();
    let config = scratch.path().join("config");
    let profile = format!(
        "[profile directory]\naws_access_key_id = {}\naws_secret_access_key = {}\nregion = eu-west-1\n",
        credentials.access_key_id(),
        credentials.secret_access_key()
    );
    fs::write(&config, profile).unwrap();
    let mut command = offline();
    command.env("AWS_CONFIG_FILE", &config).arg("archive").arg(scratch.path().join("archive"));
    command.args(["--profile", "directory", "--region", chime.region()]);
    run_to(0, command.args(["--endpoint-url", chime.endpoint_url()]));
}
