//! The crate's behaviour through its public API, over real HTTP.

mod configuration;
mod errors;
mod listings;
mod models;
mod operations;
mod public_api;
mod retries;
mod stories;
mod support;
mod tracing_output;
