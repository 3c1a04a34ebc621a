//! `amazon-chime` as a client under test.

use amazon_chime::{Client, EmailStatus, Error, PhoneNumberProductType, RetryConfig, Sensitive};
use anyhow::Result;

use super::settings::Settings;
use super::subject::{Endpoint, Failure, Listing, Subject};

/// The client of this crate. With `ENSURES`, it makes ensured creates of accounts and users.
pub(crate) struct ThisCrate<const ENSURES: bool = false>(Client);

pub(crate) type Ensuring = ThisCrate<true>;

impl<const ENSURES: bool> Subject for ThisCrate<ENSURES> {
    fn connect(endpoint: &Endpoint, settings: &Settings) -> Result<Self> {
        let retry = RetryConfig::standard()
            .max_attempts(settings.max_attempts)
            .initial_backoff(settings.initial_backoff)
            .max_backoff(settings.max_backoff);
        let client = Client::builder()
            .endpoint_url(&endpoint.url)
            .region(&endpoint.region)
            .credentials_provider(endpoint.credentials.clone())
            .connect_timeout(settings.connect_timeout)
            .attempt_timeout(settings.attempt_timeout)
            .retry(retry)
            .build()?;
        Ok(Self(client))
    }

    async fn create_account(&self, name: &str) -> Result<String, Failure> {
        let request = self.0.create_account(name);
        let account = if ENSURES { request.ensure().await?.into_inner() } else { request.await? };
        Ok(account.account_id.to_string())
    }

    async fn create_user(&self, account_id: &str, email: &str) -> Result<String, Failure> {
        let request = self.0.create_user(account_id).email(email);
        let user = if ENSURES { request.ensure().await?.into_inner() } else { request.await? };
        Ok(user.user_id.to_string())
    }

    async fn create_room(&self, account_id: &str, name: &str) -> Result<String, Failure> {
        let room = self.0.create_room(account_id, name).await?;
        Ok(room.room_id.to_string())
    }

    async fn create_bot(&self, account_id: &str, name: &str) -> Result<String, Failure> {
        let bot = self.0.create_bot(account_id, name).await?;
        Ok(bot.bot_id.to_string())
    }

    async fn invite_user(&self, account_id: &str, email: &str) -> Result<String, Failure> {
        let invites = self.0.invite_users(account_id, [email]).await?;
        let sent = invites.into_iter().filter(|it| it.email_status == Some(EmailStatus::Sent));
        Ok(sent.filter_map(|it| it.email_address.map(Sensitive::into_inner)).collect())
    }

    async fn order_phone_number(&self, number: &str) -> Result<String, Failure> {
        let product_type = PhoneNumberProductType::BusinessCalling;
        let order = self.0.create_phone_number_order(product_type, [number]).await?;
        Ok(order.phone_number_order_id.to_string())
    }

    async fn get_account(&self, id: &str) -> Result<String, Failure> {
        let account = self.0.get_account(id).await?;
        Ok(account.account_id.to_string())
    }

    async fn update_account(&self, id: &str, name: &str) -> Result<String, Failure> {
        let account = self.0.update_account(id).name(name).await?;
        Ok(account.name)
    }

    async fn suspend_users(&self, account_id: &str, user_ids: &[String]) -> Result<usize, Failure> {
        let errors = self.0.batch_suspend_user(account_id, user_ids).await?;
        Ok(errors.len())
    }

    async fn list_accounts(
        &self,
        page_size: usize,
        from: Option<String>,
        mut before_next: impl FnMut(),
    ) -> Listing {
        let page_size = u32::try_from(page_size).unwrap_or(u32::MAX);
        let request = self.0.list_accounts().max_results(page_size);
        let mut accounts = request.next_token(from.unwrap_or_default()).items();
        let mut items = Vec::new();
        loop {
            before_next();
            match accounts.try_next().await {
                Ok(Some(account)) => items.push(account.account_id.to_string()),
                Ok(None) => return Listing { items, broken: None },
                Err(error) => {
                    let token = accounts.next_token().map(str::to_owned);
                    return Listing { items, broken: Some((error.into(), token)) };
                }
            }
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = error.status().map(|status| format!(" {status}")).unwrap_or_default();
        Self {
            may_have_applied: error.may_have_applied(),
            attempts: Some(error.attempts()),
            what: format!("{:?}{status}, attempt {}", error.kind(), error.attempts()),
        }
    }
}
