//! Tests that run the program `chime` as its own process against an embedded Chime.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod archive;
mod csv;
mod diff;
mod directory;
mod interruptions;
mod kills;
mod program;
mod provision;
mod resuming;
mod serve;
mod tenant;
mod verify;
