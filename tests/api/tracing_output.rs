//! What the crate, and everything below it, tells through `tracing`.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use amazon_chime::{AlexaForBusinessMetadata, Credentials, Error, RetryConfig};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record as Values};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use crate::support::{
    Action, ClosedPort, Seen, Server, account_json, answer, answer_with, builder,
};

/// Everything that was traced, at any level, by any crate.
#[derive(Clone, Default)]
struct Capture(Arc<Mutex<Log>>);

#[derive(Default)]
struct Log {
    spans: Vec<Record>,
    events: Vec<Record>,
    /// Where the spans that are open are in `spans`: ids are used again.
    places: HashMap<u64, usize>,
}

#[derive(Clone, Debug)]
struct Record {
    target: String,
    name: String,
    level: Level,
    fields: Fields,
    /// The names of the spans around it, from the outside in.
    inside: Vec<String>,
}

#[derive(Clone, Debug, Default)]
struct Fields(BTreeMap<String, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl Record {
    fn new(metadata: &Metadata<'_>, record: impl FnOnce(&mut Fields), inside: Vec<String>) -> Self {
        let mut fields = Fields::default();
        record(&mut fields);
        let (target, name) = (metadata.target().to_owned(), metadata.name().to_owned());
        Self { target, name, level: *metadata.level(), fields, inside }
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.fields.0.get(name).map(String::as_str)
    }

    fn is_ours(&self) -> bool {
        self.target.starts_with("amazon_chime")
    }
}

impl<S> Layer<S> for Capture
where
    S: Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        let mut log = self.0.lock().unwrap();
        let place = log.spans.len();
        log.places.insert(id.into_u64(), place);
        let record = |fields: &mut Fields| attributes.record(fields);
        log.spans.push(Record::new(attributes.metadata(), record, Vec::new()));
    }

    fn on_record(&self, id: &Id, values: &Values<'_>, _: Context<'_, S>) {
        let mut log = self.0.lock().unwrap();
        let place = log.places[&id.into_u64()];
        values.record(&mut log.spans[place].fields);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let spans = context
            .event_scope(event)
            .into_iter()
            .flat_map(tracing_subscriber::registry::Scope::from_root);
        let inside = spans.map(|span| span.name().to_owned()).collect();
        let record = Record::new(event.metadata(), |fields| event.record(fields), inside);
        self.0.lock().unwrap().events.push(record);
    }
}

impl Log {
    /// The spans of this crate: one a call.
    fn calls(&self) -> Vec<&Record> {
        self.spans.iter().filter(|span| span.is_ours()).collect()
    }

    /// The events of this crate at a level.
    fn events_at(&self, level: Level) -> Vec<&Record> {
        self.events.iter().filter(|event| event.is_ours() && event.level == level).collect()
    }
}

/// What is traced while this runs, at every level.
fn traced(run: impl AsyncFnOnce()) -> Log {
    // Where something is traced for the first time, `tracing` decides whether anybody
    // is interested, and may ask the thread of another test, where nobody is. So the
    // crate has done all of its tracing once before the subscriber that counts is made.
    observed(async || {
        let script = [answer(429, ""), answer(200, "{}")];
        Server::playing(script).await.client().list_accounts().await.unwrap();
    });
    observed(run)
}

fn observed(run: impl AsyncFnOnce()) -> Log {
    let capture = Capture::default();
    let subscriber = tracing_subscriber::registry().with(capture.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tracing::subscriber::with_default(subscriber, || runtime.block_on(run()));
    drop(runtime);
    std::mem::take(&mut *capture.0.lock().unwrap())
}

fn expect_fields(record: &Record, expected: &[(&str, Option<&str>)]) {
    for (name, value) in expected {
        assert_eq!(record.field(name), *value, "{name} of {record:?}");
    }
}

#[test]
fn a_call_is_a_span_that_says_what_was_called_and_how_it_ended() {
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
fn the_span_of_a_call_that_got_no_answer_has_no_status() {
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
fn every_page_of_a_listing_is_a_call() {
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
        // An answer that cannot be read, a broken connection, and success.
        client.list_accounts().user_email(email).await.unwrap();
        let create = client.create_user("acc").email(email).username("Ana Banana");
        create.clone().await.unwrap();
        for _ in 0..3 {
            create.clone().await.unwrap_err();
        }
        let redirected = client.list_accounts().user_email(email).retry(RetryConfig::disabled());
        redirected.await.unwrap_err();
        assert_eq!(server.reads(), script.len());
        // Shows that what other crates trace is seen, too.
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

/// A service that quotes the whole request in its errors.
fn echo(seen: &Seen) -> Action {
    let target = percent_encoding::percent_decode_str(&seen.target).decode_utf8_lossy();
    let message = format!("{} {target} {} {:?} no", seen.method, seen.body, seen.headers);
    let body = serde_json::json!({ "Code": "BadRequest", "Message": message });
    answer(400, &body.to_string())
}

#[test]
fn no_operation_shows_what_is_sensitive_even_if_the_service_quotes_it_all() {
    const EMAIL: &str = "mark.mail@example.com";
    let mut errors = String::new();
    let log = traced(async || {
        let server = Server::start(echo).await;
        let token = Some("mark-session-token".to_owned());
        let credentials = Credentials::new("AKIDEXAMPLE", "mark-secret", token, None, "test");
        let client = server.builder().credentials_provider(credentials).build().unwrap();
        let alexa = AlexaForBusinessMetadata::new().room_arn("mark:room of Ana");
        let mut show = |error: Error| {
            writeln!(errors, "{error} {error:?} {error:#?}").unwrap();
            let mut source = std::error::Error::source(&error);
            while let Some(error) = source {
                writeln!(errors, "{error} {error:?}").unwrap();
                source = error.source();
            }
        };
        show(client.create_account("Acme").await.unwrap_err());
        show(client.get_account("acc").await.unwrap_err());
        show(client.list_accounts().user_email(EMAIL).next_token("mark t").await.unwrap_err());
        show(client.update_account("acc").name("Acme").await.unwrap_err());
        show(client.delete_account("acc").await.unwrap_err());
        show(client.create_user("acc").email(EMAIL).await.unwrap_err());
        show(client.get_user("acc", "u").await.unwrap_err());
        let users = client.list_users("acc").user_email("mark mail@x.y").next_token("mark t");
        show(users.await.unwrap_err());
        let update = client.update_user("acc", "u").alexa_for_business_metadata(alexa);
        show(update.await.unwrap_err());
        show(client.batch_suspend_user("acc", ["u"]).await.unwrap_err());
        show(client.batch_unsuspend_user("acc", ["u"]).await.unwrap_err());
        assert_eq!(server.reads(), 11);
    });
    for shown in ["CreateAccount", "BatchUnsuspendUser", "BadRequest", "HTTP 400"] {
        assert!(errors.contains(shown), "{shown} in:\n{errors}");
    }
    let traced = format!("{:?} {:?}", log.spans, log.events);
    for text in [&errors, &traced] {
        for hidden in ["mark", "AWS4-HMAC-SHA256 Credential", "Signature="] {
            let at = text.find(hidden).map(|at| &text[at.saturating_sub(200)..]);
            assert!(at.is_none(), "{hidden} in: {at:?}");
        }
    }
}
