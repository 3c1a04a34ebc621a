//! The work: one user is ensured, and given a license.

use std::fmt;

use amazon_chime::{Account, AccountId, Client, Ensured, Error, ErrorKind, License, UserId};

use crate::file::WantedUser;

/// What became of a line of the file.
pub(crate) enum Outcome {
    InAccount {
        user_id: UserId,
        how: How,
        /// The license that the user was given, having had another.
        new_license: Option<License>,
    },
    /// Not looked at, having the address of this earlier line.
    Repeats(usize),
    Skipped(String),
    Failed(Error),
}

/// How a user came into the account.
#[derive(Clone, Copy)]
pub(crate) enum How {
    Exists,
    Created,
    /// The service created the user, but its answer did not arrive.
    CreatedUnheard,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InAccount { user_id, how, new_license } => {
                f.write_str(match how {
                    How::Exists => "exists",
                    How::Created => "created",
                    How::CreatedUnheard => "created by an attempt whose answer was lost",
                })?;
                if let Some(license) = new_license {
                    write!(f, ", and given the license {license}")?;
                }
                write!(f, ": {user_id}")
            }
            Self::Repeats(first) => write!(f, "the same e-mail address as in line {first}"),
            Self::Skipped(reason) => write!(f, "skipped: {reason}"),
            Self::Failed(error) => write!(f, "failed: {error}"),
        }
    }
}

/// Sees to it that the account has the user.
pub(crate) async fn provision(client: &Client, account: &Account, wanted: &WantedUser) -> Outcome {
    // Before the user is created: without the license, no run would ever succeed.
    let supported = &account.supported_licenses;
    if let Some(license) = &wanted.license_type
        && !supported.is_empty()
        && !supported.contains(license)
    {
        return Outcome::Skipped(format!("the account does not support the license {license}"));
    }
    match ensure_with_license(client, &account.account_id, wanted).await {
        Ok(outcome) => outcome,
        // The crate checks what is sent, so this program does not.
        Err(error) if error.kind() == ErrorKind::InvalidParameter => {
            Outcome::Skipped(error.to_string())
        }
        Err(error) => Outcome::Failed(error),
    }
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
    let new_license =
        wanted.license_type.clone().filter(|_| wanted.license_type != user.license_type);
    if let Some(license) = &new_license {
        // Twice is the same as once here: if the answer is lost, the client sends it again.
        client.update_user(account_id, &user.user_id).license_type(license).await?;
    }
    Ok(Outcome::InAccount { user_id: user.user_id, how, new_license })
}
