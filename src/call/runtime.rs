//! The runtime that calls need.

use std::net::{Ipv4Addr, UdpSocket};
use std::panic::catch_unwind;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::runtime::Handle;

/// Whether the runtime of a client has passed the check. Only the first call checks the runtime.
#[derive(Debug, Default)]
pub(super) struct Runtime(OnceLock<()>);

impl Runtime {
    /// Checks that the current runtime can make calls.
    ///
    /// # Panics
    ///
    /// Panics outside of a Tokio runtime with time and I/O enabled.
    pub(super) fn check(&self) {
        let is_complete =
            Handle::try_current().is_ok() && (self.0.get().is_some() || has(timer) && has(socket));
        assert!(
            is_complete,
            "amazon-chime needs a Tokio runtime with time and I/O enabled: use #[tokio::main], or build the \
             runtime with enable_all"
        );
        self.0.get_or_init(|| ());
    }
}

/// Returns `true` if `make` does not panic. Tokio panics if the runtime has no driver for time or I/O.
fn has(make: fn()) -> bool {
    catch_unwind(make).is_ok()
}

fn timer() {
    drop(tokio::time::sleep(Duration::ZERO));
}

/// Creates a socket, on which nothing is sent. Errors of the operating system are ignored, because they do not depend
/// on the runtime.
fn socket() {
    let Ok(socket) = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)) else { return };
    if socket.set_nonblocking(true).is_ok() {
        _ = tokio::net::UdpSocket::from_std(socket);
    }
}
