//! The settings of accounts, their retention and their sign-in delegate groups.

use amazon_chime::chrono::TimeDelta;
use amazon_chime::{
    AccountRetention, AccountType, ConversationRetentionSettings, RoomRetentionSettings,
    SigninDelegateGroup,
};

use super::start;

#[tokio::test]
async fn settings_of_an_account_are_off_at_first_and_an_update_changes_only_the_given_settings() {
    let (_chime, client) = start();
    let acme = client.create_account("Acme").await.unwrap().account_id;
    let settings = async || {
        let settings = client.get_account_settings(&acme).await.unwrap();
        (settings.disable_remote_control.unwrap(), settings.enable_dial_out.unwrap())
    };
    assert_eq!(settings().await, (false, false));
    client.update_account_settings(&acme).enable_dial_out(true).await.unwrap();
    assert_eq!(settings().await, (false, true));
    client.update_account_settings(&acme).disable_remote_control(true).await.unwrap();
    assert_eq!(settings().await, (true, true));
    client.update_account_settings(&acme).await.unwrap();
    assert_eq!(settings().await, (true, true), "nothing is set");

    assert!(client.get_account_settings("nothing").await.unwrap_err().is_not_found());
    assert!(client.update_account_settings("nothing").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn sign_in_delegate_groups_are_added_once_and_can_be_disassociated() {
    let (_chime, client) = start();
    let acme = client.create_account("Acme").await.unwrap();
    let (id, untouched) = (&acme.account_id, &acme);
    let groups = async || client.get_account(id).await.unwrap().signin_delegate_groups;
    let group = SigninDelegateGroup::from;

    for names in [vec!["a", "b"], vec!["b", "c", "c"], vec![]] {
        client.associate_signin_delegate_groups_with_account(id, names).await.unwrap();
    }
    assert_eq!(groups().await, [group("a"), group("b"), group("c")]);
    for _ in 0..2 {
        let names = ["a", "c", "never there"];
        client.disassociate_signin_delegate_groups_from_account(id, names).await.unwrap();
        assert_eq!(groups().await, [group("b")]);
    }
    client.disassociate_signin_delegate_groups_from_account(id, ["b"]).await.unwrap();
    assert_eq!(client.get_account(id).await.unwrap(), *untouched);

    for error in [
        client.associate_signin_delegate_groups_with_account("nothing", ["a"]).await.unwrap_err(),
        client
            .disassociate_signin_delegate_groups_from_account("nothing", ["a"])
            .await
            .unwrap_err(),
    ] {
        assert!(error.is_not_found(), "{error}");
    }
}

#[tokio::test]
async fn retention_is_set_part_by_part_turned_off_and_left_unchanged() {
    let (chime, client) = start();
    let acme = chime.add_account("Acme", AccountType::EnterpriseLwa).unwrap().account_id;
    let retention = async || client.get_retention_settings(&acme).await.unwrap();
    let parts = |retention: AccountRetention| {
        let settings = retention.retention_settings.unwrap();
        let (rooms, conversations) =
            (settings.room_retention_settings, settings.conversation_retention_settings);
        let rooms = rooms.map(|RoomRetentionSettings { retention_days, .. }| retention_days);
        let days = |part: ConversationRetentionSettings| part.retention_days;
        (rooms, conversations.map(days))
    };
    assert_eq!(retention().await, AccountRetention::default());

    client.put_retention_settings(&acme).room_retention_days(1).await.unwrap();
    assert_eq!(parts(retention().await), (Some(Some(1)), None));
    client.put_retention_settings(&acme).conversation_retention_days(5475).await.unwrap();
    assert_eq!(parts(retention().await), (Some(Some(1)), Some(Some(5475))));
    client.put_retention_settings(&acme).room_retention_off().await.unwrap();
    assert_eq!(parts(retention().await), (Some(None), Some(Some(5475))));

    let before = retention().await;
    let begin = before.initiate_deletion_timestamp.unwrap();
    chime.advance(TimeDelta::days(2));
    client.put_retention_settings(&acme).await.unwrap();
    assert_eq!(retention().await, before, "nothing is set");
    client.put_retention_settings(&acme).room_retention_days(7).await.unwrap();
    let later = retention().await.initiate_deletion_timestamp.unwrap() - begin;
    assert!(later >= TimeDelta::days(2) && later < TimeDelta::days(3), "{later}");
}

#[tokio::test]
async fn deletion_begins_thirty_days_after_retention_was_set() {
    let (chime, client) = start();
    let acme = chime.add_account("Acme", AccountType::EnterpriseOidc).unwrap();
    client.put_retention_settings(&acme.account_id).room_retention_days(1).await.unwrap();
    let retention = client.get_retention_settings(&acme.account_id).await.unwrap();
    let begin = retention.initiate_deletion_timestamp.unwrap() - TimeDelta::days(30);
    let since = begin - acme.created_timestamp.unwrap();
    assert!(since >= TimeDelta::zero() && since < TimeDelta::minutes(5), "{since}");
}

#[tokio::test]
async fn only_enterprise_accounts_have_retention_and_only_team_accounts_invite() {
    let (chime, client) = start();
    let team = client.create_account("Team").await.unwrap().account_id;
    let enterprise = chime.add_account("Acme", AccountType::EnterpriseDirectory).unwrap();
    for error in [
        client.get_retention_settings(&team).await.unwrap_err(),
        client.put_retention_settings(&team).room_retention_days(1).await.unwrap_err(),
        client.invite_users(&enterprise.account_id, ["ana@example.com"]).await.unwrap_err(),
    ] {
        assert_eq!((error.status(), error.code()), (Some(403), Some("ForbiddenException")));
        assert!(error.is_access_denied() && !error.may_have_applied(), "{error}");
    }
    assert_eq!(client.list_users(&enterprise.account_id).await.unwrap().items, []);
    for error in [
        client.get_retention_settings("nothing").await.unwrap_err(),
        client.put_retention_settings("nothing").await.unwrap_err(),
        client.invite_users("nothing", ["ana@example.com"]).await.unwrap_err(),
    ] {
        assert!(error.is_not_found(), "{error}");
    }
}

#[tokio::test]
async fn deleting_an_account_deletes_everything_in_it() {
    let (chime, client) = start();
    let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory).unwrap().account_id;
    let ana = chime.add_registered_user(&acme, "ana@example.com").unwrap().user_id;
    client.put_retention_settings(&acme).room_retention_days(1).await.unwrap();
    assert!(client.delete_account(&acme).await.unwrap_err().is_unprocessable());

    client.batch_suspend_user(&acme, [&ana]).await.unwrap();
    client.delete_account(&acme).await.unwrap();
    for error in [
        client.get_account_settings(&acme).await.unwrap_err(),
        client.get_retention_settings(&acme).await.unwrap_err(),
        client.get_user_settings(&acme, &ana).await.unwrap_err(),
        client.reset_personal_pin(&acme, &ana).await.unwrap_err(),
    ] {
        assert!(error.is_not_found(), "{error}");
    }
    assert_eq!(client.list_accounts().user_email("ana@example.com").await.unwrap().items, []);
    assert!(chime.add_registered_user(&acme, "ana@example.com").is_err());
}
