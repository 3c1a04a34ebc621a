//! The parameters that every listing has.

use crate::sensitive::Sensitive;
use crate::validate::{self, Validity};

/// Which page of a listing is asked for, and how long it may be.
#[derive(Clone, Debug, Default)]
pub struct Paging {
    /// Opaque, so it may have anything in it.
    pub(crate) next_token: Option<Sensitive>,
    pub(crate) max_results: Option<u32>,
}

impl Paging {
    /// Checks that a page has at most `max_results` items.
    pub(crate) fn validate(&self, max_results: u32) -> Validity {
        validate::range("MaxResults", self.max_results, 1..=max_results)
    }
}
