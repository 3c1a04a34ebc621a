//! The settings of a client: wrong settings, and the effects of settings on requests.

use std::collections::HashMap;
use std::process::Command;
use std::time::Duration;

use amazon_chime::local::{Fault, LocalChime};
use amazon_chime::{Client, ClientBuilder, Credentials, Error, ErrorKind, RetryConfig};

use crate::support::{Server, account_json, answer, builder};

const HERE: &str = "http://127.0.0.1:1";

/// Asserts that the settings are refused with a configuration error that shows no secret, and returns the error text.
fn refusal(builder: ClientBuilder) -> String {
    let settings = format!("{builder:?}");
    assert!(!settings.contains("hunter2"), "{settings}");
    let error = match builder.build() {
        Err(error) => error,
        Ok(client) => panic!("these settings cannot be right: {client:?}"),
    };
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!((error.operation(), error.attempts()), (None, 0));
    assert!(!error.may_have_applied() && !error.is_timeout());
    let text = error.to_string();
    assert!(!format!("{text} {error:?}").contains("hunter2"), "{error:?}");
    text
}

fn created() -> crate::support::Action {
    answer(201, &account_json("acc", "Acme"))
}

#[test]
fn a_client_without_credentials_is_refused() {
    let text = refusal(Client::builder().endpoint_url(HERE));
    assert!(text.contains("credentials_provider") && text.contains("from_env"), "{text}");
}

#[tokio::test]
async fn the_longest_durations_are_accepted() {
    let (chime, max) = (LocalChime::start().unwrap(), Duration::MAX);
    let client = chime
        .client_builder()
        .credentials_timeout(max)
        .connect_timeout(max)
        .attempt_timeout(max)
        .operation_timeout(max)
        .retry(RetryConfig::standard().initial_backoff(max).max_backoff(max))
        .build()
        .unwrap();
    client.create_account("Acme").ensure().await.unwrap();
    chime.inject(Fault::status(503).retry_after(max));
    let listing = client.list_accounts().operation_timeout(Duration::from_mins(1));
    let error = listing.await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(503), 1), "{error:?}");
}

#[test]
fn the_error_for_a_timeout_of_zero_names_the_timeout() {
    type Setter = fn(ClientBuilder, Duration) -> ClientBuilder;
    let setters: [(&str, Setter); 4] = [
        ("connect_timeout", ClientBuilder::connect_timeout),
        ("credentials_timeout", ClientBuilder::credentials_timeout),
        ("attempt_timeout", ClientBuilder::attempt_timeout),
        ("operation_timeout", ClientBuilder::operation_timeout),
    ];
    for (name, set) in setters {
        assert!(refusal(set(builder(HERE), Duration::ZERO)).contains(name), "{name}");
        set(builder(HERE), Duration::from_nanos(1)).build().unwrap();
        set(builder(HERE), Duration::MAX).build().unwrap();
    }
}

#[tokio::test]
async fn a_timeout_of_zero_on_a_request_sends_nothing() {
    let server = Server::playing([]).await;
    let request = server.client().create_account("Acme");
    for request in
        [request.clone().attempt_timeout(Duration::ZERO), request.operation_timeout(Duration::ZERO)]
    {
        let error = request.await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidParameter, 0), "{error}");
        assert!(!error.may_have_applied());
    }
    assert_eq!(server.state().connections, 0);
}

#[test]
fn malformed_regions_are_refused() {
    for region in
        ["us east 1", "example.com/", "example.com#", "-us", "us-", "ü", "us_east_1", "us.east"]
    {
        let text = refusal(builder(HERE).region(region));
        assert!(text.contains("region") && text.contains("us-east-1"), "{region}: {text}");
    }
    assert!(refusal(builder(HERE).region("")).contains("the region is empty"));
}

#[test]
fn malformed_endpoints_are_refused_without_showing_them() {
    for (url, expected) in [
        ("", "empty"),
        (" ", "empty"),
        ("hunter2", "malformed"),
        ("https://", "malformed"),
        ("https://hunter2:port/", "malformed"),
        ("ftp://hunter2/", "https://"),
        ("unix:/hunter2", "https://"),
        ("https://ana:hunter2@example.com", "user information"),
        ("https://hunter2@example.com", "user information"),
        ("https://example.com?key=hunter2", "query"),
        ("https://example.com/?", "query"),
        ("https://example.com/#hunter2", "fragment"),
    ] {
        let text = refusal(builder(url));
        assert!(text.contains("endpoint URL") && text.contains(expected), "{url}: {text}");
    }
}

