//! The common parts of all requests: encoded values, signature and headers.

use amazon_chime::{Credentials, ErrorKind, Request, RetryConfig};
use serde_json::json;

use crate::service::{Service, account_service, bodyless, header, post, signed_headers};
use crate::support;

/// Characters that are special in paths, queries, forms or percent-encoding.
const SPECIAL: &str = "a b/c+d%e%2Fü~*'()!";
const SPECIAL_ENCODED: &str = "a%20b%2Fc%2Bd%25e%252F%C3%BC~%2A%27%28%29%21";

#[tokio::test]
async fn ids_are_encoded_exactly_once_in_the_path() {
    let service = account_service(200).await;
    service.client.get_account(SPECIAL).await.unwrap();
    let target = format!("/accounts/{SPECIAL_ENCODED}");
    assert_eq!(service.sent().await, [bodyless("GET", &target)]);
}

#[tokio::test]
async fn query_values_are_encoded_exactly_once_and_an_empty_token_is_not_sent() {
    let service = Service::with_json(200, json!({})).await;
    service.client.list_accounts().name_prefix(SPECIAL).next_token(SPECIAL).await.unwrap();
    service.client.list_accounts().next_token("").await.unwrap();
    let target = format!("/accounts?name={SPECIAL_ENCODED}&next-token={SPECIAL_ENCODED}");
    assert_eq!(service.sent().await, [bodyless("GET", &target), bodyless("GET", "/accounts")]);
}

#[tokio::test]
async fn values_in_a_body_are_sent_unchanged() {
    let service = account_service(201).await;
    let name = "\"quoted\" \\ \n ü 🦀 </script>";
    service.client.create_account(name).await.unwrap();
    assert_eq!(service.sent().await, [post("/accounts", json!({ "Name": name }))]);
}

#[tokio::test]
async fn ids_that_only_look_like_dots_are_sent_unchanged() {
    let service = account_service(200).await;
    for id in ["...", ".a", "%2e%2e", "../accounts"] {
        service.client.get_account(id).await.unwrap();
    }
    let targets =
        ["/accounts/...", "/accounts/.a", "/accounts/%252e%252e", "/accounts/..%2Faccounts"];
    assert_eq!(service.sent().await, targets.map(|target| bodyless("GET", target)));
}

#[tokio::test]
async fn requests_are_signed_for_chime_in_the_region() {
    let service = account_service(200).await;
    let client = support::builder(&service.server.uri()).region("eu-central-1").build().unwrap();
    client.get_account("a").await.unwrap();

    let request = &service.requests().await[0];
    let time = header(request, "x-amz-date").unwrap();
    let (day, _) = time.split_once('T').unwrap();
    let authorization = header(request, "authorization").unwrap();
    let expected = format!(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{day}/eu-central-1/chime/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature="
    );
    let signature = authorization.strip_prefix(&expected).unwrap();
    assert!(signature.len() == 64 && signature.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(header(request, "x-amz-security-token"), None);
}

#[tokio::test]
async fn a_session_token_is_sent_and_signed() {
    let service = account_service(201).await;
    let token = Some("session+token/==".to_owned());
    let client = support::builder(&service.server.uri())
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "hunter2", token, None, "test"))
        .build()
        .unwrap();
    client.get_account("a").await.unwrap();
    client.create_account("Acme").await.unwrap();

    let [get, post] = &service.requests().await[..] else { panic!("two requests") };
    assert_eq!(signed_headers(get), "host;x-amz-date;x-amz-security-token");
    assert_eq!(signed_headers(post), "content-type;host;x-amz-date;x-amz-security-token");
    for request in [get, post] {
        assert_eq!(header(request, "x-amz-security-token"), Some("session+token/=="));
    }
}

#[tokio::test]
async fn the_user_agent_names_the_crate_and_the_app() {
    let service = account_service(200).await;
    service.client.get_account("a").await.unwrap();
    let named = support::builder(&service.server.uri()).app_name("directory-sync");
    named.build().unwrap().get_account("a").await.unwrap();

    let requests = service.requests().await;
    let crate_only = concat!("amazon-chime-rust/", env!("CARGO_PKG_VERSION"), " lang/rust");
    assert_eq!(header(&requests[0], "user-agent"), Some(crate_only));
    let with_app = format!("{crate_only} app/directory-sync");
    assert_eq!(header(&requests[1], "user-agent"), Some(with_app.as_str()));
}

#[tokio::test]
async fn streams_check_parameters_as_a_single_call_does() {
    let service = Service::with_json(200, json!({})).await;
    let list = || service.client.list_users("..");
    for error in [
        list().pages().try_next().await.err().unwrap(),
        list().items().try_next().await.err().unwrap(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidParameter);
    }
    assert_eq!(service.sent().await, []);
}

#[tokio::test]
async fn maybe_sets_a_parameter_only_if_there_is_a_value() {
    let user = json!({ "User": { "UserId": "u-1" } });
    let service = Service::with_json(201, user).await;
    for email in [Some("ana@example.com"), None] {
        let request = service.client.create_user("a").username("Ana");
        request.maybe(email, |request, email| request.email(email)).await.unwrap();
    }
    // `maybe` also works with the settings of listings and of all requests.
    let listing = service.client.list_accounts().maybe(Some(7), Request::max_results);
    _ = listing.maybe(Some(RetryConfig::disabled()), Request::retry).await;
    let target = "/accounts/a/users?operation=create";
    assert_eq!(
        service.sent().await,
        [
            post(target, json!({ "Username": "Ana", "Email": "ana@example.com" })),
            post(target, json!({ "Username": "Ana" })),
            bodyless("GET", "/accounts?max-results=7"),
        ]
    );
}
