//! `aws-sdk-chime` as a subject.

use anyhow::Result;
use aws_sdk_chime::Client;
use aws_sdk_chime::config::retry::RetryConfig;
use aws_sdk_chime::config::timeout::TimeoutConfig;
use aws_sdk_chime::config::{BehaviorVersion, Config, Region};
use aws_sdk_chime::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_chime::types::{EmailStatus, PhoneNumberProductType};

use crate::plan::settings::Settings;
use crate::plan::subject::{Endpoint, Failure, Listing, Subject};

pub(crate) struct Official(Client);

impl Subject for Official {
    fn connect(endpoint: &Endpoint, settings: &Settings) -> Result<Self> {
        let retries = RetryConfig::standard()
            .with_max_attempts(settings.max_attempts)
            .with_initial_backoff(settings.initial_backoff)
            .with_max_backoff(settings.max_backoff);
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(settings.connect_timeout)
            .operation_attempt_timeout(settings.attempt_timeout)
            .build();
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(&endpoint.url)
            .region(Region::new(endpoint.region.clone()))
            .credentials_provider(endpoint.credentials.clone())
            .retry_config(retries)
            .timeout_config(timeouts)
            .build();
        Ok(Self(Client::from_conf(config)))
    }

    async fn create_account(&self, name: &str) -> Result<String, Failure> {
        let output = self.0.create_account().name(name).send().await?;
        let account = output.account.ok_or_else(without_account)?;
        Ok(account.account_id)
    }

    async fn create_user(&self, account_id: &str, email: &str) -> Result<String, Failure> {
        let output = self.0.create_user().account_id(account_id).email(email).send().await?;
        let user = output.user.ok_or_else(|| failure("a success without a user".to_owned()))?;
        Ok(user.user_id)
    }

    async fn create_room(&self, account_id: &str, name: &str) -> Result<String, Failure> {
        let output = self.0.create_room().account_id(account_id).name(name).send().await?;
        let id = output.room.and_then(|room| room.room_id);
        id.ok_or_else(|| failure("a success without a room".to_owned()))
    }

    async fn create_bot(&self, account_id: &str, name: &str) -> Result<String, Failure> {
        let output = self.0.create_bot().account_id(account_id).display_name(name).send().await?;
        let id = output.bot.and_then(|bot| bot.bot_id);
        id.ok_or_else(|| failure("a success without a bot".to_owned()))
    }

    async fn invite_user(&self, account_id: &str, email: &str) -> Result<String, Failure> {
        let request = self.0.invite_users().account_id(account_id).user_email_list(email);
        let invites = request.send().await?.invites.unwrap_or_default();
        let sent = invites.into_iter().filter(|it| it.email_status == Some(EmailStatus::Sent));
        Ok(sent.filter_map(|it| it.email_address).collect())
    }

    async fn order_phone_number(&self, number: &str) -> Result<String, Failure> {
        let request = self.0.create_phone_number_order().e164_phone_numbers(number);
        let output = request.product_type(PhoneNumberProductType::BusinessCalling).send().await?;
        let id = output.phone_number_order.and_then(|order| order.phone_number_order_id);
        id.ok_or_else(|| failure("a success without an order".to_owned()))
    }

    async fn get_account(&self, id: &str) -> Result<String, Failure> {
        let output = self.0.get_account().account_id(id).send().await?;
        let account = output.account.ok_or_else(without_account)?;
        Ok(account.account_id)
    }

    async fn update_account(&self, id: &str, name: &str) -> Result<String, Failure> {
        let output = self.0.update_account().account_id(id).name(name).send().await?;
        let account = output.account.ok_or_else(without_account)?;
        Ok(account.name)
    }

    async fn suspend_users(&self, account_id: &str, user_ids: &[String]) -> Result<usize, Failure> {
        let request = self.0.batch_suspend_user().account_id(account_id);
        let output = request.set_user_id_list(Some(user_ids.to_vec())).send().await?;
        Ok(output.user_errors().len())
    }

    async fn list_accounts(
        &self,
        page_size: usize,
        from: Option<String>,
        mut before_next: impl FnMut(),
    ) -> Listing {
        let page_size = i32::try_from(page_size).unwrap_or(i32::MAX);
        let request = self.0.list_accounts().set_next_token(from.clone());
        let mut pages = request.into_paginator().page_size(page_size).send();
        let (mut items, mut token) = (Vec::new(), from);
        before_next();
        while let Some(page) = pages.next().await {
            match page {
                Ok(page) => {
                    items.extend(page.accounts().iter().map(|account| account.account_id.clone()));
                    token = page.next_token;
                    before_next();
                }
                Err(error) => return Listing { items, broken: Some((error.into(), token)) },
            }
        }
        Listing { items, broken: None }
    }
}

fn without_account() -> Failure {
    failure("a success without an account".to_owned())
}

/// The official client reports neither whether the call may have run nor the number of attempts.
fn failure(what: String) -> Failure {
    Failure { may_have_applied: false, attempts: None, what }
}

impl<E: ProvideErrorMetadata, R> From<SdkError<E, R>> for Failure {
    fn from(error: SdkError<E, R>) -> Self {
        let what = match &error {
            SdkError::ConstructionFailure(_) => "construction failure",
            SdkError::TimeoutError(_) => "timeout",
            SdkError::DispatchFailure(_) => "dispatch failure",
            SdkError::ResponseError(_) => "response error",
            SdkError::ServiceError(_) => "service error",
            _ => "other",
        };
        let code = error.code().map(|code| format!(" {code}")).unwrap_or_default();
        failure(format!("{what}{code}"))
    }
}
