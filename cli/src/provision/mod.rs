//! `chime provision`: adds the users of a CSV file to an account.

mod file;
mod report;
mod user;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use amazon_chime::{Account, AccountId, Client};
use anyhow::Context;
use clap::Args;
use futures_util::{StreamExt, stream};

use crate::connect::Connection;
use crate::ending::{Ending, interrupted};
use crate::errors::Failures;
use crate::output::tell;
use crate::progress::Progress;
use file::Line;
use report::Report;
use user::Outcome;

/// Adds the users of a CSV file to an account. If you run it again, no user is created twice.
///
/// The first line of the file names its columns, separated by commas or semicolons: email, and optionally username,
/// user_type (PrivateUser or SharedDevice) and license_type (such as Basic or Pro). Each other line is a user with an
/// e-mail address. A user who is already in the account only gets the license of the file.
///
/// Prints the result of each line, with the number of the line and the identifier of the user, but without e-mail
/// addresses. Invalid lines are skipped.
#[derive(Args)]
#[allow(clippy::doc_markdown, reason = "it is printed as it stands")]
#[command(after_help = "Example: chime provision --profile directory --account ACCOUNT_ID \
    --dry-run users.csv")]
pub(crate) struct Arguments {
    /// The CSV file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The identifier of the account.
    #[arg(long, value_name = "ACCOUNT_ID")]
    account: AccountId,
    /// Print what would be done, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// The number of users that are processed at the same time.
    #[arg(long, value_name = "NUMBER", default_value = "8")]
    concurrency: NonZeroUsize,
    #[command(flatten)]
    connection: Connection,
}

pub(crate) async fn run(arguments: &Arguments) -> anyhow::Result<Ending> {
    let file = &arguments.file;
    let csv = fs_err::read(file)?;
    let lines = file::read(&csv).with_context(|| file.display().to_string())?;
    let client = arguments.connection.client().await?;
    let account = tokio::select! {
        () = interrupted() => {
            tell("Interrupted before anything was done.");
            return Ok(Ending::Interrupted);
        }
        account = client.get_account(&arguments.account) => account?,
    };

    let (failures, progress) = (Failures::default(), Progress::new());
    let mut report = Report::new(lines.len(), arguments.dry_run);
    progress.expect(lines.len() as u64);
    let ending = tokio::select! {
        () = interrupted() => Ending::Interrupted,
        () = failures.enough() => Ending::Incomplete,
        () = progress.show() => Ending::Done,
        () = work(&client, &account, lines, arguments, &failures, &progress, &mut report) => Ending::Done,
    };
    progress.finish();
    report.finish(ending);
    match ending {
        Ending::Done if report.has_trouble() => Ok(Ending::Incomplete),
        ending => Ok(ending),
    }
}

/// Processes the lines, and reports them in the order of the file.
async fn work(
    client: &Client,
    account: &Account,
    lines: Vec<(usize, Line)>,
    arguments: &Arguments,
    failures: &Failures,
    progress: &Progress,
    report: &mut Report,
) {
    let mut outcomes = stream::iter(lines)
        .map(async |(number, line)| {
            let outcome = match line {
                Line::User(user) => {
                    user::provision(client, account, &user, arguments.dry_run).await
                }
                Line::Repeats(first) => Outcome::Repeats(first),
                Line::Bad(problem) => Outcome::Skipped(problem),
            };
            match &outcome {
                Outcome::Failed(error) => failures.add(error, ""),
                Outcome::InAccount { .. } | Outcome::WouldCreate => failures.succeeded(),
                Outcome::Repeats(_) | Outcome::Skipped(_) => {}
            }
            (number, outcome)
        })
        .buffered(arguments.concurrency.get());
    while let Some((number, outcome)) = outcomes.next().await {
        report.line(number, &outcome, progress);
        progress.did(1);
    }
}
