//! Responses as JSON: the text that the service sent.

use std::time::Duration;

use amazon_chime::operations::{AsJson, List, ListUsers};
use amazon_chime::{Account, Error, ErrorKind, Json, Page, Request, RetryConfig, User};
use serde_json::{Value, json};

use crate::support::{Server, answer};

/// A user with everything that a model does not keep.
const USER: &str = r#"{ "UserId":"u-1",
  "InvitedOn" : "2019-12-02T22:29:31Z", "New": {"B":1.00,"A":null},
  "Big": 123456789012345678901234567890, "Small": 1e-400, "Name": "\u00e9\ud83d\ude00" }"#;

async fn server_with(bodies: impl IntoIterator<Item = String>) -> Server {
    Server::playing(bodies.into_iter().map(|body| answer(200, &body))).await
}

fn texts(users: &[Json<User>]) -> Vec<&str> {
    users.iter().map(Json::get).collect()
}

#[tokio::test]
async fn the_json_of_a_model_is_the_text_that_the_service_sent() {
    let server = server_with([format!(r#"{{"X":1, "User" : {USER} ,"Y":[]}}"#)]).await;
    let user = server.client().get_user("a", "u-1").as_json().await.unwrap();
    assert_eq!(user.get(), USER);
    assert_eq!(serde_json::to_string(&user).unwrap(), USER);
    assert_eq!(serde_json::from_str::<Json<User>>(USER).unwrap(), user);
    assert_eq!(user.clone().into_string(), USER);
}

#[tokio::test]
async fn the_json_of_a_response_without_an_envelope_is_the_whole_body() {
    let settings = r#"{"VoiceConnector": {"CdrBucket":"b", "New":1.0} , "Newer":{}}"#;
    let server = server_with([format!(" {settings}\n")]).await;
    let json = server.client().get_global_settings().as_json().await.unwrap();
    assert_eq!(json.get(), settings);
}

#[tokio::test]
async fn an_operation_without_an_output_has_no_json() {
    let server = server_with([String::new()]).await;
    let () = server.client().delete_account("a").as_json().await.unwrap();
}

#[tokio::test]
async fn a_model_is_read_from_its_json() {
    let server = server_with([format!(r#"{{"User":{USER}}}"#)]).await;
    let json = server.client().get_user("a", "u-1").as_json().await.unwrap();
    let user: User = json.parse().unwrap();
    assert_eq!(user.invited_on.unwrap().to_rfc3339(), "2019-12-02T22:29:31+00:00");
    assert_eq!(json.parse::<Value>().unwrap()["New"], json!({ "A": null, "B": 1.0 }));
}

#[tokio::test]
async fn json_of_another_type_is_an_error_without_its_values() {
    let user = r#"{"UserId":"u-1","InvitedOn":"ana@example.com"}"#;
    let server = server_with([format!(r#"{{"User":{user}}}"#)]).await;
    let json = server.client().get_user("a", "u-1").as_json().await.unwrap();
    assert_eq!(json.get(), user, "the text is there all the same");
    let error = json.parse::<User>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnreadableAnswer);
    let shown = format!("{error} {error:?} {json:?} {json:#?}");
    assert!(shown.contains("line 1, column 46"), "{shown}");
    assert!(!shown.contains("ana") && !shown.contains("u-1"), "{shown}");
}

#[tokio::test]
async fn the_items_of_all_pages_of_a_listing_are_json() {
    let pages = || {
        [
            format!(r#"{{"Users":[{USER},{{}}],"NextToken":"t"}}"#),
            r#"{"Users":null,"NextToken":"u"}"#.to_owned(),
            r#"{"NextToken":"","Users":[ {"UserId" : "u-3"}]}"#.to_owned(),
        ]
    };
    let server = server_with(pages().into_iter().chain(pages())).await;
    let request = server.client().list_users("a").user_email("x@y.z").as_json().max_results(2);
    let mut items = request.clone().items().read_ahead();
    let mut users = Vec::new();
    while let Some(user) = items.try_next().await.unwrap() {
        users.push(user);
    }
    assert_eq!(texts(&users), [USER, "{}", r#"{"UserId" : "u-3"}"#]);

    let mut pages = request.pages();
    let first: Page<Json<User>> = pages.try_next().await.unwrap().unwrap();
    assert_eq!((texts(&first.items), pages.next_token()), (vec![USER, "{}"], Some("t")));
    assert!(pages.try_next().await.unwrap().unwrap().items.is_empty());
    assert_eq!(pages.try_next().await.unwrap().unwrap().next_token, None);
    assert_eq!(pages.try_next().await.unwrap(), None);
    let targets = server.targets();
    assert_eq!(targets.len(), 6);
    for (target, token) in targets.iter().zip(["", "next-token=t", "next-token=u"].iter().cycle()) {
        assert!(target.contains("user-email=x%40y.z") && target.contains("max-results=2"));
        assert!(target.contains(token), "{target}");
    }
}

#[tokio::test]
async fn a_repeated_token_ends_a_listing_as_json() {
    let page = r#"{"Users":[],"NextToken":"t"}"#.to_owned();
    let server = server_with([page.clone(), page]).await;
    let mut items = server.client().list_users("a").as_json().items();
    assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Listing);
}

#[tokio::test]
async fn a_null_missing_or_repeated_member_is_an_error() {
    let retention = r#"{"RetentionSettings":{},"RetentionSettings":{}}"#;
    let unreadable = ErrorKind::UnreadableAnswer;
    for body in [r#"{"User":null}"#, "{}", r#"{"User":{},"User":{}}"#, r#"{"User":{}"#] {
        let server = server_with([body.to_owned()]).await;
        let request = server.client().get_user("a", "u").retry(RetryConfig::disabled());
        assert_eq!(request.as_json().await.unwrap_err().kind(), unreadable, "{body}");
    }
    let server = server_with([retention.to_owned()]).await;
    let request = server.client().get_retention_settings("a").retry(RetryConfig::disabled());
    assert_eq!(request.as_json().await.unwrap_err().kind(), unreadable);
}

#[tokio::test]
async fn a_request_as_json_keeps_its_settings() {
    let lost = || answer(503, "");
    let found = answer(200, r#"{"Account":{"AccountId":"a"}}"#);
    let server = Server::playing([lost(), lost(), found, lost()]).await;
    let request = server.client().get_account("a");
    let response = request.clone().as_json().send_with_metadata().await.unwrap();
    assert_eq!((response.attempts, response.status), (3, 200));
    assert_eq!(response.output.get(), r#"{"AccountId":"a"}"#);
    let error = request.clone().retry(RetryConfig::disabled()).as_json().await.unwrap_err();
    assert_eq!((error.attempts(), error.operation()), (1, Some("GetAccount")));
    let error = request.operation_timeout(Duration::ZERO).as_json().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidParameter);
}

#[tokio::test]
async fn generic_functions_accept_any_listing_as_json() {
    async fn first<L: List>(request: Request<L>) -> Result<Option<Json<L::Item>>, Error> {
        let request: Request<AsJson<L>> = request.as_json();
        request.max_results(1).items().try_next().await
    }
    let server = server_with([r#"{"Accounts":[{"AccountId":"a"}]}"#.to_owned()]).await;
    let account: Json<Account> = first(server.client().list_accounts()).await.unwrap().unwrap();
    assert_eq!(account.get(), r#"{"AccountId":"a"}"#);
}

#[test]
fn json_can_be_cloned_compared_and_shared_between_threads() {
    fn data<T: Clone + std::fmt::Debug + Eq + std::hash::Hash + Send + Sync + Unpin + 'static>() {}
    fn shareable<T: Clone + std::fmt::Debug + Send + Sync>() {}
    data::<Json<User>>();
    data::<Page<Json<User>>>();
    shareable::<Request<AsJson<ListUsers>>>();
}
