//! Ensured creates: how a resource is recognised, which requests are sent, and that there is exactly one resource at
//! the end. A look is a read request that shows whether the resource exists.
//!
//! This file tests the algorithm with users. The other files test the differences of the other resources.

mod accounts;
mod invitations;
mod memberships;
mod rooms;

use std::time::{Duration, Instant};

use amazon_chime::local::{Fault, LocalChime};
use amazon_chime::operations::CreateUser;
use amazon_chime::{
    Client, Ensured, Error, ErrorKind, Request, RetryConfig, Sensitive, User, UserType,
};
use futures_util::TryStreamExt;
use serde_json::{Value, json};

use crate::retries::SHORT;
use crate::support::{Action, Server, answer, answer_with};

const EMAIL: &str = "ana@example.com";

/// Returns a client whose retries take no time.
fn hasty_client(chime: &LocalChime) -> Client {
    let backoff = Duration::from_millis(1);
    let retry = RetryConfig::standard().initial_backoff(backoff).max_backoff(backoff);
    chime.client_builder().retry(retry).build().unwrap()
}

/// The faults that lose the response after the create has had its effect.
fn losses() -> [Fault; 5] {
    let after_effect = [Fault::reset(), Fault::status(500), Fault::html(502)];
    let [reset, failed, bad_gateway] = after_effect.map(Fault::after_effect);
    [reset, failed, bad_gateway, Fault::cut_off(), Fault::invalid_json()]
}

/// The faults that break a create before it has its effect.
fn breaks() -> [Fault; 3] {
    [Fault::reset(), Fault::close(), Fault::status(503)]
}

fn lines(server: &Server) -> Vec<String> {
    let requests = server.state().requests.into_iter();
    requests.map(|request| format!("{} {}", request.method, request.target)).collect()
}

fn bodies(server: &Server) -> Vec<Value> {
    let requests = server.state().requests.into_iter().filter(|request| request.method == "POST");
    requests.map(|request| serde_json::from_str(&request.body).unwrap()).collect()
}

fn json_answer(status: u16, body: &Value) -> Action {
    answer(status, &body.to_string())
}

fn user(email: &str) -> Value {
    json!({ "UserId": format!("id of {email}"), "AccountId": "acme", "PrimaryEmail": email })
}

fn users<const N: usize>(emails: [&str; N]) -> Action {
    json_answer(200, &json!({ "Users": emails.map(user).to_vec() }))
}

fn created_user() -> Action {
    json_answer(201, &json!({ "User": user(EMAIL) }))
}

fn lost() -> Action {
    answer(500, "")
}

