//! `chime`, run as a person would run it: as a program of its own, against an embedded Chime.

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
