//! Data directories: the stored data, and the errors for a directory that cannot be used.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use amazon_chime::chrono::{TimeDelta, Utc};
use amazon_chime::local::LocalChime;
use serde_json::{Value, json};

use crate::client::{account, call};
use crate::process;

/// A directory for a test, which is removed when this is dropped.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        let name = format!("amazon-chime-{}-{:016x}", std::process::id(), fastrand::u64(..));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    fn file(&self) -> PathBuf {
        self.data().join("chime.db")
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Changes the file as another program would do.
    fn execute(&self, sql: &str) {
        rusqlite::Connection::open(self.file()).unwrap().execute_batch(sql).unwrap();
    }

    fn start(&self) -> io::Result<LocalChime> {
        LocalChime::builder().data_directory(self.data()).start()
    }

    /// Returns the error of a start that must fail.
    fn error(&self) -> io::Error {
        self.start().map(drop).unwrap_err()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

const SEED: &str = r#"
{"Account": {"AccountId": "a", "Name": "Acme", "AccountType": "EnterpriseOIDC", "AwsAccountId": "999988887777",
    "CreatedTimestamp": "2019-01-08T17:59:18.006Z", "Unheard": {"Of": [1, 2.5, "ü"]}}}
{"AccountSettings": {"EnableDialOut": true, "Unheard": "of"}, "AccountId": "a"}
{"AccountRetention": {"RetentionSettings": {"Mail": {}}, "Unheard": "of"}, "AccountId": "a"}
{"User": {"UserId": "u", "PrimaryEmail": "ana@example.com", "Nickname": null, "UserRegistrationStatus": "Registered",
    "RegisteredOn": "2019-02-01T10:30:00+01:00"}, "AccountId": "a"}
{"User": {"UserId": "v", "PrimaryEmail": "bo@example.com", "UserRegistrationStatus": "Odd"}, "AccountId": "a"}
{"UserSettings": {"Telephony": {"Fax": true}}, "AccountId": "a", "UserId": "u"}
{"Bot": {"BotId": "b", "DisplayName": "myBot (Bot)", "Unheard": "of"}, "AccountId": "a"}
{"EventsConfiguration": {"LambdaFunctionArn": "arn", "Unheard": "of"}, "AccountId": "a", "BotId": "b"}
{"Room": {"RoomId": "r", "CreatedTimestamp": "2019-12-02"}, "AccountId": "a"}
{"RoomMembership": {"Member": {"MemberId": "u", "Age": 7}}, "AccountId": "a", "RoomId": "r"}
{"PhoneNumber": {"E164PhoneNumber": "+12065550100", "Status": "Unassigned", "ProductType": "BusinessCalling"}}
{"PhoneNumberOrder": {"PhoneNumberOrderId": "abc12345-de67-89f0-123a-b45c678d9012", "Unheard": "of"}}
{"PhoneNumberSettings": {"CallingName": "Acme", "CallingNameUpdatedTimestamp": "2019-10-28T18:56:42.911Z"}}
{"GlobalSettings": {"VoiceConnector": {"CdrBucket": "b", "Unheard": "of"}}}
"#;

fn seed() -> String {
    SEED.replace(",\n    ", ", ")
}

/// Returns all responses about the rows of the seed and the rows that were created later.
fn everything(chime: &LocalChime) -> Vec<(u16, Value)> {
    let accounts = call(chime, "GET", "/accounts", &Value::Null);
    let mut answers = vec![accounts];
    for uri in [
        "/accounts/a",
        "/accounts/a/settings",
        "/accounts/a/retention-settings",
        "/accounts/a/users",
        "/accounts?user-email=ana%40example.com",
        "/accounts/a/users/u/settings",
        "/accounts/a/users/v/settings",
        "/accounts/a/bots",
        "/accounts/a/bots/b/events-configuration",
        "/accounts/a/rooms",
        "/accounts/a/rooms/r/memberships",
        "/phone-numbers",
        "/phone-number-orders",
        "/settings/phone-number",
        "/settings",
    ] {
        answers.push(call(chime, "GET", uri, &Value::Null));
    }
    answers
}

/// Changes or adds a row of each kind.
fn change_everything(chime: &LocalChime) {
    for (method, uri, body, status) in [
        ("POST", "/accounts", json!({ "Name": "Birch" }), 201),
        ("POST", "/accounts/a", json!({ "Name": "Acorn" }), 200),
        (
            "PUT",
            "/accounts/a/settings",
            json!({ "AccountSettings": { "EnableDialOut": false } }),
            204,
        ),
        (
            "PUT",
            "/accounts/a/retention-settings",
            json!({ "RetentionSettings": { "RoomRetentionSettings": { "RetentionDays": 7 } } }),
            204,
        ),
        ("POST", "/accounts/a/users?operation=suspend", json!({ "UserIdList": ["u", "v"] }), 200),
        (
            "PUT",
            "/accounts/a/users/v/settings",
            json!({ "UserSettings": { "Telephony": {
                "InboundCalling": true, "OutboundCalling": false, "SMS": true,
            } } }),
            204,
        ),
        ("POST", "/accounts/a/users?operation=create", json!({ "Email": "cy@example.com" }), 201),
        ("POST", "/accounts/a/bots", json!({ "DisplayName": "other" }), 201),
        ("DELETE", "/accounts/a/bots/b/events-configuration", Value::Null, 204),
        (
            "POST",
            "/accounts/a/rooms",
            json!({ "Name": "Red", "ClientRequestToken": "red-token" }),
            201,
        ),
        ("POST", "/accounts/a/rooms/r/memberships", json!({ "MemberId": "b" }), 201),
        ("DELETE", "/accounts/a/rooms/r/memberships/u", Value::Null, 204),
        (
            "POST",
            "/phone-number-orders",
            json!({ "ProductType": "BusinessCalling", "E164PhoneNumbers": ["+12065550101"] }),
            201,
        ),
        (
            "POST",
            "/accounts/a/users/v?operation=associate-phone-number",
            json!({ "E164PhoneNumber": "+12065550100" }),
            200,
        ),
        ("PUT", "/settings/phone-number", json!({ "CallingName": "Acorn" }), 204),
        ("PUT", "/settings", json!({ "BusinessCalling": { "CdrBucket": "c" } }), 204),
    ] {
        assert_eq!(call(chime, method, uri, &body).0, status, "{method} {uri}");
    }
}

#[test]
fn a_data_directory_keeps_loaded_and_changed_rows() {
    let scratch = Scratch::new();
    let seed = scratch.write("seed.jsonl", &seed());
    let reference = LocalChime::builder().load(&seed).start().unwrap();
    let as_loaded = everything(&reference);
    drop(reference);

    let start =
        || LocalChime::builder().data_directory(scratch.data()).load(&seed).start().unwrap();
    let chime = start();
    assert_eq!(everything(&chime), as_loaded);
    drop(chime);
    let chime = start();
    assert_eq!(everything(&chime), as_loaded, "after a restart");
    change_everything(&chime);
    let as_changed = everything(&chime);
    assert!(
        as_loaded
            .iter()
            .zip(&as_changed)
            .all(|(loaded, changed)| loaded.0 == 200 && changed.1 != loaded.1
                || changed.0 == 404
                || loaded.1["User"] == changed.1["User"])
    );
    drop(chime);
    assert_eq!(everything(&start()), as_changed, "after changes");
}

#[test]
fn a_data_directory_keeps_the_clock_tokens_and_the_statuses_from_before_suspensions() {
    let scratch = Scratch::new();
    let seed = scratch.write("seed.jsonl", &seed());
    let start =
        || LocalChime::builder().data_directory(scratch.data()).load(&seed).start().unwrap();
    let chime = start();
    change_everything(&chime);
    let room = json!({ "Name": "Red", "ClientRequestToken": "red-token" });
    let (_, red) = call(&chime, "POST", "/accounts/a/rooms", &room);
    let (_, page) = call(&chime, "GET", "/accounts/a/users?max-results=1", &Value::Null);
    let token = page["NextToken"].as_str().unwrap().replace('+', "%2B").replace('/', "%2F");
    let next = format!("/accounts/a/users?max-results=1&next-token={}", token.replace('&', "%26"));
    let next_page = call(&chime, "GET", &next, &Value::Null);
    chime.advance(TimeDelta::days(3));
    drop(chime);

    let chime = start();
    assert_eq!(call(&chime, "POST", "/accounts/a/rooms", &room), (201, red), "the request token");
    assert_eq!(call(&chime, "GET", &next, &Value::Null), next_page, "the page token");
    let users = json!({ "UserIdList": ["u", "v"] });
    assert_eq!(call(&chime, "POST", "/accounts/a/users?operation=unsuspend", &users).0, 200);
    let (_, listed) = call(&chime, "GET", "/accounts/a/users", &Value::Null);
    assert_eq!(listed["Users"][0]["UserRegistrationStatus"], "Registered", "the former status");
    assert_eq!(listed["Users"][1]["UserRegistrationStatus"], "Odd", "the former status");
    let (_, birch) = call(&chime, "POST", "/accounts", &json!({ "Name": "Birch" }));
    let created = birch["Account"]["CreatedTimestamp"].as_str().unwrap().to_owned();
    assert!(created > (Utc::now() + TimeDelta::days(2)).to_rfc3339(), "the clock: {created}");
}

#[test]
fn a_deleted_row_stays_deleted_and_its_position_is_not_used_again() {
    let scratch = Scratch::new();
    let chime = scratch.start().unwrap();
    let accounts: Vec<String> = ["Acme", "Birch", "Cedar"].map(|name| account(&chime, name)).into();
    let (_, page) = call(&chime, "GET", "/accounts?max-results=2", &Value::Null);
    let token = page["NextToken"].as_str().unwrap().to_owned();
    for id in &accounts[1..] {
        assert_eq!(call(&chime, "DELETE", &format!("/accounts/{id}"), &Value::Null).0, 204);
    }
    drop(chime);

    let chime = scratch.start().unwrap();
    assert_eq!(call(&chime, "GET", &format!("/accounts/{}", accounts[2]), &Value::Null).0, 404);
    let dogwood = account(&chime, "Dogwood");
    let token = token.replace('+', "%2B").replace('/', "%2F").replace('&', "%26");
    let (_, rest) = call(&chime, "GET", &format!("/accounts?next-token={token}"), &Value::Null);
    assert_eq!(rest["Accounts"][0]["AccountId"], dogwood.as_str());
}

#[test]
fn a_seed_is_loaded_as_a_whole_and_once() {
    let scratch = Scratch::new();
    let start = |seed: &str| {
        let seed = scratch.write("seed.jsonl", seed);
        LocalChime::builder().data_directory(scratch.data()).load(seed).start()
    };
    let acme = r#"{"Account": {"AccountId": "a", "Name": "Acme"}}"#;
    let error = start(&format!("{acme}\n\n{{}}\n")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert!(error.to_string().contains("seed.jsonl: line 3"), "{error}");

    let chime = start(acme).unwrap();
    assert_eq!(call(&chime, "POST", "/accounts/a", &json!({ "Name": "Acorn" })).0, 200);
    drop(chime);
    let chime = start(acme).unwrap();
    let (_, answer) = call(&chime, "GET", "/accounts/a", &Value::Null);
    assert_eq!(answer["Account"]["Name"], "Acorn", "what was loaded is not loaded again");
}

#[test]
fn a_seed_is_not_mixed_with_other_rows() {
    let scratch = Scratch::new();
    account(&scratch.start().unwrap(), "Acme");
    let seed = scratch.write("seed.jsonl", &seed());
    let error =
        LocalChime::builder().data_directory(scratch.data()).load(seed).start().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert!(error.to_string().contains(&*scratch.data().to_string_lossy()), "{error}");
}

#[test]
fn rows_that_are_added_without_a_request_are_kept() {
    let scratch = Scratch::new();
    let chime = scratch.start().unwrap();
    let acme = chime.add_account("Acme", "EnterpriseOIDC").unwrap();
    let ana = chime.add_registered_user(&acme.account_id, "ana@example.com").unwrap();
    chime.seed(&br#"{"Account": {"AccountId": "b", "Name": "Birch"}}"#[..]).unwrap();
    drop(chime);

    let chime = scratch.start().unwrap();
    let uri = format!("/accounts/{}/users/{}", acme.account_id, ana.user_id);
    assert_eq!(call(&chime, "GET", &uri, &Value::Null).0, 200);
    assert_eq!(call(&chime, "GET", "/accounts/b", &Value::Null).0, 200);
}

#[test]
fn only_one_embedded_chime_at_a_time_can_use_a_data_directory() {
    let scratch = Scratch::new();
    let chime = scratch.start().unwrap();
    let error = scratch.error();
    assert_eq!(error.kind(), ErrorKind::ResourceBusy);
    assert!(error.to_string().contains(&*scratch.data().to_string_lossy()), "{error}");
    account(&chime, "Acme");
    drop(chime);
    assert!(scratch.start().is_ok());
}

#[test]
fn only_its_owner_can_read_a_data_directory() {
    let scratch = Scratch::new();
    let chime = scratch.start().unwrap();
    account(&chime, "Acme");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&scratch.data()), 0o700);
    for entry in fs::read_dir(scratch.data()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

/// Creates a data directory with 200 accounts, which is not in use.
fn with_accounts() -> Scratch {
    let scratch = Scratch::new();
    let chime = scratch.start().unwrap();
    for _ in 0..200 {
        chime.add_account("Acme", "EnterpriseOIDC").unwrap();
    }
    drop(chime);
    scratch
}

/// Checks that the file is refused as damaged.
fn is_damaged(scratch: &Scratch) {
    let error = scratch.error();
    assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}");
    assert!(error.to_string().contains(&*scratch.file().to_string_lossy()), "{error}");
    assert!(error.to_string().contains("Restore"), "{error}");
}

#[test]
fn a_file_that_is_cut_off_is_damaged() {
    let scratch = with_accounts();
    let whole = fs::read(scratch.file()).unwrap();
    for length in [0, 1, 100, 4095, 4096, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        fs::write(scratch.file(), &whole[..length]).unwrap();
        is_damaged(&scratch);
    }
    fs::write(scratch.file(), &whole).unwrap();
    assert!(scratch.start().is_ok());
}

#[test]
fn a_file_with_changed_bytes_is_damaged() {
    let scratch = with_accounts();
    let whole = fs::read(scratch.file()).unwrap();
    for page in 0..whole.len() / 4096 {
        let mut damaged = whole.clone();
        damaged[page * 4096..][..4096].fill(0);
        fs::write(scratch.file(), &damaged).unwrap();
        is_damaged(&scratch);
    }
    fs::write(scratch.file(), "not a database".repeat(999)).unwrap();
    is_damaged(&scratch);
}

#[test]
fn a_file_without_its_log_and_a_log_without_its_file_are_damaged() {
    let scratch = Scratch::new();
    let chime = scratch.start().unwrap();
    account(&chime, "Acme");
    let copy = Scratch::new();
    fs::create_dir(copy.data()).unwrap();
    fs::copy(scratch.file(), copy.file()).unwrap();
    is_damaged(&copy);

    fs::copy(scratch.data().join("chime.db-wal"), copy.data().join("chime.db-wal")).unwrap();
    let (_, listed) = call(&copy.start().unwrap(), "GET", "/accounts", &Value::Null);
    assert_eq!(listed["Accounts"][0]["Name"], "Acme");

    let half = Scratch::new();
    fs::create_dir(half.data()).unwrap();
    fs::copy(scratch.data().join("chime.db-wal"), half.data().join("chime.db-wal")).unwrap();
    is_damaged(&half);
}

#[test]
fn a_file_with_an_unreadable_row_is_damaged() {
    let scratch = with_accounts();
    for (change, back) in [
        (
            "UPDATE rows SET row = '{' || row WHERE position = 7",
            "UPDATE rows SET row = substr(row, 2) WHERE position = 7",
        ),
        (
            "UPDATE rows SET kind = 'Unheard' WHERE position = 7",
            "UPDATE rows SET kind = 'Account' WHERE position = 7",
        ),
        (
            "UPDATE rows SET kind = 'Room' WHERE position = 1",
            "UPDATE rows SET kind = 'Account' WHERE position = 1",
        ),
    ] {
        scratch.execute(change);
        is_damaged(&scratch);
        scratch.execute(back);
        assert!(scratch.start().is_ok());
    }
}

#[test]
fn a_file_of_a_newer_version_or_of_another_program_is_refused() {
    let scratch = with_accounts();
    scratch.execute("PRAGMA user_version = 2");
    let error = scratch.error();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.to_string().contains("version 2"), "{error}");
    scratch.execute("PRAGMA user_version = 1; PRAGMA application_id = 7");
    assert!(scratch.error().to_string().contains("not one of an embedded Chime"));
}

#[test]
fn a_log_with_changed_bytes_is_damaged() {
    let scratch = Scratch::new();
    let chime = scratch.start().unwrap();
    let copy = Scratch::new();
    let log = copy.data().join("chime.db-wal");
    let copied = |bytes: &[u8]| {
        _ = fs::remove_dir_all(copy.data());
        fs::create_dir(copy.data()).unwrap();
        fs::copy(scratch.file(), copy.file()).unwrap();
        fs::write(&log, bytes).unwrap();
    };
    for _ in 0..3 {
        account(&chime, "Acme");
    }
    let whole = fs::read(scratch.data().join("chime.db-wal")).unwrap();
    // Places in the header and before the last change.
    for place in [0, 20, 33, 50, 200, 5000] {
        let mut damaged = whole.clone();
        damaged[place] ^= 1;
        copied(&damaged);
        is_damaged(&copy);
        assert_eq!(fs::read(&log).unwrap(), damaged, "it is left as it is");
    }
    // A killed process may leave a part of a change that it did not acknowledge.
    for length in [whole.len(), whole.len() - 1, whole.len() - 4110, 4000, 40, 32, 31, 0] {
        copied(&whole[..length]);
        assert!(copy.start().is_ok(), "{length} bytes");
    }
    copied(&[whole.as_slice(), &[7; 5000]].concat());
    let (_, listed) = call(&copy.start().unwrap(), "GET", "/accounts", &Value::Null);
    assert_eq!(listed["Accounts"].as_array().unwrap().len(), 3);
}

#[test]
fn a_file_that_is_refused_keeps_its_log() {
    let scratch = Scratch::new();
    let chime = scratch.start().unwrap();
    account(&chime, "Acme");
    let killed = Scratch::new();
    fs::create_dir(killed.data()).unwrap();
    for name in ["chime.db", "chime.db-wal"] {
        fs::copy(scratch.data().join(name), killed.data().join(name)).unwrap();
    }
    // The last of the four bytes in which the file has its version.
    let set_version = |version| {
        let mut bytes = fs::read(killed.file()).unwrap();
        bytes[63] = version;
        fs::write(killed.file(), bytes).unwrap();
    };
    set_version(2);
    assert_eq!(killed.error().kind(), ErrorKind::Unsupported);
    set_version(1);
    let (_, listed) = call(&killed.start().unwrap(), "GET", "/accounts", &Value::Null);
    assert_eq!(listed["Accounts"][0]["Name"], "Acme");
}

#[test]
fn a_data_directory_that_cannot_be_written_is_refused() {
    let scratch = with_accounts();
    let set =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    set(scratch.path(), 0o755);
    set(&scratch.data(), 0o755);
    for entry in fs::read_dir(scratch.data()).unwrap() {
        set(&entry.unwrap().path(), 0o444);
    }
    let refused = |data: &Path| {
        let message = process::error_of_a_user_who_can_only_read(scratch.path(), data);
        assert!(message.contains(&*data.to_string_lossy()), "{message}");
        assert!(message.contains("Let this user write"), "{message}");
    };
    refused(&scratch.data());
    set(&scratch.data().join("chime.lock"), 0o666);
    refused(&scratch.data());
    set(&scratch.file(), 0o666);
    refused(&scratch.data());

    let empty = scratch.path().join("empty");
    fs::create_dir(&empty).unwrap();
    set(&empty, 0o755);
    refused(&empty);
    refused(&empty.join("new"));
}

#[test]
fn a_data_directory_that_is_a_file_is_refused() {
    let scratch = Scratch::new();
    scratch.write("data", "");
    let error = scratch.error().to_string();
    assert!(error.contains(&*scratch.data().to_string_lossy()), "{error}");
}