fn conflict() -> Action {
    answer_with(409, &[("x-amzn-ErrorType", "ConflictException")], r#"{"Message":"Taken."}"#)
}

fn create_user(client: &Client) -> Request<CreateUser> {
    client.create_user("acme").email(EMAIL)
}

async fn fail(request: Request<CreateUser>) -> Error {
    match request.ensure().await {
        Err(error) => error,
        Ok(user) => panic!("it must fail, but gave {user:?}"),
    }
}

/// Ensures a user with a server that performs these actions.
async fn ensured_by<const N: usize>(actions: [Action; N]) -> Result<Ensured<User>, Error> {
    let server = Server::playing(actions).await;
    let result = create_user(&server.client()).ensure().await;
    assert_eq!(server.reads(), N, "{result:?}");
    result
}

async fn start() -> (LocalChime, Client, String) {
    let chime = LocalChime::start().unwrap();
    let client = hasty_client(&chime);
    let acme = client.create_account("Acme").await.unwrap().account_id.to_string();
    (chime, client, acme)
}

async fn emails(client: &Client, account_id: &str) -> Vec<String> {
    let users = client.list_users(account_id).items();
    users.map_ok(|user| text(user.primary_email)).try_collect().await.unwrap()
}

fn text(value: Option<Sensitive>) -> String {
    value.map(Sensitive::into_inner).unwrap_or_default()
}

#[tokio::test]
async fn a_missing_user_is_created_and_an_existing_user_is_not_changed() {
    let (_chime, client, acme) = start().await;
    let request = client.create_user(&acme).email(EMAIL).username("Ana");
    let created = request.ensure().await.unwrap();
    assert!(matches!(created, Ensured::Created(_)), "{created:?}");
    assert!(!created.existed());

    let request = client.create_user(&acme).email("ANA@example.com").username("Anna");
    let existing = request.user_type(UserType::SharedDevice).ensure().await.unwrap();
    assert!(existing.existed(), "{existing:?}");
    assert_eq!(existing.get(), created.get());
    assert_eq!(existing.into_inner(), client.list_users(&acme).await.unwrap().items[0]);
    assert_eq!(emails(&client, &acme).await, [EMAIL]);
}

#[tokio::test]
async fn it_sends_a_look_and_a_create_only_if_the_look_finds_no_user() {
    const LOOK: &str = "GET /accounts/acme/users?user-email=ana%40example.com";
    const CREATE: &str = "POST /accounts/acme/users?operation=create";
    let server = Server::playing([users([]), created_user()]).await;
    create_user(&server.client()).username("Ana").ensure().await.unwrap();
    assert_eq!(lines(&server), [LOOK, CREATE]);
    assert_eq!(bodies(&server), [json!({ "Email": EMAIL, "Username": "Ana" })]);

    let server = Server::playing([users(["diana@example.com", EMAIL])]).await;
    let user = create_user(&server.client()).ensure().await.unwrap();
    assert_eq!(text(user.into_inner().primary_email), EMAIL, "not just any that is listed");
    assert_eq!(lines(&server), [LOOK]);

    let server = Server::playing([users([]), lost(), users([]), created_user()]).await;
    create_user(&server.client()).ensure().await.unwrap();
    assert_eq!(lines(&server), [LOOK, CREATE, LOOK, CREATE]);
    let bodies = bodies(&server);
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn a_user_is_recovered_after_a_lost_response() {
    for fault in losses() {
        let (chime, client, acme) = start().await;
        chime.inject(fault.clone().on("CreateUser"));
        let user = client.create_user(&acme).email(EMAIL).ensure().await.unwrap();
        assert!(matches!(user, Ensured::Recovered(_)), "{fault:?}: {user:?}");
        assert!(!user.existed());
        assert_eq!(emails(&client, &acme).await, [EMAIL], "{fault:?}");
    }
}

#[tokio::test]
async fn a_create_is_sent_again_after_a_lost_request() {
    for fault in breaks() {
        let (chime, client, acme) = start().await;
        chime.inject(fault.clone().on("CreateUser").times(2));
        let user = client.create_user(&acme).email(EMAIL).ensure().await.unwrap();
        assert!(matches!(user, Ensured::Created(_)), "{fault:?}: {user:?}");
        assert_eq!(emails(&client, &acme).await, [EMAIL], "{fault:?}");
    }
}

#[tokio::test]
async fn the_wait_after_an_attempt_timeout_is_as_long_as_the_timeout() {
    for fault in [Fault::stall(), Fault::delay(SHORT * 3)] {
        let (chime, client, acme) = start().await;
        chime.inject(fault.on("CreateUser"));
        let begin = Instant::now();
        let request = client.create_user(&acme).email(EMAIL).attempt_timeout(SHORT);
        let user = request.ensure().await.unwrap();
        assert!(begin.elapsed() >= SHORT * 2, "{:?}", begin.elapsed());
        assert!(matches!(user, Ensured::Recovered(_)), "{user:?}");
    }
}

// A custom HTTP client builder needs a TLS provider.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn the_wait_after_a_timeout_of_the_http_client_is_as_long_as_the_timeout() {
    for attempt_timeout in [Duration::MAX, Duration::from_hours(1)] {
        let (chime, _, acme) = start().await;
        let http = amazon_chime::reqwest::Client::builder().timeout(SHORT);
        let builder = chime.client_builder().http_client_builder(http);
        let client = builder.attempt_timeout(attempt_timeout).build().unwrap();
        chime.inject(Fault::stall().on("CreateUser"));
        let begin = Instant::now();
        let ensure = client.create_user(&acme).email(EMAIL).ensure();
        let user = tokio::time::timeout(Duration::from_secs(10), ensure).await.unwrap().unwrap();
        assert!(begin.elapsed() >= SHORT * 2, "{:?}", begin.elapsed());
        assert!(matches!(user, Ensured::Recovered(_)), "{user:?}");
    }
}

#[tokio::test]
async fn a_conflict_with_another_program_is_not_an_error() {
    let existing = ensured_by([users([]), conflict(), users([EMAIL])]).await.unwrap();
    assert!(matches!(existing, Ensured::Existed(_)), "{existing:?}");

    // Here, the lost attempt of this call may have created the user.
    let script = [users([]), lost(), users([]), conflict(), users([EMAIL])];
    let recovered = ensured_by(script).await.unwrap();
    assert!(matches!(recovered, Ensured::Recovered(_)), "{recovered:?}");
}

#[tokio::test]
async fn an_address_of_a_user_in_another_account_is_a_conflict() {
    let error = ensured_by([users([]), conflict(), users([])]).await.unwrap_err();
    assert!(error.is_conflict() && !error.may_have_applied(), "{error:?}");
    assert_eq!((error.operation(), error.attempts()), (Some("CreateUser"), 1));
}

#[tokio::test]
async fn it_returns_the_last_error_after_all_attempts() {
    let (chime, client, acme) = start().await;
    chime.inject(Fault::status(500).on("CreateUser").times(2));
    chime.inject(Fault::status(503).on("CreateUser").times(1));
    let error = fail(client.create_user(&acme).email(EMAIL)).await;
    assert_eq!((error.status(), error.attempts()), (Some(503), 3));
    assert_eq!(error.operation(), Some("CreateUser"));
    assert!(error.may_have_applied(), "{error:?}");
    assert!(!error.to_string().contains("look before"), "it can be ensured again: {error}");

    // Attempts that were refused before they ran also count as attempts.
    let script = [users([]), answer(429, ""), lost(), users([]), answer(429, ""), users([])];
    let error = ensured_by(script).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(429), 3));
    assert!(error.may_have_applied() && error.is_throttled(), "{error:?}");
}

