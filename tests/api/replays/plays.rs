//! A call of each operation that is safe to repeat, for the resources in `state.jsonl`.
//!
//! Each call changes the state if the operation can, because a run without a change proves nothing.

use amazon_chime::{
    Client, EventsTarget, License, PhoneNumberProductType, RoomMembershipRole, TelephonySettings,
    UpdatePhoneNumberRequestItem, UpdateUserRequestItem, UserType,
};

use super::{Play, play};

const ACME: &str = "acme";
/// An account that may be deleted.
const CLOSED: &str = "closed";
/// A registered user of Acme, with a phone number.
const ANA: &str = "ana";
/// A suspended user of Acme.
const BEN: &str = "ben";
/// A registered user of Acme.
const EVE: &str = "eve";
/// A room of Acme, with Ana in it.
const ROOM: &str = "room";
/// A bot of Acme.
const BOT: &str = "bot";
const ASSIGNED: &str = "+12065550100";
const UNASSIGNED: &str = "+12065550101";
const DELETED: &str = "+12065550102";
const ORDER: &str = "00000050-1111-4222-8333-444455556666";
const CONVERSATION: &str = "00000060-1111-4222-8333-444455556666";
const MESSAGE: &str = "00000070-1111-4222-8333-444455556666";

pub(super) fn plays() -> Vec<Play> {
    [accounts(), users(), rooms(), bots(), phone_numbers(), settings()]
        .into_iter()
        .flatten()
        .collect()
}

fn accounts() -> Vec<Play> {
    vec![
        play("GetAccount", |client| client.get_account(ACME)),
        play("ListAccounts", Client::list_accounts),
        play("UpdateAccount", |client| {
            client.update_account(ACME).name("Acme & Co").default_license(License::Basic)
        }),
        play("DeleteAccount", |client| client.delete_account(CLOSED)),
        play("GetAccountSettings", |client| client.get_account_settings(ACME)),
        play("UpdateAccountSettings", |client| {
            client.update_account_settings(ACME).disable_remote_control(true)
        }),
        play("GetRetentionSettings", |client| client.get_retention_settings(ACME)),
        play("PutRetentionSettings", |client| {
            client.put_retention_settings(ACME).room_retention_off().conversation_retention_days(7)
        }),
        play("AssociateSigninDelegateGroupsWithAccount", |client| {
            client.associate_signin_delegate_groups_with_account(ACME, ["assistants", "delegates"])
        }),
        play("DisassociateSigninDelegateGroupsFromAccount", |client| {
            client.disassociate_signin_delegate_groups_from_account(ACME, ["assistants"])
        }),
    ]
}

fn users() -> Vec<Play> {
    vec![
        play("GetUser", |client| client.get_user(ACME, ANA)),
        play("ListUsers", |client| client.list_users(ACME)),
        play("UpdateUser", |client| client.update_user(ACME, ANA).license_type(License::Basic)),
        play("BatchUpdateUser", |client| {
            let items = [ANA, EVE]
                .map(|user| UpdateUserRequestItem::new(user).user_type(UserType::SharedDevice));
            client.batch_update_user(ACME, items)
        }),
        play("BatchSuspendUser", |client| client.batch_suspend_user(ACME, [ANA, BEN])),
        play("BatchUnsuspendUser", |client| client.batch_unsuspend_user(ACME, [ANA, BEN])),
        play("LogoutUser", |client| client.logout_user(ACME, ANA)),
        play("GetUserSettings", |client| client.get_user_settings(ACME, ANA)),
        play("UpdateUserSettings", |client| {
            client.update_user_settings(ACME, ANA, TelephonySettings::new().sms(true))
        }),
    ]
}

