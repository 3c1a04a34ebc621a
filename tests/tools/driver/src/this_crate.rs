//! Calls with `amazon-chime`.

mod settings;

use amazon_chime::operations::{
    CreateUser, List, ListAccounts, ListUsers, UpdateAccount, UpdateUser,
};
use amazon_chime::{
    AlexaForBusinessMetadata, Client, ClientBuilder, Error, ErrorKind, Request, RetryConfig,
};
use anyhow::Result;
use serde::Serialize;
use serde_json::{Value, json};

use crate::call::{Alexa, Call, Failure, Tool};

pub(crate) struct ThisCrate(Client);

impl ThisCrate {
    /// Creates a client from environment variables.
    pub(crate) fn connect() -> Result<Self> {
        Ok(Self(ClientBuilder::from_env()?.retry(RetryConfig::disabled()).build()?))
    }
}

impl Tool for ThisCrate {
    async fn call(&self, call: Call) -> Result<Value, Failure> {
        let Call { operation, page_size, parameters: p } = call;
        let Self(client) = self;
        let account_id = || required("AccountId", p.account_id.as_deref());
        let user_id = || required("UserId", p.user_id.as_deref());
        let user_ids =
            || required("UserIdList", p.user_id_list.as_deref()).map(<[String]>::to_owned);
        let answer = match operation.as_str() {
            "CreateAccount" => {
                let name = required("Name", p.name.as_deref())?;
                json!({ "Account": client.create_account(name).await? })
            }
            "GetAccount" => json!({ "Account": client.get_account(account_id()?).await? }),
            "UpdateAccount" => {
                let request = client.update_account(account_id()?);
                let request = with(request, p.name, Request::<UpdateAccount>::name);
                let request =
                    with(request, p.default_license, Request::<UpdateAccount>::default_license);
                json!({ "Account": request.await? })
            }
            "DeleteAccount" => {
                client.delete_account(account_id()?).await?;
                json!({})
            }
            "ListAccounts" => {
                let request =
                    with(client.list_accounts(), p.name, Request::<ListAccounts>::name_prefix);
                let request = with(request, p.user_email, Request::<ListAccounts>::user_email);
                let max_results = page_size.or(p.max_results);
                list("Accounts", request, page_size.is_some(), max_results, p.next_token).await?
            }
            "CreateUser" => {
                let request = client.create_user(account_id()?);
                let request = with(request, p.username, Request::<CreateUser>::username);
                let request = with(request, p.email, Request::<CreateUser>::email);
                let request = with(request, p.user_type, Request::<CreateUser>::user_type);
                json!({ "User": request.await? })
            }
            "GetUser" => json!({ "User": client.get_user(account_id()?, user_id()?).await? }),
            "UpdateUser" => {
                let request = client.update_user(account_id()?, user_id()?);
                let request = with(request, p.license_type, Request::<UpdateUser>::license_type);
                let request = with(request, p.user_type, Request::<UpdateUser>::user_type);
                let metadata = p.alexa_for_business_metadata.map(alexa);
                let request =
                    with(request, metadata, Request::<UpdateUser>::alexa_for_business_metadata);
                json!({ "User": request.await? })
            }
            "ListUsers" => {
                let request = client.list_users(account_id()?);
                let request = with(request, p.user_email, Request::<ListUsers>::user_email);
                let request = with(request, p.user_type, Request::<ListUsers>::user_type);
                let max_results = page_size.or(p.max_results);
                list("Users", request, page_size.is_some(), max_results, p.next_token).await?
            }
            "BatchSuspendUser" => {
                let request = client.batch_suspend_user(account_id()?, user_ids()?);
                json!({ "UserErrors": request.await? })
            }
            "BatchUnsuspendUser" => {
                let request = client.batch_unsuspend_user(account_id()?, user_ids()?);
                json!({ "UserErrors": request.await? })
            }
            "LogoutUser" => {
                client.logout_user(account_id()?, user_id()?).await?;
                json!({})
            }
            other => settings::call(client, other, p).await?,
        };
        Ok(answer)
    }
}

/// Returns all pages, or one page.
async fn list<L>(
    member: &str,
    request: Request<L>,
    all: bool,
    max_results: Option<i32>,
    next_token: Option<String>,
) -> Result<Value, Failure>
where
    L: List,
    L::Item: Serialize,
{
    let max_results = max_results.map(u32::try_from).transpose();
    let max_results = max_results.map_err(|error| Failure::Unsent(error.to_string()))?;
    let request = with(request, max_results, Request::max_results);
    let request = with(request, next_token, Request::next_token);
    if all {
        let (mut stream, mut pages) = (request.pages(), Vec::new());
        while let Some(page) = stream.try_next().await? {
            pages.push(json!(page.items));
        }
        Ok(json!(pages))
    } else {
        let page = request.await?;
        Ok(json!({ member: page.items, "NextToken": page.next_token }))
    }
}

/// Sets an optional parameter, if there is a value.
fn with<O, T>(
    request: Request<O>,
    value: Option<T>,
    set: impl FnOnce(Request<O>, T) -> Request<O>,
) -> Request<O> {
    match value {
        Some(value) => set(request, value),
        None => request,
    }
}

/// Returns a required parameter, without which the Rust API has no such call.
fn required<'a, T: ?Sized>(name: &str, value: Option<&'a T>) -> Result<&'a T, Failure> {
    value.ok_or_else(|| Failure::Unsent(format!("{name} is required")))
}

fn alexa(metadata: Alexa) -> AlexaForBusinessMetadata {
    let mut alexa = AlexaForBusinessMetadata::new();
    alexa.is_alexa_for_business_enabled = metadata.is_alexa_for_business_enabled;
    alexa.alexa_for_business_room_arn = metadata.alexa_for_business_room_arn.map(Into::into);
    alexa
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error.kind() {
            ErrorKind::Service => Self::Refused {
                code: error.code().map(str::to_owned),
                status: error.status(),
                message: error.message().map(str::to_owned),
                request_id: error.request_id().map(str::to_owned),
            },
            ErrorKind::InvalidParameter => Self::Unsent(error.to_string()),
            _ => Self::Broken(error.to_string()),
        }
    }
}
