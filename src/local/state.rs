//! The one way to the directory: act, store what changed, and only then show it.

use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;

use super::answer::Refusal;
use super::directory::Directory;
#[cfg(feature = "durable")]
use super::store::Store;

/// The directory, and where it is stored if it is.
#[derive(Default)]
pub(super) struct State(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    directory: Directory,
    #[cfg(feature = "durable")]
    store: Option<Store>,
}

impl State {
    /// The state of an embedded Chime that keeps everything in memory.
    pub(super) fn in_memory(mut directory: Directory) -> Self {
        directory.forget_changes();
        Self(Mutex::new(Inner { directory, ..Inner::default() }))
    }

    /// The state of one whose directory is in a store, where it is already.
    #[cfg(feature = "durable")]
    pub(super) fn stored(directory: Directory, store: Store) -> Self {
        Self(Mutex::new(Inner { directory, store: Some(store) }))
    }

    /// Reads or changes the directory. What changed is stored when this returns.
    ///
    /// If it cannot be stored, it is refused, and the directory is as it was before.
    pub(super) fn act<T>(&self, act: impl FnOnce(&mut Directory) -> T) -> Result<T, Refusal> {
        // Operations check before they change anything, so that even a panic leaves no half-done work behind.
        let inner = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        #[cfg(feature = "durable")]
        if let Some(store) = &mut inner.store {
            return store.act(&mut inner.directory, act);
        }
        let outcome = act(&mut inner.directory);
        inner.directory.forget_changes();
        Ok(outcome)
    }

    /// Stores how far the clock of resources is ahead.
    #[cfg_attr(not(feature = "durable"), expect(unused_variables, reason = "nothing is stored"))]
    pub(super) fn keep_clock(&self, ahead: TimeDelta) {
        #[cfg(feature = "durable")]
        if let Some(store) = &mut self.0.lock().unwrap_or_else(PoisonError::into_inner).store {
            store.keep_clock(ahead);
        }
    }
}