#[test]
fn malformed_app_names_are_refused() {
    for name in ["", "two words", "ü", "line\nbreak", "a/b", &"a".repeat(51)] {
        assert!(refusal(builder(HERE).app_name(name)).contains("app_name"), "{name:?}");
    }
}

#[test]
fn fips_and_dual_stack_exclude_an_endpoint() {
    assert!(refusal(builder(HERE).use_fips(true)).contains("FIPS"));
    assert!(refusal(builder(HERE).use_dual_stack(true)).contains("dual-stack"));
    builder(HERE).use_fips(false).use_dual_stack(false).build().unwrap();
}

#[test]
fn plain_http_to_another_machine_is_refused_unless_it_is_allowed() {
    for host in [
        "example.com",
        "192.0.2.1",
        "127.0.0.1.example.com",
        "[::ffff:192.0.2.1]",
        "0x7f.1.example",
    ] {
        let url = format!("http://{host}/");
        let text = refusal(builder(&url));
        assert!(text.contains("https") && text.contains("allow_plain_http"), "{host}: {text}");
        builder(&url).allow_plain_http(true).build().unwrap();
        refusal(builder(&url).allow_plain_http(true).allow_plain_http(false));
    }
    for host in ["localhost:1", "127.0.0.1:1", "127.9.9.9", "[::1]:1"] {
        builder(&format!("http://{host}")).build().unwrap();
    }
}

#[test]
fn the_debug_form_of_a_client_shows_its_settings_and_no_secret() {
    let credentials = Credentials::new(
        "AKIDEXAMPLE",
        "hunter2-secret",
        Some("hunter2-token".into()),
        None,
        "test",
    );
    let builder = builder("http://localhost:1/base/")
        .credentials_provider(credentials)
        .region("eu-west-1")
        .app_name("directory-sync")
        .operation_timeout(Duration::from_secs(77));
    let text = format!("{builder:?}") + &format!("{:?}", builder.build().unwrap());
    for shown in
        ["http://localhost:1/base", "eu-west-1", "app/directory-sync", "77s", "max_attempts: 3"]
    {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    assert!(!text.contains("hunter2"), "{text}");
}

#[tokio::test]
async fn requests_contain_the_region_the_app_name_and_the_base_path() {
    let server = Server::playing([created()]).await;
    let client = builder(&format!("{}/a%20base/", server.url()))
        .region("eu-west-1")
        .app_name("directory-sync")
        .connect_timeout(Duration::from_mins(1))
        .attempt_timeout(Duration::from_secs(70))
        .operation_timeout(Duration::from_secs(80))
        .build()
        .unwrap();
    client.create_account("Acme").await.unwrap();
    let request = server.state().requests.remove(0);
    assert_eq!(request.target, "/a%20base/accounts");
    assert!(request.header("authorization").unwrap().contains("/eu-west-1/chime/aws4_request"));
    let user_agent = request.header("user-agent").unwrap();
    assert!(user_agent.starts_with("amazon-chime-rust/"), "{user_agent}");
    assert!(user_agent.ends_with(" app/directory-sync"), "{user_agent}");
    assert_eq!(server.url().strip_prefix("http://"), request.header("host"));
}

/// The only test that installs a crypto provider, because that is for the whole process.
#[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
#[test]
fn an_https_client_needs_an_installed_crypto_provider() {
    let build = || builder("https://chime.example.com").build();
    let error = build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("install_default"), "{error}");

    rustls::crypto::ring::default_provider().install_default().unwrap();
    build().unwrap();
}

