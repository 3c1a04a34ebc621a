//! The runtime that calls need.

use std::net::{Ipv4Addr, UdpSocket};
use std::panic::catch_unwind;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::runtime::Handle;

/// Whether the runtime of a client has passed the check, which only the first call has to make.
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

/// Returns `true` if the runtime can do this, which only a try can show, because Tokio panics without the driver.
fn has(make: fn()) -> bool {
    catch_unwind(make).is_ok()
}

fn timer() {
    drop(tokio::time::sleep(Duration::ZERO));
}

/// Creates a socket, on which nothing is sent. An error of the machine says nothing about the runtime.
fn socket() {
    let Ok(socket) = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)) else { return };
    if socket.set_nonblocking(true).is_ok() {
        _ = tokio::net::UdpSocket::from_std(socket);
    }
}
