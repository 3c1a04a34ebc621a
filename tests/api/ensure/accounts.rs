//! Accounts. Names are not unique, so an account is recognised by its name and by being new.

use amazon_chime::chrono::{DateTime, TimeDelta, Utc};
use amazon_chime::local::{Fault, LocalChime};
use amazon_chime::{Account, Client, Ensured, Error};
use serde_json::{Value, json};

use super::{bodies, breaks, hasty_client, json_answer, lines, losses, lost};
use crate::support::{Action, Server, answer_with};

fn start() -> (LocalChime, Client) {
    let chime = LocalChime::start().unwrap();
    let client = hasty_client(&chime);
    (chime, client)
}

async fn accounts(client: &Client) -> Vec<Account> {
    client.list_accounts().items().try_collect().await.unwrap()
}

fn account(id: &str, name: &str, created: Option<DateTime<Utc>>) -> Value {
    let created = created.map(|time| time.to_rfc3339());
    json!({ "AwsAccountId": "1", "AccountId": id, "Name": name, "CreatedTimestamp": created })
}

fn listing<const N: usize>(accounts: &[Value; N]) -> Action {
    json_answer(200, &json!({ "Accounts": accounts.to_vec() }))
}

/// Ensures an account. The response to the first create is lost. The look before this create returns the accounts
/// `before`, and the next look returns the accounts `after`.
async fn ensured_by<const B: usize, const A: usize>(
    before: [Value; B],
    after: [Value; A],
) -> Ensured<Account> {
    let created = json!({ "Account": account("created", "Acme", None) });
    let script = [listing(&before), lost(), listing(&after), json_answer(201, &created)];
    let server = Server::playing(script).await;
    let account = server.client().create_account("Acme").ensure().await.unwrap();
    let requests = if matches!(account, Ensured::Created(_)) { 2 } else { 1 };
    assert_eq!(bodies(&server), vec![json!({ "Name": "Acme" }); requests]);
    let look = "GET /accounts?name=Acme&max-results=200";
    assert_eq!(lines(&server)[..3], [look, "POST /accounts", look]);
    account
}

fn recovered_id(account: &Ensured<Account>) -> Option<&str> {
    match account {
        Ensured::Recovered(account) => Some(&account.account_id),
        _ => None,
    }
}

#[tokio::test]
async fn each_call_creates_an_account_of_its_own() {
    let (_chime, client) = start();
    let ensure = || client.create_account("Acme").ensure();
    let (one, two) = (ensure().await.unwrap(), ensure().await.unwrap());
    assert!(matches!((&one, &two), (Ensured::Created(_), Ensured::Created(_))));
    assert_eq!(accounts(&client).await, [one.into_inner(), two.into_inner()]);
}

#[tokio::test]
async fn an_account_is_recovered_after_a_lost_response_and_created_after_a_lost_request() {
    for fault in losses() {
        let (chime, client) = start();
        let older = client.create_account("Acme").await.unwrap();
        client.create_account("Acme and Sons").await.unwrap();
        chime.inject(fault.clone().on("CreateAccount"));
        let account = client.create_account("Acme").ensure().await.unwrap();
        assert!(matches!(account, Ensured::Recovered(_)), "{fault:?}: {account:?}");
        assert_ne!(account.get().account_id, older.account_id);
        assert_eq!(account.get().name, "Acme");
        assert_eq!(accounts(&client).await.len(), 3, "{fault:?}");
    }
    for fault in breaks() {
        let (chime, client) = start();
        client.create_account("Acme").await.unwrap();
        chime.inject(fault.clone().on("CreateAccount"));
        let account = client.create_account("Acme").ensure().await.unwrap();
        assert!(matches!(account, Ensured::Created(_)), "{fault:?}: {account:?}");
        assert_eq!(accounts(&client).await.len(), 2, "{fault:?}");
    }
}

#[tokio::test]
async fn only_a_new_account_with_exactly_that_name_is_recognised() {
    let now = Utc::now();
    let acme = |id: &str, created| account(id, "Acme", created);
    let found = ensured_by([], [acme("new", Some(now))]).await;
    assert_eq!(recovered_id(&found), Some("new"));
    let found = ensured_by([], [acme("new", None)]).await;
    assert_eq!(recovered_id(&found), Some("new"), "the service need not say when");
    let found = ensured_by([], [acme("new", Some(now - TimeDelta::minutes(4)))]).await;
    assert_eq!(recovered_id(&found), Some("new"), "clocks differ");

    let older = acme("older", Some(now - TimeDelta::minutes(6)));
    let found = ensured_by([], [older, acme("new", Some(now))]).await;
    assert_eq!(recovered_id(&found), Some("new"), "it was not listed before, but is older");
    let known = || acme("known", Some(now));
    let found = ensured_by([known()], [known(), acme("new", Some(now))]).await;
    assert_eq!(recovered_id(&found), Some("new"));

    let longer = account("longer", "Acme and Sons", Some(now));
    for other in [known(), longer] {
        let account = ensured_by([known()], [other]).await;
        assert!(matches!(account, Ensured::Created(_)), "{account:?}");
    }
}

#[tokio::test]
async fn a_name_in_another_case_or_without_white_space_is_recognised() {
    let created = listing(&[account("new", "Acme sons", Some(Utc::now()))]);
    let server = Server::playing([listing(&[]), lost(), created]).await;
    let account = server.client().create_account(" Acme Sons\u{a0}").ensure().await.unwrap();
    assert_eq!(recovered_id(&account), Some("new"));
    // The service may remove the white space around a name.
    let look = "GET /accounts?name=Acme%20Sons&max-results=200";
    assert_eq!(lines(&server), [look, "POST /accounts", look]);
}

#[tokio::test]
async fn the_time_of_creation_is_compared_with_the_clock_of_the_service() {
    // The clock of the service is an hour behind, which the first response shows.
    let now = Utc::now() - TimeDelta::hours(1);
    let date = now.to_rfc2822().replace("+0000", "GMT");
    let refused = [("Date", date.as_str()), ("x-amzn-ErrorType", "RequestTimeTooSkewed")];
    let found = listing(&[account("new", "Acme", Some(now))]);
    let script = [answer_with(403, &refused, ""), listing(&[]), lost(), found];
    let server = Server::playing(script).await;
    let account = server.client().create_account("Acme").ensure().await.unwrap();
    assert_eq!(recovered_id(&account), Some("new"));
}

#[tokio::test]
async fn accept_duplicates_has_no_effect() {
    let (chime, client) = start();
    chime.inject(Fault::reset().after_effect().on("CreateAccount"));
    let account = client.create_account("Acme").accept_duplicates().ensure().await.unwrap();
    assert_eq!(accounts(&client).await, [account.into_inner()]);
}

#[tokio::test]
async fn the_error_advises_to_look_for_the_account_before_another_call() {
    let (chime, client) = start();
    chime.inject(Fault::status(500).on("CreateAccount").times(3));
    let error: Error = client.create_account("Acme").ensure().await.unwrap_err();
    assert_eq!((error.attempts(), error.may_have_applied()), (3, true));
    assert!(error.to_string().contains("look before trying again"), "{error}");
}
