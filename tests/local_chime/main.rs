//! The embedded Chime as any client sees it: over sockets, with requests that are signed here.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod changes;
mod client;
mod phone_numbers;
mod resources;
mod seeds;
mod server;
