//! The parts of the campaign. Each part prints a table with both clients.

use std::collections::BTreeMap;
use std::slice;

use anyhow::Result;

use crate::memory::{self, Client, Endless};
use crate::official::Official;
use crate::plan::creates::{self, Operation as Create};
use crate::plan::listings;
use crate::plan::repeats::{self, Operation};
use crate::plan::settings::Settings;
use crate::plan::this_crate::{Ensuring, ThisCrate};
use crate::plan::trouble::{self, Trouble};
use crate::plan::turned_away::{self, Reason};
use crate::table::Table;

const CREATES: usize = 500;
/// The number of calls for each operation except `CreateAccount`, and for ensured accounts.
const OTHER_CREATES: usize = 50;
// The retry budgets are large enough for this number.
const TURNED_AWAY: usize = 10;
const REPEATS: usize = 300;
const PAGES: usize = 50;
const STREAMS: usize = 4;

pub(crate) fn versions_and(settings: &Settings) {
    let versions =
        ["amazon-chime", "aws-sdk-chime"].map(|name| format!("{name} {}", version(name)));
    println!("{}; {settings}", versions.join(", "));
}

fn version(package: &str) -> &str {
    let lock = include_str!("../Cargo.lock");
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| **line != name).skip(1);
    lines.next().and_then(|line| line.split('"').nth(1)).unwrap_or("of unknown version")
}

pub(crate) async fn creates(settings: &Settings) -> Result<()> {
    creates_by(Create::CreateAccount, CREATES, settings).await?;
    for create in
        [Create::CreateRoom, Create::CreateBot, Create::InviteUsers, Create::CreatePhoneNumberOrder]
    {
        creates_by(create, OTHER_CREATES, settings).await?;
    }
    Ok(())
}

async fn creates_by(create: Create, calls: usize, settings: &Settings) -> Result<()> {
    let title = format!("{calls} of {create:?} for each fault");
    let columns = [
        "fault",
        "doubled",
        "failed though there, not flagged",
        "falsely flagged",
        "lost",
        "official: doubled",
        "failed though there",
        "lost",
    ];
    let table = Table::start(&title, &columns);
    let (mut all, mut all_official) = (Vec::new(), Vec::new());
    for (trouble, settings) in troubles(settings) {
        let this = creates::run::<ThisCrate>(create, &trouble, &settings, calls).await?;
        let official = creates::run::<Official>(create, &trouble, &settings, calls).await?;
        details(trouble.name, &this.failures, &official.failures);
        row_of_creates(&table, trouble.name, slice::from_ref(&this), slice::from_ref(&official));
        all.push(this);
        all_official.push(official);
    }
    row_of_creates(&table, "**total**", &all, &all_official);
    println!();
    let both = |of| format!("{}, official {}", sum(&all, of), sum(&all_official, of));
    println!("- gave something that is not there: {}", both(|tally| tally.claimed));
    println!(
        "- connections to the redirects' target: {}",
        both(|tally| tally.at_decoy.connections)
    );
    println!("- requests there: {}", both(|tally| tally.at_decoy.requests));
    println!("- signatures there: {}", both(|tally| tally.at_decoy.signatures));
    println!("- session tokens there: {}", both(|tally| tally.at_decoy.session_tokens));
    let early = sum(&all, |tally| tally.given_up_early);
    println!("- could not double anything, and given up before the third attempt: {early}");
    Ok(())
}

fn row_of_creates(
    table: &Table,
    name: &str,
    these: &[creates::Tally],
    officials: &[creates::Tally],
) {
    table.row(
        name,
        [
            &sum(these, |tally| tally.doubled),
            &sum(these, |tally| tally.unflagged),
            &sum(these, |tally| tally.falsely_flagged),
            &sum(these, |tally| tally.lost),
            &sum(officials, |tally| tally.doubled),
            &sum(officials, |tally| tally.unflagged),
            &sum(officials, |tally| tally.lost),
        ],
    );
}

/// Compares ensured creates with plain creates. All have five attempts.
pub(crate) async fn ensures(settings: &Settings) -> Result<()> {
    let settings = Settings { max_attempts: 5, ..settings.clone() };
    ensures_by(Create::CreateUser, CREATES, &settings).await?;
    ensures_by(Create::CreateAccount, OTHER_CREATES, &settings).await
}

async fn ensures_by(create: Create, calls: usize, settings: &Settings) -> Result<()> {
    let title = format!("{calls} of {create:?} for each fault, ensured and plain, 5 attempts");
    let columns = [
        "fault",
        "ensured: there once",
        "doubled",
        "failed",
        "plain: there once",
        "doubled",
        "failed",
        "official: there once",
        "doubled",
        "failed",
    ];
    let table = Table::start(&title, &columns);
    let mut all = [const { Vec::new() }; 3];
    for (trouble, settings) in troubles(settings) {
        let tallies = [
            creates::run::<Ensuring>(create, &trouble, &settings, calls).await?,
            creates::run::<ThisCrate>(create, &trouble, &settings, calls).await?,
            creates::run::<Official>(create, &trouble, &settings, calls).await?,
        ];
        eprintln!("{}: ensured {:?}", trouble.name, tallies[0]);
        row_of_ensures(&table, trouble.name, tallies.each_ref().map(slice::from_ref));
        for (all, tally) in all.iter_mut().zip(tallies) {
            all.push(tally);
        }
    }
    row_of_ensures(&table, "**total**", all.each_ref().map(Vec::as_slice));
    println!();
    let [ensured, ..] = &all;
    println!("- ensured, and gave something that is not there: {}", sum(ensured, |it| it.claimed));
    println!("- ensured, failed though there, not flagged: {}", sum(ensured, |it| it.unflagged));
    println!("- ensured, failed, and not there: {}", sum(ensured, |it| it.lost));
    Ok(())
}

