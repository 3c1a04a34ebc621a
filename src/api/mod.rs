//! The operations of the API, with one file per subject.

#![allow(clippy::struct_field_names, reason = "the fields of operations are named as in the API")]

// The order of these groups is the order of the operations in the documentation of `Client`.
mod accounts;

mod account_settings;
mod signin_delegate_groups;

mod users;

mod user_batches;

mod invitations;
mod user_settings;

mod rooms;

mod messages;
mod room_memberships;

mod bots;
mod events_configuration;

mod phone_numbers;

mod phone_number_batches;

mod phone_number_id;
mod phone_number_orders;

mod global_settings;
mod meetings;

mod error_code;

pub use account_settings::{
    AccountRetention, AccountSettings, ConversationRetentionSettings, RetentionSettings,
    RoomRetentionSettings,
};
pub use accounts::{Account, AccountId, AccountStatus, AccountType, License, SigninDelegateGroup};
pub use bots::{Bot, BotId, BotType};
pub use error_code::ErrorCode;
pub use events_configuration::{EventsConfiguration, EventsTarget};
pub use global_settings::{
    BusinessCallingSettings, GlobalSettings, PhoneNumberSettings, VoiceConnectorSettings,
};
pub use invitations::{EmailStatus, Invite, InviteId};
pub use meetings::{MeetingId, TransactionId};
pub use messages::{ConversationId, MessageId};
pub use phone_number_batches::{PhoneNumberError, UpdatePhoneNumberRequestItem};
pub use phone_number_id::PhoneNumberId;
pub use phone_number_orders::{
    OrderedPhoneNumber, OrderedPhoneNumberStatus, PhoneNumberCountry, PhoneNumberOrder,
    PhoneNumberOrderId, PhoneNumberOrderStatus,
};
pub use phone_numbers::{
    CallingNameStatus, PhoneNumber, PhoneNumberAssociation, PhoneNumberAssociationName,
    PhoneNumberCapabilities, PhoneNumberProductType, PhoneNumberStatus, PhoneNumberType,
};
pub use room_memberships::{
    Member, MemberError, MemberType, MembershipItem, RoomMembership, RoomMembershipRole,
};
pub use rooms::{MemberId, Room, RoomId};
pub use user_batches::{UpdateUserRequestItem, UserError};
pub use user_settings::{TelephonySettings, UserSettings};
pub use users::{
    AlexaForBusinessMetadata, InviteStatus, RegistrationStatus, User, UserId, UserType,
};

/// The operation types, for use as type parameters of [`Request`](crate::Request), for example `Request<CreateUser>`.
pub mod operations {
    pub use super::account_settings::{
        GetAccountSettings, GetRetentionSettings, PutRetentionSettings, UpdateAccountSettings,
    };
    pub use super::accounts::{
        CreateAccount, DeleteAccount, GetAccount, ListAccounts, UpdateAccount,
    };
    pub use super::bots::{CreateBot, GetBot, ListBots, RegenerateSecurityToken, UpdateBot};
    pub use super::events_configuration::{
        DeleteEventsConfiguration, GetEventsConfiguration, PutEventsConfiguration,
    };
    pub use super::global_settings::{
        GetGlobalSettings, GetPhoneNumberSettings, UpdateGlobalSettings, UpdatePhoneNumberSettings,
    };
    pub use super::invitations::InviteUsers;
    pub use super::meetings::CreateMeetingDialOut;
    pub use super::messages::{RedactConversationMessage, RedactRoomMessage};
    pub use super::phone_number_batches::{BatchDeletePhoneNumber, BatchUpdatePhoneNumber};
    pub use super::phone_number_orders::{
        CreatePhoneNumberOrder, GetPhoneNumberOrder, ListPhoneNumberOrders,
        ListSupportedPhoneNumberCountries, SearchAvailablePhoneNumbers,
    };
    pub use super::phone_numbers::{
        AssociatePhoneNumberWithUser, DeletePhoneNumber, DisassociatePhoneNumberFromUser,
        GetPhoneNumber, ListPhoneNumbers, RestorePhoneNumber, UpdatePhoneNumber,
    };
    pub use super::room_memberships::{
        BatchCreateRoomMembership, CreateRoomMembership, DeleteRoomMembership, ListRoomMemberships,
        UpdateRoomMembership,
    };
    pub use super::rooms::{CreateRoom, DeleteRoom, GetRoom, ListRooms, UpdateRoom};
    pub use super::signin_delegate_groups::{
        AssociateSigninDelegateGroupsWithAccount, DisassociateSigninDelegateGroupsFromAccount,
    };
    pub use super::user_batches::{BatchSuspendUser, BatchUnsuspendUser, BatchUpdateUser};
    pub use super::user_settings::{GetUserSettings, UpdateUserSettings};
    pub use super::users::{
        CreateUser, GetUser, ListUsers, LogoutUser, ResetPersonalPin, UpdateUser,
    };
    pub use crate::ensure::Ensure;
    pub use crate::json::AsJson;
    pub use crate::operation::Operation;
    pub use crate::pages::List;
}
