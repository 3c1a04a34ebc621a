//! Clients that share everything but their credentials.

use std::time::Duration;

use amazon_chime::aws_credential_types::provider::{ProvideCredentials, future};
use amazon_chime::{Client, Credentials};

use crate::retries::created;
use crate::support::{Seen, Server, answer};

fn credentials(key_id: &str) -> Credentials {
    Credentials::new(key_id, "hunter2", None, None, "test")
}

fn key_id(request: &Seen) -> &str {
    let (_, scope) = request.header("authorization").unwrap().split_once("Credential=").unwrap();
    scope.split('/').next().unwrap()
}

#[tokio::test]
async fn each_tenant_signs_with_its_own_credentials_over_one_connection() {
    let server = Server::start(|_| created()).await;
    let client = server.builder().app_name("many-tenants").region("eu-west-1").build().unwrap();
    let tenants = ["AKID1", "AKID2"].map(|id| client.with_credentials_provider(credentials(id)));
    for client in [&tenants[0], &client, &tenants[1], &tenants[0]] {
        client.create_account("Acme").await.unwrap();
    }
    let state = server.state();
    let keys: Vec<_> = state.requests.iter().map(key_id).collect();
    assert_eq!(keys, ["AKID1", "AKIDEXAMPLE", "AKID2", "AKID1"]);
    assert_eq!(state.connections, 1);
    for request in &state.requests {
        assert!(request.header("user-agent").unwrap().ends_with(" app/many-tenants"));
        assert!(request.header("authorization").unwrap().contains("/eu-west-1/chime/"));
    }
}

#[tokio::test]
async fn the_client_of_a_tenant_keeps_the_settings_of_the_first_client() {
    let client = Server::playing([]).await.client();
    let tenant = client.with_credentials_provider(credentials("AKID1"));
    assert_eq!(format!("{tenant:?}"), format!("{client:?}"));
    assert_eq!(tenant.endpoint_url(), client.endpoint_url());
}

#[tokio::test]
async fn tenants_share_one_retry_budget() {
    async fn attempts(client: &Client) -> u32 {
        client.get_account("acc").await.unwrap_err().attempts()
    }
    let server = Server::start(|_| answer(500, "")).await;
    let client = server.client();
    let tenant = client.with_credentials_provider(credentials("AKID1"));
    assert_eq!(attempts(&tenant).await, 3);
    while attempts(&client).await > 1 {}
    assert_eq!(attempts(&tenant).await, 1, "the service fails for this tenant, too");
}

/// A provider whose credentials are not available at once.
#[derive(Debug)]
struct Slow(Credentials);

impl ProvideCredentials for Slow {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            // Longer than a timeout of zero, which a timer rounds up.
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok(self.0.clone())
        })
    }
}

#[tokio::test]
async fn a_tenant_waits_for_its_credentials() {
    let server = Server::playing([created()]).await;
    let tenant = server.client().with_credentials_provider(Slow(credentials("AKID1")));
    tenant.create_account("Acme").await.unwrap();
}
