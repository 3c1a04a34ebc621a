//! The model and operation of invitations of users.

use serde::{Deserialize, Serialize};

use super::accounts::{AccountId, account};
use super::users::{InviteStatus, User, UserType, is_same_email, user_with_email};
use crate::client::Client;
use crate::decode::{Listed, Model};
use crate::docs::with_client;
use crate::ensure::{Ensure, Ensured};
use crate::error::Error;
use crate::id::id;
use crate::open_enum::open_enum;
use crate::operation::{Body, Operation, Replay, Spec};
use crate::problem::Problem;
use crate::request::Request;
use crate::route::Route;
use crate::sensitive::Sensitive;
use crate::validate::{self, Validity};

id! {
    /// The identifier of an [`Invite`].
    InviteId
}

/// The result of the invitation of one e-mail address to an account.
///
/// ```
/// use amazon_chime::EmailStatus;
///
#[doc = with_client!()]
/// let acme = client.create_account("Acme").await?;
/// client.create_user(&acme.account_id).email("ana@example.com").await?;
/// let invites = client.invite_users(&acme.account_id, ["ana@example.com"]).await?;
/// assert_eq!(invites[0].email_status, Some(EmailStatus::NotSent), "she is a user already");
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Invite {
    /// The identifier of the invitation.
    pub invite_id: Option<InviteId>,
    /// The status of the invitation.
    pub status: Option<InviteStatus>,
    /// The invited address.
    pub email_address: Option<Sensitive>,
    /// The status of the e-mail.
    pub email_status: Option<EmailStatus>,
}

impl Invite {
    /// Creates an invitation in which only the e-mail address is set.
    #[must_use]
    pub fn new(email_address: impl Into<Sensitive>) -> Self {
        Self {
            invite_id: None,
            status: None,
            email_address: Some(email_address.into()),
            email_status: None,
        }
    }
}

impl Model for Invite {}

impl Listed for Invite {
    const LIST: &'static str = "Invites";
}

open_enum! {
    /// The status of the e-mail of an invitation.
    EmailStatus {
        /// The e-mail was not sent.
        NotSent,
        /// The e-mail was sent.
        Sent,
        /// The e-mail could not be sent.
        Failed,
    }
}

/// Invitations.
impl Client {
    /// Invites up to 50 e-mail addresses to a [`Team`](crate::AccountType::Team) account and returns an [`Invite`] for
    /// each address.
    ///
    /// The service creates an unregistered user for each address. [`Invite::email_status`] says whether the e-mail was
    /// sent.
    ///
    /// Optional parameters:
    ///
    /// - [`user_type`](Request#method.user_type-3): persons (the default) or devices
    ///
    /// If the response is lost, unreadable or a server error, the request is
    /// [not sent again](crate::docs::reliability), because people could get a second e-mail.
    ///
    /// [`ensure`](Request::ensure), in place of `send`, first reads the user of each address, with one request per
    /// address. It invites only addresses without a user. For each address, in the same order, it returns the
    /// [`User`](crate::User) in an [`Ensured`], which says whether this call created the user:
    ///
    /// - If the e-mail failed but the user was created, the result is [`Created`](Ensured::Created), and
    ///   [`user_invitation_status`](crate::User::user_invitation_status) shows the status of the invitation.
    /// - If the e-mail status is [`NotSent`](EmailStatus::NotSent), the address already had a user, so the result is
    ///   not `Created`.
    /// - If an address has no user after a successful response, the call fails.
    ///
    /// API: [InviteUsers](https://docs.aws.amazon.com/chime/latest/APIReference/API_InviteUsers.html)
    ///
    /// ```
    /// # use amazon_chime::{EmailStatus, UserType};
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// let invites = client
    ///     .invite_users(&acme.account_id, ["ana@example.com", "ben@example.com"])
    ///     .user_type(UserType::PrivateUser)
    ///     .await?;
    /// assert!(invites.iter().all(|invite| invite.email_status == Some(EmailStatus::Sent)));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    /// - [`is_access_denied`](crate::Error::is_access_denied): the account is not a `Team` account
    pub fn invite_users(
        &self,
        account_id: impl Into<AccountId>,
        emails: impl IntoIterator<Item = impl Into<Sensitive>>,
    ) -> Request<InviteUsers> {
        let user_email_list = emails.into_iter().map(Into::into).collect();
        self.request(InviteUsers {
            account_id: account_id.into(),
            user_email_list,
            user_type: None,
        })
    }
}

