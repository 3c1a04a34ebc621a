//! Clients from an `SdkConfig`: the effects of its settings on requests.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use amazon_chime::aws_credential_types::provider::future::ProvideCredentials as Loading;
use amazon_chime::aws_types::SdkConfig;
use amazon_chime::aws_types::region::Region;
use amazon_chime::aws_types::sdk_config::{
    Builder, RetryConfig, SharedCredentialsProvider, SharedTimeSource, TimeSource, TimeoutConfig,
};
use amazon_chime::chrono::{DateTime, TimeDelta};
use amazon_chime::local::{LocalChime, SkewError};
use amazon_chime::{Client, Credentials, ProvideCredentials};

use crate::support::{Server, account_json, answer, answer_with};

const HOUR: Duration = Duration::from_hours(1);

fn credentials(key_id: &str, expiry: Option<SystemTime>) -> Credentials {
    Credentials::new(key_id, "hunter2", None, expiry, "test")
}

fn config(endpoint_url: &str, credentials: impl ProvideCredentials + 'static) -> Builder {
    SdkConfig::builder()
        .endpoint_url(endpoint_url)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
}

fn client(config: Builder) -> Client {
    Client::from_sdk_config(&config.build()).unwrap()
}

/// A clock that only `advance` changes.
#[derive(Clone, Debug)]
struct HandSetClock(Arc<Mutex<SystemTime>>);

impl HandSetClock {
    fn new(time: SystemTime) -> Self {
        Self(Arc::new(Mutex::new(time)))
    }

    fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl TimeSource for HandSetClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }
}

/// A provider of credentials that expire in an hour by this clock. Each load returns another key.
#[derive(Debug)]
struct Hourly {
    clock: HandSetClock,
    loads: Mutex<u32>,
}

impl ProvideCredentials for Hourly {
    fn provide_credentials<'a>(&'a self) -> Loading<'a>
    where
        Self: 'a,
    {
        let mut loads = self.loads.lock().unwrap();
        *loads += 1;
        let expiry = self.clock.now() + HOUR;
        Loading::ready(Ok(credentials(&format!("AKID{loads}"), Some(expiry))))
    }
}

async fn server() -> Server {
    Server::start(|_| answer(201, &account_json("acc", "Acme"))).await
}

#[tokio::test]
async fn requests_have_the_region_and_the_time_of_the_configuration() {
    let server = server().await;
    let time = DateTime::parse_from_rfc3339("2015-08-30T12:36:00Z").unwrap().into();
    let config = config(server.url(), credentials("AKID", None))
        .region(Region::new("eu-west-1"))
        .time_source(SharedTimeSource::new(HandSetClock::new(time)));
    client(config).create_account("Acme").await.unwrap();
    let request = server.state().requests.remove(0);
    assert_eq!(request.header("x-amz-date"), Some("20150830T123600Z"));
    let authorization = request.header("authorization").unwrap();
    assert!(
        authorization.contains("Credential=AKID/20150830/eu-west-1/chime/aws4_request"),
        "{authorization}"
    );
}

#[tokio::test]
async fn a_service_with_the_time_of_the_time_source_accepts_the_signature() {
    let chime = LocalChime::start().unwrap();
    let day = Duration::from_hours(24);
    chime.shift_clock(TimeDelta::days(1), SkewError::default());
    let clock = HandSetClock::new(SystemTime::now() + day);
    let config =
        config(chime.endpoint_url(), chime.credentials()).time_source(SharedTimeSource::new(clock));
    let response = client(config).create_account("Acme").send_with_metadata().await.unwrap();
    assert_eq!(response.attempts, 1);
}

#[tokio::test]
async fn a_time_source_that_the_service_refuses_is_corrected() {
    let chime = LocalChime::start().unwrap();
    let clock = HandSetClock::new(SystemTime::now() - 3 * HOUR);
    let config =
        config(chime.endpoint_url(), chime.credentials()).time_source(SharedTimeSource::new(clock));
    let client = client(config);
    for attempts in [2, 1] {
        let response = client.create_account("Acme").send_with_metadata().await.unwrap();
        assert_eq!(response.attempts, attempts);
    }
}

#[tokio::test]
async fn credentials_expire_by_the_time_source() {
    let server = server().await;
    let clock = HandSetClock::new(SystemTime::UNIX_EPOCH + HOUR);
    let provider = Hourly { clock: clock.clone(), loads: Mutex::new(0) };
    let config = config(server.url(), provider).time_source(SharedTimeSource::new(clock.clone()));
    let client = client(config);
    for _ in 0..2 {
        client.create_account("Acme").await.unwrap();
        client.create_account("Acme").await.unwrap();
        clock.advance(HOUR);
    }
    let keys: Vec<_> = server
        .state()
        .requests
        .iter()
        .map(|request| {
            let (_, rest) = request.header("authorization").unwrap().split_once('=').unwrap();
            rest.split('/').next().unwrap().to_owned()
        })
        .collect();
    assert_eq!(keys, ["AKID1", "AKID1", "AKID2", "AKID2"]);
}

#[tokio::test]
async fn the_number_of_attempts_and_the_longest_backoff_are_used() {
    let server = Server::start(|_| answer_with(429, &[("Retry-After", "3600")], "{}")).await;
    let retry = RetryConfig::standard()
        .with_max_attempts(2)
        .with_initial_backoff(HOUR)
        .with_max_backoff(Duration::from_millis(1));
    let config = config(server.url(), credentials("AKID", None)).retry_config(retry);
    let call = client(config).create_account("Acme").send();
    let error = tokio::time::timeout(Duration::from_secs(10), call).await.unwrap().unwrap_err();
    assert_eq!((error.status(), error.attempts(), server.reads()), (Some(429), 2, 2));
}

#[tokio::test]
async fn calls_without_any_timeout_work() {
    let chime = LocalChime::start().unwrap();
    let config =
        config(chime.endpoint_url(), chime.credentials()).timeout_config(TimeoutConfig::disabled());
    client(config).create_account("Acme").await.unwrap();
}

#[tokio::test]
async fn the_program_can_replace_settings_of_the_configuration() {
    let server = server().await;
    let config = SdkConfig::builder().endpoint_url("http://127.0.0.1:1").build();
    let client = amazon_chime::ClientBuilder::from_sdk_config(&config)
        .credentials_provider(credentials("AKID", None))
        .endpoint_url(server.url())
        .build()
        .unwrap();
    client.create_account("Acme").await.unwrap();
}
