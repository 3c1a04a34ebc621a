//! The crate's behaviour through its public API, over real HTTP.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod capture;
mod clocks_and_credentials;
mod configuration;
mod ensure;
mod errors;
#[cfg(feature = "http2")]
mod http2;
mod json;
mod listings;
mod models;
mod operations;
mod public_api;
mod replays;
mod requests;
mod retries;
mod sdk_config;
mod service;
mod stories;
mod support;
mod test_kit;
mod tracing_output;
