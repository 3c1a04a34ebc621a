//! Tests of the whole default chain of `aws-config`. Each test runs a process in an environment of its own, with
//! endpoints on loopback and an embedded Chime, a local server that behaves like Amazon Chime and verifies signatures.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod endpoint;
mod environment;
mod session;

use amazon_chime::Credentials;
use amazon_chime::local::{LocalChime, SkewError};
use chrono::{SecondsFormat, TimeDelta, Utc};

use endpoint::{Answer, Endpoint, NOWHERE};
use environment::Environment;
use session::Session;

/// An embedded Chime with one account.
fn chime_with(account: &str) -> LocalChime {
    let chime = LocalChime::start().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = chime.client_builder().build().unwrap();
    runtime.block_on(async { client.create_account(account).await }).unwrap();
    chime
}

fn with_keys(credentials: &Credentials) -> Environment {
    Environment::new()
        .set("AWS_ACCESS_KEY_ID", credentials.access_key_id())
        .set("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key())
        .set("AWS_SESSION_TOKEN", credentials.session_token().unwrap_or_default())
}

#[test]
fn keys_from_the_environment() {
    let chime = chime_with("Acme");
    for credentials in [chime.credentials(), chime.temporary_credentials()] {
        let environment = with_keys(&credentials).set("AWS_ENDPOINT_URL", chime.endpoint_url());
        assert!(environment.run().succeeds().ends_with("  Acme\n"));
    }
}

#[test]
fn a_program_without_credentials_says_what_to_do() {
    let error = Environment::new().set("AWS_ENDPOINT_URL", NOWHERE).run().fails();
    for part in ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "EcsContainer"] {
        assert!(error.contains(part), "{part} in {error}");
    }
}

#[test]
fn fips_and_an_endpoint_exclude_each_other() {
    let environment =
        Environment::new().set("AWS_USE_FIPS_ENDPOINT", "true").set("AWS_ENDPOINT_URL", NOWHERE);
    let error = environment.run().fails();
    assert!(error.contains("FIPS and an endpoint URL exclude each other"), "{error}");
}

// Profiles.

/// A profile `directory` with the keys of this embedded Chime, an endpoint for Chime and one for other services.
fn profile(chime: &LocalChime, of_chime: &str, general: &str) -> Environment {
    let credentials = chime.credentials();
    Environment::new()
        .set("AWS_PROFILE", "directory")
        .credentials_file(&format!(
            "[directory]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            credentials.access_key_id(),
            credentials.secret_access_key(),
        ))
        .config_file(&format!(
            "[profile directory]\n\
             region = us-east-1\n\
             endpoint_url = {general}\n\
             services = local\n\
             [services local]\n\
             chime =\n  endpoint_url = {of_chime}\n",
        ))
}

#[test]
fn a_profile_with_a_services_section() {
    let chime = chime_with("Acme");
    let environment = profile(&chime, chime.endpoint_url(), NOWHERE);
    assert!(environment.run().succeeds().ends_with("  Acme\n"));
}

#[test]
fn the_endpoint_of_chime_in_the_environment_comes_before_all_others() {
    let chime = chime_with("Acme");
    let environment = profile(&chime, NOWHERE, NOWHERE)
        .set("AWS_ENDPOINT_URL", NOWHERE)
        .set("AWS_ENDPOINT_URL_CHIME", chime.endpoint_url());
    assert!(environment.run().succeeds().ends_with("  Acme\n"));
}

#[test]
fn the_general_endpoint_in_the_environment_comes_before_the_profile() {
    let chime = chime_with("Acme");
    let environment =
        profile(&chime, NOWHERE, NOWHERE).set("AWS_ENDPOINT_URL", chime.endpoint_url());
    assert!(environment.run().succeeds().ends_with("  Acme\n"));
}

#[test]
fn configured_endpoints_can_be_ignored() {
    let chime = chime_with("Acme");
    // The proxy refuses every request, so nothing leaves this machine, and records the requested host.
    let proxy = Endpoint::start(|_| Answer::status(403));
    let environment = profile(&chime, chime.endpoint_url(), chime.endpoint_url())
        .set("AWS_ENDPOINT_URL_CHIME", chime.endpoint_url())
        .set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
        .set("AWS_MAX_ATTEMPTS", "1")
        .set("HTTPS_PROXY", proxy.url());
    environment.run().fails();
    let seen = proxy.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].line, "CONNECT chime.us-east-1.amazonaws.com:443");
}

#[test]
fn region_attempts_and_app_name_of_a_profile() {
    let chime = chime_with("Acme");
    let service = Endpoint::start(|_| Answer::status(503));
    let environment = profile(&chime, service.url(), NOWHERE).config_file(&format!(
        "[profile directory]\n\
         region = eu-west-1\n\
         endpoint_url = {}\n\
         max_attempts = 2\n\
         retry_mode = adaptive\n\
         sdk_ua_app_id = directory-sync\n",
        service.url()
    ));
    let error = environment.run().fails();
    assert!(error.contains("HTTP 503"), "{error}");
    let seen = service.seen();
    assert_eq!(seen.len(), 2);
    for request in seen {
        let authorization = request.header("authorization").unwrap();
        assert!(authorization.contains("/eu-west-1/chime/aws4_request"), "{authorization}");
        let user_agent = request.header("user-agent").unwrap();
        assert!(user_agent.ends_with(" app/directory-sync"), "{user_agent}");
    }
}

