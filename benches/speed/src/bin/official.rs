//! `aws-sdk-chime` as a client under test.

use std::hint::black_box;
use std::time::Duration;

use anyhow::{Context, Result};
use aws_sdk_chime::Client;
use aws_sdk_chime::config::{BehaviorVersion, Config, Credentials, Region};

use speed::subject::{ACCOUNT_ID, PAGE, Subject};

fn main() -> Result<()> {
    speed::run::main::<Official>()
}

#[derive(Clone)]
struct Official(Client);

impl Subject for Official {
    fn connect(url: &str) -> Result<Self> {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(url)
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "speed"))
            .build();
        Ok(Self(Client::from_conf(config)))
    }

    async fn get_account(&self) -> Result<usize> {
        let output = self.0.get_account().account_id(ACCOUNT_ID).send().await?;
        black_box(output.account.context("no account")?);
        Ok(1)
    }

    async fn list_page(&self) -> Result<usize> {
        let output = self.0.list_accounts().max_results(PAGE.into()).send().await?;
        Ok(black_box(output.accounts.unwrap_or_default()).len())
    }

    async fn stream(&self) -> Result<usize> {
        let mut pages = self.0.list_accounts().max_results(PAGE.into()).into_paginator().send();
        let mut count = 0;
        while let Some(page) = pages.try_next().await? {
            for account in page.accounts.unwrap_or_default() {
                black_box(account);
                count += 1;
            }
        }
        Ok(count)
    }

    async fn pages(&self, pause: Duration) -> Result<usize> {
        let mut pages = self.0.list_accounts().max_results(PAGE.into()).into_paginator().send();
        let mut count = 0;
        while let Some(page) = pages.try_next().await? {
            count += black_box(page.accounts.unwrap_or_default()).len();
            tokio::time::sleep(pause).await;
        }
        Ok(count)
    }
}
