//! Calls that are safe to repeat. They should fail only after their last attempt.

use std::collections::BTreeMap;

use anyhow::Result;

use super::settings::Settings;
use super::stage::Stage;
use super::subject::{Failure, Subject};
use super::trouble::Trouble;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    GetAccount,
    UpdateAccount,
    BatchSuspendUser,
}

impl Operation {
    pub(crate) const ALL: [Self; 3] =
        [Self::GetAccount, Self::UpdateAccount, Self::BatchSuspendUser];
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// The call succeeded, but returned another resource or value.
    pub(crate) wrong: usize,
    pub(crate) lost: usize,
    /// The number of calls that failed before their last attempt.
    pub(crate) lost_early: usize,
    pub(crate) failures: BTreeMap<String, usize>,
}

pub(crate) async fn run<S: Subject>(
    operation: Operation,
    trouble: &Trouble,
    settings: &Settings,
    calls: usize,
) -> Result<Tally> {
    let mut stage = Stage::set(trouble, settings).await?;
    let subject = S::connect(&stage.endpoint(), settings)?;
    let target = Target::create(&stage).await?;
    stage.begin();
    let mut tally = Tally::default();
    for number in 0..calls {
        stage.before_call();
        match target.call(operation, &subject, number).await {
            Ok(is_right) => tally.wrong += usize::from(!is_right),
            Err(failure) => tally.count(failure, settings),
        }
    }
    drop(subject);
    stage.end().await?;
    Ok(tally)
}

struct Target {
    account_id: String,
    user_ids: Vec<String>,
}

impl Target {
    async fn create(stage: &Stage) -> Result<Self> {
        let client = stage.peaceful_client();
        let account = client.create_account("Acme").await?;
        let mut user_ids = Vec::new();
        for _ in 0..3 {
            user_ids.push(client.create_user(&account.account_id).await?.user_id.to_string());
        }
        Ok(Self { account_id: account.account_id.to_string(), user_ids })
    }

    /// Makes a call, and returns `true` if the output is right.
    async fn call(
        &self,
        operation: Operation,
        subject: &impl Subject,
        number: usize,
    ) -> Result<bool, Failure> {
        let id = &self.account_id;
        match operation {
            Operation::GetAccount => Ok(subject.get_account(id).await? == *id),
            Operation::UpdateAccount => {
                let name = format!("Acme {number}");
                Ok(subject.update_account(id, &name).await? == name)
            }
            Operation::BatchSuspendUser => {
                Ok(subject.suspend_users(id, &self.user_ids).await? == 0)
            }
        }
    }
}

impl Tally {
    fn count(&mut self, failure: Failure, settings: &Settings) {
        self.lost += 1;
        self.lost_early += usize::from(failure.is_early(settings));
        *self.failures.entry(failure.what).or_default() += 1;
    }
}
