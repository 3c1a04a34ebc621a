//! Runs an embedded Chime until it is interrupted, for any client that can be given an endpoint:
//!
//! ```sh
//! cargo run --example local_chime -- --port 4510
//! ```
//!
//! It prints the variables that the AWS CLI and the AWS SDKs read.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use amazon_chime::local::LocalChime;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(port) = port(&arguments) else {
        eprintln!("usage: local_chime [--port PORT]");
        return Ok(ExitCode::from(2));
    };

    let chime = LocalChime::start_on(port)?;
    let credentials = chime.credentials();
    let mut out = std::io::stdout().lock();
    writeln!(out, "export AWS_ENDPOINT_URL_CHIME={}", chime.endpoint_url())?;
    writeln!(out, "export AWS_ACCESS_KEY_ID={}", credentials.access_key_id())?;
    writeln!(out, "export AWS_SECRET_ACCESS_KEY={}", credentials.secret_access_key())?;
    writeln!(out, "export AWS_REGION={}", chime.region())?;
    // The name that boto3 and the AWS CLI read.
    writeln!(out, "export AWS_DEFAULT_REGION={}", chime.region())?;
    out.flush()?;

    loop {
        std::thread::park();
    }
}

/// The port that the arguments ask for, 0 being any free one; none if they cannot be understood.
fn port(arguments: &[String]) -> Option<u16> {
    match arguments {
        [] => Some(0),
        [option, port] if option == "--port" => port.parse().ok(),
        _ => None,
    }
}
