//! Runs an embedded Chime, a local server that behaves like Amazon Chime, until it is interrupted:
//!
//! ```sh
//! cargo run --example local_chime -- --port 4510
//! ```
//!
//! It prints the environment variables for the AWS CLI and the AWS SDKs, in the syntax of a shell. The program
//! `chime serve`, in `cli`, can also keep its data and load archives.

mod common;

use std::error::Error;
use std::process::ExitCode;

use amazon_chime::local::LocalChime;

fn main() -> ExitCode {
    common::exit_code("local_chime [--port PORT]", local_chime())
}

fn local_chime() -> Result<(), Box<dyn Error>> {
    // Port 0 means any free port.
    let chime = LocalChime::start_on(common::port()?.unwrap_or(0))?;
    print!("{}", chime.exports());
    loop {
        std::thread::park();
    }
}
