//! What each operation sends, and what it makes of the answer.

use amazon_chime::operations::Operation;
use amazon_chime::{
    AccountStatus, AccountType, AlexaForBusinessMetadata, Client, Credentials, ErrorCode,
    ErrorKind, InviteStatus, License, RegistrationStatus, Request, UserType,
};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support;

/// Characters that are special in paths, queries, forms or percent-encoding.
const SPECIAL: &str = "a b/c+d%e%2Fü~*'()!";
const SPECIAL_ENCODED: &str = "a%20b%2Fc%2Bd%25e%252F%C3%BC~%2A%27%28%29%21";

/// A service that gives every request the same answer.
struct Service {
    server: MockServer,
    client: Client,
}

impl Service {
    async fn answering(answer: ResponseTemplate) -> Self {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let client = support::client(&server.uri());
        Self { server, client }
    }

    async fn with_json(status: u16, body: Value) -> Self {
        Self::answering(ResponseTemplate::new(status).set_body_json(body)).await
    }

    async fn requests(&self) -> Vec<wiremock::Request> {
        self.server.received_requests().await.unwrap()
    }

    async fn sent(&self) -> Vec<Sent> {
        self.requests().await.iter().map(Sent::from).collect()
    }
}

/// Method, encoded path and query, and body of a request.
#[derive(Debug, PartialEq)]
struct Sent(String, String, Option<Value>);

impl From<&wiremock::Request> for Sent {
    fn from(request: &wiremock::Request) -> Self {
        let target = request.url[url::Position::BeforePath..].to_owned();
        let is_json = header(request, "content-type") == Some("application/json");
        let signed = signed_headers(request);
        let body = if is_json {
            assert_eq!(signed, "content-type;host;x-amz-date", "{target}");
            Some(serde_json::from_slice(&request.body).unwrap())
        } else {
            assert!(request.body.is_empty(), "{target}");
            assert_eq!(header(request, "content-type"), None, "{target}");
            assert_eq!(signed, "host;x-amz-date", "{target}");
            None
        };
        Self(request.method.to_string(), target, body)
    }
}

fn post(target: &str, body: Value) -> Sent {
    Sent("POST".to_owned(), target.to_owned(), Some(body))
}

fn bodyless(method: &str, target: &str) -> Sent {
    Sent(method.to_owned(), target.to_owned(), None)
}

fn header<'a>(request: &'a wiremock::Request, name: &str) -> Option<&'a str> {
    let mut values = request.headers.get_all(name).iter();
    let value = values.next()?.to_str().unwrap();
    assert!(values.next().is_none(), "{name} is sent twice");
    Some(value)
}

fn signed_headers(request: &wiremock::Request) -> &str {
    let authorization = header(request, "authorization").unwrap();
    let (_, signed) = authorization.split_once(", SignedHeaders=").unwrap();
    signed.split_once(", Signature=").unwrap().0
}

/// The account as the API reference shows it.
fn account_json() -> Value {
    json!({
        "AccountId": "12a3456b-7c89-012d-3456-78901e23fg45",
        "AccountStatus": "Active",
        "AccountType": "Team",
        "Admins": null,
        "AwsAccountId": "111122223333",
        "BillingType": "SeatBilling",
        "CreatedTimestamp": "2019-01-08T17:59:18.006Z",
        "DefaultLicense": "Pro",
        "DelegationStatus": "NoDelegation",
        "DirectoryId": null,
        "Domains": null,
        "Groups": [],
        "Name": "example",
        "Owner": null,
        "SupportedLicenses": ["Basic", "Pro"],
        "UseProTrialLicense": false,
    })
}

fn user_json() -> Value {
    json!({
        "UserId": "u-1",
        "AccountId": "a-1",
        "PrimaryEmail": "ana@example.com",
        "PrimaryProvisionedNumber": "+12065550100",
        "DisplayName": "Ana",
        "LicenseType": "ProTrial",
        "UserType": "PrivateUser",
        "UserRegistrationStatus": "Registered",
        "UserInvitationStatus": "Accepted",
        "RegisteredOn": "2019-01-09T10:00:00Z",
        "InvitedOn": "2019-01-08T17:59:18.006Z",
        "AlexaForBusinessMetadata": {
            "IsAlexaForBusinessEnabled": true,
            "AlexaForBusinessRoomArn": "arn:aws:a4b:us-east-1:111122223333:room/1/2",
        },
        "PersonalPIN": "1234567890",
    })
}

