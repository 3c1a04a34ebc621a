//! Tests of the embedded Chime over sockets, with requests that the tests sign themselves.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod builder;
mod changes;
mod client;
#[cfg(all(feature = "durable", unix))]
mod durable;
#[cfg(all(feature = "durable", unix))]
mod kills;
mod phone_numbers;
#[cfg(all(feature = "durable", unix))]
mod process;
mod resources;
mod seeds;
mod server;
mod web_page;
