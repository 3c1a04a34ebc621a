//! `chime archive --csv`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use amazon_chime::User;
use amazon_chime::local::LocalChime;

use crate::program::{archive_to, run_to, scratch};
use crate::tenant::chime_with_users;

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
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    run_to(0, archive_to(&archive, &chime).arg("--csv"));

    for file in ["accounts.csv", "users.csv"] {
        let begins_with_mark = fs::read(archive.join(file)).unwrap().starts_with(b"\xef\xbb\xbf");
        assert!(begins_with_mark, "or Excel takes {file} for text in another encoding");
    }
    let accounts = csv_rows(&archive.join("accounts.csv"));
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0]["AccountId"], account_id.as_str());
    assert_eq!(accounts[0]["Name"], account.name);
    assert_eq!(accounts[0]["SupportedLicenses"], "Basic Pro");
    let users = csv_rows(&archive.join("users.csv"));
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

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_archive_can_be_written_as_csv() {
    let (chime, _) = chime_with_users().await;
    let scratch = scratch();
    let archive = scratch.path().join("archive");
    run_to(0, &mut archive_to(&archive, &chime));
    assert!(!archive.join("users.csv").exists());
    run_to(0, archive_to(&archive, &chime).arg("--csv"));
    assert_eq!(csv_rows(&archive.join("users.csv")).len(), 480);
}
