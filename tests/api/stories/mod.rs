//! Stories: typical sequences of calls of a program, against the embedded Chime.

mod accounts;
mod bots;
mod phone_numbers;
mod rooms;
mod seeds;
mod users;

use amazon_chime::local::LocalChime;
use amazon_chime::{
    Account, AccountId, AccountType, AlexaForBusinessMetadata, Client, Credentials, ErrorCode,
    ErrorKind, InviteStatus, License, RegistrationStatus, RetryConfig, Sensitive, User, UserType,
};
use futures_util::TryStreamExt;

fn start() -> (LocalChime, Client) {
    let chime = LocalChime::start().unwrap();
    let client = chime.client();
    (chime, client)
}

/// Starts an embedded Chime with an Enterprise account.
fn start_with_enterprise() -> (LocalChime, Client, AccountId) {
    let (chime, client) = start();
    let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory).unwrap().account_id;
    (chime, client, acme)
}

fn client_with(chime: &LocalChime, credentials: Credentials) -> Client {
    chime.client_builder().credentials_provider(credentials).build().unwrap()
}

async fn names_with_prefix(client: &Client, prefix: &str) -> Vec<String> {
    let accounts = client.list_accounts().name_prefix(prefix).items();
    accounts.map_ok(|account| account.name).try_collect().await.unwrap()
}

fn email(user: &User) -> Option<&str> {
    user.primary_email.as_ref().map(Sensitive::expose)
}

#[tokio::test]
async fn an_account_is_created_read_changed_listed_and_deleted() {
    let (_chime, client) = start();
    let acme = client.create_account("Acme").await.unwrap();
    assert_eq!((acme.name.as_str(), &acme.account_type), ("Acme", &Some(AccountType::Team)));
    assert_eq!(acme.default_license, Some(License::Pro));
    assert!(acme.created_timestamp.is_some() && acme.signin_delegate_groups.is_empty());
    assert_eq!(client.get_account(&acme.account_id).await.unwrap(), acme);

    let request = client.update_account(&acme.account_id).name("Acorn");
    let acorn = request.default_license(License::Basic).await.unwrap();
    let expected = {
        let mut expected = acme.clone();
        expected.name = "Acorn".to_owned();
        expected.default_license = Some(License::Basic);
        expected
    };
    assert_eq!(acorn, expected);
    assert_eq!(client.update_account(&acme.account_id).await.unwrap(), acorn, "nothing is set");
    let error = client.update_account(&acme.account_id).default_license("Plus").await.unwrap_err();
    assert!(error.is_bad_request(), "{error}");

    let birch = client.create_account("Birch").await.unwrap();
    client.create_account("Acorn").await.unwrap();
    client.create_user(&birch.account_id).email("ana@example.com").await.unwrap();
    assert_eq!(names_with_prefix(&client, "Ac").await, ["Acorn", "Acorn"]);
    assert!(names_with_prefix(&client, "ac").await.is_empty());
    let of_ana = client.list_accounts().user_email("Ana@Example.com").await.unwrap();
    assert_eq!(of_ana.items, [birch]);

    client.delete_account(&acme.account_id).await.unwrap();
    for error in [
        client.get_account(&acme.account_id).await.unwrap_err(),
        client.delete_account(&acme.account_id).await.unwrap_err(),
        client.create_user(&acme.account_id).await.unwrap_err(),
    ] {
        assert!(error.is_not_found() && !error.may_have_applied(), "{error}");
        assert_eq!((error.status(), error.code()), (Some(404), Some("NotFoundException")));
        assert!(error.request_id().is_some());
    }
}