// Credentials that expire.

/// Credentials in the JSON form of processes, containers and instances, valid for this number of hours.
fn issued(credentials: &Credentials, hours: i64) -> String {
    let expiration =
        (Utc::now() + TimeDelta::hours(hours)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let (key_id, secret) = (credentials.access_key_id(), credentials.secret_access_key());
    let token = credentials.session_token().unwrap();
    format!(
        r#"{{"Version":1,"Code":"Success","AccessKeyId":"{key_id}","SecretAccessKey":"{secret}","SessionToken":"{token}","Token":"{token}","Expiration":"{expiration}"}}"#
    )
}

/// Lists accounts with three credentials in turn. The first credentials expire, and the second credentials are revoked.
fn expire_and_revoke(chime: &LocalChime, mut session: Session, mut issue: impl FnMut(String)) {
    for _ in 0..2 {
        assert_eq!(session.list(), "1 account, 1 attempt");
    }

    issue(issued(&chime.renew_temporary_credentials(), 3));
    chime.shift_clock(TimeDelta::hours(2), SkewError::default());
    session.advance_hours(2);
    // One attempt, because the client knew that the credentials had expired.
    assert_eq!(session.list(), "1 account, 1 attempt");

    issue(issued(&chime.renew_temporary_credentials(), 4));
    // Two attempts, because only the refusal showed that the credentials were revoked.
    assert_eq!(session.list(), "1 account, 2 attempts");
    assert_eq!(session.list(), "1 account, 1 attempt");
}

#[test]
fn credentials_of_a_process_are_renewed() {
    let chime = chime_with("Acme");
    let environment = Environment::new().set("AWS_ENDPOINT_URL", chime.endpoint_url());
    let file = environment.path("issued.json");
    let environment = environment
        .config_file(&format!("[default]\ncredential_process = cat '{}'\n", file.display()));
    let issue = |credentials| std::fs::write(&file, credentials).unwrap();

    issue(issued(&chime.temporary_credentials(), 1));
    assert!(environment.run().succeeds().ends_with("  Acme\n"));
    expire_and_revoke(&chime, environment.start(), issue);
}

#[test]
fn credentials_of_a_container_are_renewed() {
    let chime = chime_with("Acme");
    let endpoint =
        Endpoint::issuing(issued(&chime.temporary_credentials(), 1), |request, issued| {
            match (request.line.as_str(), request.header("authorization")) {
                ("GET /role", Some("the container's token")) => Answer::ok(issued),
                _ => Answer::status(403),
            }
        });
    let environment = Environment::new()
        .set("AWS_ENDPOINT_URL", chime.endpoint_url())
        .set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{}/role", endpoint.url()))
        .set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "the container's token");

    assert!(environment.run().succeeds().ends_with("  Acme\n"));
    assert_eq!(endpoint.seen().len(), 1);
    expire_and_revoke(&chime, environment.start(), |issued| endpoint.issue(issued));
    assert_eq!(endpoint.seen().len(), 1 + 3);
}

#[test]
fn credentials_and_region_of_an_instance_are_renewed() {
    const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
    let chime = chime_with("Acme");
    let endpoint =
        Endpoint::issuing(issued(&chime.temporary_credentials(), 1), |request, issued| {
            if request.line == "PUT /latest/api/token" {
                let lifetime = request.header("x-aws-ec2-metadata-token-ttl-seconds").unwrap();
                return Answer::ok("the instance's token")
                    .with("x-aws-ec2-metadata-token-ttl-seconds", lifetime);
            }
            if request.header("x-aws-ec2-metadata-token") != Some("the instance's token") {
                return Answer::status(401);
            }
            match request.line.strip_prefix("GET ").unwrap() {
                ROLES => Answer::ok("directory"),
                path if path.strip_prefix(ROLES) == Some("directory") => Answer::ok(issued),
                "/latest/meta-data/placement/region" => Answer::ok("us-east-1"),
                _ => Answer::status(404),
            }
        });
    let environment = Environment::new()
        .set("AWS_ENDPOINT_URL", chime.endpoint_url())
        .set("AWS_EC2_METADATA_DISABLED", "false")
        .set("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint.url());

    assert!(environment.run().succeeds().ends_with("  Acme\n"));
    let lines: Vec<_> = endpoint.seen().into_iter().map(|request| request.line).collect();
    for path in ["/latest/meta-data/placement/region".to_owned(), format!("{ROLES}directory")] {
        assert!(lines.contains(&format!("GET {path}")), "{path} in {lines:?}");
    }
    expire_and_revoke(&chime, environment.start(), |issued| endpoint.issue(issued));
}