/// Tests of a custom HTTP client, which needs a TLS provider.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod with_an_own_http_client {
    use std::net::SocketAddr;

    use amazon_chime::reqwest::{self, Proxy, header, redirect};

    use super::*;
    use crate::support::{Action, ClosedPort, answer_with};

    fn client(endpoint_url: &str, http: reqwest::ClientBuilder) -> Client {
        builder(endpoint_url).http_client_builder(http).build().unwrap()
    }

    #[tokio::test]
    async fn redirects_stay_off() {
        let target = Server::playing([created()]).await;
        let redirect = answer_with(307, &[("Location", target.url())], "");
        let server = Server::playing([redirect]).await;
        let http = reqwest::Client::builder().redirect(redirect::Policy::limited(10));
        let error = client(server.url(), http).create_account("Acme").await.unwrap_err();
        assert_eq!((error.status(), server.reads()), (Some(307), 1));
        assert_eq!(target.state().connections, 0);
    }

    #[tokio::test]
    async fn a_request_that_the_http_client_refuses_was_certainly_not_sent() {
        let server = Server::playing([]).await;
        let http = reqwest::Client::builder().https_only(true);
        let error = client(server.url(), http).create_account("Acme").await.unwrap_err();
        assert!(!error.may_have_applied(), "{error}");
        assert_eq!((error.attempts(), server.state().connections), (0, 0), "{error}");
    }

    #[tokio::test]
    async fn an_explicit_proxy_is_used_for_a_loopback_endpoint_too() {
        let (proxy, endpoint) = (Server::playing([created()]).await, ClosedPort::new());
        let http = reqwest::Client::builder().proxy(Proxy::http(proxy.url()).unwrap());
        client(&endpoint.url(), http).create_account("Acme").await.unwrap();
        assert_eq!(proxy.targets(), [endpoint.url() + "/accounts"]);
    }

    #[tokio::test]
    async fn default_headers_are_sent_together_with_the_headers_of_the_crate() {
        let server = Server::playing([created()]).await;
        let mut headers = header::HeaderMap::new();
        headers.insert("x-team", "directory".parse().unwrap());
        headers.insert("content-type", "text/plain".parse().unwrap());
        headers.insert("authorization", "Basic YTpi".parse().unwrap());
        let http = reqwest::Client::builder().default_headers(headers).user_agent("mine");
        client(server.url(), http).create_account("Acme").await.unwrap();
        let request = server.state().requests.remove(0);
        let all = |name: &str| {
            let headers = request.headers.iter().filter(|(known, _)| known == name);
            headers.map(|(_, value)| value.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(all("x-team"), ["directory"]);
        assert_eq!(all("content-type"), ["application/json"]);
        assert!(matches!(all("authorization")[..], [value] if value.starts_with("AWS4-")));
        assert!(
            matches!(all("user-agent")[..], [value] if value.starts_with("amazon-chime-rust/"))
        );
    }

    #[tokio::test]
    async fn after_a_timeout_of_the_http_client_the_call_may_have_run() {
        let server = Server::playing([Action::Stall(Vec::new()), created()]).await;
        let http = reqwest::Client::builder().timeout(Duration::from_millis(300));
        let error = client(server.url(), http).create_account("Acme").await.unwrap_err();
        assert_eq!((error.kind(), server.reads()), (ErrorKind::Timeout, 1));
        assert!(error.is_timeout() && error.may_have_applied(), "{error:?}");
    }

    #[tokio::test]
    async fn plain_http_reaches_another_host_where_it_is_allowed() {
        let server = Server::playing([created()]).await;
        let address: SocketAddr = server.url().strip_prefix("http://").unwrap().parse().unwrap();
        let url = format!("http://chime.example.com:{}", address.port());
        let http = reqwest::Client::builder().resolve("chime.example.com", address);
        let client =
            builder(&url).allow_plain_http(true).http_client_builder(http).build().unwrap();
        client.create_account("Acme").await.unwrap();
        assert_eq!(server.state().requests[0].header("host"), url.strip_prefix("http://"));
    }
}

// Environment variables, in a child process.

/// The variable that is set for the child. Without this variable, the ignored test does nothing.
const MARK: &str = "AMAZON_CHIME_TEST_CHILD";

/// Whether the child can create a plain reqwest client, which shows that the proxy variables have an effect.
const HAS_CONTROL: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

#[tokio::test]
#[ignore = "run by the tests of Client::from_env, with an environment of its own"]
async fn in_a_child_process() {
    if std::env::var_os(MARK).is_none() {
        return;
    }
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    if let Ok(url) = std::env::var("AWS_ENDPOINT_URL_CHIME") {
        _ = amazon_chime::reqwest::get(url + "/control").await;
    }
    println!(
        "outcome: {}",
        match create_from_env().await {
            Ok(name) => format!("created {name}"),
            Err(error) => format!("{:?}: {error}", error.kind()),
        }
    );
}

async fn create_from_env() -> Result<String, Error> {
    let account = Client::from_env()?.create_account("Made in a child").await?;
    // With an HTTP client builder of the program, the crate turns the environment's proxies off in a different way.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    {
        let http = reqwest::Client::builder();
        let client = ClientBuilder::from_env()?.http_client_builder(http).build()?;
        client.get_account(&account.account_id).await?;
    }
    Ok(account.name)
}

