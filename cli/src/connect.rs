//! The client of a command, with credentials, region and endpoint as the AWS CLI finds them.

use amazon_chime::Client;
use amazon_chime::aws_types::region::Region;
use anyhow::Context;
use aws_config::BehaviorVersion;
use clap::Args;

use crate::output::tell;

/// Where the service is, and who asks.
#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// The profile of the AWS configuration files to use.
    #[arg(long)]
    profile: Option<String>,
    /// The region to use; us-east-1 if neither this nor the configuration names one.
    #[arg(long)]
    region: Option<String>,
    /// The URL to send requests to, instead of that of AWS.
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
}

impl Connection {
    /// Makes the client, and says which endpoint it uses.
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
            .context("the AWS configuration does not lead to Amazon Chime")?;
        tell(format_args!("Using {}", client.endpoint_url()));
        Ok(client)
    }
}