async fn account_service(status: u16) -> Service {
    Service::with_json(status, json!({ "Account": account_json() })).await
}

async fn user_service(status: u16) -> Service {
    Service::with_json(status, json!({ "User": user_json() })).await
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
async fn delete_account_needs_no_body_in_either_direction() {
    let service = Service::answering(ResponseTemplate::new(204)).await;
    service.client.delete_account("a-1").await.unwrap();

    assert_eq!(service.sent().await, [bodyless("DELETE", "/accounts/a-1")]);
}

#[tokio::test]
async fn create_user_posts_only_what_is_set_and_gives_the_user() {
    let service = user_service(201).await;
    let user = service.client.create_user("a-1").await.unwrap();
    service
        .client
        .create_user("a-1")
        .username("ana")
        .email("ana@example.com")
        .user_type(UserType::SharedDevice)
        .await
        .unwrap();

    let target = "/accounts/a-1/users?operation=create";
    let all = json!({ "Username": "ana", "Email": "ana@example.com", "UserType": "SharedDevice" });
    assert_eq!(service.sent().await, [post(target, json!({})), post(target, all)]);

    assert_eq!(user.user_id, "u-1");
    assert_eq!(user.account_id, Some("a-1".into()));
    assert_eq!(user.primary_email, Some("ana@example.com".into()));
    assert_eq!(user.primary_provisioned_number, Some("+12065550100".into()));
    assert_eq!(user.display_name, Some("Ana".into()));
    assert_eq!(user.license_type, Some(License::ProTrial));
    assert_eq!(user.user_type, Some(UserType::PrivateUser));
    assert_eq!(user.user_registration_status, Some(RegistrationStatus::Registered));
    assert_eq!(user.user_invitation_status, Some(InviteStatus::Accepted));
    assert_eq!(user.registered_on.unwrap().to_rfc3339(), "2019-01-09T10:00:00+00:00");
    assert_eq!(user.invited_on.unwrap().to_rfc3339(), "2019-01-08T17:59:18.006+00:00");
    let alexa = user.alexa_for_business_metadata.unwrap();
    assert_eq!(alexa.is_alexa_for_business_enabled, Some(true));
    assert!(alexa.alexa_for_business_room_arn.unwrap().expose().starts_with("arn:aws:a4b"));
    assert_eq!(user.personal_pin, Some("1234567890".into()));
}

#[tokio::test]
async fn get_user_has_both_ids_in_the_path() {
    let service = user_service(200).await;
    let user = service.client.get_user("a-1", "u-1").await.unwrap();

    assert_eq!(service.sent().await, [bodyless("GET", "/accounts/a-1/users/u-1")]);
    assert_eq!(user.user_id, "u-1");
}

#[tokio::test]
async fn list_users_has_its_filters_in_the_query() {
    let answer = json!({ "Users": [user_json(), { "UserId": "u-2" }] });
    let service = Service::with_json(200, answer).await;
    let page = service.client.list_users("a-1").await.unwrap();
    service
        .client
        .list_users("a-1")
        .user_email("ana@example.com")
        .user_type(UserType::PrivateUser)
        .next_token("t 1")
        .max_results(200)
        .await
        .unwrap();

    let all = "/accounts/a-1/users?user-email=ana%40example.com&user-type=PrivateUser\
               &max-results=200&next-token=t%201";
    assert_eq!(
        service.sent().await,
        [bodyless("GET", "/accounts/a-1/users"), bodyless("GET", all)]
    );
    let ids: Vec<_> = page.items.iter().map(|user| user.user_id.as_str()).collect();
    assert_eq!(ids, ["u-1", "u-2"]);
    assert_eq!(page.next_token, None);
}

#[tokio::test]
async fn update_user_posts_only_what_is_set() {
    let service = user_service(200).await;
    let request = || service.client.update_user("a-1", "u-1");
    let alexa = AlexaForBusinessMetadata::new;
    let user = request().await.unwrap();
    request().alexa_for_business_metadata(alexa()).await.unwrap();
    request()
        .license_type(License::Basic)
        .user_type(UserType::PrivateUser)
        .alexa_for_business_metadata(alexa().enabled(false).room_arn("arn:1"))
        .await
        .unwrap();

    let target = "/accounts/a-1/users/u-1";
    let all = json!({
        "LicenseType": "Basic",
        "UserType": "PrivateUser",
        "AlexaForBusinessMetadata": {
            "IsAlexaForBusinessEnabled": false,
            "AlexaForBusinessRoomArn": "arn:1",
        },
    });
    assert_eq!(
        service.sent().await,
        [
            post(target, json!({})),
            post(target, json!({ "AlexaForBusinessMetadata": {} })),
            post(target, all)
        ]
    );
    assert_eq!(user.user_id, "u-1");
}

#[tokio::test]
async fn batch_operations_post_the_ids_and_give_the_errors() {
    let answer = json!({ "UserErrors": [
        { "UserId": "u-2", "ErrorCode": "NotFound", "ErrorMessage": "No such user." },
        { "UserId": null, "ErrorCode": "BrandNew" },
    ] });
    let service = Service::with_json(200, answer).await;
    let errors = service.client.batch_suspend_user("a-1", ["u-1", "u-2"]).await.unwrap();
    let same_errors = service.client.batch_unsuspend_user("a-1", ["u-1", "u-2"]).await.unwrap();

    let body = json!({ "UserIdList": ["u-1", "u-2"] });
    assert_eq!(
        service.sent().await,
        [
            post("/accounts/a-1/users?operation=suspend", body.clone()),
            post("/accounts/a-1/users?operation=unsuspend", body)
        ]
    );
    assert_eq!(errors.len(), 2);
    assert_eq!(errors[0].user_id, Some("u-2".into()));
    assert_eq!(errors[0].error_code, Some(ErrorCode::NotFound));
    assert_eq!(errors[0].error_message.as_deref(), Some("No such user."));
    assert_eq!(errors[1].user_id, None);
    assert_eq!(errors[1].error_code, Some("BrandNew".into()));
    assert_eq!(errors, same_errors);
}

#[tokio::test]
async fn batch_operations_without_errors_give_none() {
    for answer in [json!({}), json!({ "UserErrors": null }), json!({ "UserErrors": [] })] {
        let service = Service::with_json(200, answer).await;
        assert_eq!(service.client.batch_suspend_user("a", ["u"]).await.unwrap(), []);
        assert_eq!(service.client.batch_unsuspend_user("a", ["u"]).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_batch_may_be_empty() {
    let service = Service::with_json(200, json!({})).await;
    service.client.batch_suspend_user("a", Vec::<String>::new()).await.unwrap();

    let target = "/accounts/a/users?operation=suspend";
    assert_eq!(service.sent().await, [post(target, json!({ "UserIdList": [] }))]);
}

#[tokio::test]
async fn enum_values_that_the_crate_does_not_know_are_sent_as_they_are() {
    let service = user_service(200).await;
    service.client.update_user("a", "u").license_type("Gold & Co").await.unwrap();
    let target = "/accounts/a/users/u";
    assert_eq!(service.sent().await, [post(target, json!({ "LicenseType": "Gold & Co" }))]);

    let service = Service::with_json(200, json!({})).await;
    service.client.list_users("a").user_type("Room & Co").await.unwrap();
    let target = "/accounts/a/users?user-type=Room%20%26%20Co";
    assert_eq!(service.sent().await, [bodyless("GET", target)]);
}

#[tokio::test]
async fn ids_are_encoded_exactly_once_in_every_path() {
    let service =
        Service::with_json(200, json!({ "Account": account_json(), "User": user_json() })).await;
    let client = &service.client;
    client.get_account(SPECIAL).await.unwrap();
    client.update_account(SPECIAL).await.unwrap();
    client.delete_account(SPECIAL).await.unwrap();
    client.create_user(SPECIAL).await.unwrap();
    client.get_user(SPECIAL, SPECIAL).await.unwrap();
    client.list_users(SPECIAL).await.unwrap();
    client.update_user(SPECIAL, SPECIAL).await.unwrap();
    client.batch_suspend_user(SPECIAL, [SPECIAL]).await.unwrap();
    client.batch_unsuspend_user(SPECIAL, [SPECIAL]).await.unwrap();

    let account = format!("/accounts/{SPECIAL_ENCODED}");
    let users = format!("{account}/users");
    let user = format!("{users}/{SPECIAL_ENCODED}");
    let list = json!({ "UserIdList": [SPECIAL] });
    assert_eq!(
        service.sent().await,
        [
            bodyless("GET", &account),
            post(&account, json!({})),
            bodyless("DELETE", &account),
            post(&format!("{users}?operation=create"), json!({})),
            bodyless("GET", &user),
            bodyless("GET", &users),
            post(&user, json!({})),
            post(&format!("{users}?operation=suspend"), list.clone()),
            post(&format!("{users}?operation=unsuspend"), list),
        ]
    );
}

#[tokio::test]
async fn query_values_are_encoded_exactly_once_and_an_empty_token_is_none() {
    let service = Service::with_json(200, json!({})).await;
    service.client.list_accounts().name_prefix(SPECIAL).next_token(SPECIAL).await.unwrap();
    service.client.list_accounts().next_token("").await.unwrap();
    let target = format!("/accounts?name={SPECIAL_ENCODED}&next-token={SPECIAL_ENCODED}");
    assert_eq!(service.sent().await, [bodyless("GET", &target), bodyless("GET", "/accounts")]);
}

#[tokio::test]
async fn body_values_survive_as_they_are() {
    let service = account_service(201).await;
    let name = "\"quoted\" \\ \n ü 🦀 </script>";
    service.client.create_account(name).await.unwrap();
    assert_eq!(service.sent().await, [post("/accounts", json!({ "Name": name }))]);
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

/// Sends a request that must be refused on this side, with an error that names
/// the parameter and its limit, and gives that error's text in all forms.
async fn refused<O: Operation>(request: Request<O>, parameter: &str, limit: &str) -> String {
    let error = request.send_with_metadata().await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::InvalidParameter);
    assert_eq!((error.attempts(), error.may_have_applied()), (0, false));
    let text = error.to_string();
    let operation = error.operation().unwrap();
    assert!(text.starts_with(&format!("{operation}: not sent: {parameter} ")), "{text}");
    assert!(text.contains(limit), "{text}");
    format!("{text} {error:?}")
}

#[tokio::test]
async fn names_outside_of_their_limits_are_not_sent() {
    let service = account_service(200).await;
    let client = &service.client;
    let too_long = "n".repeat(101);
    let length = "1 to 100 characters";
    let blank = "must not be empty or blank";
    for (name, limit) in [("", length), (too_long.as_str(), length), (" \t", blank)] {
        refused(client.create_account(name), "Name", limit).await;
        refused(client.update_account("a").name(name), "Name", limit).await;
        refused(client.list_accounts().name_prefix(name), "Name", limit).await;
    }
    assert_eq!(service.sent().await, []);
}

#[tokio::test]
async fn names_at_their_limits_are_sent() {
    let service = account_service(200).await;
    for name in ["n".to_owned(), "n".repeat(100), "🦀".repeat(100)] {
        service.client.create_account(&name).await.unwrap();
        service.client.update_account("a").name(&name).await.unwrap();
        service.client.list_accounts().name_prefix(&name).await.unwrap();
    }
    assert_eq!(service.sent().await.len(), 9);
}

#[tokio::test]
async fn page_sizes_outside_of_their_limits_are_not_sent() {
    let service = Service::with_json(200, json!({})).await;
    for size in [0, 201, u32::MAX] {
        let accounts = service.client.list_accounts().max_results(size);
        refused(accounts, "MaxResults", "1 to 200").await;
        let users = service.client.list_users("a").max_results(size);
        refused(users, "MaxResults", "1 to 200").await;
    }
    assert_eq!(service.sent().await, []);
}

#[tokio::test]
async fn page_sizes_at_their_limits_are_sent() {
    let service = Service::with_json(200, json!({})).await;
    for size in [1, 200] {
        service.client.list_accounts().max_results(size).await.unwrap();
        service.client.list_users("a").max_results(size).await.unwrap();
    }
    assert_eq!(service.sent().await.len(), 4);
}

#[tokio::test]
async fn malformed_email_addresses_are_neither_sent_nor_shown() {
    let service = user_service(200).await;
    let client = &service.client;
    for email in ["", "ana.secret", "ana.secret@localhost", "@ana.secret", "ana@secret.", "ana@.s"]
    {
        let limit = "an e-mail address such as";
        for text in [
            refused(client.create_user("a").email(email), "Email", limit).await,
            refused(client.list_users("a").user_email(email), "UserEmail", limit).await,
            refused(client.list_accounts().user_email(email), "UserEmail", limit).await,
        ] {
            assert!(!text.contains("ana") && !text.contains("secret"), "{text}");
        }
    }
    assert_eq!(service.sent().await, []);
}

#[tokio::test]
async fn unusual_email_addresses_that_the_api_takes_are_sent() {
    let service = user_service(201).await;
    for email in ["a@b.c", "ana+tag@sub.example.com", "\"a@b\"@c.d", "ünï@exämple.org"] {
        service.client.create_user("a").email(email).await.unwrap();
    }
    assert_eq!(service.sent().await.len(), 4);
}

#[tokio::test]
async fn batches_outside_of_their_limits_are_not_sent() {
    let service = Service::with_json(200, json!({})).await;
    let client = &service.client;
    let too_many = vec!["u"; 51];
    for (ids, limit) in [(too_many, "at most 50"), (vec!["u", ""], "blank"), (vec![" "], "blank")] {
        refused(client.batch_suspend_user("a", ids.clone()), "UserIdList", limit).await;
        refused(client.batch_unsuspend_user("a", ids), "UserIdList", limit).await;
    }
    assert_eq!(service.sent().await, []);
}

#[tokio::test]
async fn batches_at_their_limit_are_sent() {
    let service = Service::with_json(200, json!({})).await;
    service.client.batch_suspend_user("a", vec!["u"; 50]).await.unwrap();
    service.client.batch_unsuspend_user("a", vec!["u"; 50]).await.unwrap();
    assert_eq!(service.sent().await.len(), 2);
}

#[tokio::test]
async fn ids_that_would_reach_another_resource_are_not_sent() {
    let service = Service::with_json(200, json!({})).await;
    let client = &service.client;
    let blank = "must not be empty or blank";
    let dots = r#"must not be "." or "..""#;
    for (id, limit) in [("", blank), (" ", blank), ("\t\n", blank), (".", dots), ("..", dots)] {
        refused(client.get_account(id), "AccountId", limit).await;
        refused(client.update_account(id), "AccountId", limit).await;
        refused(client.delete_account(id), "AccountId", limit).await;
        refused(client.create_user(id), "AccountId", limit).await;
        refused(client.list_users(id), "AccountId", limit).await;
        refused(client.get_user(id, "u"), "AccountId", limit).await;
        refused(client.get_user("a", id), "UserId", limit).await;
        refused(client.update_user(id, "u"), "AccountId", limit).await;
        refused(client.update_user("a", id), "UserId", limit).await;
        refused(client.batch_suspend_user(id, ["u"]), "AccountId", limit).await;
        refused(client.batch_unsuspend_user(id, ["u"]), "AccountId", limit).await;
    }
    assert_eq!(service.sent().await, []);
}

#[tokio::test]
async fn the_streams_refuse_what_a_single_call_refuses() {
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
async fn ids_that_only_look_like_dots_are_sent_as_they_are() {
    let service = account_service(200).await;
    for id in ["...", ".a", "%2e%2e", "../accounts"] {
        service.client.get_account(id).await.unwrap();
    }
    let targets =
        ["/accounts/...", "/accounts/.a", "/accounts/%252e%252e", "/accounts/..%2Faccounts"];
    assert_eq!(service.sent().await, targets.map(|target| bodyless("GET", target)));
}
