//! Calls with `aws-sdk-chime`.

mod settings;

use std::env;
use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use aws_sdk_chime::Client;
use aws_sdk_chime::config::http::HttpResponse;
use aws_sdk_chime::config::retry::RetryConfig;
use aws_sdk_chime::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_chime::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_chime::operation::RequestId;
use aws_sdk_chime::primitives::{DateTime, DateTimeFormat};
use aws_sdk_chime::types::{
    Account, AccountStatus, AccountType, AlexaForBusinessMetadata, ErrorCode, InviteStatus,
    License, RegistrationStatus, User, UserError, UserType,
};
use aws_smithy_async::time::TimeSource;
use serde_json::{Value, json};

use crate::call::{Alexa, Call, Failure, Tool};

pub(crate) struct Official(Client);

impl Official {
    /// Creates a client from environment variables. Its clock is this many minutes ahead.
    pub(crate) fn connect(minutes_ahead: i64) -> Result<Self> {
        let credentials = Credentials::new(
            env::var("AWS_ACCESS_KEY_ID")?,
            env::var("AWS_SECRET_ACCESS_KEY")?,
            env::var("AWS_SESSION_TOKEN").ok(),
            None,
            "environment",
        );
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(env::var("AWS_ENDPOINT_URL_CHIME")?)
            .region(Region::new(env::var("AWS_REGION")?))
            .credentials_provider(credentials)
            .retry_config(RetryConfig::disabled())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .time_source(Clock { minutes_ahead })
            .build();
        Ok(Self(Client::from_conf(config)))
    }
}

#[derive(Debug)]
struct Clock {
    minutes_ahead: i64,
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        let shift = Duration::from_secs(60 * self.minutes_ahead.unsigned_abs());
        let now = SystemTime::now();
        if self.minutes_ahead < 0 { now - shift } else { now + shift }
    }
}

impl Tool for Official {
    async fn call(&self, call: Call) -> Result<Value, Failure> {
        let Call { operation, page_size, parameters: p } = call;
        let Self(client) = self;
        let user_type = p.user_type.as_deref().map(UserType::from);
        let answer = match operation.as_str() {
            "CreateAccount" => {
                let output = client.create_account().set_name(p.name).send().await?;
                json!({ "Account": output.account.as_ref().map(account) })
            }
            "GetAccount" => {
                let output = client.get_account().set_account_id(p.account_id).send().await?;
                json!({ "Account": output.account.as_ref().map(account) })
            }
            "UpdateAccount" => {
                let license = p.default_license.as_deref().map(License::from);
                let request = client.update_account().set_account_id(p.account_id);
                let output = request.set_name(p.name).set_default_license(license).send().await?;
                json!({ "Account": output.account.as_ref().map(account) })
            }
            "DeleteAccount" => {
                client.delete_account().set_account_id(p.account_id).send().await?;
                json!({})
            }
            "ListAccounts" => {
                let request = client.list_accounts().set_name(p.name).set_user_email(p.user_email);
                if let Some(page_size) = page_size {
                    let mut stream = request.into_paginator().page_size(page_size).send();
                    let mut pages = Vec::new();
                    while let Some(page) = stream.try_next().await? {
                        pages.push(shapes(page.accounts(), account));
                    }
                    json!(pages)
                } else {
                    let request =
                        request.set_max_results(p.max_results).set_next_token(p.next_token);
                    let output = request.send().await?;
                    json!({ "Accounts": shapes(output.accounts(), account), "NextToken": output.next_token })
                }
            }
            "CreateUser" => {
                let request = client.create_user().set_account_id(p.account_id);
                let request =
                    request.set_username(p.username).set_email(p.email).set_user_type(user_type);
                let output = request.send().await?;
                json!({ "User": output.user.as_ref().map(user) })
            }
            "GetUser" => {
                let request = client.get_user().set_account_id(p.account_id);
                let output = request.set_user_id(p.user_id).send().await?;
                json!({ "User": output.user.as_ref().map(user) })
            }
            "UpdateUser" => {
                let request = client.update_user().set_account_id(p.account_id);
                let output = request
                    .set_user_id(p.user_id)
                    .set_license_type(p.license_type.as_deref().map(License::from))
                    .set_user_type(user_type)
                    .set_alexa_for_business_metadata(p.alexa_for_business_metadata.map(alexa))
                    .send()
                    .await?;
                json!({ "User": output.user.as_ref().map(user) })
            }
            "ListUsers" => {
                let request = client.list_users().set_account_id(p.account_id);
                let request = request.set_user_email(p.user_email).set_user_type(user_type);
                if let Some(page_size) = page_size {
                    let mut stream = request.into_paginator().page_size(page_size).send();
                    let mut pages = Vec::new();
                    while let Some(page) = stream.try_next().await? {
                        pages.push(shapes(page.users(), user));
                    }
                    json!(pages)
                } else {
                    let request =
                        request.set_max_results(p.max_results).set_next_token(p.next_token);
                    let output = request.send().await?;
                    json!({ "Users": shapes(output.users(), user), "NextToken": output.next_token })
                }
            }
            "BatchSuspendUser" => {
                let request = client.batch_suspend_user().set_account_id(p.account_id);
                let output = request.set_user_id_list(p.user_id_list).send().await?;
                json!({ "UserErrors": shapes(output.user_errors(), user_error) })
            }
            "BatchUnsuspendUser" => {
                let request = client.batch_unsuspend_user().set_account_id(p.account_id);
                let output = request.set_user_id_list(p.user_id_list).send().await?;
                json!({ "UserErrors": shapes(output.user_errors(), user_error) })
            }
            "LogoutUser" => {
                let request = client.logout_user().set_account_id(p.account_id);
                request.set_user_id(p.user_id).send().await?;
                json!({})
            }
            other => settings::call(client, other, p).await?,
        };
        Ok(answer)
    }
}

