//! `chime verify`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tempfile::TempDir;

use crate::program::{Ended, archive_to, offline, run, run_to, scratch};
use crate::tenant::{append, chime_of_every_kind, chime_with_users, killed_archive, mark};

/// The names of all kinds of rows.
pub(crate) const KINDS: [&str; 13] = [
    "Account",
    "AccountSettings",
    "AccountRetention",
    "User",
    "UserSettings",
    "Room",
    "RoomMembership",
    "Bot",
    "EventsConfiguration",
    "PhoneNumber",
    "PhoneNumberOrder",
    "PhoneNumberSettings",
    "GlobalSettings",
];

fn verify(archive: &Path) -> Ended {
    run(offline().arg("verify").arg(archive))
}

async fn archive_of_every_kind() -> (TempDir, PathBuf) {
    let chime = chime_of_every_kind().await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    run_to(0, archive_to(&archive, &chime).arg("--user-settings"));
    (scratch, archive)
}

/// Changes a file, and corrects the counts in the manifest.
fn change(archive: &Path, file: &str, change: impl FnOnce(String) -> String) {
    let path = archive.join(file);
    let text = change(fs::read_to_string(&path).unwrap());
    fs::write(&path, &text).unwrap();
    let mut manifest = mark(&archive.join("manifest.json"));
    for known in manifest["files"].as_array_mut().unwrap() {
        if known["file"] == file {
            known["rows"] = json!(text.lines().count());
            known["bytes"] = json!(text.len());
        }
    }
    fs::write(archive.join("manifest.json"), manifest.to_string()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complete_archive_has_no_problems() {
    let (_scratch, archive) = archive_of_every_kind().await;
    let ended = verify(&archive);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains(" has no problems in "), "{}", ended.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn truncated_lost_and_added_rows_are_problems() {
    let (_scratch, archive) = archive_of_every_kind().await;
    let users = archive.join("04_users.jsonl");
    let text = fs::read_to_string(&users).unwrap();

    fs::write(&users, &text[..text.len() - 10]).unwrap();
    let ended = verify(&archive);
    assert_eq!(ended.code, 1);
    assert!(ended.stdout.contains("04_users.jsonl is truncated"), "{}", ended.stdout);
    assert!(ended.stdout.contains("04_users.jsonl line 4: not a JSON object"), "{}", ended.stdout);

    fs::write(&users, &text).unwrap();
    append(&users, text.lines().next().unwrap());
    let ended = verify(&archive);
    assert!(ended.stdout.contains("04_users.jsonl is changed"), "{}", ended.stdout);
    assert!(ended.stdout.contains("04_users.jsonl has 5 rows rather than 4"), "{}", ended.stdout);
    assert!(ended.stdout.contains(" is a duplicate"), "{}", ended.stdout);

    fs::remove_file(&users).unwrap();
    let ended = verify(&archive);
    assert_eq!(ended.code, 1);
    assert!(ended.stdout.contains("04_users.jsonl is missing"), "{}", ended.stdout);

    // Like a file on a broken disk, a directory can be opened but not read.
    fs::create_dir(&users).unwrap();
    let ended = verify(&archive);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("04_users.jsonl"), "{}", ended.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_to_a_missing_row_is_a_problem() {
    for (file, lost) in [
        ("01_accounts.jsonl", "account"),
        ("04_users.jsonl", "user"),
        ("04_users.jsonl", "member"),
        ("06_bots.jsonl", "bot"),
        ("08_rooms.jsonl", "room"),
    ] {
        let (_scratch, archive) = archive_of_every_kind().await;
        // The seed's memberships are older than the archive, so a missing member is a problem.
        change(&archive, file, |text| {
            text.split_once('\n').map(|(_, rest)| rest.to_owned()).unwrap()
        });
        let ended = verify(&archive);
        assert_eq!(ended.code, 1, "{file}");
        let problem = format!("its {lost} is not in the archive");
        assert!(ended.stdout.contains(&problem), "{file}: {}", ended.stdout);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn members_of_other_accounts_webhooks_and_new_memberships_are_no_problems() {
    let (_scratch, archive) = archive_of_every_kind().await;
    let manifest = mark(&archive.join("manifest.json"));
    let begun = manifest["begun"].clone();
    change(&archive, "09_room_memberships.jsonl", |text| {
        let row: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        let of = |member: serde_json::Value, updated: serde_json::Value| {
            let mut row = row.clone();
            row["RoomMembership"]["Member"] = member;
            row["RoomMembership"]["UpdatedTimestamp"] = updated;
            format!("{row}\n")
        };
        let long_ago = json!("2019-12-02T22:29:31.549Z");
        let account = row["AccountId"].clone();
        text + &of(json!({ "MemberId": "x", "AccountId": "other" }), long_ago.clone())
            + &of(json!({ "MemberId": "y", "MemberType": "Webhook" }), long_ago)
            + &of(json!({ "MemberId": "z", "AccountId": account }), begun)
    });
    let ended = verify(&archive);
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_problems_are_counted_and_show_no_values() {
    let (_scratch, archive) = archive_of_every_kind().await;
    change(&archive, "04_users.jsonl", |_| String::new());
    let ended = verify(&archive);
    assert_eq!(ended.code, 1);
    assert!(ended.stdout.contains("more like this"), "{}", ended.stdout);
    assert!(!ended.stdout.contains('@'), "{}", ended.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unfinished_archive_and_another_format_version_are_refused() {
    let (chime, _) = chime_with_users().await;
    let scratch = scratch();
    let archive = killed_archive(scratch.path(), &chime);
    let ended = verify(&archive);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("has no finished archive"), "{}", ended.stderr);
    fs::write(archive.join("manifest.json"), r#"{"format": 99}"#).unwrap();
    let ended = verify(&archive);
    assert!(ended.stderr.contains("has the format version 99"), "{}", ended.stderr);
}
