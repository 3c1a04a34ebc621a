//! Creates that certainly do not run. Their errors must not say that the call may have run.

use std::net::TcpListener;

use amazon_chime::Credentials;
use amazon_chime::aws_credential_types::provider::SharedCredentialsProvider;
use amazon_chime::local::{Fault, LocalChime};
use anyhow::Result;

use super::settings::Settings;
use super::subject::{Endpoint, Subject};

/// The reason why no call can succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    NobodyListens,
    TooManyCalls,
    WrongSecret,
    TokenRevokedForGood,
    BlankName,
    BadRequest,
}

impl Reason {
    pub(crate) const ALL: [Self; 6] = [
        Self::NobodyListens,
        Self::TooManyCalls,
        Self::WrongSecret,
        Self::TokenRevokedForGood,
        Self::BlankName,
        Self::BadRequest,
    ];
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) succeeded: usize,
    pub(crate) falsely_flagged: usize,
    /// The number of attempts of each call, if the client reports it.
    pub(crate) attempts: Vec<Option<u32>>,
    /// The number of accounts at the end.
    pub(crate) accounts: usize,
}

pub(crate) async fn run<S: Subject>(
    reason: Reason,
    settings: &Settings,
    calls: usize,
) -> Result<Tally> {
    let chime = LocalChime::start()?;
    let subject = S::connect(&endpoint(&chime, reason)?, settings)?;
    inject(&chime, reason);
    let name = if reason == Reason::BlankName { " " } else { "Acme" };
    let mut tally = Tally::default();
    for _ in 0..calls {
        match subject.create_account(name).await {
            Ok(_) => tally.succeeded += 1,
            Err(failure) => {
                tally.falsely_flagged += usize::from(failure.may_have_applied);
                tally.attempts.push(failure.attempts);
            }
        }
    }
    chime.clear_faults();
    tally.accounts = chime.client().list_accounts().await?.items.len();
    Ok(tally)
}

fn endpoint(chime: &LocalChime, reason: Reason) -> Result<Endpoint> {
    let url = match reason {
        Reason::NobodyListens => closed_port()?,
        _ => chime.endpoint_url().to_owned(),
    };
    let credentials = match reason {
        Reason::WrongSecret => {
            Credentials::new(chime.credentials().access_key_id(), "wrong", None, None, "campaign")
        }
        Reason::TokenRevokedForGood => {
            let revoked = chime.temporary_credentials();
            _ = chime.renew_temporary_credentials();
            revoked
        }
        _ => chime.credentials(),
    };
    let credentials = SharedCredentialsProvider::new(credentials);
    Ok(Endpoint { url, region: chime.region().to_owned(), credentials })
}

fn inject(chime: &LocalChime, reason: Reason) {
    let status = match reason {
        Reason::TooManyCalls => 429,
        Reason::BadRequest => 400,
        _ => return,
    };
    chime.inject(Fault::status(status).with_probability(1.0, 0));
}

/// Returns the URL of a port that no server listens on.
fn closed_port() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    Ok(format!("http://{}", listener.local_addr()?))
}
