//! The examples, run as a person would run them: as programs of their own.
//!
//! `cargo test` builds them; with `--test examples` alone, `cargo build --examples` must come first.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod first_steps;
mod list_accounts;
mod program;
