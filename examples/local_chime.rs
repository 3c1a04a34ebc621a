//! Runs an embedded Chime until it is interrupted, for any client that can be given an endpoint:
//!
//! ```sh
//! cargo run --example local_chime -- --port 4510
//! cargo run --release --example local_chime -- --accounts 200 --users 20000
//! cargo run --example local_chime -- --seed examples/seed.jsonl
//! ```
//!
//! It prints the variables that the AWS CLI and the AWS SDKs read, after unsetting those which would
//! lead them elsewhere. With the second form it begins
//! with a made-up directory instead of an empty one, with the third with the rows of a file or of an archive, whose format is
//! that of `LocalChime::seed`. With `--latency`, each answer comes that much later. The program `chime serve`, in `cli`, also
//! keeps its data.

mod common;
#[path = "common/directory.rs"]
mod directory;

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use amazon_chime::local::LocalChime;
use lexopt::prelude::*;

#[derive(Default)]
struct Arguments {
    /// 0 is any free one.
    port: u16,
    accounts: usize,
    users: usize,
    seed: Option<PathBuf>,
    /// How much later each answer comes, in milliseconds.
    latency: u64,
}

fn main() -> ExitCode {
    let usage = "local_chime [--port PORT] [--accounts NUMBER] [--users NUMBER] [--seed FILE] \
                 [--latency MILLISECONDS]";
    common::exit_code(usage, local_chime())
}

fn local_chime() -> Result<(), Box<dyn Error>> {
    let Arguments { port, accounts, users, seed, latency } = arguments()?;
    let mut builder = LocalChime::builder().port(port).latency(Duration::from_millis(latency));
    if let Some(path) = seed {
        builder = builder.load(path);
    }
    let chime = builder.start()?;
    if accounts > 0 {
        eprintln!("Creating {accounts} accounts and {users} users …");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(directory::seed(&chime.client(), accounts, users))?;
    }
    let credentials = chime.credentials();
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "unset AWS_SESSION_TOKEN AWS_PROFILE AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT \
         AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
    )?;
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

fn arguments() -> Result<Arguments, lexopt::Error> {
    let mut arguments = Arguments::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => arguments.port = parser.value()?.parse()?,
            Long("accounts") => arguments.accounts = parser.value()?.parse()?,
            Long("users") => arguments.users = parser.value()?.parse()?,
            Long("latency") => arguments.latency = parser.value()?.parse()?,
            Long("seed") => arguments.seed = Some(parser.value()?.into()),
            _ => return Err(argument.unexpected()),
        }
    }
    if arguments.users > 0 && arguments.accounts == 0 {
        return Err("users need accounts: say --accounts, too".into());
    }
    Ok(arguments)
}
