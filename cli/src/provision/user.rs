//! Ensures that one user is in the account and has the license of the file.

use std::fmt;

use amazon_chime::{Account, AccountId, Client, Ensured, Error, ErrorKind, License, User, UserId};

use super::file::WantedUser;

/// The result of a line of the file.
pub(crate) enum Outcome {
    InAccount {
        user_id: UserId,
        how: How,
        /// The new license, if the user had another license.
        new_license: Option<License>,
    },
    /// In a dry run: the account does not have the user.
    WouldCreate,
    /// The line has the same e-mail address as this earlier line.
    Repeats(usize),
    Skipped(String),
    Failed(Error),
}

/// How a user came into the account.
#[derive(Clone, Copy)]
pub(crate) enum How {
    Exists,
    /// In a dry run: the user exists, and nothing is changed.
    ExistsAndStays,
    Created,
    /// The service created the user, but the response was lost.
    CreatedUnheard,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InAccount { user_id, how, new_license } => {
                f.write_str(match how {
                    How::Exists | How::ExistsAndStays => "exists",
                    How::Created => "created",
                    How::CreatedUnheard => "created, although the response was lost",
                })?;
                let given = if let How::ExistsAndStays = how { "would be given" } else { "given" };
                if let Some(license) = new_license {
                    write!(f, ", and {given} the license {license}")?;
                }
                write!(f, ": {user_id}")
            }
            Self::WouldCreate => f.write_str("would be created"),
            Self::Repeats(first) => write!(f, "the same e-mail address as in line {first}"),
            Self::Skipped(reason) => write!(f, "skipped: {reason}"),
            Self::Failed(error) => write!(f, "failed: {error}"),
        }
    }
}

/// Ensures that the account has the user, or in a dry run looks whether the user exists.
pub(crate) async fn provision(
    client: &Client,
    account: &Account,
    wanted: &WantedUser,
    is_dry_run: bool,
) -> Outcome {
    // Checked before the user is created, because no run could set this license.
    let supported = &account.supported_licenses;
    if let Some(license) = &wanted.license_type
        && !supported.is_empty()
        && !supported.contains(license)
    {
        return Outcome::Skipped(format!("the account does not support the license {license}"));
    }
    let account_id = &account.account_id;
    let outcome = if is_dry_run {
        look(client, account_id, wanted).await
    } else {
        ensure_with_license(client, account_id, wanted).await
    };
    match outcome {
        Ok(outcome) => outcome,
        // The crate checks the parameters, so this program does not check them.
        Err(error) if error.kind() == ErrorKind::InvalidParameter => {
            Outcome::Skipped(error.to_string())
        }
        Err(error) => Outcome::Failed(error),
    }
}

/// Returns what would be done for the user.
async fn look(
    client: &Client,
    account_id: &AccountId,
    wanted: &WantedUser,
) -> Result<Outcome, Error> {
    let user = find(client, account_id, &wanted.email).await?;
    Ok(user.map_or(Outcome::WouldCreate, |user| {
        let new_license = new_license(wanted, &user);
        Outcome::InAccount { user_id: user.user_id, how: How::ExistsAndStays, new_license }
    }))
}

/// Returns the license of the file, if the user has another license.
fn new_license(wanted: &WantedUser, user: &User) -> Option<License> {
    wanted.license_type.clone().filter(|_| wanted.license_type != user.license_type)
}

async fn find(client: &Client, account_id: &AccountId, email: &str) -> Result<Option<User>, Error> {
    let mut users = client.list_users(account_id).user_email(email).items();
    while let Some(user) = users.try_next().await? {
        let found = user.primary_email.as_ref();
        if found.is_some_and(|found| found.expose().eq_ignore_ascii_case(email)) {
            return Ok(Some(user));
        }
    }
    Ok(None)
}

async fn ensure_with_license(
    client: &Client,
    account_id: &AccountId,
    wanted: &WantedUser,
) -> Result<Outcome, Error> {
    let mut request = client.create_user(account_id).email(&wanted.email);
    if let Some(username) = &wanted.username {
        request = request.username(username);
    }
    if let Some(user_type) = &wanted.user_type {
        request = request.user_type(user_type);
    }
    let ensured = request.ensure().await?;
    let how = match &ensured {
        Ensured::Existed(_) => How::Exists,
        Ensured::Recovered(_) => How::CreatedUnheard,
        _ => How::Created,
    };
    let user = ensured.into_inner();
    let new_license = new_license(wanted, &user);
    if let Some(license) = &new_license {
        // Repeating this update is safe, so the client sends it again if the response is lost.
        client.update_user(account_id, &user.user_id).license_type(license).await?;
    }
    Ok(Outcome::InAccount { user_id: user.user_id, how, new_license })
}
