//! The common part of the short form of the campaign, in `cargo test`, and of the long form, in `benches/faults`: the
//! troubles, their stages, and the counting of outcomes.

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
