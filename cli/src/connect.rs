//! The client of a command, with credentials, region and endpoint from the sources of the AWS CLI.

use amazon_chime::Client;
use amazon_chime::aws_types::region::Region;
use anyhow::Context;
use aws_config::BehaviorVersion;
use clap::Args;

use crate::output::tell;

/// The options for the connection to the service.
#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// The profile of the AWS configuration files.
    #[arg(long)]
    profile: Option<String>,
    /// The region; by default the region of the AWS configuration, or us-east-1.
    #[arg(long)]
    region: Option<String>,
    /// The URL to send requests to, instead of the URL of AWS.
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
}

impl Connection {
    /// Creates the client, and prints its endpoint.
    pub(crate) async fn client(&self) -> anyhow::Result<Client> {
        let mut loader = aws_config::defaults(BehaviorVersion::latest());
        if let Some(profile) = &self.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &self.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(url) = &self.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        let client = Client::from_sdk_config(&loader.load().await)
            .context("failed to create a client from the AWS configuration")?;
        tell(format_args!("Using {}", client.endpoint_url()));
        Ok(client)
    }
}
