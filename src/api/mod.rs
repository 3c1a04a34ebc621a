//! The operations, one file a theme: its client methods, its models, its operations.

mod account_settings;
mod accounts;
mod error_code;
mod invitations;
mod signin_delegate_groups;
mod user_settings;
mod users;

pub use account_settings::{
    AccountRetention, AccountSettings, ConversationRetentionSettings, RetentionSettings,
    RoomRetentionSettings,
};
pub use accounts::{Account, AccountId, AccountStatus, AccountType, License};
pub use error_code::ErrorCode;
pub use invitations::{EmailStatus, Invite, InviteId, InviteStatus};
pub use signin_delegate_groups::SigninDelegateGroup;
pub use user_settings::{TelephonySettings, UserSettings};
pub use users::{
    AlexaForBusinessMetadata, RegistrationStatus, UpdateUserRequestItem, User, UserError, UserId,
    UserType,
};

/// The operations as types, for naming a [`Request`](crate::Request) such as `Request<CreateUser>`.
pub mod operations {
    pub use super::account_settings::{
        GetAccountSettings, GetRetentionSettings, PutRetentionSettings, UpdateAccountSettings,
    };
    pub use super::accounts::{
        CreateAccount, DeleteAccount, GetAccount, ListAccounts, UpdateAccount,
    };
    pub use super::invitations::InviteUsers;
    pub use super::signin_delegate_groups::{
        AssociateSigninDelegateGroupsWithAccount, DisassociateSigninDelegateGroupsFromAccount,
    };
    pub use super::user_settings::{GetUserSettings, UpdateUserSettings};
    pub use super::users::{
        BatchSuspendUser, BatchUnsuspendUser, BatchUpdateUser, CreateUser, GetUser, ListUsers,
        LogoutUser, ResetPersonalPin, UpdateUser,
    };
    pub use crate::operation::Operation;
    pub use crate::pages::List;
}
