//! Creates, each with a name of its own, and what became of them.

use std::collections::{BTreeMap, HashMap};

use amazon_chime::Client;
use anyhow::Result;

use super::decoy::Seen;
use super::settings::Settings;
use super::stage::Stage;
use super::subject::{Failure, Subject};
use super::trouble::{Effect, Trouble};

/// How many calls went which way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// There are two accounts, or more.
    pub(crate) doubled: usize,
    /// The call gave an account that is not there.
    pub(crate) claimed: usize,
    /// The call failed and the account is there, but the client does not say that it may be.
    pub(crate) unflagged: usize,
    /// The client says that the account may be there, but the call was certainly turned away.
    pub(crate) falsely_flagged: usize,
    /// The call failed, and the account is not there.
    pub(crate) lost: usize,
    /// Of those that were lost, the ones that were certainly turned away and yet not tried as often as they could be.
    pub(crate) lost_early: usize,
    /// How the calls failed.
    pub(crate) failures: BTreeMap<String, usize>,
    pub(crate) at_decoy: Seen,
}

/// Creates `calls` accounts, one after the other.
pub(crate) async fn run<S: Subject>(
    trouble: &Trouble,
    settings: &Settings,
    calls: usize,
) -> Result<Tally> {
    let mut stage = Stage::set(trouble, settings).await?;
    let subject = S::connect(&stage.endpoint(), settings)?;
    stage.begin();
    let mut results = Vec::new();
    for number in 0..calls {
        let name = format!("Account {number}");
        stage.before_call();
        let result = subject.create_account(&name).await;
        results.push((name, result));
    }
    drop(subject);
    stage.end().await?;

    let ids_by_name = accounts(&stage.peaceful_client()).await?;
    let mut tally = Tally { at_decoy: stage.decoy_saw(), ..Tally::default() };
    for (name, result) in results {
        let ids = ids_by_name.get(&name).map(Vec::as_slice).unwrap_or_default();
        tally.count(&result, ids, trouble.effect, settings);
    }
    Ok(tally)
}

impl Tally {
    fn count(
        &mut self,
        result: &Result<String, Failure>,
        ids: &[String],
        effect: Effect,
        settings: &Settings,
    ) {
        self.doubled += usize::from(ids.len() > 1);
        match result {
            Ok(id) => self.claimed += usize::from(!ids.contains(id)),
            Err(failure) => {
                let turned_away = effect != Effect::Unknown;
                let is_there = !ids.is_empty();
                let is_flagged = failure.may_have_applied;
                self.unflagged += usize::from(is_there && !is_flagged);
                self.falsely_flagged += usize::from(turned_away && is_flagged);
                self.lost += usize::from(!is_there);
                self.lost_early +=
                    usize::from(!is_there && turned_away && failure.is_early(settings));
                *self.failures.entry(failure.what.clone()).or_default() += 1;
            }
        }
    }
}

/// The ids of the accounts of each name.
async fn accounts(client: &Client) -> Result<HashMap<String, Vec<String>>> {
    let mut ids = HashMap::<_, Vec<_>>::new();
    let mut accounts = client.list_accounts().items();
    while let Some(account) = accounts.try_next().await? {
        ids.entry(account.name).or_default().push(account.account_id.to_string());
    }
    Ok(ids)
}
