//! Tests that run the examples as programs.
//!
//! `cargo test` builds the examples. Before `cargo test --test examples`, run `cargo build --examples`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod first_steps;
mod list_accounts;
mod program;
