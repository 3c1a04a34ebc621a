//! This crate as a client under test.

use std::hint::black_box;

use amazon_chime::{Client, Credentials};
use anyhow::Result;

use crate::subject::{ACCOUNT_ID, PAGE, Subject};

#[derive(Clone)]
pub(crate) struct Chime(Client);

impl Subject for Chime {
    fn connect(url: &str) -> Result<Self> {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "speed");
        Ok(Self(Client::builder().credentials_provider(credentials).endpoint_url(url).build()?))
    }

    async fn get_account(&self) -> Result<usize> {
        black_box(self.0.get_account(ACCOUNT_ID).await?);
        Ok(1)
    }

    async fn list_page(&self) -> Result<usize> {
        let page = self.0.list_accounts().max_results(PAGE.into()).await?;
        Ok(black_box(page.items).len())
    }

    async fn stream(&self) -> Result<usize> {
        let mut accounts = self.0.list_accounts().max_results(PAGE.into()).items();
        let mut count = 0;
        while let Some(account) = accounts.try_next().await? {
            black_box(account);
            count += 1;
        }
        Ok(count)
    }
}
