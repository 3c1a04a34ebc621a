//! This crate as a client under test.

use std::hint::black_box;
use std::time::Duration;

use amazon_chime::operations::ListAccounts;
use amazon_chime::{Client, Credentials, Pages};
use anyhow::Result;

use speed::subject::{ACCOUNT_ID, PAGE, Subject};

fn main() -> Result<()> {
    speed::run::main::<Chime>()
}

#[derive(Clone)]
struct Chime(Client);

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

    async fn pages(&self, pause: Duration) -> Result<usize> {
        read(self.0.list_accounts().max_results(PAGE.into()).pages(), pause).await
    }

    async fn pages_ahead(&self, pause: Duration) -> Result<usize> {
        let pages = self.0.list_accounts().max_results(PAGE.into()).pages();
        read(pages.read_ahead(), pause).await
    }
}

async fn read(mut pages: Pages<ListAccounts>, pause: Duration) -> Result<usize> {
    let mut count = 0;
    while let Some(page) = pages.try_next().await? {
        count += black_box(page.items).len();
        tokio::time::sleep(pause).await;
    }
    Ok(count)
}
