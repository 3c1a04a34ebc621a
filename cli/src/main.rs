//! `chime`: a program for administrators of an Amazon Chime tenant.

mod archive;
mod connect;
mod diff;
mod ending;
mod errors;
mod files;
mod format;
mod output;
mod progress;
mod provision;
mod rows;
mod serve;
mod verify;

use std::process::ExitCode;

use amazon_chime::ErrorKind;
use clap::{Parser, Subcommand};

use ending::Ending;

/// Archives an Amazon Chime tenant without loss, adds users to it, and serves an archive.
#[derive(Parser)]
#[command(
    name = "chime",
    version,
    after_help = "Exit codes: 0 done, 1 failed or incomplete, \
    2 wrong usage, 130 interrupted."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Archive(archive::Arguments),
    Verify(verify::Arguments),
    Diff(diff::Arguments),
    Provision(provision::Arguments),
    Serve(serve::Arguments),
}

/// Returns the text of an error, with advice if credentials are missing.
fn explain(error: &anyhow::Error) -> String {
    let mut texts = Vec::new();
    for cause in error.chain() {
        texts.push(cause.to_string());
        if let Some(cause) = cause.downcast_ref::<amazon_chime::Error>() {
            if cause.kind() == ErrorKind::Credentials {
                texts.push(
                    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile with \
                     --profile, or sign in with aws sso login"
                        .to_owned(),
                );
            }
            // The sources of this error may quote the output of a credentials program.
            break;
        }
    }
    texts.join(": ")
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Archive(arguments) => Box::pin(archive::run(&arguments)).await,
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Provision(arguments) => provision::run(&arguments).await,
        Command::Serve(arguments) => serve::run(&arguments).await,
    };
    result
        .unwrap_or_else(|error| {
            output::tell(format_args!("error: {}", explain(&error)));
            Ending::Incomplete
        })
        .into()
}
