//! The floor: a minimal client of reqwest, aws-sigv4 and `serde_json`. It signs the same requests and decodes the same
//! members as the other clients, and does nothing else.

use std::hint::black_box;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use speed::subject::{ACCOUNT_ID, PAGE, Subject};

fn main() -> Result<()> {
    speed::run::main::<Floor>()
}

#[derive(Clone)]
struct Floor {
    http: reqwest::Client,
    url: String,
    credentials: Credentials,
}

impl Floor {
    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        let url = format!("{}{path}", self.url);
        let identity = self.credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name("chime")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?;
        let request =
            SignableRequest::new("GET", &url, std::iter::empty(), SignableBody::Bytes(b""))?;
        let (instructions, _) = sign(request, &params.into())?.into_parts();
        let mut request = self.http.get(&url);
        for (name, value) in instructions.headers() {
            request = request.header(name, value);
        }
        let body = request.send().await?.error_for_status()?.bytes().await?;
        Ok(serde_json::from_slice(&body)?)
    }

    async fn page(&self, token: Option<&str>) -> Result<ListAccounts> {
        let token = token.map(|token| format!("&next-token={token}")).unwrap_or_default();
        self.get(&format!("/accounts?max-results={PAGE}{token}")).await
    }
}

impl Subject for Floor {
    fn connect(url: &str) -> Result<Self> {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "speed");
        Ok(Self { http: reqwest::Client::builder().build()?, url: url.to_owned(), credentials })
    }

    async fn get_account(&self) -> Result<usize> {
        let output: GetAccount = self.get(&format!("/accounts/{ACCOUNT_ID}")).await?;
        black_box(output.account);
        Ok(1)
    }

    async fn list_page(&self) -> Result<usize> {
        Ok(black_box(self.page(None).await?.accounts).len())
    }

    async fn stream(&self) -> Result<usize> {
        let (mut count, mut token) = (0, None);
        loop {
            let page = self.page(token.as_deref()).await?;
            for account in page.accounts {
                black_box(account);
                count += 1;
            }
            token = page.next_token;
            if token.is_none() {
                return Ok(count);
            }
        }
    }

    async fn pages(&self, pause: Duration) -> Result<usize> {
        let (mut count, mut token) = (0, None);
        loop {
            let page = self.page(token.as_deref()).await?;
            count += black_box(page.accounts).len();
            tokio::time::sleep(pause).await;
            token = page.next_token;
            if token.is_none() {
                return Ok(count);
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetAccount {
    account: Account,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListAccounts {
    accounts: Vec<Account>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(dead_code, reason = "what is read from the wire is what the other clients read")]
#[allow(clippy::struct_field_names, reason = "they are the names of the API")]
struct Account {
    aws_account_id: String,
    account_id: String,
    name: String,
    account_type: Option<AccountType>,
    created_timestamp: Option<DateTime<Utc>>,
    default_license: Option<License>,
    #[serde(default)]
    supported_licenses: Vec<License>,
    account_status: Option<AccountStatus>,
    #[serde(default)]
    signin_delegate_groups: Vec<SigninDelegateGroup>,
}

#[derive(Deserialize)]
enum AccountType {
    Team,
    EnterpriseDirectory,
    EnterpriseLWA,
    EnterpriseOIDC,
}

#[derive(Deserialize)]
enum License {
    Basic,
    Plus,
    Pro,
    ProTrial,
}

#[derive(Deserialize)]
enum AccountStatus {
    Suspended,
    Active,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(dead_code, reason = "as above")]
struct SigninDelegateGroup {
    group_name: Option<String>,
}
