//! The output: results on standard output, all other lines on standard error.
//!
//! If the reader closes the output, as `head` does, the program continues its work without output.

use std::fmt::Display;
use std::io::{Write, stderr, stdout};

/// Prints a line of the result.
pub(crate) fn say(line: impl Display) {
    _ = writeln!(stdout(), "{line}");
}

/// Prints a line that is not part of the result, such as progress or an error.
pub(crate) fn tell(line: impl Display) {
    _ = writeln!(stderr(), "{line}");
}
