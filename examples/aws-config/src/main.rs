//! Lists the Chime accounts that AWS's default chain gives access to: by keys in the environment,
//! profiles, processes, roles, containers or instances, whatever is found first.
//!
//! ```sh
//! AWS_PROFILE=directory cargo run --manifest-path examples/aws-config/Cargo.toml
//! ```

use amazon_chime::{Client, ErrorKind};
use anyhow::Context;
use aws_config::BehaviorVersion;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let client = Client::from_sdk_config(&config)?;

    let mut accounts = client.list_accounts().items();
    // The chain looks for credentials when they are needed, so this is where they are missed.
    while let Some(account) = accounts.try_next().await.or_else(explain)? {
        println!("{}  {}", account.account_id, account.name);
    }
    Ok(())
}

fn explain<T>(error: amazon_chime::Error) -> anyhow::Result<T> {
    let advice = match error.kind() {
        ErrorKind::Credentials => {
            "there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a \
             profile in AWS_PROFILE, or run this in a container or on an instance that has a role"
        }
        _ => "the accounts could not be listed",
    };
    Err(error).context(advice)
}
