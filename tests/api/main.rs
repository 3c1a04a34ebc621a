//! Tests of the public API over real HTTP.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod capture;
mod clocks_and_credentials;
mod configuration;
mod ensure;
mod errors;
#[cfg(feature = "http2")]
mod http2;
mod incomplete_runtimes;
mod json;
mod left_behind;
mod listings;
mod models;
mod operations;
mod program;
mod public_api;
mod replays;
mod requests;
mod retries;
mod runtimes;
mod sdk_config;
mod service;
mod stories;
mod support;
mod tenants;
mod test_kit;
mod tracing_output;