/// The operation of [`Client::invite_users`]: `POST /accounts/{accountId}/users?operation=add`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct InviteUsers {
    #[serde(skip)]
    account_id: AccountId,
    user_email_list: Vec<Sensitive>,
    user_type: Option<UserType>,
}

/// Optional parameters of [`Client::invite_users`].
impl Request<InviteUsers> {
    /// Sets the type of the users: persons (the default) or devices.
    pub fn user_type(self, user_type: impl Into<UserType>) -> Self {
        self.set(|operation| operation.user_type = Some(user_type.into()))
    }
}

impl Operation for InviteUsers {
    type Output = Vec<Invite>;
    const SPEC: Spec = Spec::post("InviteUsers", Replay::Never);

    fn route(&self) -> Route {
        account(&self.account_id).then("users").constant("operation", "add")
    }

    fn validate(&self) -> Validity {
        validate::at_most("UserEmailList", &self.user_email_list, 50)?;
        let mut emails = self.user_email_list.iter();
        emails.try_for_each(|email| validate::email("UserEmailList", Some(email)))
    }

    fn body(&self) -> Body {
        Body::json(self).sensitive(&self.user_email_list)
    }
}

/// The user that an ensured call found for one address.
#[derive(Debug)]
pub struct Invited {
    user: Option<User>,
    was_there_before: bool,
}

impl Ensure for InviteUsers {
    type Ensured = Vec<Ensured<User>>;
    type Found = Vec<Invited>;
    const IS_RECOGNISED_LATER: bool = true;

    async fn look_first(request: &Request<Self>) -> Result<Vec<Invited>, Error> {
        let Self { account_id, user_email_list, .. } = &request.operation;
        let mut found = Vec::new();
        for email in user_email_list {
            let user = user_with_email(request, account_id, email).await?;
            found.push(Invited { was_there_before: user.is_some(), user });
        }
        Ok(found)
    }

    async fn look_again(request: &Request<Self>, found: &mut Vec<Invited>) -> Result<(), Error> {
        let Self { account_id, user_email_list, .. } = &request.operation;
        for (invited, email) in found.iter_mut().zip(user_email_list) {
            if invited.user.is_none() {
                invited.user = user_with_email(request, account_id, email).await?;
            }
        }
        Ok(())
    }

    fn missing(&self, found: &Vec<Invited>) -> Option<Self> {
        let mut missing: Vec<Sensitive> = Vec::new();
        for (invited, email) in found.iter().zip(&self.user_email_list) {
            let is_repeated = missing.iter().any(|other| is_same_email(other, email));
            if invited.user.is_none() && !is_repeated {
                missing.push(email.clone());
            }
        }
        (!missing.is_empty()).then(|| Self { user_email_list: missing, ..self.clone() })
    }

    async fn ensured(
        request: &Request<Self>,
        mut found: Vec<Invited>,
        answer: Option<Vec<Invite>>,
        was_in_doubt: bool,
    ) -> Result<Vec<Ensured<User>>, Error> {
        let invites = answer.unwrap_or_default();
        let had_user = |email: &Sensitive| {
            let mut answers = invites.iter().filter(|invite| is_to(invite, email));
            answers.any(|invite| invite.email_status == Some(EmailStatus::NotSent))
        };
        let mut is_created = Vec::new();
        for (invited, email) in found.iter().zip(&request.operation.user_email_list) {
            is_created.push(invited.user.is_none() && !had_user(email));
        }
        Self::look_again(request, &mut found).await?;
        let ensured = found.into_iter().zip(is_created).map(|(invited, is_created)| {
            let user = invited.user.ok_or_else(|| Error::new(Problem::NotInvited))?;
            Ok(if invited.was_there_before {
                Ensured::Existed(user)
            } else if is_created {
                Ensured::Created(user)
            } else if was_in_doubt {
                Ensured::Recovered(user)
            } else {
                Ensured::Existed(user)
            })
        });
        ensured.collect()
    }
}

fn is_to(invite: &Invite, email: &Sensitive) -> bool {
    invite.email_address.as_ref().is_some_and(|to| is_same_email(to, email))
}
