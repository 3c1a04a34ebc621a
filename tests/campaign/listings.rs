//! Streams of many pages. A stream that fails continues at the failed page, as a caller would do it.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;

use super::settings::Settings;
use super::stage::Stage;
use super::subject::Subject;
use super::trouble::Trouble;

const PAGE_SIZE: usize = 2;

#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) missing: usize,
    pub(crate) doubled: usize,
    /// The number of failed pages.
    pub(crate) broken: usize,
    /// The number of pages that failed before their last attempt.
    pub(crate) broken_early: usize,
    pub(crate) failures: BTreeMap<String, usize>,
}

/// Lists all accounts this number of times.
pub(crate) async fn run<S: Subject>(
    trouble: &Trouble,
    settings: &Settings,
    pages: usize,
    streams: usize,
) -> Result<Tally> {
    let mut stage = Stage::set(trouble, settings).await?;
    let subject = S::connect(&stage.endpoint(), settings)?;
    let client = stage.peaceful_client();
    let accounts = pages * PAGE_SIZE;
    for number in 0..accounts {
        client.create_account(format!("Account {number}")).await?;
    }
    stage.begin();
    let mut tally = Tally::default();
    for _ in 0..streams {
        let items = tally.list(&subject, &mut stage, settings, pages).await;
        let different = items.iter().collect::<HashSet<_>>().len();
        tally.missing += accounts - different;
        tally.doubled += items.len() - different;
    }
    drop(subject);
    stage.end().await?;
    Ok(tally)
}

impl Tally {
    async fn list(
        &mut self,
        subject: &impl Subject,
        stage: &mut Stage,
        settings: &Settings,
        pages: usize,
    ) -> Vec<String> {
        let mut items = Vec::new();
        let mut token = None;
        // The limit ends a stream that fails at every page.
        for _ in 0..=pages {
            let before_next = || stage.before_call();
            let listing = subject.list_accounts(PAGE_SIZE, token, before_next).await;
            items.extend(listing.items);
            let Some((failure, next_token)) = listing.broken else { break };
            self.broken += 1;
            self.broken_early += usize::from(failure.is_early(settings));
            *self.failures.entry(failure.what).or_default() += 1;
            token = next_token;
        }
        items
    }
}
