//! The operations, one file a theme: its client methods, its models, its operations.

mod accounts;
mod error_code;
mod users;

#[cfg(test)]
mod answers;
mod global_settings;
mod meetings;
mod phone_number_id;
mod phone_number_orders;
mod phone_numbers;

pub use accounts::{Account, AccountId, AccountStatus, AccountType, License, SigninDelegateGroup};
pub use error_code::ErrorCode;
pub use users::{
    AlexaForBusinessMetadata, InviteStatus, RegistrationStatus, User, UserError, UserId, UserType,
};

pub use global_settings::{
    BusinessCallingSettings, GlobalSettings, PhoneNumberSettings, VoiceConnectorSettings,
};
pub use meetings::{MeetingId, TransactionId};
pub use phone_number_id::PhoneNumberId;
pub use phone_number_orders::{
    OrderedPhoneNumber, OrderedPhoneNumberStatus, PhoneNumberCountry, PhoneNumberOrder,
    PhoneNumberOrderId, PhoneNumberOrderStatus,
};
pub use phone_numbers::{
    CallingNameStatus, PhoneNumber, PhoneNumberAssociation, PhoneNumberAssociationName,
    PhoneNumberCapabilities, PhoneNumberError, PhoneNumberProductType, PhoneNumberStatus,
    PhoneNumberType, UpdatePhoneNumberRequestItem,
};

/// The operations as types, for naming a [`Request`](crate::Request) such as `Request<CreateUser>`.
pub mod operations {
    pub use super::accounts::{
        CreateAccount, DeleteAccount, GetAccount, ListAccounts, UpdateAccount,
    };
    pub use super::users::{
        BatchSuspendUser, BatchUnsuspendUser, CreateUser, GetUser, ListUsers, UpdateUser,
    };

    pub use super::global_settings::{
        GetGlobalSettings, GetPhoneNumberSettings, UpdateGlobalSettings, UpdatePhoneNumberSettings,
    };
    pub use super::meetings::CreateMeetingDialOut;
    pub use super::phone_number_orders::{
        CreatePhoneNumberOrder, GetPhoneNumberOrder, ListPhoneNumberOrders,
        ListSupportedPhoneNumberCountries, SearchAvailablePhoneNumbers,
    };
    pub use super::phone_numbers::{
        AssociatePhoneNumberWithUser, BatchDeletePhoneNumber, BatchUpdatePhoneNumber,
        DeletePhoneNumber, DisassociatePhoneNumberFromUser, GetPhoneNumber, ListPhoneNumbers,
        RestorePhoneNumber, UpdatePhoneNumber,
    };

    pub use crate::operation::Operation;
    pub use crate::pages::List;
}
