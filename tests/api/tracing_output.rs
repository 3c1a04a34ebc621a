//! The `tracing` output of the crate and its dependencies.

use std::fmt::Write as _;

use amazon_chime::{Credentials, RetryConfig};
use tracing::Level;

use crate::capture::{Record, traced};
use crate::support::{Action, ClosedPort, Server, account_json, answer, answer_with, builder};

fn expect_fields(record: &Record, expected: &[(&str, Option<&str>)]) {
    for (name, value) in expected {
        assert_eq!(record.field(name), *value, "{name} of {record:?}");
    }
}

#[test]
fn the_span_of_a_call_has_its_operation_and_its_outcome() {
    let log = traced(async || {
        let id = [("x-amzn-RequestId", "d4f09103-9543")];
        let script = [
            answer(429, ""),
            answer_with(201, &id, &account_json("acc", "Acme")),
            answer_with(404, &id, r#"{"Code":"NotFound"}"#),
        ];
        let client = Server::playing(script).await.client();
        client.create_account("Acme").await.unwrap();
        client.get_account("acc").await.unwrap_err();
    });
    let calls = log.calls();
    assert_eq!(calls.len(), 2, "{calls:?}");
    for (call, (method, status, attempts)) in
        calls.iter().zip([("CreateAccount", "201", "2"), ("GetAccount", "404", "1")])
    {
        assert_eq!((call.name.as_str(), call.level), ("chime", Level::DEBUG));
        expect_fields(
            call,
            &[
                ("rpc.system", Some("aws-api")),
                ("rpc.service", Some("Chime")),
                ("rpc.method", Some(method)),
                ("http.response.status_code", Some(status)),
                ("attempts", Some(attempts)),
                ("aws.request_id", Some("d4f09103-9543")),
            ],
        );
    }
}

#[test]
fn the_span_of_a_call_without_a_response_has_no_status() {
    let log = traced(async || {
        let port = ClosedPort::new();
        let retry = RetryConfig::disabled();
        let client = builder(&port.url()).retry(retry).build().unwrap();
        client.get_account("acc").await.unwrap_err();
    });
    let calls = log.calls();
    assert_eq!(calls.len(), 1);
    expect_fields(
        calls[0],
        &[
            ("rpc.method", Some("GetAccount")),
            ("http.response.status_code", None),
            ("aws.request_id", None),
            ("attempts", Some("1")),
        ],
    );
}

#[test]
fn the_span_of_a_call_has_the_fields_of_opentelemetry() {
    let log = traced(async || {
        let script = [
            answer(201, &account_json("acc", "Acme")),
            answer_with(404, &[("x-amzn-ErrorType", "NotFoundException")], "{}"),
            answer(404, ""),
            answer(200, "{"),
        ];
        let server = Server::playing(script).await;
        let client = server.builder().retry(RetryConfig::disabled()).build().unwrap();
        client.create_account("Acme").await.unwrap();
        for _ in 0..3 {
            client.get_account("acc").await.unwrap_err();
        }
        client.get_account("").await.unwrap_err();
    });
    let calls = log.calls();
    let ended = [
        ("Chime.CreateAccount", "OK", None),
        ("Chime.GetAccount", "ERROR", Some("NotFoundException")),
        ("Chime.GetAccount", "ERROR", Some("404")),
        ("Chime.GetAccount", "ERROR", Some("UnreadableAnswer")),
        ("Chime.GetAccount", "ERROR", Some("InvalidParameter")),
    ];
    assert_eq!(calls.len(), ended.len(), "{calls:?}");
    for (call, (name, status, error)) in calls.iter().zip(ended) {
        expect_fields(
            call,
            &[
                ("otel.name", Some(name)),
                ("otel.kind", Some("client")),
                ("otel.status_code", Some(status)),
                ("error.type", error),
                ("server.address", Some("127.0.0.1")),
            ],
        );
        assert!(call.field("server.port").is_some_and(|port| port.parse::<u16>().is_ok()));
    }
}

#[test]
fn every_page_of_a_listing_has_a_span() {
    let log = traced(async || {
        let pages = [r#"{"NextToken":"t"}"#, "{}"].map(|body| answer(200, body));
        let client = Server::playing(pages).await.client();
        assert!(client.list_accounts().items().next().await.is_none());
    });
    let methods: Vec<_> = log.calls().iter().map(|call| call.field("rpc.method")).collect();
    assert_eq!(methods, [Some("ListAccounts"); 2]);
}

#[test]
fn attempts_are_events_at_trace_and_retries_at_debug_inside_the_call() {
    let log = traced(async || {
        let script = [answer(429, ""), Action::close(), answer(200, &account_json("acc", "Acme"))];
        let client = Server::playing(script.into_iter().chain([answer(404, "")])).await.client();
        client.get_account("acc").await.unwrap();
        client.get_account("acc").await.unwrap_err();
    });
    let attempts = log.events_at(Level::TRACE);
    let expected = [
        ("1", "Throttled", Some("429")),
        ("2", "MayHaveRun", None),
        ("3", "Succeeded", None),
        ("1", "Answered", Some("404")),
    ];
    assert_eq!(attempts.len(), expected.len(), "{attempts:?}");
    for (event, (attempt, ending, status)) in attempts.iter().zip(expected) {
        let expected = [("attempt", Some(attempt)), ("ending", Some(ending)), ("status", status)];
        expect_fields(event, &expected);
    }

    let retries = log.events_at(Level::DEBUG);
    assert_eq!(retries.len(), 2, "{retries:?}");
    for (retry, (attempt, reason)) in retries.iter().zip([("1", "Throttled"), ("2", "MayHaveRun")])
    {
        expect_fields(retry, &[("attempt", Some(attempt)), ("reason", Some(reason))]);
        assert!(retry.field("delay").is_some_and(|delay| delay.ends_with('s')), "{retry:?}");
    }
    for event in attempts.iter().chain(&retries) {
        assert_eq!(event.inside, ["chime"], "{event:?}");
    }
}

#[test]
fn an_ensured_create_has_a_span_for_each_look_and_an_event_before_another_look() {
    let email = "ana@example.com";
    let found = format!(r#"{{"Users":[{{"UserId":"u","PrimaryEmail":"{email}"}}]}}"#);
    let log = traced(async || {
        let script = [answer(200, "{}"), answer(503, ""), answer(200, &found)];
        let client = Server::playing(script).await.client();
        client.create_user("acc").email(email).ensure().await.unwrap();
    });
    let calls = log.calls();
    let methods: Vec<_> = calls.iter().map(|call| call.field("rpc.method")).collect();
    assert_eq!(methods, [Some("ListUsers"), Some("CreateUser"), Some("ListUsers")]);
    expect_fields(calls[1], &[("http.response.status_code", None), ("attempts", Some("1"))]);

    let events = log.events_at(Level::DEBUG);
    assert_eq!(events.len(), 1, "{events:?}");
    expect_fields(events[0], &[("attempt", Some("1")), ("reason", Some("MayHaveRun"))]);
    assert!(events[0].field("delay").is_some_and(|delay| delay.ends_with('s')), "{events:?}");
    assert_eq!(events[0].inside, ["chime"]);
    let attempts = log.events_at(Level::TRACE);
    assert_eq!(attempts.last().unwrap().inside, ["chime", "chime"], "within the create");
    assert!(!format!("{:?} {:?}", log.spans, log.events).contains(email));
}

#[test]
fn nothing_is_traced_above_debug() {
    let log = traced(async || {
        let script = [answer(500, ""), answer(500, ""), answer(500, "")];
        Server::playing(script).await.client().get_account("acc").await.unwrap_err();
    });
    let mut all = log.events.iter().chain(&log.spans).filter(|record| record.is_ours());
    let loud = all.find(|record| record.level < Level::DEBUG);
    assert!(loud.is_none(), "{loud:?}");
}

#[test]
fn no_level_of_any_crate_shows_secrets_or_personal_data() {
    let user = r#"{"UserId":"u","PrimaryEmail":"ana@example.com","PersonalPIN":"0123456789",
                   "DisplayName":"Ana Banana"}"#;
    let log = traced(async || {
        let credentials =
            Credentials::new("AKIDEXAMPLE", "hunter2", Some("session-token".into()), None, "test");
        let body = format!(r#"{{"User":{user}}}"#);
        let refusal = r#"{"Code":"Conflict","Message":"ana@example.com (Ana Banana) exists"}"#;
        let script = [
            answer(200, &format!(r#"{{"Users":[{user}]}}"#)),
            answer(200, &format!(r#"{{"Users":[{user}]"#)),
            Action::Reset,
            answer(200, r#"{"Accounts":[]}"#),
            answer(429, refusal),
            answer(201, &body),
            answer(409, refusal),
            answer(201, &body.replace('}', "")),
            answer_with(403, &[("x-amzn-ErrorType", "ExpiredTokenException")], refusal),
            answer_with(302, &[("Location", "/ana@example.com")], refusal),
        ];
        let server = Server::playing(script.clone()).await;
        let client = server.builder().credentials_provider(credentials).build().unwrap();
        let email = "ana@example.com";
        client.list_users("acc").user_email(email).items().next().await.unwrap().unwrap();
        // This call gets an unreadable response, a broken connection, and a success.
        client.list_accounts().user_email(email).await.unwrap();
        let create = client.create_user("acc").email(email).username("Ana Banana");
        create.clone().await.unwrap();
        for _ in 0..3 {
            create.clone().await.unwrap_err();
        }
        let redirected = client.list_accounts().user_email(email).retry(RetryConfig::disabled());
        redirected.await.unwrap_err();
        assert_eq!(server.reads(), script.len());
        // This event shows that events of other crates are recorded, too.
        tracing::trace!(target: "elsewhere", "a sign of life");
    });

    let mut text = String::new();
    for Record { target, name, fields, .. } in log.spans.iter().chain(&log.events) {
        writeln!(text, "{target} {name} {fields:?}").unwrap();
    }
    for shown in ["elsewhere", "a sign of life", "amazon_chime", "CreateUser", "ListAccounts"] {
        assert!(text.contains(shown), "{shown} in:\n{text}");
    }
    let lower = text.to_lowercase();
    let secrets = ["hunter2", "session-token", "signature=", "credential=", "aws4-hmac"];
    let personal = ["ana@", "%40", "example.com", "0123456789", "banana", "primaryemail"];
    for hidden in secrets.iter().chain(&personal) {
        assert!(!lower.contains(hidden), "{hidden} in:\n{text}");
    }
}
