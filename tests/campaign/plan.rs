//! The fault campaign, as far as its short form in `cargo test` and the whole one in `benches/faults` share it:
//! what goes wrong, how it is brought about, and how the outcome is counted.

pub(crate) mod creates;
pub(crate) mod decoy;
pub(crate) mod line;
pub(crate) mod listings;
pub(crate) mod repeats;
pub(crate) mod settings;
mod stage;
pub(crate) mod subject;
pub(crate) mod this_crate;
pub(crate) mod trouble;
pub(crate) mod turned_away;
