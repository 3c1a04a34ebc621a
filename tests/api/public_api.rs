//! The traits of the public types, their `Debug` forms, and the completeness of the documentation.

use std::fs;
use std::pin::Pin;
use std::time::Duration;

use amazon_chime::local::{LocalChime, ReceivedRequest};
use amazon_chime::operations::{CreateUser, ListAccounts, ListUsers, Operation};
use amazon_chime::{
    Account, AccountId, AccountStatus, AccountType, AlexaForBusinessMetadata, Client,
    ClientBuilder, Credentials, Error, ErrorBuilder, ErrorCode, ErrorKind, InviteStatus, Items,
    License, Page, Pages, RegistrationStatus, Request, Response, RetryConfig, Sensitive,
    SigninDelegateGroup, UnknownValue, User, UserError, UserId, UserType, reqwest,
};
use futures_util::{Stream, StreamExt, TryStreamExt};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{from_value, json};
use wiremock::matchers::{any, method, path, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::operations::model::MODEL;
use crate::support;

/// Starts a service with one account, which can be read, listed and deleted.
async fn account_service() -> MockServer {
    let server = MockServer::start().await;
    let account = json!({ "AwsAccountId": "1", "AccountId": "a", "Name": "Acme" });
    let answer = |status| ResponseTemplate::new(status).insert_header("x-amzn-RequestId", "r-1");
    let one = answer(200).set_body_json(json!({ "Account": account }));
    let all = answer(200).set_body_json(json!({ "Accounts": [account] }));
    Mock::given(method("GET"))
        .and(path_regex("^/accounts/"))
        .respond_with(one)
        .mount(&server)
        .await;
    Mock::given(method("GET")).and(path("/accounts")).respond_with(all).mount(&server).await;
    Mock::given(method("DELETE")).respond_with(answer(204)).mount(&server).await;
    server
}

macro_rules! all {
    ($check:ident: $($type:ty),+ $(,)?) => { $($check::<$type>();)+ };
}

#[test]
fn everything_can_be_shared_between_threads() {
    fn shareable<T: Send + Sync + 'static>() {}
    all!(shareable:
        Client, ClientBuilder, Error, ErrorBuilder, ErrorKind, RetryConfig, LocalChime,
        ReceivedRequest,
        Account, AccountId, AccountStatus, AccountType, License, SigninDelegateGroup,
        User, UserId, UserError, UserType, RegistrationStatus, InviteStatus, ErrorCode,
        AlexaForBusinessMetadata, Sensitive, UnknownValue,
        Page<Account>, Page<User>, Response<Account>, Response<Page<User>>,
    );
}

#[test]
fn models_can_be_cloned_compared_hashed_and_serialised() {
    fn model<T>()
    where
        T: Clone + std::fmt::Debug + Eq + std::hash::Hash + Serialize + DeserializeOwned,
    {
    }
    all!(model:
        Account, AccountId, AccountStatus, AccountType, License, SigninDelegateGroup,
        User, UserId, UserError, UserType, RegistrationStatus, InviteStatus, ErrorCode,
        AlexaForBusinessMetadata, Sensitive, Page<Account>, Page<User>,
    );
}

#[test]
fn requests_clients_and_settings_can_be_cloned() {
    fn cloneable<T: Clone + std::fmt::Debug>() {}
    all!(cloneable: Client, RetryConfig, Request<CreateUser>, Request<ListUsers>, Response<User>);
}

#[test]
fn streams_can_be_sent_and_polled_without_pinning() {
    fn stream<S: Stream + Send + Unpin + std::fmt::Debug + 'static>() {}
    all!(stream: Pages<ListAccounts>, Pages<ListUsers>, Items<ListAccounts>, Items<ListUsers>);
}

#[tokio::test]
async fn futures_can_be_sent() {
    fn sendable<T>(future: impl Future<Output = T> + Send + 'static) {
        drop(future);
    }
    let client = support::client("http://localhost:1");
    sendable(client.get_account("a").send());
    sendable(client.get_account("a").send_with_metadata());
    sendable(client.create_user("a").into_future());
    sendable(client.list_users("a").send());
    let (mut pages, mut items) = (client.list_accounts().pages(), client.list_accounts().items());
    sendable(async move { pages.try_next().await.map(|_| pages.next_token().is_some()) });
    sendable(async move { items.next().await.map(|_| items.next_token().is_some()) });
}

#[tokio::test]
async fn a_call_can_be_spawned() {
    let server = account_service().await;
    let client = support::client(&server.uri());
    let account = tokio::spawn(client.get_account("a").into_future()).await.unwrap().unwrap();
    assert_eq!(account.name, "Acme");
}

#[tokio::test]
async fn a_request_can_be_awaited_and_sent() {
    let server = account_service().await;
    let client = support::client(&server.uri());
    let request = client.get_account("a");
    let awaited = request.clone().await.unwrap();
    let sent = request.send().await.unwrap();
    assert_eq!(awaited, sent);
    assert_eq!(server.received_requests().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_request_sends_nothing_before_it_is_polled() {
    let server = account_service().await;
    let client = support::client(&server.uri());
    drop(client.get_account("a"));
    drop(client.get_account("a").into_future());
    drop(client.get_account("a").send());
    drop(client.list_accounts().pages());
    drop(client.list_accounts().items());
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn send_with_metadata_returns_the_metadata_of_a_call() {
    let server = account_service().await;
    let client = support::client(&server.uri());
    let response = client.get_account("a").send_with_metadata().await.unwrap();
    assert_eq!(response.output.name, "Acme");
    assert_eq!(response.status, 200);
    assert_eq!(response.request_id.as_deref(), Some("r-1"));
    assert_eq!(response.attempts, 1);
}

#[tokio::test]
async fn the_metadata_have_the_number_of_attempts() {
    let server = MockServer::start().await;
    let unavailable = ResponseTemplate::new(503).insert_header("x-amzn-RequestId", "r-0");
    Mock::given(any()).respond_with(unavailable).up_to_n_times(1).mount(&server).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let client = support::client(&server.uri());
    let response = client.delete_account("a").send_with_metadata().await.unwrap();
    assert_eq!((response.status, response.attempts), (204, 2));
    assert_eq!(response.request_id, None, "the one of the last answer, which had none");
}

#[tokio::test]
async fn the_streams_work_with_the_combinators_of_futures() {
    let server = account_service().await;
    let client = support::client(&server.uri());
    let names: Vec<String> =
        client.list_accounts().items().map_ok(|account| account.name).try_collect().await.unwrap();
    assert_eq!(names, ["Acme"]);
    assert_eq!(StreamExt::count(client.list_accounts().pages()).await, 1);
}

#[tokio::test]
async fn one_function_can_send_any_request() {
    async fn retried_never<O: Operation>(request: Request<O>) -> Result<O::Output, Error> {
        request.retry(RetryConfig::disabled()).await
    }
    let server = account_service().await;
    let client = support::client(&server.uri());
    assert_eq!(retried_never(client.get_account("a")).await.unwrap().name, "Acme");
    assert_eq!(retried_never(client.list_accounts()).await.unwrap().items.len(), 1);
    retried_never(client.delete_account("a")).await.unwrap();
}

/// A trait that a program can define in front of the client.
trait Directory: Send + Sync {
    fn account<'a>(
        &'a self,
        id: &'a AccountId,
    ) -> Pin<Box<dyn Future<Output = Result<Account, Error>> + Send + 'a>>;
}

impl Directory for Client {
    fn account<'a>(
        &'a self,
        id: &'a AccountId,
    ) -> Pin<Box<dyn Future<Output = Result<Account, Error>> + Send + 'a>> {
        self.get_account(id).into_future()
    }
}

struct Fake;

impl Directory for Fake {
    fn account<'a>(
        &'a self,
        id: &'a AccountId,
    ) -> Pin<Box<dyn Future<Output = Result<Account, Error>> + Send + 'a>> {
        let account = json!({ "AwsAccountId": "1", "AccountId": id, "Name": "Acme" });
        Box::pin(async move { Ok(from_value(account).unwrap()) })
    }
}

