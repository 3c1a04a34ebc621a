//! The parameters of all listings.

use crate::sensitive::Sensitive;
use crate::validate::{self, Validity};

/// The requested page of a listing, and its maximum length.
#[derive(Clone, Debug, Default)]
pub struct Paging {
    /// The token of the page, which is opaque and may contain anything.
    pub(crate) next_token: Option<Sensitive>,
    pub(crate) max_results: Option<u32>,
}

impl Paging {
    /// Checks that the request sets at most `max_results` items per page.
    pub(crate) fn validate(&self, max_results: u32) -> Validity {
        validate::range("MaxResults", self.max_results, 1..=max_results)
    }
}
