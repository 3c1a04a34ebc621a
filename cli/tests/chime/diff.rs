//! `chime diff`.

use amazon_chime::{AccountType, License};

use crate::program::{archive_to, offline, run_to, scratch};
use crate::tenant::chime_of_every_kind;

#[tokio::test(flavor = "multi_thread")]
async fn additions_removals_and_changes_are_listed_by_id_and_member() {
    let chime = chime_of_every_kind().await;
    let scratch = scratch();
    let (first, second) = (scratch.path().join("first"), scratch.path().join("second"));
    run_to(0, &mut archive_to(&first, &chime));

    let client = chime.client();
    let acme = client.list_accounts().await.unwrap().items.remove(0).account_id;
    let user = client.list_users(&acme).await.unwrap().items.remove(0).user_id;
    let room = client.list_rooms(&acme).await.unwrap().items.pop().unwrap().room_id;
    client.update_user(&acme, &user).license_type(License::Basic).await.unwrap();
    client.delete_room(&acme, &room).await.unwrap();
    let added = chime.add_account("Added", AccountType::Team).unwrap().account_id;
    run_to(0, &mut archive_to(&second, &chime));

    let ended = run_to(0, offline().arg("diff").arg(&first).arg(&second));
    let lines: Vec<_> = ended.stdout.lines().collect();
    assert!(lines.contains(&format!("+ Account {added}").as_str()), "{lines:#?}");
    assert!(lines.contains(&format!("~ User {acme}/{user}: LicenseType").as_str()), "{lines:#?}");
    assert!(lines.contains(&format!("- Room {acme}/{room}").as_str()), "{lines:#?}");
    // The new account also has settings, and the deleted room had three members.
    assert_eq!(lines.last(), Some(&"2 added, 4 removed, 1 changed."), "{lines:#?}");

    let ended = run_to(0, offline().arg("diff").arg(&second).arg(&second));
    assert_eq!(ended.stdout, "0 added, 0 removed, 0 changed.\n");
}

#[test]
fn a_directory_without_an_archive_is_refused() {
    let scratch = scratch();
    let ended = run_to(1, offline().arg("diff").arg(scratch.path()).arg(scratch.path()));
    assert!(ended.stderr.contains("has no finished archive"), "{}", ended.stderr);
}