fn alexa(metadata: Alexa) -> AlexaForBusinessMetadata {
    AlexaForBusinessMetadata::builder()
        .set_is_alexa_for_business_enabled(metadata.is_alexa_for_business_enabled)
        .set_alexa_for_business_room_arn(metadata.alexa_for_business_room_arn)
        .build()
}

fn shapes<T>(items: &[T], shape: fn(&T) -> Value) -> Vec<Value> {
    items.iter().map(shape).collect()
}

fn account(account: &Account) -> Value {
    let licenses = account.supported_licenses().iter().map(License::as_str).collect::<Vec<_>>();
    let groups = account.signin_delegate_groups().iter();
    let groups = groups.map(|group| json!({ "GroupName": group.group_name })).collect::<Vec<_>>();
    json!({
        "AwsAccountId": account.aws_account_id,
        "AccountId": account.account_id,
        "Name": account.name,
        "AccountType": account.account_type.as_ref().map(AccountType::as_str),
        "CreatedTimestamp": time(account.created_timestamp.as_ref()),
        "DefaultLicense": account.default_license.as_ref().map(License::as_str),
        "SupportedLicenses": licenses,
        "AccountStatus": account.account_status.as_ref().map(AccountStatus::as_str),
        "SigninDelegateGroups": groups,
    })
}

fn user(user: &User) -> Value {
    json!({
        "UserId": user.user_id,
        "AccountId": user.account_id,
        "PrimaryEmail": user.primary_email,
        "PrimaryProvisionedNumber": user.primary_provisioned_number,
        "DisplayName": user.display_name,
        "LicenseType": user.license_type.as_ref().map(License::as_str),
        "UserType": user.user_type.as_ref().map(UserType::as_str),
        "UserRegistrationStatus": user.user_registration_status.as_ref().map(RegistrationStatus::as_str),
        "UserInvitationStatus": user.user_invitation_status.as_ref().map(InviteStatus::as_str),
        "RegisteredOn": time(user.registered_on.as_ref()),
        "InvitedOn": time(user.invited_on.as_ref()),
        "AlexaForBusinessMetadata": user.alexa_for_business_metadata.as_ref().map(|metadata| json!({
            "IsAlexaForBusinessEnabled": metadata.is_alexa_for_business_enabled,
            "AlexaForBusinessRoomArn": metadata.alexa_for_business_room_arn,
        })),
        "PersonalPIN": user.personal_pin,
    })
}

fn user_error(error: &UserError) -> Value {
    json!({
        "UserId": error.user_id,
        "ErrorCode": error.error_code.as_ref().map(ErrorCode::as_str),
        "ErrorMessage": error.error_message,
    })
}

fn time(time: Option<&DateTime>) -> Option<String> {
    time.and_then(|time| time.fmt(DateTimeFormat::DateTime).ok())
}

impl<E: ProvideErrorMetadata + Debug> From<SdkError<E, HttpResponse>> for Failure {
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        match &error {
            SdkError::ServiceError(refusal) => Self::Refused {
                code: error.code().map(str::to_owned),
                status: Some(refusal.raw().status().as_u16()),
                message: error.message().map(str::to_owned),
                request_id: error.meta().request_id().map(str::to_owned),
            },
            SdkError::ConstructionFailure(_) => Self::Unsent(format!("{error:?}")),
            _ => Self::Broken(format!("{error:?}")),
        }
    }
}
