//! A typed async client for the [Amazon Chime administration API][api].
//!
//! [api]: https://docs.aws.amazon.com/chime/latest/APIReference/Welcome.html
//!
//! ```
//! use amazon_chime::{UserType, local::LocalChime};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // The embedded Chime. For AWS: `let client = amazon_chime::Client::from_env()?;`
//! let chime = LocalChime::start()?;
//! let client = chime.client();
//!
//! let account = client.create_account("Acme").await?;
//! let user = client
//!     .create_user(&account.account_id)
//!     .email("ana@example.com")
//!     .user_type(UserType::PrivateUser)
//!     .await?;
//!
//! let mut users = client.list_users(&account.account_id).items();
//! while let Some(user) = users.try_next().await? {
//!     println!("{} {:?}", user.user_id, user.user_registration_status);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Calls
//!
//! A [`Client`] has one method per operation; [its page](Client) lists all 62 by theme. Required parameters are its
//! arguments, optional ones are setters of the [`Request`] that it gives, which
//! is then awaited, or sent with [`send`](Request::send). The output is the thing
//! itself; [`send_with_metadata`](Request::send_with_metadata) adds the request
//! id, the status and the number of attempts. Timeouts and retries are settings of
//! the client, and of [one request](Request::operation_timeout). Parameters are checked
//! against the API's limits before anything is sent.
//!
//! What may or may not be there is set with [`maybe`](Request::maybe):
//!
//! ```
//! # use amazon_chime::UserType;
#![doc = docs::with_client!()]
//! # let account = client.create_account("Acme").await?;
//! # let (name, user_type): (Option<String>, Option<UserType>) = (None, None);
//! let user = client
//!     .create_user(&account.account_id)
//!     .email("ana@example.com")
//!     .maybe(name, |request, name| request.username(name))
//!     .maybe(user_type, |request, user_type| request.user_type(user_type))
//!     .await?;
//! # Ok(()) }
//! ```
//!
//! Identifiers are types of their own, so that none is passed where another belongs:
//!
//! ```compile_fail,E0277
//! # async fn example(client: amazon_chime::Client, user: amazon_chime::User) {
//! client.get_account(&user.user_id).await;
//! # }
//! ```
//!
//! # Listings
//!
//! A listing sent gives one [`Page`]; [`items`](Request::items) and
//! [`pages`](Request::pages) give streams, which can be read with their own
//! `try_next` and `try_collect`, or with the methods of the `futures` crate.
//!
//! # Many calls at once
//!
//! A client and its clones send any number of calls at once. [`send`](Request::send) makes the future of a call. A
//! request that is awaited becomes a future by itself, but functions that run many futures take futures, so `send`
//! is needed there. Always bound how many calls run at a time, since the service throttles calls that are too many.
//!
//! ```
//! use amazon_chime::{Account, Error, Request};
//! use futures_util::{StreamExt, TryStreamExt, future::join_all, stream};
//! use tokio::task::JoinSet;
//!
#![doc = docs::with_client!()]
//! // Eight at a time, with the results in the order of the requests.
//! let requests = ["Acme", "Birch", "Cedar"].map(|name| client.create_account(name));
//! let accounts: Vec<Account> =
//!     stream::iter(requests).map(Request::send).buffered(8).try_collect().await?;
//!
//! // Eight at a time, with each result as soon as it is there.
//! let request = |account: &Account| client.create_user(&account.account_id).email("ana@example.com");
//! let requests: Vec<_> = accounts.iter().map(request).collect();
//! let mut users = stream::iter(requests).map(Request::send).buffer_unordered(8);
//! while let Some(user) = users.next().await {
//!     println!("{}", user?.user_id);
//! }
//!
//! // A few calls, all at once. Each result is kept, also if another call fails.
//! let calls = accounts.iter().map(|account| client.get_account(&account.account_id).send());
//! let results: Vec<Result<Account, Error>> = join_all(calls).await;
//!
//! // Eight at a time in tasks of their own, which run on several threads.
//! let mut tasks = JoinSet::new();
//! for account in &accounts {
//!     if tasks.len() == 8
//!         && let Some(settings) = tasks.join_next().await
//!     {
//!         println!("{:?}", settings??);
//!     }
//!     tasks.spawn(client.get_account_settings(&account.account_id).send());
//! }
//! while let Some(settings) = tasks.join_next().await {
//!     println!("{:?}", settings??);
//! }
//! # assert_eq!((accounts.len(), results.len()), (3, 3));
//! # Ok(()) }
//! ```
//!
//! For many tenants, [`with_credentials_provider`](Client::with_credentials_provider) makes clients that share
//! connections and TLS, each with credentials of its own.
//!
//! # Answers as JSON
//!
//! A model has the members that this crate knows. [`Request::as_json`] gives what the service sent instead, for the answer
//! of any call and the items of any listing: a [`Json`] has unknown members, timestamps as they were written, and
//! numbers of any size. [`Json::parse`] reads it as the model, or as a type of your own with more members.
//!
//! # Errors
//!
//! There is one [`Error`]; [its page](Error#what-can-go-wrong) lists what can go wrong. Ask it what it is: [`is_not_found`](Error::is_not_found),
//! [`is_throttled`](Error::is_throttled), … or print it: both `{}` and `{:?}` are text for people. After a create that
//! failed, [`may_have_applied`](Error::may_have_applied) says whether to look
//! before trying again. [`ensure`](Request::ensure) does both: it creates what is not there yet,
//! exactly once.
//!
//! # Sensitive data
//!
//! What the API marks as sensitive, e-mail addresses and the like, is
//! [`Sensitive`]: it never shows in `Debug`, in an error or in a log line.
//!
//! # Guides
//!
//! - [`docs::from_aws_sdk_chime`]: coming from the official client, the two side by side
//! - [`docs::integrating`]: proxies, root certificates, AWS Lambda, blocking code
//! - [`docs::reliability`]: what is sent again and what is not, and creating exactly once
//! - [`docs::testing`]: testing against the embedded Chime, or wiremock, behind a trait of your own, and building models
//! - [`docs::observing`]: spans and events for `tracing`
//! - [`docs::archiving`]: for administrators: saving a tenant, and serving it to the programs that use it
//! - [`docs::features`]: what each feature flag brings and costs, and when to choose it
//!
//! # Features
//!
//! | feature | |
//! |---|---|
//! | `rustls` (default) | TLS by rustls and its default crypto provider; if it is on, it is used |
//! | `native-tls` | TLS by the system's library; turn the default features off to use it |
//! | `rustls-no-provider` | TLS by rustls and the crypto provider that your program installs |
//! | `http2` | HTTP/2 where the server offers it |
//! | `aws-types` | `Client::from_sdk_config`, for the configuration that `aws-config` loads |
//! | `local` | `local::LocalChime`, the embedded Chime |
//! | `durable` | an embedded Chime that keeps its data in a directory |
//!
//! [`docs::features`] says what each costs, and when to choose it.
//!
//! # Requirements
//!
//! Rust 1.94.1 and a Tokio runtime with time and I/O enabled: sending panics
//! without one, with a message that says so. WebAssembly is not supported. A client belongs to the runtime
//! that it is first used on; [`Client`] says what that means for AWS Lambda and
//! for tests.
//!
//! AWS ended its support for Amazon Chime on 20 February 2026. The API is still
//! part of the AWS SDKs; what this crate is for now is reading and exporting
//! what is left, and Chime-compatible endpoints.

