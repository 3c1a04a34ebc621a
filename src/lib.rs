//! skeleton

mod accounts;
mod answer;
mod builder;
mod client;
mod clock;
mod credentials;
mod decode;
mod endpoint;
mod environment;
mod error;
mod error_code;
mod execute;
mod id;
#[cfg(feature = "local")]
pub mod local;
mod open_enum;
mod operation;
mod pages;
mod request;
mod retry;
mod retry_loop;
mod route;
mod sensitive;
mod sign;
mod transport;
mod users;
mod validate;

pub use aws_credential_types::Credentials;
pub use aws_credential_types::provider::ProvideCredentials;
pub use {aws_credential_types, chrono, reqwest};

pub use accounts::{Account, AccountId, AccountStatus, AccountType, License, SigninDelegateGroup};
pub use builder::ClientBuilder;
pub use client::Client;
pub use error::{Error, ErrorKind};
pub use error_code::ErrorCode;
pub use open_enum::UnknownValue;
pub use pages::{Items, Page, Pages};
pub use request::{Request, Response};
pub use retry::RetryConfig;
pub use sensitive::Sensitive;
pub use users::{
    AlexaForBusinessMetadata, InviteStatus, RegistrationStatus, User, UserError, UserId, UserType,
};

/// The operations as types, for naming a [`Request`] such as `Request<CreateUser>`.
pub mod operations {
    pub use crate::accounts::{
        CreateAccount, DeleteAccount, GetAccount, ListAccounts, UpdateAccount,
    };
    pub use crate::operation::Operation;
    pub use crate::pages::List;
    pub use crate::users::{
        BatchSuspendUser, BatchUnsuspendUser, CreateUser, GetUser, ListUsers, UpdateUser,
    };
}
