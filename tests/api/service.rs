//! A service that sends the same kind of response to all requests, and records them.

use amazon_chime::Client;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support;

/// A service whose responses depend only on the request.
pub(crate) struct Service {
    pub(crate) server: MockServer,
    pub(crate) client: Client,
}

impl Service {
    pub(crate) async fn answering(answer: ResponseTemplate) -> Self {
        Self::responding(move |_| answer.clone()).await
    }

    pub(crate) async fn responding(
        answer: impl Fn(&wiremock::Request) -> ResponseTemplate + Send + Sync + 'static,
    ) -> Self {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let client = support::client(&server.uri());
        Self { server, client }
    }

    pub(crate) async fn with_json(status: u16, body: Value) -> Self {
        Self::answering(ResponseTemplate::new(status).set_body_json(body)).await
    }

    pub(crate) async fn requests(&self) -> Vec<wiremock::Request> {
        self.server.received_requests().await.unwrap()
    }

    pub(crate) async fn sent(&self) -> Vec<Sent> {
        self.requests().await.iter().map(Sent::from).collect()
    }
}

#[derive(Debug, PartialEq)]
pub(crate) struct Sent(String, String, Option<Value>);

impl From<&wiremock::Request> for Sent {
    fn from(request: &wiremock::Request) -> Self {
        let target = request.url[url::Position::BeforePath..].to_owned();
        let is_json = header(request, "content-type") == Some("application/json");
        let signed = signed_headers(request);
        let body = if is_json {
            assert_eq!(signed, "content-type;host;x-amz-date", "{target}");
            Some(serde_json::from_slice(&request.body).unwrap())
        } else {
            assert!(request.body.is_empty(), "{target}");
            assert_eq!(header(request, "content-type"), None, "{target}");
            assert_eq!(signed, "host;x-amz-date", "{target}");
            None
        };
        Self(request.method.to_string(), target, body)
    }
}

pub(crate) fn post(target: &str, body: Value) -> Sent {
    Sent("POST".to_owned(), target.to_owned(), Some(body))
}

pub(crate) fn put(target: &str, body: Value) -> Sent {
    Sent("PUT".to_owned(), target.to_owned(), Some(body))
}

pub(crate) fn bodyless(method: &str, target: &str) -> Sent {
    Sent(method.to_owned(), target.to_owned(), None)
}

pub(crate) fn header<'a>(request: &'a wiremock::Request, name: &str) -> Option<&'a str> {
    let mut values = request.headers.get_all(name).iter();
    let value = values.next()?.to_str().unwrap();
    assert!(values.next().is_none(), "{name} is sent twice");
    Some(value)
}

pub(crate) fn signed_headers(request: &wiremock::Request) -> &str {
    let authorization = header(request, "authorization").unwrap();
    let (_, signed) = authorization.split_once(", SignedHeaders=").unwrap();
    signed.split_once(", Signature=").unwrap().0
}

/// Returns the example account of the API reference.
pub(crate) fn account_json() -> Value {
    json!({
        "AccountId": "12a3456b-7c89-012d-3456-78901e23fg45",
        "AccountStatus": "Active",
        "AccountType": "Team",
        "Admins": null,
        "AwsAccountId": "111122223333",
        "BillingType": "SeatBilling",
        "CreatedTimestamp": "2019-01-08T17:59:18.006Z",
        "DefaultLicense": "Pro",
        "DelegationStatus": "NoDelegation",
        "DirectoryId": null,
        "Domains": null,
        "Groups": [],
        "Name": "example",
        "Owner": null,
        "SupportedLicenses": ["Basic", "Pro"],
        "UseProTrialLicense": false,
    })
}

/// Starts a service that returns the account in the path, or an account with the name in the body.
pub(crate) async fn account_service(status: u16) -> Service {
    Service::responding(move |request| {
        let mut account = account_json();
        let path = request.url.path().strip_prefix("/accounts/");
        if let Some(id) = path {
            let id = percent_encoding::percent_decode_str(id).decode_utf8().unwrap();
            account["AccountId"] = json!(id);
        } else if let Ok(body) = request.body_json::<Value>() {
            account["Name"] = body["Name"].clone();
        }
        ResponseTemplate::new(status).set_body_json(json!({ "Account": account }))
    })
    .await
}
