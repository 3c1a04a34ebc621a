//! The work: one user is ensured, and given a license.

use std::fmt;

use amazon_chime::{Account, AccountId, Client, Ensured, Error, ErrorKind, License, User, UserId};

use super::file::WantedUser;

/// What became of a line of the file.
pub(crate) enum Outcome {
    InAccount {
        user_id: UserId,
        how: How,
        /// The license that the user was given, having had another.
        new_license: Option<License>,
    },
    /// In a dry run: the account has no such user.
    WouldCreate,
    /// Not looked at, having the address of this earlier line.
    Repeats(usize),
    Skipped(String),
    Failed(Error),
}

/// How a user came into the account.
#[derive(Clone, Copy)]
pub(crate) enum How {
    Exists,
    /// In a dry run, so that nothing is changed.
    ExistsAndStays,
    Created,
    /// The service created the user, but its answer did not arrive.
    CreatedUnheard,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InAccount { user_id, how, new_license } => {
                f.write_str(match how {
                    How::Exists | How::ExistsAndStays => "exists",
                    How::Created => "created",
                    How::CreatedUnheard => "created by an attempt whose answer was lost",
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

/// Ensures that the account has the user. A dry run only looks.
pub(crate) async fn provision(
    client: &Client,
    account: &Account,
    wanted: &WantedUser,
    is_dry_run: bool,
) -> Outcome {
    // Before the user is created: without the license, no run would ever succeed.
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
        // The crate checks what is sent, so this program does not.
        Err(error) if error.kind() == ErrorKind::InvalidParameter => {
            Outcome::Skipped(error.to_string())
        }
        Err(error) => Outcome::Failed(error),
    }
}

/// Says what would become of the user.
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

/// The license that the user is to be given, having another.
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
        // Twice is the same as once here: if the answer is lost, the client sends it again.
        client.update_user(account_id, &user.user_id).license_type(license).await?;
    }
    Ok(Outcome::InAccount { user_id: user.user_id, how, new_license })
}
