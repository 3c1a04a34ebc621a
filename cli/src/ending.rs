//! The end of a command: its exit code, and Ctrl-C.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Done,
    /// Something failed, or is missing.
    Incomplete,
    Interrupted,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Done => Self::SUCCESS,
            Ending::Incomplete => Self::FAILURE,
            Ending::Interrupted => Self::from(130),
        }
    }
}

/// Completes when the user presses Ctrl-C, or never if the system has no signals.
pub(crate) async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
