//! Retries: which attempts are repeated, and what the error says. No create may run twice.

use std::sync::Arc;
use std::time::{Duration, Instant};

use amazon_chime::operations::CreateAccount;
use amazon_chime::{Error, ErrorKind, Request, RetryConfig};
use tokio::sync::Notify;

use crate::support::{
    Action, BusyPort, ClosedPort, Seen, Server, account_json, answer, answer_with, builder, client,
    http,
};

/// A time limit that is exceeded only if a response is missing or delayed.
pub(crate) const SHORT: Duration = Duration::from_millis(300);

pub(crate) fn created() -> Action {
    answer(201, &account_json("acc", "Acme"))
}

pub(crate) fn refused(status: u16, code: &str) -> Action {
    answer_with(status, &[("x-amzn-ErrorType", code)], r#"{"Message":"No."}"#)
}

/// Returns the first part of a success response. The end of its body is missing.
fn half_an_answer() -> Vec<u8> {
    let mut bytes = http(201, &[], &account_json("acc", "Acme"));
    bytes.truncate(bytes.len() - 5);
    bytes
}

/// Sends a create that must fail, and returns the error.
pub(crate) async fn fail(request: Request<CreateAccount>) -> Error {
    match request.send().await {
        Err(error) => error,
        Ok(account) => panic!("it must fail, but gave {account:?}"),
    }
}

/// Sends a create to a server that performs this action, and returns the error. The create may have run, so it must be
/// sent only once.
async fn create_that_may_have_applied(action: Action) -> Error {
    let server = Server::playing([action, created()]).await;
    let error = fail(server.client().create_account("Acme").attempt_timeout(SHORT)).await;
    assert!(error.may_have_applied(), "{error:?}");
    assert_eq!((server.reads(), error.attempts()), (1, 1), "{error:?}");
    assert_eq!(error.operation(), Some("CreateAccount"));
    assert!(error.to_string().contains("it may have taken effect"), "{error}");
    error
}

/// Asserts that calls that are safe to repeat are sent again after this action of the server.
async fn assert_sent_again(action: &Action) {
    for operation in 0..3 {
        let answers = [answer(200, &account_json("acc", "Acme")), answer(200, "{}")];
        let server = Server::playing([action.clone(), answers[operation / 2].clone()]).await;
        let client = server.builder().attempt_timeout(SHORT).build().unwrap();
        match operation {
            0 => _ = client.get_account("acc").await.unwrap(),
            1 => _ = client.update_account("acc").name("Acme").await.unwrap(),
            _ => _ = client.batch_suspend_user("acc", ["user"]).await.unwrap(),
        }
        assert_eq!(server.reads(), 2, "operation {operation}");
    }
}

// Attempts that may have run.

#[tokio::test]
async fn a_call_whose_connection_is_closed_after_reading_may_have_run() {
    let error = create_that_may_have_applied(Action::close()).await;
    assert_eq!((error.kind(), error.is_timeout()), (ErrorKind::Connection, false));
    assert_sent_again(&Action::close()).await;
}

#[tokio::test]
async fn a_call_whose_connection_is_reset_after_reading_may_have_run() {
    let error = create_that_may_have_applied(Action::Reset).await;
    assert_eq!((error.kind(), error.is_timeout()), (ErrorKind::Connection, false));
    assert!(!error.to_string().contains("runtime"), "{error}");
    assert_sent_again(&Action::Reset).await;
}

#[tokio::test]
async fn a_call_with_a_temporary_5xx_or_408_may_have_run_whatever_the_error_code() {
    let page = "<html><head><title>502 Bad Gateway</title></head></html>";
    for action in [
        answer(500, ""),
        answer_with(502, &[("Content-Type", "text/html")], page),
        refused(503, "ThrottlingException"),
        answer(503, r#"{"__type":"ThrottlingException"}"#),
        answer_with(503, &[("Retry-After", "0")], ""),
        answer(504, ""),
        answer(408, ""),
        answer(599, ""),
    ] {
        let error = create_that_may_have_applied(action.clone()).await;
        assert_eq!(error.kind(), ErrorKind::Service, "{error}");
        assert!(!error.is_timeout(), "{error}");
        assert_sent_again(&action).await;
    }
}

#[tokio::test]
async fn calls_are_not_sent_again_after_501_and_505() {
    for status in [501, 505] {
        let error = create_that_may_have_applied(answer(status, "")).await;
        assert_eq!((error.kind(), error.status()), (ErrorKind::Service, Some(status)));
        let server = Server::playing([answer(status, ""), created()]).await;
        let error = server.client().get_account("acc").await.unwrap_err();
        assert_eq!((server.reads(), error.status()), (1, Some(status)));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_its_target_gets_nothing() {
    let target = Server::playing([created()]).await;
    for status in [301, 302, 303, 307, 308] {
        for location in [format!("{}/accounts", target.url()), "/elsewhere".to_owned()] {
            let redirect = answer_with(status, &[("Location", &location)], "");
            let error = create_that_may_have_applied(redirect.clone()).await;
            assert_eq!((error.kind(), error.status()), (ErrorKind::Service, Some(status)));

            assert_sent_again(&redirect).await;
        }
    }
    assert_eq!(target.state().connections, 0);
}

#[tokio::test]
async fn a_call_with_a_cut_off_success_may_have_run() {
    let cut_off = Action::AnswerAndClose(half_an_answer());
    let error = create_that_may_have_applied(cut_off.clone()).await;
    assert_eq!((error.kind(), error.is_timeout()), (ErrorKind::Connection, false));
    assert_sent_again(&cut_off).await;
}

#[tokio::test]
async fn a_call_with_a_cut_off_refusal_may_have_run() {
    let mut bytes = http(429, &[], r#"{"Message":"Too many."}"#);
    bytes.truncate(bytes.len() - 5);
    create_that_may_have_applied(Action::AnswerAndClose(bytes)).await;
}

#[tokio::test]
async fn a_call_with_a_stalled_success_may_have_run() {
    let stalled = Action::Stall(half_an_answer());
    let error = create_that_may_have_applied(stalled.clone()).await;
    assert_eq!((error.kind(), error.is_timeout()), (ErrorKind::Timeout, true));
    assert_sent_again(&stalled).await;
}

#[tokio::test]
async fn a_call_without_a_response_in_time_may_have_run() {
    let silence = Action::Stall(Vec::new());
    let error = create_that_may_have_applied(silence.clone()).await;
    assert_eq!((error.kind(), error.is_timeout()), (ErrorKind::Timeout, true));
    assert_sent_again(&silence).await;
}

#[tokio::test]
async fn a_late_response_is_not_returned_to_the_next_call() {
    let told = Arc::new(Notify::new());
    let late = http(201, &[], &account_json("late", "Late"));
    let script = [Action::AnswerWhenTold(Arc::clone(&told), late), created()];
    let server = Server::playing(script).await;
    let client = server.client();
    let error = fail(client.create_account("Late").attempt_timeout(SHORT)).await;
    assert!(error.is_timeout() && error.may_have_applied());
    told.notify_one();
    assert_eq!(client.create_account("Acme").await.unwrap().account_id, "acc");
    assert_eq!(server.reads(), 2);
}

#[tokio::test]
async fn a_create_with_an_unreadable_success_may_have_run() {
    let not_utf8 = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n\xff\xfe".to_vec();
    for action in [
        answer(201, "{"),
        answer(201, ""),
        answer(201, "{}"),
        answer(201, r#"{"Account":null}"#),
        answer(201, r#"{"Account":{"AccountId":7}}"#),
        answer(201, "<html>"),
        answer(200, &(account_json("acc", "Acme") + "x")),
        Action::Answer(not_utf8),
    ] {
        let error = create_that_may_have_applied(action.clone()).await;
        assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{error}");
        assert!(matches!(error.status(), Some(200 | 201)));
    }
    let server = Server::playing([answer(200, "{"), created()]).await;
    server.client().get_account("acc").await.unwrap();
    assert_eq!(server.reads(), 2, "a read is sent again");
}

#[tokio::test]
async fn a_success_with_an_error_header_is_an_error_with_the_code_in_the_header() {
    let header = [("x-amzn-ErrorType", "ServiceFailureException:http://internal/")];
    let both = answer_with(201, &header, &account_json("acc", "Acme"));
    let error = create_that_may_have_applied(both).await;
    assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{error}");
    assert_eq!((error.status(), error.code()), (Some(201), Some("ServiceFailureException")));
    assert!(error.to_string().contains("names an error: ServiceFailureException"), "{error}");
    assert_sent_again(&answer_with(204, &header, "")).await;

    let conflict = answer_with(201, &[("x-amzn-ErrorType", "ConflictException")], "");
    let error = create_that_may_have_applied(conflict).await;
    assert!(!error.is_conflict(), "it may be either: {error}");
}

#[tokio::test]
async fn a_call_whose_response_is_not_http_may_have_run() {
    for garbage in
        ["SSH-2.0-OpenSSH_9.9\r\n", "\u{15}\u{3}\u{1}", "HTTP/1.1 abc\r\n\r\n", "\r\n\r\n"]
    {
        let error = create_that_may_have_applied(Action::AnswerAndClose(garbage.into())).await;
        assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
        assert!(!error.is_timeout());
    }
    assert_sent_again(&Action::AnswerAndClose(b"garbage\r\n\r\n".into())).await;
}

#[tokio::test]
async fn a_response_of_the_maximum_length_is_read() {
    let json = account_json("acc", "Acme");
    let body = |length: usize| " ".repeat(length - json.len()) + &json;
    let script = [4 << 20, (4 << 20) + 1].map(|length| answer(201, &body(length)));
    let server = Server::playing(script).await;
    server.client().create_account("Acme").await.unwrap();
    let error = fail(server.client().create_account("Acme")).await;
    assert!(error.to_string().contains("4 MiB"), "{error}");
}

#[tokio::test]
async fn an_endless_response_is_an_error() {
    let spaces = " ".repeat(64 * 1024);
    let chunk = format!("10000\r\n{spaces}\r\n");
    let endless = [
        ("HTTP/1.1 201 Created\r\n\r\n", &spaces),
        ("HTTP/1.1 201 Created\r\nContent-Length: 99999999999\r\n\r\n", &spaces),
        ("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n", &chunk),
        ("HTTP/1.1 503 No\r\n\r\n", &spaces),
    ];
    for (head, again) in endless {
        let flood = Action::Flood(head.into(), again.clone().into());
        let server = Server::playing([flood]).await;
        let error = fail(server.client().create_account("Acme")).await;
        assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{error}");
        assert!(error.may_have_applied() && error.to_string().contains("4 MiB"), "{error}");
        server.until(|state| state.closed == 1).await;
        let mebibytes = server.state().flooded_bytes >> 20;
        assert!((4..100).contains(&mebibytes), "{mebibytes} MiB were sent, with those in buffers");
        assert_eq!(server.reads(), 1);
    }
}

#[tokio::test]
async fn endless_headers_are_an_error() {
    for again in ["x: y\r\n", "x"] {
        let flood = Action::Flood(b"HTTP/1.1 201 Created\r\n".into(), again.repeat(1_000).into());
        let error = create_that_may_have_applied(flood).await;
        assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
        assert!(!error.is_timeout(), "{error}");
    }
}

#[tokio::test]
async fn a_call_may_have_run_if_one_attempt_may_have_run_whatever_the_last_attempt_returned() {
    let script = [answer(500, ""), refused(404, "NotFoundException")];
    for first in [Action::close(), Action::Reset, script[0].clone()] {
        let server = Server::playing([first, script[1].clone()]).await;
        let error = server.client().delete_account("acc").await.unwrap_err();
        assert!(error.is_not_found() && error.may_have_applied(), "{error:?}");
        assert_eq!((server.reads(), error.attempts()), (2, 2));
    }
    let server = Server::playing([script[1].clone()]).await;
    let error = server.client().delete_account("acc").await.unwrap_err();
    assert!(error.is_not_found() && !error.may_have_applied(), "{error:?}");
}

#[tokio::test]
async fn a_call_that_is_safe_to_repeat_has_three_attempts() {
    let server =
        Server::playing([answer(500, ""), Action::close(), answer(503, ""), created()]).await;
    let error = server.client().get_account("acc").await.unwrap_err();
    assert_eq!((server.reads(), error.attempts(), error.status()), (3, 3, Some(503)));
    assert!(error.may_have_applied());
}

#[tokio::test]
async fn every_attempt_carries_the_same_request() {
    let server = Server::playing([answer(500, ""), created()]).await;
    server.client().update_account("acc").name("Acme").await.unwrap();
    let state = server.state();
    let parts = |request: &Seen| {
        let signature = request.header("authorization").unwrap();
        assert!(signature.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), "{signature}");
        (request.method.clone(), request.target.clone(), request.body.clone())
    };
    assert_eq!(parts(&state.requests[0]), parts(&state.requests[1]));
}

// Attempts that were refused before they ran, or that never arrived.

#[tokio::test]
async fn a_throttled_create_is_sent_again() {
    for action in [
        answer(429, ""),
        answer(429, r#"{"Message":"Too many."}"#),
        answer_with(429, &[("Retry-After", "0")], ""),
        refused(429, "ThrottledClientException"),
        refused(400, "ThrottlingException"),
        answer(400, r#"{"__type":"com.amazon.coral#ThrottlingException"}"#),
    ] {
        let server = Server::playing([action.clone(), action.clone(), created()]).await;
        let response = server.client().create_account("Acme").send_with_metadata().await.unwrap();
        assert_eq!((server.reads(), response.attempts, response.status), (3, 3, 201));

        let server = Server::playing([action.clone(), action.clone(), action, created()]).await;
        let error = fail(server.client().create_account("Acme")).await;
        assert_eq!((server.reads(), error.attempts()), (3, 3));
        assert!(error.is_throttled() && !error.may_have_applied(), "{error:?}");
        assert!(error.to_string().contains("send fewer requests"), "{error}");
    }
}

#[tokio::test]
async fn the_service_decides_how_long_to_wait() {
    let delay = Duration::from_millis(200);
    let retry = RetryConfig::standard().initial_backoff(Duration::ZERO);
    let throttled = answer_with(503, &[("x-amz-retry-after", "200")], "");
    let server = Server::playing([throttled, created()]).await;
    let begin = Instant::now();
    server.client().get_account("acc").retry(retry).await.unwrap();
    assert!(begin.elapsed() >= delay, "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_create_whose_connection_was_refused_is_sent_again() {
    let port = ClosedPort::new();
    let error = fail(client(&port.url()).create_account("Acme")).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3));
    assert!(!error.may_have_applied() && !error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn a_create_that_could_not_connect_in_time_is_sent_again() {
    let port = BusyPort::new().await;
    let client = builder(port.url()).connect_timeout(SHORT / 3).build().unwrap();
    let error = fail(client.create_account("Acme")).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 3));
    assert!(!error.may_have_applied() && error.is_timeout(), "{error:?}");

    // The attempt timeout also limits a longer connect timeout, so the attempt still counts as not sent.
    let client = builder(port.url()).attempt_timeout(SHORT).build().unwrap();
    let error = fail(client.create_account("Acme").retry(RetryConfig::disabled())).await;
    assert!(!error.may_have_applied() && error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn other_refusals_are_final() {
    for status in [400, 401, 403, 404, 409, 422] {
        let server = Server::playing([refused(status, "OddException"), created()]).await;
        let error = fail(server.client().create_account("Acme")).await;
        assert_eq!((server.reads(), error.status()), (1, Some(status)));
        assert!(!error.may_have_applied(), "{error:?}");
    }
}

#[tokio::test]
async fn a_create_on_a_connection_closed_while_idle_reaches_the_service_once() {
    let bytes = http(201, &[], &account_json("acc", "first"));
    let second = answer(201, &account_json("acc", "second"));
    let server = Server::playing([Action::AnswerAndLeave(bytes), second]).await;
    let client = server.client();
    client.create_account("first").await.unwrap();
    // The client has noticed the end of the connection, and has closed its side.
    server.until(|state| state.closed == 1).await;
    let response = client.create_account("second").send_with_metadata().await.unwrap();
    assert_eq!(response.attempts, 1);
    let state = server.state();
    let seconds = state.requests.iter().filter(|request| request.body.contains("second")).count();
    assert_eq!((seconds, state.requests.len(), state.connections), (1, 2, 2));
}

#[tokio::test]
async fn creates_on_a_connection_that_is_being_closed_are_never_sent_twice() {
    let server = Server::start(|request| {
        let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
        let account = account_json("acc", body["Name"].as_str().unwrap());
        Action::AnswerAndClose(http(201, &[], &account))
    })
    .await;
    let client = server.client();
    for number in 0..100 {
        let name = format!("account-{number}-");
        // This create starts while the server closes the connection of the create before.
        let result = client.create_account(&name).await;
        let state = server.state();
        let copies = state.requests.iter().filter(|request| request.body.contains(&name)).count();
        match result {
            Ok(_) => assert_eq!(copies, 1, "{name}"),
            Err(error) => assert!(copies <= 1 && error.may_have_applied(), "{name} {error:?}"),
        }
    }
}

// Settings of the caller.

#[tokio::test]
async fn creates_are_sent_again_if_the_caller_accepts_duplicates() {
    for action in [Action::close(), answer(500, ""), Action::AnswerAndClose(half_an_answer())] {
        let server = Server::playing([action, created()]).await;
        server.client().create_account("Acme").accept_duplicates().await.unwrap();
        assert_eq!(server.reads(), 2);
    }
    let server = Server::playing([answer(501, ""), created()]).await;
    let error = fail(server.client().create_account("Acme").accept_duplicates()).await;
    assert_eq!((server.reads(), error.may_have_applied()), (1, true));
}

#[tokio::test]
async fn retries_can_be_switched_off_for_a_request_and_for_a_client() {
    let script = || [answer(429, ""), answer(429, ""), answer(200, &account_json("acc", "Acme"))];
    let server = Server::playing(script()).await;
    let request = server.client().get_account("acc").retry(RetryConfig::disabled());
    assert_eq!(request.await.unwrap_err().attempts(), 1);
    assert_eq!(server.reads(), 1);

    let server = Server::playing(script()).await;
    let client = server.builder().retry(RetryConfig::disabled()).build().unwrap();
    assert_eq!(client.get_account("acc").await.unwrap_err().attempts(), 1);
    assert_eq!(server.reads(), 1);
    // A setting of the request replaces the setting of the client.
    let backoff = Duration::from_millis(1);
    let twice = RetryConfig::standard().max_attempts(2).max_backoff(backoff);
    client.get_account("acc").retry(twice).await.unwrap();
}

#[tokio::test]
async fn the_retry_budget_of_a_client_and_its_clones_is_bounded() {
    let server = Server::start(|_| answer(500, "")).await;
    let client = server.client();
    for _ in 0..40 {
        client.clone().get_account("acc").await.unwrap_err();
    }
    // 500 tokens allow 35 retries of 14 tokens each.
    assert_eq!(server.reads(), 40 + 35);
}

#[tokio::test]
async fn a_call_that_exceeds_its_deadline_in_flight_may_have_run() {
    let server = Server::playing([Action::Stall(Vec::new()), created()]).await;
    let client = server.builder().operation_timeout(SHORT).build().unwrap();
    let error = fail(client.create_account("Acme")).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert!(error.is_timeout() && error.may_have_applied(), "{error:?}");
    assert_eq!(server.reads(), 1);

    // The deadline also ends calls that are safe to repeat.
    let server = Server::playing([Action::Stall(Vec::new()), created()]).await;
    let request = server.client().get_account("acc").operation_timeout(SHORT);
    assert!(request.await.unwrap_err().is_timeout());
    assert_eq!(server.reads(), 1);
}

#[tokio::test]
async fn a_call_does_not_wait_for_a_retry_beyond_its_deadline() {
    for seconds in [15, u64::MAX] {
        let throttled = answer_with(429, &[("Retry-After", &seconds.to_string())], "");
        let server = Server::playing([throttled, created()]).await;
        let retry = RetryConfig::standard().max_backoff(Duration::MAX);
        let client = server.builder().retry(retry).build().unwrap();
        let begin = Instant::now();
        let request = client.create_account("Acme").operation_timeout(Duration::from_secs(10));
        let error = fail(request).await;
        assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
        assert!(error.is_throttled() && !error.is_timeout(), "{error:?}");
        assert!(!error.may_have_applied(), "{error:?}");
        assert_eq!((server.reads(), error.attempts()), (1, 1));
    }
}

#[tokio::test]
async fn dropping_a_call_closes_its_connection_and_sends_nothing_more() {
    let server = Server::playing([Action::Stall(Vec::new()), created()]).await;
    let client = server.client();
    tokio::select! {
        result = client.get_account("acc").send() => panic!("nothing was answered, and yet: {result:?}"),
        () = server.until(|state| state.requests.len() == 1) => {}
    }
    server.until(|state| state.closed == 1).await;
    assert_eq!((server.reads(), server.state().connections), (1, 1));
    client.create_account("Acme").await.unwrap();
}

#[tokio::test]
async fn dropping_a_call_while_it_waits_sends_nothing_more() {
    let throttled = answer_with(429, &[("Retry-After", "60")], "");
    let server = Server::playing([throttled, created()]).await;
    let retry = RetryConfig::standard().max_backoff(Duration::from_mins(1));
    let request = server.client().create_account("Acme").retry(retry);
    assert!(tokio::time::timeout(SHORT / 3, request.send()).await.is_err());
    assert_eq!(server.reads(), 1);
}
