//! Exports every account and every user, to JSON Lines or CSV: what an administrator needs now that
//! the service has ended.
//!
//! ```sh
//! cargo run --example export_directory                # of a made-up directory, to see it work
//! cargo run --release --example export_directory -- --aws my-export
//! ```
//!
//! With `--aws` it reads the directory that the usual environment variables lead to. `my-export` must
//! be new or empty, and in the end it has two files that only their owner may read, since they are
//! full of personal data:
//!
//! - `accounts.jsonl` and `users.jsonl`, one account or user a line, with the names of the API;
//! - or, with `--format csv`, `accounts.csv` and `users.csv`, for spreadsheets. Text that a
//!   spreadsheet would take for a formula gets an apostrophe in front, and each file begins with
//!   the byte order mark by which Excel knows UTF-8.
//!
//! They have what the types of this crate have: a member that [`Account`] or [`User`] does not know
//! is not exported. Reading takes the permissions `chime:ListAccounts` and `chime:ListUsers`.
//!
//! **It may be killed at any moment.** Started again with the same arguments, it goes on where it
//! was, misses nothing and writes nothing twice; `my-export/parts` is what it remembers. Accounts
//! whose users could not all be read are listed in the end, and the exit code is 1; started again, it
//! goes on with just those. Accounts that are created after it has begun are not looked for; of one
//! that is deleted meanwhile, what was read of it is kept.
//!
//! Once all is read, it finishes without the service. Should that be gone earlier,
//! `my-export/parts` has what was read: its `*.jsonl` are JSON Lines already, though a row may be
//! there twice, and the last one may be cut off.
//!
//! `--in-flight` says how many accounts are read at a time, and the environment variable
//! `AWS_MAX_ATTEMPTS` how often each page is tried.
//!
//! To try it with a large directory, start this in another terminal, paste what it prints into the
//! one of the export, and kill that half-way:
//!
//! ```sh
//! cargo run --release --example local_chime -- --accounts 200 --users 20000
//! ```

mod arguments;
mod columns;
#[path = "../common/mod.rs"]
mod common;
#[path = "../common/directory.rs"]
mod directory;
mod output;
mod part;
mod parts;
mod progress;
mod reading;

use std::collections::HashSet;
use std::error::Error;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use amazon_chime::{Account, Client, User};
use fs_err::File;

use arguments::Arguments;
use output::{Format, Output, sync_directory};
use parts::Parts;
use reading::Unread;

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
    let arguments = arguments::parse()?;
    let (client, chime) = common::connect(arguments.use_aws)?;
    let Some(chime) = chime else {
        let directory = arguments.directory.as_ref().ok_or("name a directory to export to")?;
        return export(&client, &arguments, directory).await;
    };

    println!("Filling it with a made-up directory …");
    directory::seed(&chime.client(), 40, 800).await?;
    let directory = arguments.directory.clone().unwrap_or_else(|| {
        std::env::temp_dir().join(format!("chime-export-{}", std::process::id()))
    });
    let code = export(&client, &arguments, &directory).await?;
    for what in ["accounts", "users"] {
        print_beginning(&arguments.format.file(&directory, what))?;
    }
    Ok(code)
}

/// Reads what has not been read yet, writes the files, and tells.
async fn export(
    client: &Client,
    arguments: &Arguments,
    directory: &Path,
) -> Result<ExitCode, Box<dyn Error>> {
    let begun = Instant::now();
    let parts = Parts::open(directory, client.endpoint_url(), arguments.format).await;
    let Some(mut parts) = parts.map_err(|error| format!("{}: {error}", directory.display()))?
    else {
        println!(
            "{} has a finished export: name another directory for a new one.",
            directory.display()
        );
        return Ok(ExitCode::SUCCESS);
    };
    if !reading::is_complete(&parts).await? {
        parts.check_aws_account(client).await?;
    }
    let accounts = reading::read_accounts(client, &parts).await?;
    let unread = reading::read_users(client, &parts, &accounts, arguments.in_flight).await?;

    let (format, target) = (arguments.format, directory.to_owned());
    let users: Vec<PathBuf> =
        accounts.iter().map(|account| parts.users(&account.account_id)).collect();
    let written = tokio::task::spawn_blocking(move || write(format, &target, &accounts, &users));
    let (accounts, users) = written.await??;
    sync_directory(directory).await?;
    // What is gone for good is not to be waited for.
    if unread.iter().all(|unread| unread.error.is_not_found()) {
        parts.finish().await?;
    }
    println!("{accounts} accounts and {users} users are in {}.", directory.display());
    println!("This run took {:.1} s.", begun.elapsed().as_secs_f32());
    Ok(report(&unread))
}

/// Writes both files, and gives the numbers of their rows.
fn write(
    format: Format,
    directory: &Path,
    accounts: &[Account],
    users: &[PathBuf],
) -> io::Result<(usize, usize)> {
    let mut file = Output::create::<Account>(format.file(directory, "accounts"), format)?;
    for account in accounts {
        file.write(account)?;
    }
    let accounts = file.finish()?;

    let mut file = Output::create::<User>(format.file(directory, "users"), format)?;
    for part in users {
        // A listing that changes while it is read may come upon a user once more.
        let mut seen = HashSet::new();
        for line in BufReader::new(File::open(part)?).lines() {
            let user: User = serde_json::from_str(&line?)?;
            if seen.insert(user.user_id.clone()) {
                file.write(&user)?;
            }
        }
    }
    Ok((accounts, file.finish()?))
}

/// Tells what is missing.
fn report(unread: &[Unread]) -> ExitCode {
    if unread.is_empty() {
        return ExitCode::SUCCESS;
    }
    let (gone, failed): (Vec<_>, Vec<_>) =
        unread.iter().partition(|unread| unread.error.is_not_found());
    if !gone.is_empty() {
        println!("These accounts are gone. What was read of their users before is in the files:");
        print_errors(&gone);
    }
    if !failed.is_empty() {
        println!("Not all users of these accounts could be read. The others are in the files:");
        print_errors(&failed);
        println!("Run it again to try them again.");
    }
    ExitCode::FAILURE
}

fn print_errors(unread: &[&Unread]) {
    for Unread { account_id, error } in unread {
        println!("  {account_id}: {error}");
    }
}

fn print_beginning(file: &Path) -> io::Result<()> {
    println!("\n{} begins with:", file.display());
    for line in BufReader::new(File::open(file)?).lines().take(2) {
        println!("{}", line?);
    }
    Ok(())
}
