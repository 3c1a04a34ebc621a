//! Wrong clocks, and credentials that are renewed, refused or missing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use amazon_chime::aws_credential_types::provider::error::CredentialsError;
use amazon_chime::aws_credential_types::provider::{Result as Provided, future};
use amazon_chime::chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use amazon_chime::{Account, Client, Credentials, Error, ErrorKind, ProvideCredentials};

use crate::retries::{SHORT, created, fail, refused};
use crate::support::{Server, answer_with};

// Wrong clocks.

/// Starts a service whose clock is ahead, and which refuses signatures with another time.
async fn service_ahead(ahead: TimeDelta, code: &'static str) -> Server {
    Server::start(move |request| {
        let now = Utc::now() + ahead;
        let signed = request.header("x-amz-date").unwrap();
        let signed = NaiveDateTime::parse_from_str(signed, "%Y%m%dT%H%M%SZ").unwrap().and_utc();
        if (signed - now).abs() < TimeDelta::minutes(5) {
            return created();
        }
        answer_with(403, &[("x-amzn-ErrorType", code), ("Date", &http_date(now))], "{}")
    })
    .await
}

fn http_date(time: DateTime<Utc>) -> String {
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

const SKEW: [&str; 4] = [
    "InvalidSignatureException",
    "RequestTimeTooSkewed",
    "RequestExpired",
    "SignatureDoesNotMatch",
];

#[tokio::test]
async fn a_clock_that_is_wrong_is_corrected_once() {
    for (ahead, code) in [1, -1, 24 * 365, -9_000].into_iter().zip(SKEW) {
        let server = service_ahead(TimeDelta::hours(ahead), code).await;
        let client = server.client();
        let attempts = async |client: &Client| {
            let response = client.create_account("Acme").send_with_metadata().await.unwrap();
            response.attempts
        };
        assert_eq!(attempts(&client).await, 2, "{code}");
        assert_eq!(attempts(&client).await, 1, "{code}");
        assert_eq!(attempts(&client.clone()).await, 1, "clones know it, too");
        assert_eq!(server.reads(), 4);
    }
}

#[tokio::test]
async fn a_wrong_correction_of_the_clock_is_repaired_by_the_next_response() {
    let day = 24 * 60 * 60;
    let far = http_date(Utc::now() + TimeDelta::seconds(365 * day));
    let mut dates = vec![http_date(Utc::now()), far].into_iter();
    let server = Server::start(move |seen| {
        let signed = seen.header("x-amz-date").unwrap();
        let is_right = signed.starts_with(&Utc::now().format("%Y%m").to_string());
        match dates.next_back() {
            Some(date) => {
                answer_with(403, &[("Date", &date), ("x-amzn-ErrorType", "RequestExpired")], "")
            }
            None if is_right => created(),
            None => {
                let date = http_date(Utc::now());
                answer_with(403, &[("Date", &date), ("x-amzn-ErrorType", "RequestExpired")], "")
            }
        }
    });
    let server = server.await;
    let expiry = std::time::SystemTime::now() + Duration::from_hours(1);
    let credentials = Credentials::new("AKIDEXAMPLE", "hunter2", None, Some(expiry), "test");
    let client = server.builder().credentials_provider(credentials).build().unwrap();
    // The first response moves the clock by a year. By this clock, the credentials have expired.
    client.create_account("Acme").await.unwrap();
    client.create_account("Acme").await.unwrap();
}

#[tokio::test]
async fn a_refused_signature_is_final_if_the_clock_is_right() {
    for code in SKEW {
        let date = http_date(Utc::now() + TimeDelta::minutes(2));
        for headers in [vec![("Date", date.as_str())], vec![("Date", "today")], vec![]] {
            let headers = [&headers[..], &[("x-amzn-ErrorType", code)]].concat();
            let server = Server::playing([answer_with(403, &headers, "{}"), created()]).await;
            let error = fail(server.client().create_account("Acme")).await;
            assert_eq!((server.reads(), error.attempts()), (1, 1), "{code}");
            assert!(error.is_access_denied() && !error.may_have_applied());
            assert!(error.to_string().contains("check the secret access key"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_call_ends_even_if_the_clock_of_the_service_jumps_with_every_response() {
    let mut hours = 0;
    let server = Server::start(move |_| {
        hours += 10;
        let date = http_date(Utc::now() + TimeDelta::hours(hours));
        answer_with(403, &[("x-amzn-ErrorType", "RequestExpired"), ("Date", &date)], "{}")
    })
    .await;
    let error = fail(server.client().create_account("Acme")).await;
    assert_eq!((server.reads(), error.attempts()), (3, 3));
    assert!(!error.may_have_applied());
}

// Credentials that are renewed, refused or missing.

/// Returns the result of the load with this number. A load with `None` never ends.
type Give = fn(usize) -> Option<Provided>;

#[derive(Clone, Debug)]
struct Provider {
    give: Give,
    loads: Arc<AtomicUsize>,
}

impl Provider {
    fn new(give: Give) -> Self {
        Self { give, loads: Arc::default() }
    }

    fn loads(&self) -> usize {
        self.loads.load(Ordering::Relaxed)
    }
}

impl ProvideCredentials for Provider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let given = (self.give)(self.loads.fetch_add(1, Ordering::Relaxed));
        future::ProvideCredentials::new(async {
            // Other calls can start while this load is under way.
            tokio::task::yield_now().await;
            match given {
                Some(given) => given,
                None => std::future::pending().await,
            }
        })
    }
}

fn with_token(token: &str) -> Credentials {
    Credentials::new("AKIDEXAMPLE", "hunter2", Some(token.to_owned()), None, "test")
}

async fn service_that_knows(token: &'static str, code: &'static str) -> Server {
    Server::start(move |request| match request.header("x-amz-security-token") {
        Some(known) if known == token => created(),
        _ => refused(403, code),
    })
    .await
}

#[tokio::test]
async fn a_create_with_an_expired_token_is_sent_again_with_a_new_one() {
    for code in ["ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException"] {
        let server = service_that_knows("token-1", code).await;
        let provider = Provider::new(|load| Some(Ok(with_token(&format!("token-{load}")))));
        let client = server.builder().credentials_provider(provider.clone()).build().unwrap();
        let response = client.create_account("Acme").send_with_metadata().await.unwrap();
        assert_eq!((response.attempts, server.reads(), provider.loads()), (2, 2, 2), "{code}");
        client.create_account("Acme").await.unwrap();
        assert_eq!((server.reads(), provider.loads()), (3, 2), "the new ones are kept");
    }
}

#[tokio::test]
async fn unchanged_credentials_are_not_sent_again_and_the_error_of_the_service_is_returned() {
    let server = service_that_knows("another", "ExpiredTokenException").await;
    let provider = Provider::new(|_| Some(Ok(with_token("token"))));
    let client = server.builder().credentials_provider(provider.clone()).build().unwrap();
    let error = fail(client.create_account("Acme")).await;
    assert_eq!((server.reads(), error.attempts(), provider.loads()), (1, 1, 2));
    assert_eq!((error.kind(), error.status()), (ErrorKind::Service, Some(403)));
    assert_eq!(error.code(), Some("ExpiredTokenException"));
    assert!(error.is_access_denied() && !error.may_have_applied());
    assert!(error.to_string().contains("check the access key id"), "{error}");
}

#[tokio::test]
async fn sixteen_calls_with_an_expired_token_load_new_credentials_once() {
    let server = service_that_knows("token-1", "ExpiredTokenException").await;
    let provider = Provider::new(|load| Some(Ok(with_token(&format!("token-{load}")))));
    let client = server.builder().credentials_provider(provider.clone()).build().unwrap();
    let calls = (0..16).map(|_| client.create_account("Acme").into_future());
    let results: Vec<Result<Account, Error>> = futures_util::future::join_all(calls).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(provider.loads(), 2);
}

#[tokio::test]
async fn a_provider_that_fails_fails_the_call_before_anything_is_sent() {
    let failures: [(Give, &str); 3] = [
        (
            |_| Some(Err(CredentialsError::not_loaded("no profile"))),
            "the credentials provider failed",
        ),
        (|_| Some(Ok(Credentials::new("", "hunter2", None, None, "test"))), "access key id"),
        (
            |_| {
                let past = Some(std::time::SystemTime::UNIX_EPOCH);
                Some(Ok(Credentials::new("AKID", "hunter2", None, past, "test")))
            },
            "expired",
        ),
    ];
    for (give, expected) in failures {
        let server = Server::playing([created()]).await;
        let provider = Provider::new(give);
        let client = server.builder().credentials_provider(provider.clone()).build().unwrap();
        let error = fail(client.create_account("Acme")).await;
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credentials, 0), "{error:?}");
        assert!(!error.may_have_applied());
        let text = format!("{error} {error:?}");
        assert!(text.contains(expected) && !text.contains("hunter2"), "{text}");
        assert_eq!((server.state().connections, provider.loads()), (0, 1));
    }
}

#[tokio::test]
async fn a_provider_that_fails_once_is_asked_again_by_the_next_call() {
    let server = Server::playing([created()]).await;
    let provider = Provider::new(|load| match load {
        0 => Some(Err(CredentialsError::not_loaded("not yet"))),
        _ => Some(Ok(with_token("token"))),
    });
    let client = server.builder().credentials_provider(provider).build().unwrap();
    fail(client.create_account("Acme")).await;
    client.create_account("Acme").await.unwrap();
}

#[tokio::test]
async fn a_deadline_that_passes_while_credentials_are_loaded_sends_nothing() {
    let server = Server::playing([created()]).await;
    let never = Provider::new(|_| None);
    let client = server.builder().credentials_provider(never.clone()).build().unwrap();
    let error = fail(client.create_account("Acme").operation_timeout(SHORT / 3)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    assert!(error.is_timeout() && !error.may_have_applied(), "{error:?}");
    assert_eq!((server.state().connections, never.loads()), (0, 1));
}
