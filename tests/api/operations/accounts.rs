use amazon_chime::{AccountStatus, AccountType, License};
use serde_json::json;
use wiremock::ResponseTemplate;

use super::entry::{Entry, call, call_with, list_with};
use crate::service::{Service, account_json, account_service, bodyless, post};

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        call("CreateAccount", |client, given| client.create_account(given.text("Name"))),
        call("DeleteAccount", |client, given| client.delete_account(given.text("AccountId"))),
        call("GetAccount", |client, given| client.get_account(given.text("AccountId"))),
        list_with(
            "ListAccounts",
            |client, _| client.list_accounts(),
            |request, given| {
                request.name_prefix(given.text("Name")).user_email(given.text("UserEmail"))
            },
        ),
        call_with(
            "UpdateAccount",
            |client, given| client.update_account(given.text("AccountId")),
            |request, given| {
                request.name(given.text("Name")).default_license(given.text("DefaultLicense"))
            },
        ),
    ]
}

#[tokio::test]
async fn create_account_posts_the_name_and_gives_the_account() {
    let service = account_service(201).await;
    let account = service.client.create_account("example").await.unwrap();

    assert_eq!(service.sent().await, [post("/accounts", json!({ "Name": "example" }))]);
    assert_eq!(account.account_id, "12a3456b-7c89-012d-3456-78901e23fg45");
    assert_eq!(account.aws_account_id, "111122223333");
    assert_eq!(account.name, "example");
    assert_eq!(account.account_type, Some(AccountType::Team));
    assert_eq!(account.account_status, Some(AccountStatus::Active));
    assert_eq!(account.default_license, Some(License::Pro));
    assert_eq!(account.supported_licenses, [License::Basic, License::Pro]);
    assert!(account.signin_delegate_groups.is_empty());
    let created = account.created_timestamp.unwrap();
    assert_eq!(created.timestamp_millis(), 1_546_970_358_006);
}

#[tokio::test]
async fn get_account_has_the_id_in_the_path() {
    let service = account_service(200).await;
    let account = service.client.get_account("a-1").await.unwrap();

    assert_eq!(service.sent().await, [bodyless("GET", "/accounts/a-1")]);
    assert_eq!(account.name, "example");
}

#[tokio::test]
async fn list_accounts_has_its_filters_in_the_query() {
    let answer = json!({ "Accounts": [account_json()], "NextToken": "t/2" });
    let service = Service::with_json(200, answer).await;
    let page = service.client.list_accounts().await.unwrap();
    service
        .client
        .list_accounts()
        .name_prefix("Ac me+")
        .user_email("ana+x@example.com")
        .next_token("t/1==&")
        .max_results(7)
        .await
        .unwrap();

    let all = "/accounts?name=Ac%20me%2B&user-email=ana%2Bx%40example.com\
               &max-results=7&next-token=t%2F1%3D%3D%26";
    assert_eq!(service.sent().await, [bodyless("GET", "/accounts"), bodyless("GET", all)]);
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].name, "example");
    assert_eq!(page.next_token.as_deref(), Some("t/2"));
}

#[tokio::test]
async fn update_account_posts_only_what_is_set() {
    let service = account_service(200).await;
    let account = service.client.update_account("a-1").await.unwrap();
    let request = service.client.update_account("a-1");
    request.name("Acme").default_license(License::ProTrial).await.unwrap();

    let all = json!({ "Name": "Acme", "DefaultLicense": "ProTrial" });
    assert_eq!(
        service.sent().await,
        [post("/accounts/a-1", json!({})), post("/accounts/a-1", all)]
    );
    assert_eq!(account.name, "example");
}

#[tokio::test]
async fn delete_account_sends_and_receives_no_body() {
    let service = Service::answering(ResponseTemplate::new(204)).await;
    service.client.delete_account("a-1").await.unwrap();

    assert_eq!(service.sent().await, [bodyless("DELETE", "/accounts/a-1")]);
}
