//! The operations, one file a theme: its client methods, its models, its operations.

mod accounts;
mod error_code;
mod users;

pub use accounts::{Account, AccountId, AccountStatus, AccountType, License, SigninDelegateGroup};
pub use error_code::ErrorCode;
pub use users::{
    AlexaForBusinessMetadata, InviteStatus, RegistrationStatus, User, UserError, UserId, UserType,
};

/// The operations as types, for naming a [`Request`](crate::Request) such as `Request<CreateUser>`.
pub mod operations {
    pub use super::accounts::{
        CreateAccount, DeleteAccount, GetAccount, ListAccounts, UpdateAccount,
    };
    pub use super::users::{
        BatchSuspendUser, BatchUnsuspendUser, CreateUser, GetUser, ListUsers, UpdateUser,
    };
    pub use crate::operation::Operation;
    pub use crate::pages::List;
}