#[tokio::test]
async fn a_client_and_a_fake_can_implement_the_same_trait() {
    let server = account_service().await;
    let directories: [Box<dyn Directory>; 2] =
        [Box::new(support::client(&server.uri())), Box::new(Fake)];
    let id = AccountId::from("a");
    let mut accounts = Vec::new();
    for directory in &directories {
        accounts.push(directory.account(&id).await.unwrap());
    }
    assert_eq!(accounts[0], accounts[1]);
}

#[test]
fn every_feature_has_a_section_in_the_page_on_features() {
    let manifest = include_str!("../../Cargo.toml");
    let page = include_str!("../../src/docs/features.md");
    let features = manifest.split_once("[features]").unwrap().1.split_once("\n[").unwrap().0;
    let names: Vec<&str> = features
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name)
        .filter(|name| *name != "default")
        .collect();
    assert!(names.contains(&"rustls") && names.contains(&"local"), "{names:?}");
    for name in names {
        assert!(page.contains(&format!("# `{name}`\n")), "no section on the feature {name}");
    }
}

/// Returns `get_account` for `GetAccount`.
fn method_name(operation: &str) -> String {
    let mut name = String::new();
    for (index, character) in operation.char_indices() {
        let follows_lower_case = operation[..index].ends_with(|c: char| c.is_ascii_lowercase());
        if character.is_ascii_uppercase() && follows_lower_case {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

#[test]
fn the_pages_that_list_the_methods_of_the_client_have_every_operation() {
    let overview = include_str!("../../src/client.rs");
    let comparison = include_str!("../../src/docs/from_aws_sdk_chime.md");
    for operation in MODEL.operations.keys() {
        let method = method_name(operation);
        assert!(overview.contains(&format!("[`{method}`](Self::{method})")), "{method}");
        let row = |line: &&str| {
            line.starts_with(&format!("| `{method}()`"))
                && line.contains(&format!("](crate::Client::{method})"))
        };
        assert_eq!(comparison.lines().filter(row).count(), 1, "{method}");
    }
    assert_eq!(overview.matches("](Self::").count(), MODEL.operations.len());
}

#[test]
fn the_page_of_requests_lists_every_optional_parameter() {
    let page = include_str!("../../src/request.rs");
    let mut requests = 0;
    for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/api")).unwrap() {
        let source = fs::read_to_string(file.unwrap().path()).unwrap();
        for block in source.split("\nimpl Request<").skip(1) {
            let (operation, block) = block.split_once("> {\n").unwrap();
            let (block, _) = block.split_once("\n}\n").unwrap();
            let setters = block.lines().filter_map(|line| line.strip_prefix("    pub fn "));
            let names = setters.filter_map(|line| line.split_once('(')).map(|(name, _)| name);
            let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
            let method = method_name(operation);
            let row = format!(
                "| [`{method}`](Client::{method}) | [{}](#impl-Request%3C{operation}%3E) |\n",
                names.join(", ")
            );
            assert!(page.contains(&row), "{row}");
            requests += 1;
        }
    }
    assert_eq!(page.matches("](#impl-Request%3C").count(), requests + 2);
}

fn secret_credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "hunter2", Some("hunter3".to_owned()), None, "test")
}

