//! The state: every operation acts on the directory and stores its changes before the response.

use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;

use super::answer::Refusal;
use super::directory::Directory;
#[cfg(feature = "durable")]
use super::store::Store;

/// The directory and its store, if there is one.
#[derive(Default)]
pub(super) struct State(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    directory: Directory,
    #[cfg(feature = "durable")]
    store: Option<Store>,
}

impl State {
    /// Creates the state of an embedded Chime that keeps its data in memory.
    pub(super) fn in_memory(mut directory: Directory) -> Self {
        directory.forget_changes();
        Self(Mutex::new(Inner { directory, ..Inner::default() }))
    }

    /// Creates the state of an embedded Chime whose store already contains the directory.
    #[cfg(feature = "durable")]
    pub(super) fn stored(directory: Directory, store: Store) -> Self {
        Self(Mutex::new(Inner { directory, store: Some(store) }))
    }

    /// Reads or changes the directory, and stores the changes before it returns.
    ///
    /// If the changes cannot be stored, this returns a refusal and the directory does not change.
    pub(super) fn act<T>(&self, act: impl FnOnce(&mut Directory) -> T) -> Result<T, Refusal> {
        // Operations check before they change anything, so even a panic leaves no incomplete change.
        let inner = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        #[cfg(feature = "durable")]
        if let Some(store) = &mut inner.store {
            return store.act(&mut inner.directory, act);
        }
        let outcome = act(&mut inner.directory);
        inner.directory.forget_changes();
        Ok(outcome)
    }

    /// Stores how far the clock of the resources is ahead.
    #[cfg_attr(not(feature = "durable"), expect(unused_variables, reason = "nothing is stored"))]
    pub(super) fn keep_clock(&self, ahead: TimeDelta) {
        #[cfg(feature = "durable")]
        if let Some(store) = &mut self.0.lock().unwrap_or_else(PoisonError::into_inner).store {
            store.keep_clock(ahead);
        }
    }
}
