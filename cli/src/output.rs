//! Lines for people: results on standard output, the rest on standard error.
//!
//! Whoever reads them may stop at any time, as `head` does. That ends the lines, not the work.

use std::fmt::Display;
use std::io::{Write, stderr, stdout};

/// Writes a line of a result.
pub(crate) fn say(line: impl Display) {
    _ = writeln!(stdout(), "{line}");
}

/// Writes a line that is no result: what is being done, or what went wrong.
pub(crate) fn tell(line: impl Display) {
    _ = writeln!(stderr(), "{line}");
}
