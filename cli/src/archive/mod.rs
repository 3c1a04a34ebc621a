//! `chime archive`: saves everything that the API shows, without loss.
//!
//! `reading` stores every response in files that are called parts, and `writing` makes the files of the archive from
//! the parts. All progress is on disk, so the program can be killed at any moment.

mod csv;
pub(crate) mod manifest;
mod part;
mod reading;
mod requests;
mod state;
mod writing;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use crate::connect::Connection;
use crate::ending::{Ending, interrupted};
use crate::format;
use crate::output::{say, tell};
use crate::progress::Progress;
use manifest::{Manifest, Reasons};
use reading::Reader;
use requests::Requests;
use state::Archive;

/// Archives everything that the API shows into a new directory.
///
/// The directory gets a JSON Lines file for each kind of resource, and manifest.json. The manifest lists the files,
/// what could not be read, and why. The files contain PINs and security tokens, so only their owner can read them.
///
/// You can interrupt the program at any moment; run the same command again to continue.
#[derive(Args)]
#[command(after_help = "Example: chime archive --profile directory my-archive")]
pub(crate) struct Arguments {
    /// The directory for the archive: new, empty, or with an archive to continue.
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    /// Also write the accounts and users as CSV files for spreadsheets.
    #[arg(long)]
    csv: bool,
    /// Also read the settings of each user, with one request per user.
    #[arg(long)]
    user_settings: bool,
    /// The number of requests at the same time.
    #[arg(long, value_name = "NUMBER", default_value = "16")]
    concurrency: NonZeroUsize,
    /// The largest number of requests per second; unlimited by default.
    #[arg(long, value_name = "NUMBER", value_parser = positive)]
    rate: Option<f64>,
    #[command(flatten)]
    connection: Connection,
}

fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| "it must be a number greater than 0".to_owned())
}

/// How reading ended.
enum Read {
    ToItsEnd,
    /// Reading stopped because too many requests in a row failed.
    Stopped,
    Interrupted,
}

pub(crate) async fn run(arguments: &Arguments) -> anyhow::Result<Ending> {
    let directory = arguments.directory.as_path();
    let client = arguments.connection.client().await?;
    let open = || Archive::open(directory, client.endpoint_url(), arguments.user_settings);
    let mut archive = open().with_context(|| directory.display().to_string())?;
    if archive.is_finished() {
        if has_all_files(directory)? {
            return finished_before(arguments, directory).await;
        }
        archive.begin_again()?;
    }

    if !archive.is_read() {
        let requests = Requests::new(arguments.concurrency, arguments.rate);
        let progress = Progress::new();
        let read = tokio::select! {
            () = interrupted() => Ok(Read::Interrupted),
            result = archive.check_aws_account(&client, &requests) => result.map(|()| Read::ToItsEnd),
        };
        let mut read = read?;
        if let Read::ToItsEnd = read {
            let reader = Reader {
                client: &client,
                archive: &archive,
                requests: &requests,
                progress: &progress,
                concurrency: arguments.concurrency,
            };
            read = tokio::select! {
                () = interrupted() => Read::Interrupted,
                () = requests.failures.enough() => Read::Stopped,
                () = progress.show() => Read::ToItsEnd,
                result = reader.read() => result.map(|()| Read::ToItsEnd)?,
            };
        }
        progress.finish();
        requests.failures.tell();
        if requests.throttled() > 0 {
            let times = format::count(requests.throttled(), "time");
            tell(format_args!("Slowed down, because the service throttled requests {times}."));
        }
        match read {
            Read::ToItsEnd if requests.failures.is_empty() => archive.all_is_read()?,
            Read::ToItsEnd => {}
            Read::Stopped | Read::Interrupted => return Ok(cut_short(&read, &progress, directory)),
        }
    }
    write(archive, arguments.csv).await
}

/// Prints what an unfinished run has done.
fn cut_short(read: &Read, progress: &Progress, directory: &Path) -> Ending {
    let after = format::time(progress.elapsed());
    let ending = if let Read::Interrupted = read {
        tell(format_args!("Interrupted after {after}."));
        Ending::Interrupted
    } else {
        tell(format_args!("Stopped after {after}, because too many requests in a row failed."));
        Ending::Incomplete
    };
    let rows = progress.rows();
    let rows = if rows.is_empty() { "nothing".to_owned() } else { rows };
    tell(format_args!(
        "This run has read {rows} into {}. To continue, run the same command again.",
        directory.display()
    ));
    ending
}

/// Writes the files, and prints their numbers of rows.
async fn write(archive: Archive, csv: bool) -> anyhow::Result<Ending> {
    let written = tokio::task::spawn_blocking(move || {
        let mut archive = archive;
        let manifest = writing::write(&archive)?;
        if csv {
            csv::write(archive.directory())?;
        }
        if manifest.is_complete {
            archive.finish()?;
        }
        Ok::<_, std::io::Error>((manifest, archive.directory().to_owned()))
    });
    let (manifest, directory) = tokio::select! {
        () = interrupted() => {
            tell("Interrupted while the files were written. To continue, run the same command again.");
            return Ok(Ending::Interrupted);
        }
        written = written => written??,
    };
    Ok(report(&manifest, &directory))
}

fn report(manifest: &Manifest, directory: &Path) -> Ending {
    say(format_args!("{} has:", directory.display()));
    for file in &manifest.files {
        say(format_args!("  {}: {}", file.file, format::count(file.rows, "row")));
    }
    for Reasons { kind, reason, count, .. } in &manifest.notes {
        say(format_args!("Note: {kind}, {}: {reason}", format::count(*count, "time")));
    }
    if manifest.is_complete {
        return Ending::Done;
    }
    for Reasons { kind, reason, count, .. } in &manifest.not_read {
        say(format_args!("Not read: {kind}, {}: {reason}", format::count(*count, "time")));
    }
    say("The archive is incomplete. To read what is missing, run the same command again.");
    Ending::Incomplete
}

/// Prints that the archive is finished, and writes its CSV files if they are wanted.
async fn finished_before(arguments: &Arguments, directory: &Path) -> anyhow::Result<Ending> {
    say(format_args!(
        "{} has a finished archive. For a new archive, name another directory.",
        directory.display()
    ));
    if arguments.csv {
        let directory = directory.to_owned();
        tokio::task::spawn_blocking(move || csv::write(&directory)).await??;
    }
    Ok(Ending::Done)
}

fn has_all_files(directory: &Path) -> anyhow::Result<bool> {
    if !directory.join(manifest::MANIFEST).try_exists()? {
        return Ok(false);
    }
    let manifest = Manifest::read(directory)?;
    Ok(manifest.files.iter().all(|file| directory.join(&file.file).exists()))
}
