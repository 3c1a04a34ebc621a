//! Brings the users that a CSV file lists into an account, and can be run again as often as you like.
//!
//! ```sh
//! cargo run --example provision_users                 # a made-up file, to see it work
//! cargo run --example provision_users -- users.csv --account ACCOUNT_ID --aws
//! ```
//!
//! The file begins with the names of its columns: `email`, and if you like `username`, `user_type`
//! (`PrivateUser` or `SharedDevice`) and `license_type` (such as `Basic` or `Pro`). Each line is a
//! user, known by the e-mail address, in which `A` is `a`, but `Ä` is not `ä`. Of users who are in
//! the account already, suspended or not, only the license is changed, if the file says another: the
//! run before may have ended just before that.
//!
//! It prints what became of each line of the file, in the order of the file. Users are told by the
//! numbers of their lines and by their identifiers, and no e-mail address is shown: such reports end
//! up in logs. Lines that cannot be understood, or want a license that the account does not support,
//! are skipped. The exit code is 1 if a line was skipped or failed; mend the one, and run it again for
//! the other. A line with the address of an earlier one is left out, and is no failure.

#[path = "../common/mod.rs"]
mod common;
mod file;
mod provision;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use amazon_chime::local::{Fault, LocalChime};
use amazon_chime::{AccountId, Client};
use file::Line;
use futures_util::{StreamExt, stream};
use lexopt::prelude::*;
use provision::Outcome;

/// How many users are worked on at a time.
const IN_FLIGHT: usize = 8;

const USAGE: &str = "usage: provision_users [FILE.csv] [--account ACCOUNT_ID] [--aws]";

#[derive(Default)]
struct Arguments {
    file: Option<PathBuf>,
    account_id: Option<AccountId>,
    use_aws: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<ExitCode, Box<dyn Error>> {
    let arguments = arguments().map_err(|error| format!("{error}\n{USAGE}"))?;
    let csv = match &arguments.file {
        Some(file) => tokio::fs::read(file)
            .await
            .map_err(|error| format!("{} cannot be read: {error}", file.display()))?,
        None => include_bytes!("sample.csv").to_vec(),
    };
    let (client, chime) = common::connect(arguments.use_aws)?;
    match (chime, arguments.file, arguments.account_id) {
        (None, Some(_), Some(account_id)) => {
            let counts = provision_all(&client, &account_id, &csv).await?;
            Ok(exit_code(counts.failed == 0 && counts.skipped == 0))
        }
        (None, ..) => Err(format!("with --aws, name a file and an account\n{USAGE}").into()),
        (Some(_), _, Some(_)) => {
            Err("the embedded Chime has no accounts yet: --account is for --aws".into())
        }
        (Some(chime), file, _) => {
            let account_id = account_with_a_user(&chime).await?;
            provision_all(&client, &account_id, &csv).await?;
            println!("\nThe same once more, as if somebody was not sure whether it had run:");
            let counts = provision_all(&client, &account_id, &csv).await?;
            // The made-up file has lines to be skipped.
            Ok(exit_code(counts.failed == 0 && (counts.skipped == 0 || file.is_none())))
        }
    }
}

fn exit_code(succeeded: bool) -> ExitCode {
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn arguments() -> Result<Arguments, lexopt::Error> {
    let mut arguments = Arguments::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Value(file) if arguments.file.is_none() => arguments.file = Some(file.into()),
            Long("account") => arguments.account_id = Some(parser.value()?.string()?.into()),
            Long("aws") => arguments.use_aws = true,
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(arguments)
}

/// An account in the embedded Chime with the first user of the sample in it, and with a connection
/// that will break while another is being created.
async fn account_with_a_user(chime: &LocalChime) -> Result<AccountId, amazon_chime::Error> {
    let client = chime.client();
    let account_id = client.create_account("Acme").await?.account_id;
    client.create_user(&account_id).email("ana.silva@example.com").username("Ana Silva").await?;
    chime.inject(Fault::reset().after_effect().on("CreateUser"));
    Ok(account_id)
}

#[derive(Default)]
struct Counts {
    in_account: usize,
    repeated: usize,
    skipped: usize,
    failed: usize,
}

/// Does what the file says, and reports line by line.
async fn provision_all(
    client: &Client,
    account_id: &AccountId,
    csv: &[u8],
) -> Result<Counts, Box<dyn Error>> {
    let lines = file::read(csv)?;
    let account = client.get_account(account_id).await?;
    let total = lines.len();
    let mut outcomes = stream::iter(lines)
        .map(async |(number, line)| match line {
            Line::User(user) => (number, provision::provision(client, &account, &user).await),
            Line::Repeats(first) => (number, Outcome::Repeats(first)),
            Line::Bad(problem) => (number, Outcome::Skipped(problem)),
        })
        .buffered(IN_FLIGHT);

    let mut counts = Counts::default();
    while let Some((number, outcome)) = outcomes.next().await {
        match &outcome {
            Outcome::InAccount { .. } => counts.in_account += 1,
            Outcome::Repeats(_) => counts.repeated += 1,
            Outcome::Skipped(_) => counts.skipped += 1,
            Outcome::Failed(_) => counts.failed += 1,
        }
        println!("line {number}: {outcome}");
    }
    let Counts { in_account, repeated, skipped, failed } = counts;
    println!(
        "Of {total} lines, {in_account} have their user in the account; \
         {repeated} repeat another, {skipped} skipped, {failed} failed."
    );
    if failed > 0 {
        println!("Run it again to try those that failed again.");
    }
    Ok(counts)
}