fn rooms() -> Vec<Play> {
    vec![
        play("GetRoom", |client| client.get_room(ACME, ROOM)),
        play("ListRooms", |client| client.list_rooms(ACME)),
        play("UpdateRoom", |client| client.update_room(ACME, ROOM).name("Landing")),
        play("DeleteRoom", |client| client.delete_room(ACME, ROOM)),
        play("ListRoomMemberships", |client| client.list_room_memberships(ACME, ROOM)),
        play("UpdateRoomMembership", |client| {
            let request = client.update_room_membership(ACME, ROOM, ANA);
            request.role(RoomMembershipRole::Administrator)
        }),
        play("DeleteRoomMembership", |client| client.delete_room_membership(ACME, ROOM, ANA)),
        play("RedactRoomMessage", |client| client.redact_room_message(ACME, ROOM, MESSAGE)),
        play("RedactConversationMessage", |client| {
            client.redact_conversation_message(ACME, CONVERSATION, MESSAGE)
        }),
    ]
}

fn bots() -> Vec<Play> {
    vec![
        play("GetBot", |client| client.get_bot(ACME, BOT)),
        play("ListBots", |client| client.list_bots(ACME)),
        play("UpdateBot", |client| client.update_bot(ACME, BOT).disabled(true)),
        play("GetEventsConfiguration", |client| client.get_events_configuration(ACME, BOT)),
        play("PutEventsConfiguration", |client| {
            let target = EventsTarget::https_endpoint("https://example.com/other");
            client.put_events_configuration(ACME, BOT, target)
        }),
        play("DeleteEventsConfiguration", |client| client.delete_events_configuration(ACME, BOT)),
    ]
}

fn phone_numbers() -> Vec<Play> {
    vec![
        play("GetPhoneNumber", |client| client.get_phone_number(UNASSIGNED)),
        play("ListPhoneNumbers", Client::list_phone_numbers),
        play("UpdatePhoneNumber", |client| {
            client
                .update_phone_number(UNASSIGNED)
                .product_type(PhoneNumberProductType::VoiceConnector)
        }),
        play("UpdatePhoneNumber", |client| {
            client.update_phone_number(UNASSIGNED).calling_name("Front desk")
        }),
        play("BatchUpdatePhoneNumber", |client| {
            client.batch_update_phone_number([
                UpdatePhoneNumberRequestItem::new(ASSIGNED).calling_name("Front desk"),
                UpdatePhoneNumberRequestItem::new(UNASSIGNED)
                    .product_type(PhoneNumberProductType::VoiceConnector),
            ])
        }),
        play("DeletePhoneNumber", |client| client.delete_phone_number(UNASSIGNED)),
        play("BatchDeletePhoneNumber", |client| {
            client.batch_delete_phone_number([ASSIGNED, UNASSIGNED])
        }),
        play("RestorePhoneNumber", |client| client.restore_phone_number(DELETED)),
        play("AssociatePhoneNumberWithUser", |client| {
            client.associate_phone_number_with_user(ACME, EVE, UNASSIGNED)
        }),
        play("DisassociatePhoneNumberFromUser", |client| {
            client.disassociate_phone_number_from_user(ACME, ANA)
        }),
        play("SearchAvailablePhoneNumbers", |client| {
            client.search_available_phone_numbers().area_code("206")
        }),
        play("ListSupportedPhoneNumberCountries", |client| {
            client.list_supported_phone_number_countries(PhoneNumberProductType::VoiceConnector)
        }),
        play("GetPhoneNumberOrder", |client| client.get_phone_number_order(ORDER)),
        play("ListPhoneNumberOrders", Client::list_phone_number_orders),
    ]
}

fn settings() -> Vec<Play> {
    vec![
        play("GetPhoneNumberSettings", Client::get_phone_number_settings),
        play("UpdatePhoneNumberSettings", |client| client.update_phone_number_settings("Acme")),
        play("GetGlobalSettings", Client::get_global_settings),
        play("UpdateGlobalSettings", |client| {
            client.update_global_settings().voice_connector_cdr_bucket("acme-call-records")
        }),
    ]
}