/// Returns the outcome of a child process with these variables, and no other AWS and proxy variables.
async fn outcome_with(variables: &[(&str, &str)]) -> String {
    let is_ours = |name: &str| {
        let name = name.to_ascii_uppercase();
        name.starts_with("AWS_") || name.ends_with("_PROXY") || name == "REQUEST_METHOD"
    };
    let inherited = std::env::vars().filter(|(name, _)| !is_ours(name));
    let mut environment: HashMap<String, String> = inherited.collect();
    let variables = [variables, &[(MARK, "yes")]].concat();
    environment.extend(variables.iter().map(|(name, value)| (name.to_string(), value.to_string())));
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", "configuration::in_a_child_process", "--ignored", "--nocapture"])
        .env_clear()
        .envs(environment);
    let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    let (_, outcome) = text.split_once("outcome: ").unwrap();
    outcome.lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn a_client_made_from_the_environment_works() {
    let chime = LocalChime::start().unwrap();
    let endpoint = ("AWS_ENDPOINT_URL_CHIME", chime.endpoint_url());
    for credentials in [chime.credentials(), chime.temporary_credentials()] {
        let variables = [
            endpoint,
            ("AWS_ACCESS_KEY_ID", credentials.access_key_id()),
            ("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key()),
            ("AWS_SESSION_TOKEN", credentials.session_token().unwrap_or_default()),
            ("AWS_REGION", chime.region()),
        ];
        assert_eq!(outcome_with(&variables).await, "created Made in a child");
    }
    let accounts = chime.client().list_accounts().await.unwrap().items;
    assert_eq!(accounts.len(), 2);
}

#[tokio::test]
async fn the_error_names_a_missing_variable() {
    let outcome = outcome_with(&[("AWS_ACCESS_KEY_ID", "AKID"), ("AWS_ENDPOINT_URL", HERE)]).await;
    assert!(outcome.starts_with("Configuration: "), "{outcome}");
    assert!(outcome.contains("AWS_SECRET_ACCESS_KEY is not set"), "{outcome}");
    for advice in ["AWS_ACCESS_KEY_ID", "Client::from_sdk_config", "profile", "aws sso login"] {
        assert!(outcome.contains(advice), "{advice} in {outcome}");
    }
}

#[tokio::test]
async fn the_proxies_of_the_environment_are_bypassed_for_a_loopback_endpoint() {
    let proxy = Server::start(|_| answer(403, "{}")).await;
    let chime = LocalChime::start().unwrap();
    let credentials = chime.credentials();
    for names in [&["HTTP_PROXY", "http_proxy"][..], &["ALL_PROXY", "all_proxy"]] {
        let mut variables = vec![
            ("AWS_ENDPOINT_URL_CHIME", chime.endpoint_url()),
            ("AWS_ACCESS_KEY_ID", credentials.access_key_id()),
            ("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key()),
        ];
        variables.extend(names.iter().map(|name| (*name, proxy.url())));
        assert_eq!(outcome_with(&variables).await, "created Made in a child");
    }
    // Only the plain client of the child uses the proxy, which shows that the variables have an effect.
    let control = format!("{}/control", chime.endpoint_url());
    let expected = vec![control; if HAS_CONTROL { 2 } else { 0 }];
    assert_eq!(proxy.targets(), expected);
}