#[tokio::test]
async fn it_looks_also_after_the_only_attempt() {
    let (chime, client, acme) = start().await;
    chime.inject(Fault::reset().after_effect().on("CreateUser"));
    let request = client.create_user(&acme).email(EMAIL).retry(RetryConfig::disabled());
    assert!(matches!(request.ensure().await.unwrap(), Ensured::Recovered(_)));
}

#[tokio::test]
async fn a_refusal_by_the_service_is_returned() {
    let (_chime, client, _) = start().await;
    let error = fail(client.create_user("nothing").email(EMAIL)).await;
    assert!(error.is_not_found() && !error.may_have_applied(), "{error:?}");
    assert_eq!(error.operation(), Some("ListUsers"), "the look comes first");
}

#[tokio::test]
async fn the_error_of_a_failed_look_says_whether_the_create_may_have_run() {
    let script = [lost(), lost(), lost()];
    let error = ensured_by(script).await.unwrap_err();
    assert_eq!((error.operation(), error.attempts()), (Some("ListUsers"), 3));
    assert!(error.is_server_error() && !error.may_have_applied(), "{error:?}");

    let denied = answer_with(403, &[("x-amzn-ErrorType", "ForbiddenException")], "");
    let error = ensured_by([users([]), lost(), denied]).await.unwrap_err();
    assert_eq!((error.operation(), error.attempts()), (Some("ListUsers"), 1));
    assert!(error.is_access_denied() && error.may_have_applied(), "{error:?}");
}

#[tokio::test]
async fn a_look_has_its_own_attempts() {
    let script = [lost(), users([]), lost(), lost(), lost(), users([EMAIL])];
    assert!(matches!(ensured_by(script).await.unwrap(), Ensured::Recovered(_)));
}

#[tokio::test]
async fn looks_have_the_settings_of_the_request() {
    let server = Server::playing([lost()]).await;
    let error = fail(create_user(&server.client()).retry(RetryConfig::disabled())).await;
    assert_eq!((error.operation(), error.attempts()), (Some("ListUsers"), 1));

    let server = Server::playing([Action::Stall(Vec::new()), users([EMAIL])]).await;
    let request = create_user(&server.client()).attempt_timeout(SHORT);
    assert!(request.ensure().await.unwrap().existed());
    assert_eq!(server.reads(), 2);
}

#[tokio::test]
async fn it_does_not_wait_beyond_the_deadline() {
    let (chime, _, acme) = start().await;
    let later = Duration::from_secs(15);
    chime.inject(Fault::status(503).retry_after(later).after_effect().on("CreateUser"));
    let begin = Instant::now();
    let request = chime.client().create_user(&acme).email(EMAIL);
    let error = fail(request.operation_timeout(Duration::from_secs(10))).await;
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    assert_eq!((error.status(), error.operation()), (Some(503), Some("CreateUser")));
    assert!(error.may_have_applied(), "{error:?}");
}

#[tokio::test]
async fn looks_and_creates_share_one_deadline() {
    let silence = || Action::Stall(Vec::new());
    for (script, operation, may_have_applied) in [
        (vec![silence()], "ListUsers", false),
        (vec![users([]), silence()], "CreateUser", true),
        (vec![users([]), lost(), silence()], "ListUsers", true),
    ] {
        let reads = script.len();
        let server = Server::playing(script).await;
        let error = fail(create_user(&server.client()).operation_timeout(SHORT)).await;
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
        assert_eq!(error.operation(), Some(operation));
        assert_eq!(error.may_have_applied(), may_have_applied, "{error:?}");
        assert!(error.to_string().contains(&format!("{SHORT:?} for the whole call")), "{error}");
        assert_eq!(server.reads(), reads);
    }

    // The look and the create each take less than the deadline, but together they take more.
    let (chime, client, acme) = start().await;
    chime.inject(Fault::delay(SHORT).times(2));
    let request = client.create_user(&acme).email(EMAIL).operation_timeout(SHORT * 3 / 2);
    assert!(fail(request).await.is_timeout());

    // The reads of a look share the deadline, too.
    chime.inject(Fault::delay(SHORT).on("ListUsers").times(2));
    let request = client.invite_users(&acme, ["ben@example.com", "eve@example.com"]);
    let error = request.operation_timeout(SHORT * 3 / 2).ensure().await.unwrap_err();
    assert_eq!((error.operation(), error.is_timeout()), (Some("ListUsers"), true));
}

