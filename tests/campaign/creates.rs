//! Creates with different names, and their outcomes.

use std::collections::{BTreeMap, HashMap};

use amazon_chime::operations::List;
use amazon_chime::{AccountType, Client, OrderedPhoneNumber, Request, Sensitive, User};
use anyhow::Result;

use super::decoy::Seen;
use super::settings::Settings;
use super::stage::Stage;
use super::subject::{Failure, Subject};
use super::trouble::{Effect, Trouble};

/// The operations that create resources. `CreateMeetingDialOut` is not here, because the API does not show its effect.
/// `tests/api/operations/replay.rs` tests that it is sent only once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    CreateAccount,
    CreateUser,
    CreateRoom,
    CreateBot,
    InviteUsers,
    CreatePhoneNumberOrder,
}

impl Operation {
    /// Returns `true` if the client sends a client request token.
    fn has_token(self) -> bool {
        self == Self::CreateRoom
    }

    fn name(self, number: usize) -> String {
        match self {
            Self::CreateAccount => format!("Account {number}"),
            Self::CreateRoom => format!("Room {number}"),
            Self::CreateBot => format!("Bot {number}"),
            Self::CreateUser | Self::InviteUsers => format!("user{number}@example.com"),
            // An order exists even if its number is not available.
            Self::CreatePhoneNumberOrder => format!("+1206555{number:04}"),
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Exactly one resource exists, whatever the client reports.
    pub(crate) once: usize,
    /// Two or more resources exist.
    pub(crate) doubled: usize,
    /// The call returned a resource that does not exist.
    pub(crate) claimed: usize,
    /// The call failed and the resource exists, but the error does not say that the call may have run.
    pub(crate) unflagged: usize,
    /// The error says that the call may have run, but the service certainly refused it.
    pub(crate) falsely_flagged: usize,
    /// The call failed, and the resource does not exist.
    pub(crate) lost: usize,
    /// The call failed before its last attempt, although it was safe to repeat: the service refused it, or it has a
    /// token.
    pub(crate) given_up_early: usize,
    pub(crate) failures: BTreeMap<String, usize>,
    pub(crate) at_decoy: Seen,
}

pub(crate) async fn run<S: Subject>(
    operation: Operation,
    trouble: &Trouble,
    settings: &Settings,
    calls: usize,
) -> Result<Tally> {
    let mut stage = Stage::set(trouble, settings).await?;
    let subject = S::connect(&stage.endpoint(), settings)?;
    let target = Target::create(operation, &stage)?;
    stage.begin();
    let mut results = Vec::new();
    for number in 0..calls {
        let name = operation.name(number);
        stage.before_call();
        let result = target.call(&subject, &name).await;
        results.push((name, result));
    }
    drop(subject);
    stage.end().await?;

    let ids_by_name = target.ids_by_name(&stage.peaceful_client()).await?;
    let mut tally = Tally { at_decoy: stage.decoy_saw(), ..Tally::default() };
    for (name, result) in results {
        let ids = ids_by_name.get(&name).map(Vec::as_slice).unwrap_or_default();
        tally.count(operation, &result, ids, trouble.effect, settings);
    }
    Ok(tally)
}

/// The account in which resources are created.
struct Target {
    operation: Operation,
    /// It is not used for accounts and for phone number orders.
    account_id: String,
}

impl Target {
    fn create(operation: Operation, stage: &Stage) -> Result<Self> {
        let account_type = match operation {
            Operation::CreateUser | Operation::InviteUsers => AccountType::Team,
            _ => AccountType::EnterpriseDirectory,
        };
        let account = stage.add_account("Acme", account_type)?;
        Ok(Self { operation, account_id: account.account_id.to_string() })
    }

    async fn call(&self, subject: &impl Subject, name: &str) -> Result<String, Failure> {
        let id = &self.account_id;
        match self.operation {
            Operation::CreateAccount => subject.create_account(name).await,
            Operation::CreateUser => subject.create_user(id, name).await,
            Operation::CreateRoom => subject.create_room(id, name).await,
            Operation::CreateBot => subject.create_bot(id, name).await,
            Operation::InviteUsers => subject.invite_user(id, name).await,
            Operation::CreatePhoneNumberOrder => subject.order_phone_number(name).await,
        }
    }

    async fn ids_by_name(&self, client: &Client) -> Result<HashMap<String, Vec<String>>> {
        let id = &self.account_id;
        match self.operation {
            Operation::CreateAccount => {
                ids_by_name(client.list_accounts(), |it| (it.name, it.account_id.into())).await
            }
            Operation::CreateUser => {
                let name = |it: &User| text(it.primary_email.clone());
                ids_by_name(client.list_users(id), |it| (name(&it), it.user_id.into())).await
            }
            Operation::CreateRoom => {
                ids_by_name(client.list_rooms(id), |it| (text(it.name), it.room_id.into())).await
            }
            Operation::CreateBot => {
                // The service adds ` (Bot)` to the name of a bot.
                let name = |shown| text(shown).replace(" (Bot)", "");
                ids_by_name(client.list_bots(id), |it| (name(it.display_name), it.bot_id.into()))
                    .await
            }
            // The address identifies an invitation.
            Operation::InviteUsers => {
                let email = |it: User| text(it.primary_email);
                ids_by_name(client.list_users(id), |it| (email(it.clone()), email(it))).await
            }
            Operation::CreatePhoneNumberOrder => {
                let number = |it: Vec<OrderedPhoneNumber>| {
                    text(it.into_iter().find_map(|it| it.e164_phone_number))
                };
                let orders = client.list_phone_number_orders();
                ids_by_name(orders, |it| {
                    (number(it.ordered_phone_numbers), it.phone_number_order_id.into())
                })
                .await
            }
        }
    }
}

impl Tally {
    pub(crate) fn failed(&self) -> usize {
        self.failures.values().sum()
    }

    fn count(
        &mut self,
        operation: Operation,
        result: &Result<String, Failure>,
        ids: &[String],
        effect: Effect,
        settings: &Settings,
    ) {
        self.once += usize::from(ids.len() == 1);
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
                let cannot_double = turned_away || operation.has_token();
                self.given_up_early += usize::from(cannot_double && failure.is_early(settings));
                *self.failures.entry(failure.what.clone()).or_default() += 1;
            }
        }
    }
}

async fn ids_by_name<L: List>(
    listing: Request<L>,
    name_and_id: impl Fn(L::Item) -> (String, String),
) -> Result<HashMap<String, Vec<String>>> {
    let mut ids_by_name = HashMap::<_, Vec<_>>::new();
    let mut items = listing.items();
    while let Some(item) = items.try_next().await? {
        let (name, id) = name_and_id(item);
        ids_by_name.entry(name).or_default().push(id);
    }
    Ok(ids_by_name)
}

fn text(value: Option<Sensitive>) -> String {
    value.map(Sensitive::into_inner).unwrap_or_default()
}
