//! Runs an embedded Chime until it is interrupted, for any client that can be given an endpoint:
//!
//! ```sh
//! cargo run --example local_chime -- --port 4510
//! ```
//!
//! It prints the variables that the AWS CLI and the AWS SDKs read, as a shell reads them. The program `chime serve`, in `cli`,
//! also keeps its data and loads archives.

mod common;

use std::error::Error;
use std::process::ExitCode;

use amazon_chime::local::LocalChime;

fn main() -> ExitCode {
    common::exit_code("local_chime [--port PORT]", local_chime())
}

fn local_chime() -> Result<(), Box<dyn Error>> {
    // Without a port, it is any free one.
    let chime = LocalChime::start_on(common::port()?.unwrap_or(0))?;
    print!("{}", chime.exports());
    loop {
        std::thread::park();
    }
}
