//! The operations of sign-in delegate groups of accounts.

use serde::Serialize;

use super::accounts::{AccountId, SigninDelegateGroup, account};
use crate::client::Client;
use crate::docs::with_client;
use crate::operation::{Body, Operation, Replay, Spec};
use crate::request::Request;
use crate::route::Route;
use crate::validate::{self, Validity};

/// Sign-in delegate groups.
impl Client {
    /// Adds sign-in delegate groups to an account.
    ///
    /// `groups` are names or [`SigninDelegateGroup`]s; no name may be blank. A group that the account already has is
    /// not added again. [`get_account`](Self::get_account) returns the account with all its groups.
    ///
    /// API: [AssociateSigninDelegateGroupsWithAccount](https://docs.aws.amazon.com/chime/latest/APIReference/API_AssociateSigninDelegateGroupsWithAccount.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// client.associate_signin_delegate_groups_with_account(&acme.account_id, ["assistants"]).await?;
    /// let acme = client.get_account(&acme.account_id).await?;
    /// assert_eq!(acme.signin_delegate_groups, ["assistants".into()]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    pub fn associate_signin_delegate_groups_with_account(
        &self,
        account_id: impl Into<AccountId>,
        groups: impl IntoIterator<Item = impl Into<SigninDelegateGroup>>,
    ) -> Request<AssociateSigninDelegateGroupsWithAccount> {
        self.request(AssociateSigninDelegateGroupsWithAccount {
            account_id: account_id.into(),
            signin_delegate_groups: groups.into_iter().map(Into::into).collect(),
        })
    }

    /// Removes sign-in delegate groups from an account.
    ///
    /// `group_names` has at least one name. A name of a group that the account does not have is ignored.
    ///
    /// API: [DisassociateSigninDelegateGroupsFromAccount](https://docs.aws.amazon.com/chime/latest/APIReference/API_DisassociateSigninDelegateGroupsFromAccount.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").await?;
    /// client.associate_signin_delegate_groups_with_account(&acme.account_id, ["a", "b"]).await?;
    /// client.disassociate_signin_delegate_groups_from_account(&acme.account_id, ["a"]).await?;
    /// let acme = client.get_account(&acme.account_id).await?;
    /// assert_eq!(acme.signin_delegate_groups, ["b".into()]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    pub fn disassociate_signin_delegate_groups_from_account(
        &self,
        account_id: impl Into<AccountId>,
        group_names: impl IntoIterator<Item = impl Into<String>>,
    ) -> Request<DisassociateSigninDelegateGroupsFromAccount> {
        self.request(DisassociateSigninDelegateGroupsFromAccount {
            account_id: account_id.into(),
            group_names: group_names.into_iter().map(Into::into).collect(),
        })
    }
}

/// The operation of [`Client::associate_signin_delegate_groups_with_account`]:
/// `POST /accounts/{accountId}?operation=associate-signin-delegate-groups`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AssociateSigninDelegateGroupsWithAccount {
    #[serde(skip)]
    account_id: AccountId,
    signin_delegate_groups: Vec<SigninDelegateGroup>,
}

impl Operation for AssociateSigninDelegateGroupsWithAccount {
    type Output = ();
    const SPEC: Spec = Spec::post("AssociateSigninDelegateGroupsWithAccount", Replay::Safe);

    fn route(&self) -> Route {
        account(&self.account_id).constant("operation", "associate-signin-delegate-groups")
    }

    fn validate(&self) -> Validity {
        let mut names =
            self.signin_delegate_groups.iter().filter_map(|group| group.group_name.as_deref());
        names.try_for_each(|name| validate::not_blank("GroupName", name))
    }

    fn body(&self) -> Body {
        Body::json(self)
    }
}

/// The operation of [`Client::disassociate_signin_delegate_groups_from_account`]:
/// `POST /accounts/{accountId}?operation=disassociate-signin-delegate-groups`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DisassociateSigninDelegateGroupsFromAccount {
    #[serde(skip)]
    account_id: AccountId,
    group_names: Vec<String>,
}

impl Operation for DisassociateSigninDelegateGroupsFromAccount {
    type Output = ();
    const SPEC: Spec = Spec::post("DisassociateSigninDelegateGroupsFromAccount", Replay::Safe);

    fn route(&self) -> Route {
        account(&self.account_id).constant("operation", "disassociate-signin-delegate-groups")
    }

    fn validate(&self) -> Validity {
        validate::not_empty("GroupNames", &self.group_names)
    }

    fn body(&self) -> Body {
        Body::json(self)
    }
}
