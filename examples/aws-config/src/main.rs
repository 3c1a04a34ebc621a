//! Lists the Chime accounts that AWS's default credentials chain gives access to.
//!
//! The chain tries keys in the environment, profiles, processes, roles, containers and instances.
//!
//! ```sh
//! AWS_PROFILE=directory cargo run --manifest-path examples/aws-config/Cargo.toml
//! ```

use amazon_chime::Client;
use aws_config::BehaviorVersion;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let client = Client::from_sdk_config(&config)?;
    println!("Using {}.", client.endpoint_url());

    let mut accounts = client.list_accounts().items();
    while let Some(account) = accounts.try_next().await? {
        println!("{}  {}", account.account_id, account.name);
    }
    Ok(())
}