#[tokio::test]
async fn a_user_is_created_read_and_changed() {
    let (_chime, client) = start();
    let acme = client.create_account("Acme").await.unwrap().account_id;
    let ana = client.create_user(&acme).email("ana@example.com").username("Ana").await.unwrap();
    assert_eq!(email(&ana), Some("ana@example.com"));
    assert_eq!(ana.display_name.as_ref().map(Sensitive::expose), Some("Ana"));
    assert_eq!(ana.account_id, Some(acme.clone()));
    assert_eq!(ana.user_type, Some(UserType::PrivateUser));
    assert_eq!(ana.user_registration_status, Some(RegistrationStatus::Unregistered));
    assert_eq!(ana.user_invitation_status, Some(InviteStatus::Pending));
    assert!(ana.personal_pin.is_some() && ana.invited_on.is_some());
    assert_eq!(client.get_user(&acme, &ana.user_id).await.unwrap(), ana);
    let debug = format!("{ana:?}");
    assert!(!debug.contains("ana@") && !debug.contains("\"Ana\""), "{debug}");

    let arn = "arn:aws:a4b:us-east-1:111122223333:room/a";
    let metadata = AlexaForBusinessMetadata::new().enabled(true).room_arn(arn);
    let request = client.update_user(&acme, &ana.user_id).license_type(License::Basic);
    let request = request.user_type(UserType::SharedDevice);
    let changed = request.alexa_for_business_metadata(metadata.clone()).await.unwrap();
    let mut expected = ana.clone();
    expected.license_type = Some(License::Basic);
    expected.user_type = Some(UserType::SharedDevice);
    expected.alexa_for_business_metadata = Some(metadata);
    assert_eq!(changed, expected);
    assert_eq!(client.get_user(&acme, &ana.user_id).await.unwrap(), expected);

    let error = client.get_user(&acme, "nobody").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn a_second_user_with_the_same_email_address_in_any_case_is_a_conflict() {
    let (_chime, client) = start();
    let [acme, birch] = ["Acme", "Birch"].map(|name| client.create_account(name).into_future());
    let (acme, birch) = (acme.await.unwrap().account_id, birch.await.unwrap().account_id);
    client.create_user(&acme).email("ana@example.com").await.unwrap();
    for again in ["ana@example.com", "ANA@example.COM"] {
        let error = client.create_user(&acme).email(again).await.unwrap_err();
        assert!(error.is_conflict() && !error.may_have_applied(), "{error}");
        let text = format!("{error} {error:?}").to_lowercase();
        assert!(!text.contains("ana@"), "{text}");
    }
    client.create_user(&birch).email("ana@example.com").await.unwrap();
    assert_eq!(client.list_users(&acme).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn users_are_listed_with_filters() {
    let (_chime, client) = start();
    let acme = client.create_account("Acme").await.unwrap().account_id;
    for (address, kind) in [
        ("ana+1@example.com", UserType::PrivateUser),
        ("lobby@example.com", UserType::SharedDevice),
        ("ben@example.com", UserType::PrivateUser),
    ] {
        client.create_user(&acme).email(address).user_type(kind).await.unwrap();
    }
    let emails = async |request: amazon_chime::Request<amazon_chime::operations::ListUsers>| {
        let users: Vec<User> = request.max_results(1).items().try_collect().await.unwrap();
        users.iter().map(|user| email(user).unwrap().to_owned()).collect::<Vec<_>>()
    };
    let all = client.list_users(&acme);
    assert_eq!(
        emails(all.clone()).await,
        ["ana+1@example.com", "lobby@example.com", "ben@example.com"]
    );
    let people = all.clone().user_type(UserType::PrivateUser);
    assert_eq!(emails(people.clone()).await, ["ana+1@example.com", "ben@example.com"]);
    let ana = people.user_email("ana+1@example.com");
    assert_eq!(emails(ana.clone()).await, ["ana+1@example.com"]);
    assert!(emails(ana.user_type(UserType::SharedDevice)).await.is_empty());
    assert!(client.list_users("no-account").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn suspended_users_show_their_status_and_missing_users_are_named() {
    let (_chime, client) = start();
    let acme = client.create_account("Acme").await.unwrap().account_id;
    let ana = client.create_user(&acme).email("ana@example.com").await.unwrap().user_id;
    let status = async || {
        let user = client.get_user(&acme, &ana).await.unwrap();
        user.user_registration_status.unwrap()
    };

    let errors = client.batch_suspend_user(&acme, ["nobody", &ana, "no one"]).await.unwrap();
    assert_eq!(status().await, RegistrationStatus::Suspended);
    let unknown: Vec<_> = errors.iter().map(|error| error.user_id.as_deref().unwrap()).collect();
    assert_eq!(unknown, ["nobody", "no one"]);
    assert!(errors.iter().all(|error| error.error_code == Some(ErrorCode::NotFound)));
    assert!(errors.iter().all(|error| error.error_message.is_some()));

    assert_eq!(client.batch_unsuspend_user(&acme, [&ana]).await.unwrap(), []);
    assert_eq!(status().await, RegistrationStatus::Unregistered);
    let errors = client.batch_unsuspend_user(&acme, ["nobody"]).await.unwrap();
    assert_eq!(errors[0].error_code, Some(ErrorCode::NotFound));
    assert!(client.batch_suspend_user("no-account", [&ana]).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn an_account_is_deleted_only_without_active_users() {
    let (_chime, client) = start();
    let acme = client.create_account("Acme").await.unwrap().account_id;
    let ana = client.create_user(&acme).await.unwrap().user_id;
    let error = client.delete_account(&acme).await.unwrap_err();
    assert!(error.is_unprocessable() && !error.may_have_applied(), "{error}");
    assert!(client.get_account(&acme).await.is_ok());

    client.batch_suspend_user(&acme, [&ana]).await.unwrap();
    client.delete_account(&acme).await.unwrap();
    assert!(client.get_account(&acme).await.unwrap_err().is_not_found());
    assert!(client.get_user(&acme, &ana).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_wrong_secret_is_access_denied_and_says_what_to_check() {
    let (chime, client) = start();
    let key_id = chime.credentials().access_key_id().to_owned();
    let wrong = client_with(&chime, Credentials::new(key_id, "hunter2", None, None, "test"));
    let error = wrong.create_account("Acme").await.unwrap_err();
    assert!(error.is_access_denied() && !error.may_have_applied(), "{error}");
    assert_eq!((error.status(), error.code()), (Some(403), Some("InvalidSignatureException")));
    let text = error.to_string();
    assert!(text.contains("check the secret access key"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    assert_eq!(client.list_accounts().await.unwrap().items, []);
}

#[tokio::test]
async fn an_unknown_access_key_is_access_denied() {
    let (chime, _) = start();
    let secret = chime.credentials().secret_access_key().to_owned();
    let unknown = client_with(&chime, Credentials::new("AKIDEXAMPLE", secret, None, None, "test"));
    let error = unknown.get_account("acc").await.unwrap_err();
    assert!(error.is_access_denied() && !error.is_not_found(), "{error}");
    assert_eq!(error.status(), Some(401));
}

#[tokio::test]
async fn temporary_credentials_work_with_their_own_token_only() {
    let (chime, _) = start();
    let temporary = chime.temporary_credentials();
    client_with(&chime, temporary.clone()).create_account("Acme").await.unwrap();
    for token in [None, Some("another")] {
        let wrong = Credentials::new(
            temporary.access_key_id(),
            temporary.secret_access_key(),
            token.map(str::to_owned),
            None,
            "test",
        );
        let error = client_with(&chime, wrong).list_accounts().await.unwrap_err();
        assert!(error.is_access_denied(), "{error}");
    }
}

#[tokio::test]
async fn an_invalid_token_and_a_token_of_another_listing_are_bad_requests() {
    let (_chime, client) = start();
    for name in ["Acme", "Acorn"] {
        client.create_account(name).await.unwrap();
    }
    let first = client.list_accounts().max_results(1).await.unwrap();
    for token in ["made up", &first.next_token.unwrap()] {
        let listing = client.list_accounts().name_prefix("A").next_token(token);
        assert!(listing.clone().await.unwrap_err().is_bad_request());
        let mut items = listing.items();
        assert!(items.try_next().await.unwrap_err().is_bad_request());
        assert!(items.try_next().await.unwrap().is_none());
    }
}

#[tokio::test]
async fn names_with_any_characters_are_returned_unchanged() {
    let (_chime, client) = start();
    let names = [
        "🦀 & Söhne",
        &"ü".repeat(100),
        "a/b?c=d#e%20+\"\\",
        "\u{200f}שלום",
        "名",
        &"👩‍👩‍👧‍👦".repeat(9),
    ];
    for name in names {
        let account = client.create_account(name).await.unwrap();
        assert_eq!(account.name, name);
        assert_eq!(client.get_account(&account.account_id).await.unwrap().name, name);
        assert_eq!(names_with_prefix(&client, name).await, [name]);
        let user = client.create_user(&account.account_id).username(name).await.unwrap();
        assert_eq!(user.display_name.as_ref().map(Sensitive::expose), Some(name));
    }
    let error = client.create_account("ü".repeat(101)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidParameter, 0));
}

#[tokio::test]
async fn identifiers_with_any_characters_are_sent_unchanged() {
    let (_chime, client) = start();
    for id in ["a/b", "a b", "%2e%2e", "..a", "🦀", "a?b#c", "a+b&c=d"] {
        let error = client.get_account(id).await.unwrap_err();
        assert_eq!(error.code(), Some("NotFoundException"), "{id}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_concurrent_clients_get_their_own_responses() {
    let (chime, client) = start();
    let calls = (0..16).map(|number| {
        // Half of the clients share connections, and the other half have their own.
        let own = chime.client_builder().build().unwrap();
        let client = if number % 2 == 0 { client.clone() } else { own };
        tokio::spawn(async move {
            let mut ids = Vec::new();
            for round in 0..5 {
                let name = format!("{number}-{round}");
                let account = client.create_account(&name).await.unwrap();
                let again = client.get_account(&account.account_id).await.unwrap();
                assert_eq!((again.name.as_str(), &again), (name.as_str(), &account));
                ids.push(account.account_id);
            }
            ids
        })
    });
    let mut ids: Vec<AccountId> = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        ids.extend(call.await.unwrap());
    }
    let listed = client.list_accounts().max_results(7).items();
    let mut listed: Vec<_> =
        listed.map_ok(|account| account.account_id).try_collect().await.unwrap();
    ids.sort();
    listed.sort();
    assert_eq!(listed.len(), 80);
    assert_eq!(ids, listed);
}

#[tokio::test]
async fn two_embedded_chimes_share_nothing() {
    let ((one, client), (other, other_client)) = (start(), start());
    let account = client.create_account("Acme").await.unwrap();
    assert!(other_client.get_account(&account.account_id).await.unwrap_err().is_not_found());
    assert_eq!(other_client.list_accounts().await.unwrap().items, []);
    let stranger = client_with(&other, one.credentials());
    assert!(stranger.list_accounts().await.unwrap_err().is_access_denied());
}

#[tokio::test]
async fn a_call_after_the_end_of_the_embedded_chime_is_a_connection_error() {
    let (chime, used) = start();
    used.create_account("Acme").await.unwrap();
    let retry = RetryConfig::disabled();
    let fresh = chime.client_builder().retry(retry.clone()).build().unwrap();
    drop(chime);
    // The port is closed. The client does not know yet that its open connection is closed, too.
    let error = fresh.create_account("Birch").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
    assert!(!error.may_have_applied(), "{error:?}");
    let error = used.get_account("acc").retry(retry).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
    assert!(!error.is_timeout());
}

#[test]
fn an_embedded_chime_can_be_used_from_blocking_code() {
    let (_chime, client) = start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let account: Account = runtime.block_on(client.create_account("Acme").send()).unwrap();
    let again = runtime.block_on(client.get_account(&account.account_id).send()).unwrap();
    assert_eq!(again, account);
}

#[test]
fn an_embedded_chime_from_blocking_code_can_be_dropped_in_async_code() {
    let (chime, client) = start();
    for runtime in [
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap(),
    ] {
        runtime.block_on(async { drop(LocalChime::start().unwrap()) });
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let error = runtime.block_on(async move {
        client.create_account("Acme").await.unwrap();
        drop(chime);
        client.get_account("acc").await.unwrap_err()
    });
    assert_eq!(error.kind(), ErrorKind::Connection);
}