fn hides_secrets(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?} {value:#?}");
    assert!(!text.contains("hunter"), "{text}");
    text
}

#[tokio::test]
async fn the_debug_form_of_a_client_shows_its_settings_and_no_secret() {
    let server = account_service().await;
    let client = support::builder(&server.uri())
        .credentials_provider(secret_credentials())
        .region("eu-west-1")
        .app_name("directory-sync")
        .attempt_timeout(Duration::from_secs(7))
        .operation_timeout(Duration::from_secs(77))
        .retry(RetryConfig::standard().max_attempts(5))
        .build()
        .unwrap();
    client.get_account("a").await.unwrap();

    let text = hides_secrets(&client);
    let endpoint = server.uri();
    for setting in
        [endpoint.as_str(), "eu-west-1", "app/directory-sync", "7s", "77s", "max_attempts: 5"]
    {
        assert!(text.contains(setting), "{setting} in {text}");
    }
    hides_secrets(&client.get_account("a"));
    hides_secrets(&client.list_accounts().items());
}

#[test]
fn the_debug_form_of_a_builder_shows_its_settings_and_no_secret() {
    let proxy = reqwest::Proxy::all("http://ana:hunter4@proxy.example.com:3128").unwrap();
    let builder = support::builder("https://ana:hunter2@chime.example.com/base")
        .credentials_provider(secret_credentials())
        .http_client_builder(reqwest::Client::builder().proxy(proxy))
        .region("eu-west-1")
        .credentials_timeout(Duration::from_secs(77))
        .app_name("directory-sync");
    let text = hides_secrets(&builder);
    for setting in ["eu-west-1", "directory-sync", "credentials_timeout: 77s"] {
        assert!(text.contains(setting), "{setting} in {text}");
    }
}
