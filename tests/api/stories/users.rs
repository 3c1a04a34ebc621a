//! Invitations, changes of many users, PINs and the settings of users.

use amazon_chime::{
    AlexaForBusinessMetadata, EmailStatus, ErrorCode, InviteStatus, License, RegistrationStatus,
    Sensitive, TelephonySettings, UpdateUserRequestItem, UserType,
};

use super::{email, start};

#[tokio::test]
async fn each_invited_address_becomes_an_unregistered_user_once() {
    let (_chime, client) = start();
    let acme = client.create_account("Acme").await.unwrap().account_id;
    client.create_user(&acme).email("ana@example.com").await.unwrap();
    let addresses = ["ben@example.com", "ANA@example.com", "eve@example.com", "Ben@example.com"];
    let request = client.invite_users(&acme, addresses).user_type(UserType::SharedDevice);
    let invites = request.await.unwrap();

    let seen = invites.iter().map(|invite| invite.email_address.as_ref().unwrap().expose());
    assert_eq!(seen.collect::<Vec<_>>(), addresses);
    assert!(invites.iter().all(|invite| invite.status == Some(InviteStatus::Pending)));
    let (sent, not_sent) = (Some(EmailStatus::Sent), Some(EmailStatus::NotSent));
    let statuses: Vec<_> = invites.iter().map(|invite| invite.email_status.clone()).collect();
    assert_eq!(statuses, [sent.clone(), not_sent.clone(), sent, not_sent]);
    assert_ne!(invites[0].invite_id, invites[1].invite_id);

    let users = client.list_users(&acme).await.unwrap().items;
    let emails: Vec<_> = users.iter().map(|user| email(user).unwrap()).collect();
    assert_eq!(emails, ["ana@example.com", "ben@example.com", "eve@example.com"]);
    for user in &users[1..] {
        assert_eq!(user.user_registration_status, Some(RegistrationStatus::Unregistered));
        assert_eq!(user.user_invitation_status, Some(InviteStatus::Pending));
        assert_eq!(user.user_type, Some(UserType::SharedDevice));
        assert!(user.invited_on.is_some() && user.registered_on.is_none());
    }
}

#[tokio::test]
async fn a_batch_changes_users_and_names_the_users_that_it_could_not_change() {
    let (_chime, client) = start();
    let acme = client.create_account("Acme").await.unwrap().account_id;
    let ana = client.create_user(&acme).email("ana@example.com").await.unwrap();
    let ben = client.create_user(&acme).email("ben@example.com").await.unwrap();
    let metadata = AlexaForBusinessMetadata::new().enabled(true);
    let items = [
        UpdateUserRequestItem::new(&ana.user_id).license_type(License::Basic),
        UpdateUserRequestItem::new("nobody").license_type(License::Basic),
        UpdateUserRequestItem::new(&ben.user_id)
            .license_type(License::Plus)
            .user_type(UserType::SharedDevice),
        UpdateUserRequestItem::new(&ana.user_id).alexa_for_business_metadata(metadata.clone()),
    ];
    let errors = client.batch_update_user(&acme, items).await.unwrap();
    let errors: Vec<_> = errors
        .into_iter()
        .map(|error| (error.user_id.unwrap(), error.error_code.unwrap(), error.error_message))
        .collect();
    let messages =
        ["The user does not exist in this account.", "The account does not support this license."];
    let [unknown, unsupported] = messages.map(|message| Some(message.into()));
    assert_eq!(
        errors,
        [
            ("nobody".into(), ErrorCode::NotFound, unknown),
            (ben.user_id.clone(), ErrorCode::BadRequest, unsupported),
        ]
    );

    let mut expected = ana.clone();
    expected.license_type = Some(License::Basic);
    expected.alexa_for_business_metadata = Some(metadata);
    assert_eq!(client.get_user(&acme, &ana.user_id).await.unwrap(), expected);
    assert_eq!(client.get_user(&acme, &ben.user_id).await.unwrap(), ben, "not even in part");
    let items = [UpdateUserRequestItem::new(&ben.user_id)];
    assert_eq!(client.batch_update_user(&acme, items).await.unwrap(), []);
    assert_eq!(client.get_user(&acme, &ben.user_id).await.unwrap(), ben, "nothing is set");
    assert!(client.batch_update_user("nothing", []).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn signing_a_user_out_changes_nothing_and_a_reset_changes_only_the_pin() {
    let (chime, client) = start();
    let acme = client.create_account("Acme").await.unwrap().account_id;
    let ana = chime.add_registered_user(&acme, "ana@example.com").unwrap();
    client.logout_user(&acme, &ana.user_id).await.unwrap();
    assert_eq!(client.get_user(&acme, &ana.user_id).await.unwrap(), ana);

    let mut reset = client.reset_personal_pin(&acme, &ana.user_id).await.unwrap();
    assert_eq!(client.get_user(&acme, &ana.user_id).await.unwrap(), reset);
    assert_ne!(reset.personal_pin, ana.personal_pin);
    let pin = reset.personal_pin.as_ref().map(Sensitive::expose).unwrap();
    assert!(pin.len() == 10 && pin.bytes().all(|byte| byte.is_ascii_digit()), "{pin}");
    reset.personal_pin.clone_from(&ana.personal_pin);
    assert_eq!(reset, ana);

    assert!(client.logout_user(&acme, "nobody").await.unwrap_err().is_not_found());
    assert!(client.reset_personal_pin(&acme, "nobody").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn settings_of_a_user_are_off_at_first_and_an_update_replaces_all_of_them() {
    let (_chime, client) = start();
    let acme = client.create_account("Acme").await.unwrap().account_id;
    let [ana, ben] = [client.create_user(&acme), client.create_user(&acme)];
    let (ana, ben) = (ana.await.unwrap().user_id, ben.await.unwrap().user_id);
    let telephony = async |user| client.get_user_settings(&acme, user).await.unwrap().telephony;
    assert_eq!(telephony(&ana).await, TelephonySettings::new());

    for settings in [
        TelephonySettings::new().inbound_calling(true).sms(true),
        TelephonySettings::new().outbound_calling(true),
    ] {
        client.update_user_settings(&acme, &ana, settings.clone()).await.unwrap();
        assert_eq!(telephony(&ana).await, settings);
    }
    assert_eq!(telephony(&ben).await, TelephonySettings::new());

    let nobody = client.update_user_settings(&acme, "nobody", TelephonySettings::new());
    assert!(nobody.await.unwrap_err().is_not_found());
    assert!(client.get_user_settings(&acme, "nobody").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_registered_user_is_registered_again_after_a_suspension() {
    let (chime, client) = start();
    let acme = client.create_account("Acme").await.unwrap().account_id;
    let ana = chime.add_registered_user(&acme, "ana@example.com").unwrap();
    assert_eq!(ana.user_registration_status, Some(RegistrationStatus::Registered));
    assert!(ana.registered_on.is_some());
    client.batch_suspend_user(&acme, [&ana.user_id]).await.unwrap();
    client.batch_unsuspend_user(&acme, [&ana.user_id]).await.unwrap();
    assert_eq!(client.get_user(&acme, &ana.user_id).await.unwrap(), ana);
}
