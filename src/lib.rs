//! A typed async client for the [Amazon Chime administration API][api].
//!
//! [api]: https://docs.aws.amazon.com/chime/latest/APIReference/Welcome.html
//!
//! ```
//! use amazon_chime::{UserType, local::LocalChime};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // The embedded Chime, a local server for tests. For AWS: `Client::from_env()?`.
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
//! A [`Client`] has one method per operation of the API; [its page](Client) lists all 62 by theme. A method takes the
//! required parameters and returns a [`Request`]. The request has a setter for each optional parameter, and for the
//! [timeouts](Request::operation_timeout) and [retries](Request::retry) of this call.
//!
//! Awaiting the request sends it and returns the result, such as an [`Account`].
//! [`send_with_metadata`](Request::send_with_metadata) also returns the request id, the status and the number of
//! attempts. Parameters are checked against the limits of the API before anything is sent.
//!
//! [`maybe`](Request::maybe) sets a parameter from an `Option`:
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
//! Each kind of identifier is a type of its own, so the compiler refuses an identifier of the wrong kind:
//!
//! ```compile_fail,E0277
//! # async fn example(client: amazon_chime::Client, user: amazon_chime::User) {
//! client.get_account(&user.user_id).await;
//! # }
//! ```
//!
//! # Listings
//!
//! Awaiting the request of a listing returns one [`Page`]. [`items`](Request::items) and [`pages`](Request::pages)
//! return streams over the whole listing. These streams have methods `try_next` and `try_collect`, and implement
//! `Stream` of the crate `futures`.
//!
//! # Many calls at once
//!
//! A client and its clones can send any number of calls at once. Functions that run many futures need
//! [`send`](Request::send), which returns the future of a call. Limit how many calls run at the same time, because the
//! service throttles.
//!
//! ```
//! use amazon_chime::{Account, Error, Request};
//! use futures_util::{StreamExt, TryStreamExt, future::join_all, stream};
//! use tokio::task::JoinSet;
//!
#![doc = docs::with_client!()]
//! // Eight at a time. The results have the order of the requests.
//! let requests = ["Acme", "Birch", "Cedar"].map(|name| client.create_account(name));
//! let accounts: Vec<Account> =
//!     stream::iter(requests).map(Request::send).buffered(8).try_collect().await?;
//!
//! // Eight at a time. Each result comes as soon as its call ends.
//! let request = |account: &Account| client.create_user(&account.account_id).email("ana@example.com");
//! let requests: Vec<_> = accounts.iter().map(request).collect();
//! let mut users = stream::iter(requests).map(Request::send).buffer_unordered(8);
//! while let Some(user) = users.next().await {
//!     println!("{}", user?.user_id);
//! }
//!
//! // A few calls, all at once. Every result is kept, even if a call fails.
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
//! [`with_credentials_provider`](Client::with_credentials_provider) makes clients for many tenants. They share
//! connections, and each has its own credentials.
//!
//! # Responses as JSON
//!
//! A model such as [`User`] has the members that this crate knows. [`Request::as_json`] returns what the service sent:
//! a [`Json`] keeps unknown members, the text of timestamps, and numbers of any size. [`Json::parse`] reads it as the
//! model or as a type of yours.
//!
//! # Errors
//!
//! Every call returns the same [`Error`]; [its page](Error#what-can-go-wrong) lists what can go wrong. Methods such as
//! [`is_not_found`](Error::is_not_found) and [`is_throttled`](Error::is_throttled) classify it. Both `{}` and `{:?}`
//! print a text for people.
//!
//! After a failed create, [`may_have_applied`](Error::may_have_applied) says whether the resource may exist
//! nevertheless. [`ensure`](Request::ensure) handles this: it looks for the resource, and creates it exactly once.
//!
//! # Sensitive data
//!
//! Values that the API marks as sensitive, such as e-mail addresses, are [`Sensitive`]. They do not appear in `Debug`,
//! in errors or in log lines.
//!
//! # Guides
//!
//! - [`docs::credentials`]: where credentials come from, and how long they are kept
//! - [`docs::reliability`]: timeouts, retries, and creating exactly once
//! - [`docs::testing`]: tests with the embedded Chime, with wiremock, or with a trait of your own
//! - [`docs::observing`]: spans and events for `tracing`
//! - [`docs::integrating`]: proxies, root certificates, AWS Lambda and blocking code
//! - [`docs::features`]: what each feature adds, and what it costs to build
//! - [`docs::from_aws_sdk_chime`]: how to move from the official client
//! - [`docs::archiving`]: how administrators save all data of an AWS account, and serve it to programs
//! - [`docs::measurements`]: behaviour under faults, speed, memory and size, compared with the official client
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `rustls` (default) | TLS by rustls with its default crypto provider |
//! | `native-tls` | TLS by the library of the system; turn the default features off to use it |
//! | `rustls-no-provider` | TLS by rustls with the crypto provider that your program installs |
//! | `http2` | HTTP/2 for servers that offer it |
//! | `aws-types` | `Client::from_sdk_config`, which takes the configuration that `aws-config` loads |
//! | `local` | `local::LocalChime`, the embedded Chime |
//! | `durable` | an embedded Chime that stores its data in a directory |
//!
//! # Requirements
//!
//! The crate needs Rust 1.94.1, and a Tokio runtime with time and I/O enabled. Sending panics without such a runtime. A
//! client belongs to the runtime on which it is first used; [`Client`] says what this means for AWS Lambda and for
//! tests. WebAssembly is not supported.
//!
//! AWS ended its support for Amazon Chime on 20 February 2026, and its SDKs still contain the API. This crate is for
//! programs that read or export existing data, and for programs that use an archive, or another server with the same
//! API, in place of the service.

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
