//! The stage: an embedded Chime with one trouble.

use std::sync::Arc;

use amazon_chime::aws_credential_types::provider::{
    ProvideCredentials, SharedCredentialsProvider, future,
};
use amazon_chime::chrono::TimeDelta;
use amazon_chime::local::{LocalChime, SkewError};
use amazon_chime::{Account, AccountType, Client};
use anyhow::Result;

use super::decoy::{Decoy, Seen};
use super::line::{Line, Moment, Plan};
use super::settings::Settings;
use super::subject::Endpoint;
use super::trouble::{self, Cause, PlannedFault, Trouble};

/// An embedded Chime whose trouble starts with [`begin`](Stage::begin).
pub(crate) struct Stage {
    chime: Arc<LocalChime>,
    cause: Cause,
    settings: Settings,
    decoy: Decoy,
    line: Option<Line>,
    revocations: Option<Revocations>,
}

/// The probability with which the session token is revoked before a call.
struct Revocations {
    probability: f64,
    dice: fastrand::Rng,
}

impl Stage {
    pub(crate) async fn set(trouble: &Trouble, settings: &Settings) -> Result<Self> {
        let chime = Arc::new(LocalChime::start()?);
        let line = match line_plan(&trouble.cause, settings) {
            Some(plan) => Some(Line::open(chime.endpoint_url(), plan).await?),
            None => None,
        };
        let revocations = matches!(trouble.cause, Cause::Revocation).then(|| Revocations {
            probability: settings.probability,
            dice: fastrand::Rng::with_seed(settings.seed),
        });
        Ok(Self {
            chime,
            cause: trouble.cause.clone(),
            settings: settings.clone(),
            decoy: Decoy::listen().await?,
            line,
            revocations,
        })
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        let url = self.line.as_ref().map_or(self.chime.endpoint_url(), Line::url);
        Endpoint {
            url: url.to_owned(),
            region: self.chime.region().to_owned(),
            credentials: SharedCredentialsProvider::new(Current(Arc::clone(&self.chime))),
        }
    }

    /// Returns a client for calls before the trouble begins and after it ends.
    pub(crate) fn peaceful_client(&self) -> Client {
        self.chime.client()
    }

    pub(crate) fn add_account(&self, name: &str, account_type: AccountType) -> Result<Account> {
        Ok(self.chime.add_account(name, account_type)?)
    }

    pub(crate) fn begin(&self) {
        match self.cause {
            Cause::Fault(fault) | Cause::Silence(fault) | Cause::Redirect(fault) => {
                self.inject(fault, self.settings.probability, self.settings.seed);
            }
            Cause::Clock(error) => self.chime.shift_clock(TimeDelta::hours(1), error),
            Cause::Mix => {
                // Each fault has random numbers of its own. With the same numbers, all faults would occur together.
                for (fault, seed) in all_faults().zip(self.settings.seed..) {
                    self.inject(fault, share_of_mix(&self.settings), seed);
                }
            }
            Cause::Line(_) | Cause::Revocation => {}
        }
    }

    pub(crate) fn before_call(&mut self) {
        if let Some(Revocations { probability, dice }) = &mut self.revocations
            && dice.f64() < *probability
        {
            _ = self.chime.renew_temporary_credentials();
        }
    }

    /// Ends the trouble, and waits for delayed requests.
    pub(crate) async fn end(&self) -> Result<()> {
        self.chime.clear_faults();
        self.chime.shift_clock(TimeDelta::zero(), SkewError::default());
        match &self.line {
            Some(line) => line.settle().await,
            None => Ok(()),
        }
    }

    pub(crate) fn decoy_saw(&self) -> Seen {
        self.decoy.seen()
    }

    fn inject(&self, fault: PlannedFault, probability: f64, seed: u64) {
        let fault = fault(self.decoy.url(), &self.settings);
        self.chime.inject(fault.with_probability(probability, seed));
    }
}

fn line_plan(cause: &Cause, settings: &Settings) -> Option<Plan> {
    let (moments, probability) = match cause {
        Cause::Line(moment) => (vec![*moment], settings.probability),
        Cause::Mix => (Moment::ALL.into(), share_of_mix(settings)),
        _ => return None,
    };
    let hold = settings.attempt_timeout.mul_f64(1.2);
    Some(Plan { moments, probability, seed: settings.seed, hold })
}

fn all_faults() -> impl Iterator<Item = PlannedFault> {
    trouble::all().into_iter().filter_map(|trouble| trouble.cause.fault())
}

/// Returns the probability of each fault in a mix. At least one fault of the mix then occurs with the probability in
/// the settings.
fn share_of_mix(settings: &Settings) -> f64 {
    let number = all_faults().count() + Moment::ALL.len();
    let number = f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    1.0 - (1.0 - settings.probability).powf(1.0 / number)
}

/// Provides the current temporary credentials.
#[derive(Debug)]
struct Current(Arc<LocalChime>);

impl ProvideCredentials for Current {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Ok(self.0.temporary_credentials()))
    }
}