#[tokio::test]
async fn an_empty_retry_budget_stops_creates_but_not_the_look_after_the_last_create() {
    let (chime, client, acme) = start().await;
    chime.inject(Fault::status(429).on("GetAccount").with_probability(1.0, 0));
    let empty_the_budget = async || {
        for _ in 0..60 {
            client.get_account("acc").await.unwrap_err();
        }
    };
    empty_the_budget().await;
    chime.inject(Fault::reset().after_effect().on("CreateUser"));
    let user = client.create_user(&acme).email(EMAIL).ensure().await.unwrap();
    assert!(matches!(user, Ensured::Recovered(_)), "{user:?}");

    empty_the_budget().await;
    chime.inject(Fault::reset().on("CreateUser"));
    let error = fail(client.create_user(&acme).email("ben@example.com")).await;
    assert_eq!((error.attempts(), error.may_have_applied()), (1, true));
}

#[tokio::test]
async fn a_dropped_call_sends_nothing_more_and_the_next_call_finds_its_user() {
    let later = answer_with(503, &[("Retry-After", "60")], "");
    let server = Server::playing([users([]), later, users([EMAIL])]).await;
    let retry = RetryConfig::standard().max_backoff(Duration::from_mins(1));
    let client = server.builder().retry(retry).build().unwrap();
    assert!(tokio::time::timeout(SHORT, create_user(&client).ensure()).await.is_err());
    assert_eq!(server.reads(), 2);
    assert!(create_user(&client).ensure().await.unwrap().existed());
}

#[tokio::test]
async fn without_an_address_or_with_a_wrong_parameter_nothing_is_sent() {
    let server = Server::playing([]).await;
    let client = server.client();
    for request in [
        client.create_user("acme").username("Ana"),
        client.create_user("acme").email("ana"),
        client.create_user(" ").email(EMAIL),
        create_user(&client).attempt_timeout(Duration::ZERO),
    ] {
        let error = fail(request).await;
        assert_eq!(error.kind(), ErrorKind::InvalidParameter, "{error:?}");
        assert_eq!((error.operation(), error.attempts()), (Some("CreateUser"), 0));
        assert!(!error.may_have_applied());
    }
    let error = fail(client.create_user("acme")).await;
    assert!(error.to_string().contains("not sent: Email must be set"), "{error}");
    assert_eq!(server.reads(), 0);
}

#[tokio::test]
async fn calls_at_the_same_time_create_one_user() {
    let (chime, client, acme) = start().await;
    chime.inject(Fault::reset().after_effect().on("CreateUser").with_probability(0.3, 1));
    chime.inject(Fault::status(500).on("CreateUser").with_probability(0.3, 2));
    let ensure = || client.create_user(&acme).email(EMAIL).ensure();
    let (one, two, three) = tokio::try_join!(ensure(), ensure(), ensure()).unwrap();
    assert_eq!(one.get().user_id, two.get().user_id);
    assert_eq!(one.get().user_id, three.get().user_id);
    assert_eq!(emails(&client, &acme).await, [EMAIL]);
}

#[tokio::test]
async fn a_user_is_found_if_the_service_writes_the_address_in_another_case() {
    let server = Server::playing([users(["žofie@example.com"])]).await;
    let request = server.client().create_user("acme").email("Žofie@Example.com");
    assert!(request.ensure().await.unwrap().existed());
}

#[tokio::test]
async fn a_user_on_any_page_is_found() {
    let page = |email: &str, token: Option<&str>| {
        json_answer(200, &json!({ "Users": [user(email)], "NextToken": token }))
    };
    let script = [page("ben@example.com", Some("t")), page(EMAIL, Some("u"))];
    assert!(ensured_by(script).await.unwrap().existed());
}

#[tokio::test]
async fn the_call_can_be_spawned() {
    let (_chime, client, acme) = start().await;
    let ensured = tokio::spawn(client.create_user(&acme).email(EMAIL).ensure());
    assert!(!ensured.await.unwrap().unwrap().existed());
}
