//! The work: every listing is read into its part, from where the part stops.

use std::collections::HashSet;
use std::io;
use std::num::NonZeroUsize;

use amazon_chime::operations::List;
use amazon_chime::{Account, AccountId, Client, Error, Request, User};
use fs_err::tokio as fs;
use futures_util::{StreamExt, TryStreamExt, stream};
use indicatif::ProgressBar;
use serde::Serialize;

use crate::part::Part;
use crate::parts::Parts;
use crate::progress::Progress;

/// The most that a page can have.
const PAGE_SIZE: u32 = 200;

/// An account whose users could not all be read, and why.
pub(crate) struct Unread {
    pub(crate) account_id: AccountId,
    pub(crate) error: Error,
}

/// Whether all is on disk already.
pub(crate) async fn is_complete(parts: &Parts) -> Result<bool, Box<dyn std::error::Error>> {
    if !Part::open(&parts.accounts()).await?.is_complete() {
        return Ok(false);
    }
    for account in accounts_so_far(parts).await? {
        if !Part::open(&parts.users(&account.account_id)).await?.is_complete() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// All accounts. An error here is the end, as the users are found by their accounts.
pub(crate) async fn read_accounts(
    client: &Client,
    parts: &Parts,
) -> Result<Vec<Account>, Box<dyn std::error::Error>> {
    let mut part = Part::open(&parts.accounts()).await?;
    read(client.list_accounts(), &mut part, &ProgressBar::hidden(), |_| ()).await??;
    accounts_so_far(parts).await
}

/// The accounts that are on disk.
async fn accounts_so_far(parts: &Parts) -> Result<Vec<Account>, Box<dyn std::error::Error>> {
    let rows = fs::read_to_string(parts.accounts()).await?;
    let mut accounts: Vec<Account> =
        rows.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    // A listing that goes on after a long time may come upon an account once more.
    let mut seen = HashSet::new();
    accounts.retain(|account| seen.insert(account.account_id.clone()));
    Ok(accounts)
}

/// The users of all accounts, of several at a time. An account that cannot be read stops no other.
pub(crate) async fn read_users(
    client: &Client,
    parts: &Parts,
    accounts: &[Account],
    in_flight: NonZeroUsize,
) -> io::Result<Vec<Unread>> {
    let progress = Progress::of(accounts.len());
    let unread: Vec<Option<Unread>> = stream::iter(accounts)
        .map(async |Account { account_id, .. }| {
            let mut part = Part::open(&parts.users(account_id)).await?;
            progress.users.inc(part.rows());
            // The service need not say in a user which account was asked for.
            let complete = |user: &mut User| {
                user.account_id.get_or_insert_with(|| account_id.clone());
            };
            let users = client.list_users(account_id);
            let result = read(users, &mut part, &progress.users, complete).await?;
            progress.accounts.inc(1);
            Ok::<_, io::Error>(
                result.err().map(|error| Unread { account_id: account_id.clone(), error }),
            )
        })
        .buffer_unordered(in_flight.get())
        .try_collect()
        .await?;
    progress.finish();
    Ok(unread.into_iter().flatten().collect())
}

/// Reads a listing from where its part stops to its end. The outer error is the disk's, the inner
/// one the service's.
async fn read<L: List<Item: Serialize>>(
    listing: Request<L>,
    part: &mut Part,
    progress: &ProgressBar,
    complete: impl Fn(&mut L::Item),
) -> io::Result<Result<(), Error>> {
    let listing = listing.max_results(PAGE_SIZE);
    let mut token_is_old = part.next_token().is_some();
    while !part.is_complete() {
        let mut pages = listing.clone().next_token(part.next_token().unwrap_or_default()).pages();
        while let Some(page) = pages.next().await {
            match page {
                Ok(mut page) => {
                    page.items.iter_mut().for_each(&complete);
                    progress.inc(page.items.len() as u64);
                    part.add(page).await?;
                }
                // A token does not live for ever. Without it, the listing begins anew.
                Err(error) if token_is_old && may_be_about_the_token(&error) => {
                    progress.dec(part.rows());
                    part.start_over().await?;
                }
                Err(error) => return Ok(Err(error)),
            }
            token_is_old = false;
        }
    }
    Ok(Ok(()))
}

/// Whether the service may have refused the token; it has more than one code for that.
fn may_be_about_the_token(error: &Error) -> bool {
    let is_about_another_matter =
        error.is_throttled() || error.is_access_denied() || error.is_not_found();
    error.status() == Some(400) && !is_about_another_matter
}