#![cfg_attr(docsrs, feature(doc_cfg))]

// Documentation has the methods of a type in the order of these files.
mod builder;
mod environment;
#[cfg(feature = "aws-types")]
mod sdk_config;

mod client;
mod request;

mod ensure;
mod pages;

mod api;
mod asked;
mod aws_error_codes;
/// For the benchmarks only.
#[cfg(benching)]
#[doc(hidden)]
#[allow(clippy::must_use_candidate, clippy::unwrap_used, reason = "only benchmarks call it")]
pub mod benching;
mod call;
mod decode;
pub mod docs;
mod endpoint;
mod error;
mod error_builder;
/// For the fuzz targets and tests only.
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
#[allow(clippy::missing_panics_doc, clippy::unwrap_used, reason = "to panic is what it is for")]
pub mod fuzzing;
mod id;
mod json;
#[cfg(feature = "local")]
pub mod local;
mod open_enum;
mod operation;
mod paging;
mod problem;
mod route;
mod sensitive;
mod validate;

pub use aws_credential_types::Credentials;
pub use aws_credential_types::provider::ProvideCredentials;
#[cfg(feature = "aws-types")]
pub use aws_types;
pub use {aws_credential_types, chrono, reqwest};

pub use api::*;
pub use builder::ClientBuilder;
pub use call::RetryConfig;
pub use client::Client;
pub use ensure::Ensured;
pub use error::Error;
pub use error_builder::ErrorBuilder;
pub use json::Json;
pub use open_enum::UnknownValue;
pub use pages::{Items, Page, Pages};
pub use problem::{ErrorKind, ParseKnownError};
pub use request::{Request, Response};
pub use sensitive::Sensitive;

/// Compiles and runs the code of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
