//! The server. The path `/{total}/{delay}` is an endpoint with this total number of accounts and this delay in
//! milliseconds. The server does not check requests, and it sends prepared responses.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use speed::subject::{ACCOUNT_ID, PAGE};

/// Serves until its standard input ends, which is at the latest when the parent process ends.
#[tokio::main]
async fn main() -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?);
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_line(&mut String::new());
        std::process::exit(0);
    });
    let bodies = Arc::new(Bodies::new());
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let bodies = Arc::clone(&bodies);
        let service = service_fn(move |request| {
            let (response, delay) = answer(&request, &bodies);
            async move {
                if !delay.is_zero() {
                    tokio::time::sleep(delay).await;
                }
                Ok::<_, Infallible>(response)
            }
        });
        let http = hyper::server::conn::http1::Builder::new();
        tokio::spawn(http.serve_connection(TokioIo::new(stream), service));
    }
}

fn answer(request: &Request<Incoming>, bodies: &Bodies) -> (Response<Full<Bytes>>, Duration) {
    let mut segments = request.uri().path().split('/').skip(1);
    let total = segments.next().and_then(|total| total.parse().ok()).unwrap_or_default();
    let delay = segments.next().and_then(|delay| delay.parse().ok()).unwrap_or_default();
    let delay = Duration::from_millis(delay);
    let body = match segments.nth(1) {
        Some(_) => bodies.account.clone(),
        None => bodies.page(start(request.uri().query().unwrap_or_default()), total),
    };
    let mut response = Response::new(Full::new(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let request_id = HeaderValue::from_static("d4f09103-9543-4ff9-b0a0-f1d4c6e2aec7");
    headers.insert("x-amzn-requestid", request_id);
    (response, delay)
}

/// Returns the start of a page. The token of a page is the number of accounts before it.
fn start(query: &str) -> usize {
    let token = query.split('&').find_map(|parameter| parameter.strip_prefix("next-token="));
    token.and_then(|token| token.parse().ok()).unwrap_or_default()
}

struct Bodies {
    account: Bytes,
    /// The text of a page without its token and its end.
    page: String,
}

impl Bodies {
    fn new() -> Self {
        let accounts: Vec<_> = (0..PAGE).map(|number| account(&account_id(number))).collect();
        Self {
            account: format!(r#"{{"Account": {}}}"#, account(ACCOUNT_ID)).into(),
            page: format!(r#"{{"Accounts": [{}]"#, accounts.join(",")),
        }
    }

    fn page(&self, start: usize, total: usize) -> Bytes {
        let next = start + usize::from(PAGE);
        let end =
            if next < total { format!(r#","NextToken": "{next}"}}"#) } else { "}".to_owned() };
        [self.page.as_str(), &end].concat().into()
    }
}

fn account_id(number: u16) -> String {
    format!("12a3456b-7c89-012d-3456-78901e23{number:04x}")
}

/// Returns an account in the form of the API reference, with members that the API's model does not have.
fn account(id: &str) -> String {
    [
        r#"{"AccountId": ""#,
        id,
        r#"","AccountStatus": "Active","AccountType": "Team","Admins": null,"#,
        r#""AwsAccountId": "111122223333","BillingType": "SeatBilling","#,
        r#""CreatedTimestamp": "2019-01-08T17:59:18.006Z","DefaultLicense": "Pro","#,
        r#""DelegationStatus": "NoDelegation","DirectoryId": null,"Domains": null,"Groups": [],"#,
        r#""Name": "example","Owner": null,"SupportedLicenses": ["Basic", "Pro"],"#,
        r#""UseProTrialLicense": false}"#,
    ]
    .concat()
}
