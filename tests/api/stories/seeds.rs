//! Rows that are added without the API: single rows and whole seeds.

use std::io::ErrorKind;

use amazon_chime::{AccountType, PhoneNumberStatus, RegistrationStatus};

use super::{email, start};

#[tokio::test]
async fn the_api_returns_the_added_rows() {
    let (chime, client) = start();
    for account_type in [
        AccountType::Team,
        AccountType::EnterpriseDirectory,
        AccountType::EnterpriseLwa,
        AccountType::EnterpriseOidc,
    ] {
        let account = chime.add_account("Acme", account_type.clone()).unwrap();
        assert_eq!(account.account_type, Some(account_type));
        assert_eq!(client.get_account(&account.account_id).await.unwrap(), account);
        let user = chime.add_registered_user(&account.account_id, "ana@example.com").unwrap();
        assert_eq!(client.get_user(&account.account_id, &user.user_id).await.unwrap(), user);
        assert_eq!(user.account_id, Some(account.account_id));
    }
    let of_ana = client.list_accounts().user_email("ana@example.com").await.unwrap();
    assert_eq!(of_ana.items.len(), 4);
}

#[tokio::test]
async fn a_wrong_row_is_refused_and_not_quoted() {
    let (chime, client) = start();
    let add_account = |name: &str, kind: &str| chime.add_account(name, kind).unwrap_err();
    for error in [
        add_account("", "Team"),
        add_account(" ", "Team"),
        add_account(&"ü".repeat(101), "Team"),
        add_account("Acme", "Club"),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    assert_eq!(client.list_accounts().await.unwrap().items, []);

    let acme = chime.add_account("Acme", AccountType::Team).unwrap().account_id;
    chime.add_registered_user(&acme, "ana@example.com").unwrap();
    for (account_id, address, kind) in [
        ("nothing", "eve@example.com", ErrorKind::NotFound),
        ("", "eve@example.com", ErrorKind::NotFound),
        (&acme, "eve", ErrorKind::InvalidInput),
        (&acme, "ANA@example.com", ErrorKind::AlreadyExists),
    ] {
        let error = chime.add_registered_user(account_id, address).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(!format!("{error:?}").contains(address), "{error:?}");
    }
    assert_eq!(client.list_users(&acme).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn the_error_of_a_seed_names_the_line_and_quotes_no_value() {
    let (chime, client) = start();
    let acme = r#"{"Account": {"AccountId": "acme", "Name": "Acme", "AccountType": "Team"}}"#;
    let ana =
        r#"{"User": {"UserId": "ana", "PrimaryEmail": "secret@example.com"}, "AccountId": "acme"}"#;
    chime.seed(format!("{acme}\n\n{ana}\n").as_bytes()).unwrap();

    for (line, problem) in [
        (acme, "The identifier is taken."),
        (ana, "The account has a user with this e-mail address."),
        (r#"{"User": {"UserId": "ana"}, "AccountId": "acme"}"#, "The identifier is taken."),
        (r#"{"User": {"UserId": "secret"}}"#, "AccountId is required."),
        (r#"{"User": {}, "AccountId": "secret"}"#, "The account does not exist."),
        (r#"{"User": {"UserId": 1}, "AccountId": "acme"}"#, "UserId must be a string."),
        (r#"{"User": {"UserId": " "}, "AccountId": "acme"}"#, "UserId must be more than"),
        (r#"{"User": "secret", "AccountId": "acme"}"#, "User must be an object."),
        (r#"{"Account": {"AccountId": "secret"}}"#, "Name must be a string."),
        (r#"{"UserSettings": {}, "AccountId": "acme"}"#, "UserId is required."),
        (r#"{"AccountSettings": {}, "AccountId": 7}"#, "AccountId must be a string."),
        (
            r#"{"AccountRetention": {}, "AccountId": "acme"}"#,
            "This is for Enterprise accounts only.",
        ),
        (r#"{"Secret": {}}"#, "There must be exactly one of Account, "),
        (r#"{"Account": {"Name": "secret"}, "User": {}}"#, "There must be exactly one of"),
        (r#"["secret"]"#, "This is not a JSON object."),
        (r#"{"Account": {"Name": "secret"}"#, "This is not a JSON object."),
    ] {
        let seed = format!("\n{{\"Account\": {{\"Name\": \"Other\"}}}}\n{line}\n{acme}");
        let error = chime.seed(seed.as_bytes()).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with(&format!("line 3 of the seed: {problem}")), "{text}");
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        assert!(!text.to_lowercase().contains("secret"), "{text}");
    }
    assert_eq!(client.list_users("acme").await.unwrap().items.len(), 1);

    let error = chime.seed(&b"{}\xff"[..]).unwrap_err();
    assert!(error.to_string().starts_with("line 1 of the seed: "), "{error}");
}

#[tokio::test]
async fn the_seed_in_examples_has_rows_of_every_kind() {
    let (chime, client) = start();
    chime.seed(include_str!("../../../examples/seed.jsonl").as_bytes()).unwrap();

    let accounts = client.list_accounts().await.unwrap().items;
    let [acme, birch] = accounts.as_slice() else { panic!("{accounts:?}") };
    assert_eq!(acme.account_type, Some(AccountType::EnterpriseDirectory));
    assert_eq!(birch.account_type, Some(AccountType::Team));
    let users = client.list_users(&acme.account_id).await.unwrap().items;
    let [ana, ben, lobby] = users.as_slice() else { panic!("{users:?}") };
    assert_eq!((email(ana), email(lobby)), (Some("ana@example.com"), Some("lobby@example.com")));
    let settings = client.get_user_settings(&acme.account_id, &ana.user_id).await.unwrap();
    assert!(settings.telephony.inbound_calling);
    let settings = client.get_account_settings(&acme.account_id).await.unwrap();
    assert_eq!(settings.disable_remote_control, Some(true));
    let retention = client.get_retention_settings(&acme.account_id).await.unwrap();
    assert!(retention.initiate_deletion_timestamp.is_some());

    let rooms = client.list_rooms(&acme.account_id).await.unwrap().items;
    let [room] = rooms.as_slice() else { panic!("{rooms:?}") };
    let memberships = client.list_room_memberships(&acme.account_id, &room.room_id);
    let memberships = memberships.await.unwrap().items;
    let bots = client.list_bots(&acme.account_id).await.unwrap().items;
    let [bot] = bots.as_slice() else { panic!("{bots:?}") };
    let members = memberships.iter().map(|membership| &*membership.member.member_id);
    assert_eq!(members.collect::<Vec<_>>(), [&*ana.user_id, &*bot.bot_id]);
    client.get_events_configuration(&acme.account_id, &bot.bot_id).await.unwrap();

    let numbers = client.list_phone_numbers().await.unwrap().items;
    let statuses: Vec<_> = numbers.iter().filter_map(|number| number.status.as_ref()).collect();
    assert_eq!(
        statuses,
        [
            &PhoneNumberStatus::Assigned,
            &PhoneNumberStatus::Unassigned,
            &PhoneNumberStatus::ReleaseInProgress
        ]
    );
    assert_eq!(numbers[0].e164_phone_number, ana.primary_provisioned_number);
    assert_eq!(client.list_phone_number_orders().await.unwrap().items.len(), 1);
    let settings = client.get_phone_number_settings().await.unwrap();
    assert_eq!(settings.calling_name, Some("Acme".into()));
    let settings = client.get_global_settings().await.unwrap();
    assert!(settings.business_calling.is_some() && settings.voice_connector.is_some());

    assert_eq!(ben.user_registration_status, Some(RegistrationStatus::Suspended));
    client.batch_unsuspend_user(&acme.account_id, [&ben.user_id]).await.unwrap();
    let ben = client.get_user(&acme.account_id, &ben.user_id).await.unwrap();
    assert_eq!(ben.user_registration_status, Some(RegistrationStatus::Registered));
}
