//! Settings that exist only once.

use std::mem;

use super::changes::{Change, Place};
use super::document::Document;

/// A document of the AWS account, empty at first.
#[derive(Default)]
pub(super) struct Single {
    document: Document,
    is_touched: bool,
}

impl Single {
    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    pub(super) fn document_mut(&mut self) -> &mut Document {
        self.is_touched = true;
        &mut self.document
    }

    /// Visits the document if it was changed since the last call.
    pub(super) fn drain(&mut self, place: Place, visit: &mut dyn FnMut(Place, Change<'_>)) {
        if mem::take(&mut self.is_touched) {
            visit(place, Change::Put(&|| serde_json::to_string(&self.document)));
        }
    }

    /// Restores a stored document, which does not count as a change.
    #[cfg(feature = "durable")]
    pub(super) fn restore(&mut self, document: Document) {
        *self = Self { document, is_touched: false };
    }
}