fn row_of_ensures(table: &Table, name: &str, clients: [&[creates::Tally]; 3]) {
    let [ensured, plain, official] = clients.map(|tallies| {
        [
            sum(tallies, |tally| tally.once),
            sum(tallies, |tally| tally.doubled),
            sum(tallies, creates::Tally::failed),
        ]
    });
    table.row(
        name,
        [
            &ensured[0], &ensured[1], &ensured[2], &plain[0], &plain[1], &plain[2], &official[0],
            &official[1], &official[2],
        ],
    );
}

pub(crate) async fn turned_away(settings: &Settings) -> Result<()> {
    let title = format!("{TURNED_AWAY} creates that certainly do not apply");
    let columns = ["reason", "applied", "falsely flagged", "attempts", "official: applied"];
    let table = Table::start(&title, &columns);
    for reason in Reason::ALL {
        let this = turned_away::run::<ThisCrate>(reason, settings, TURNED_AWAY).await?;
        let official = turned_away::run::<Official>(reason, settings, TURNED_AWAY).await?;
        let mut attempts: Vec<_> = this.attempts.iter().flatten().copied().collect();
        attempts.dedup();
        table.row(
            format!("{reason:?}"),
            [
                &(this.accounts + this.succeeded),
                &this.falsely_flagged,
                &format!("{attempts:?}"),
                &(official.accounts + official.succeeded),
            ],
        );
    }
    Ok(())
}

pub(crate) async fn repeats(settings: &Settings) -> Result<()> {
    let title = format!("{REPEATS} of each call that may run twice, for each fault");
    let columns = [
        "fault",
        "GetAccount lost",
        "UpdateAccount lost",
        "BatchSuspendUser lost",
        "before the third attempt",
        "wrong answers",
        "official: GetAccount lost",
        "UpdateAccount lost",
        "BatchSuspendUser lost",
        "wrong answers",
    ];
    let table = Table::start(&title, &columns);
    for (trouble, settings) in troubles(settings) {
        let mut this = Vec::new();
        let mut official = Vec::new();
        for (operation, seed) in Operation::ALL.into_iter().zip((settings.seed..).step_by(100)) {
            let settings = Settings { seed, ..settings.clone() };
            let run = repeats::run::<ThisCrate>(operation, &trouble, &settings, REPEATS);
            this.push(run.await?);
            let run = repeats::run::<Official>(operation, &trouble, &settings, REPEATS);
            official.push(run.await?);
        }
        table.row(
            trouble.name,
            [
                &this[0].lost,
                &this[1].lost,
                &this[2].lost,
                &sum(&this, |tally| tally.lost_early),
                &sum(&this, |tally| tally.wrong),
                &official[0].lost,
                &official[1].lost,
                &official[2].lost,
                &sum(&official, |tally| tally.wrong),
            ],
        );
        details(trouble.name, &this[0].failures, &official[0].failures);
    }
    Ok(())
}

pub(crate) async fn listings(settings: &Settings) -> Result<()> {
    let title = format!("{STREAMS} streams of {PAGES} pages for each fault");
    let columns = [
        "fault",
        "items missing",
        "doubled",
        "pages to ask for again",
        "before the third attempt",
        "official: items missing",
        "doubled",
        "pages to ask for again",
    ];
    let table = Table::start(&title, &columns);
    for (trouble, settings) in troubles(settings) {
        let this = listings::run::<ThisCrate>(&trouble, &settings, PAGES, STREAMS).await?;
        let official = listings::run::<Official>(&trouble, &settings, PAGES, STREAMS).await?;
        let listings::Tally { missing, doubled, broken, broken_early, .. } = &this;
        table.row(
            trouble.name,
            [
                missing,
                doubled,
                broken,
                broken_early,
                &official.missing,
                &official.doubled,
                &official.broken,
            ],
        );
        details(trouble.name, &this.failures, &official.failures);
    }
    Ok(())
}

pub(crate) async fn memory() -> Result<()> {
    let columns = ["what has no end (or one after 1 GiB)", "this crate", "official"];
    let table = Table::start("Peak memory that one create takes", &columns);
    for endless in Endless::ALL {
        let this = memory::measure(endless, Client::ThisCrate).await?;
        let official = memory::measure(endless, Client::Official).await?;
        table.row(format!("{endless:?}"), [&this, &official]);
    }
    Ok(())
}

/// Returns each trouble with a seed of its own.
fn troubles(settings: &Settings) -> impl Iterator<Item = (Trouble, Settings)> {
    let seeds = settings.seed..;
    let settings = settings.clone();
    trouble::all()
        .into_iter()
        .zip(seeds)
        .map(move |(trouble, seed)| (trouble, Settings { seed, ..settings.clone() }))
}

fn sum<T>(tallies: &[T], of: fn(&T) -> usize) -> usize {
    tallies.iter().map(of).sum()
}

type Failures = BTreeMap<String, usize>;

/// Prints the kinds of failures to the standard error.
fn details(name: &str, this: &Failures, official: &Failures) {
    eprintln!("{name}: {this:?}, official {official:?}");
}
