//! The pure parts of a call, for benchmarks.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderValue};

use crate::call::{self, Answer, Hidden, Signable};
use crate::decode::Decode;
use crate::operations::{CreateUser, ListUsers};
use crate::{Account, Error, Page, Request};

#[cfg(feature = "local")]
pub use crate::local::benching::Operations;

/// Signs a GET, and returns the number of headers of the signature.
pub fn sign(url: &str, credentials: &Credentials) -> Result<usize, Error> {
    let signable = Signable { method: &Method::GET, url, headers: &[], body: "" };
    let headers = call::sign(signable, credentials, "us-east-1", SystemTime::UNIX_EPOCH);
    headers.map(|headers| headers.len()).map_err(Error::new)
}

/// Checks parameters and writes them into a path and a query.
pub fn encode_query(mut request: Request<ListUsers>) -> Result<String, Error> {
    Ok(request.encode()?.url)
}

/// Checks parameters and writes them into a path and a JSON body.
pub fn encode_body(mut request: Request<CreateUser>) -> Result<Option<String>, Error> {
    Ok(request.encode()?.body)
}

/// Reads a page of accounts.
pub fn decode_page(json: &str) -> Result<Page<Account>, serde_json::Error> {
    Page::decode(json)
}

/// An error response of the service.
pub struct Refusal(Answer);

impl Refusal {
    /// Creates a response with this body and with the headers of the service.
    pub fn new(error_type: &'static str, body: &str) -> Self {
        let id = HeaderValue::from_static("d4f09103-9543-4ff9-b0a0-f1d4c6e2aec7");
        let headers = [
            ("content-type", HeaderValue::from_static("application/json")),
            ("x-amzn-requestid", id),
            ("x-amzn-errortype", HeaderValue::from_static(error_type)),
        ];
        let headers = headers.map(|(name, value)| (name.parse().unwrap(), value));
        Self(Answer::new(404, HeaderMap::from_iter(headers), body.into()))
    }

    /// Reads the response as an error.
    pub fn read(&self) -> Error {
        Error::service(self.0.error(&Hidden::default()))
    }
}
