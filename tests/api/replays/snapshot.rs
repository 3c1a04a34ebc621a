//! A snapshot of the whole state that the API shows.

use amazon_chime::chrono::DateTime;
use amazon_chime::operations::{List, Operation};
use amazon_chime::{Account, Client, Request};
use serde::Serialize;
use serde_json::{Value, json, to_value};

/// Reads all resources, and then unsuspends the users of each account. The snapshot does not depend on timestamps.
pub(super) async fn snapshot(client: &Client) -> Value {
    let mut accounts = Vec::new();
    for account in listed(client.list_accounts()).await {
        accounts.push(account_and_its_parts(client, &account).await);
    }
    let mut snapshot = json!({
        "Accounts": accounts,
        "PhoneNumbers": listed(client.list_phone_numbers()).await,
        "PhoneNumberOrders": listed(client.list_phone_number_orders()).await,
        "AvailablePhoneNumbers": listed(client.search_available_phone_numbers().area_code("206")).await,
        "PhoneNumberSettings": shown(client.get_phone_number_settings()).await,
        "GlobalSettings": shown(client.get_global_settings()).await,
    });
    hide_timestamps(&mut snapshot);
    snapshot
}

async fn account_and_its_parts(client: &Client, account: &Account) -> Value {
    let id = &account.account_id;
    let mut users = Vec::new();
    for user in listed(client.list_users(id)).await {
        let settings = shown(client.get_user_settings(id, &user.user_id)).await;
        users.push(json!({ "User": user, "UserSettings": settings }));
    }
    let mut rooms = Vec::new();
    for room in listed(client.list_rooms(id)).await {
        let memberships = listed(client.list_room_memberships(id, &room.room_id)).await;
        rooms.push(json!({ "Room": room, "RoomMemberships": memberships }));
    }
    let mut bots = Vec::new();
    for bot in listed(client.list_bots(id)).await {
        let events = shown(client.get_events_configuration(id, &bot.bot_id)).await;
        bots.push(json!({ "Bot": bot, "EventsConfiguration": events }));
    }
    // Only unsuspended users show the status from before their suspension.
    let user_ids: Vec<_> =
        users.iter().map(|user| user["User"]["UserId"].as_str().unwrap()).collect();
    client.batch_unsuspend_user(id, user_ids).await.unwrap();
    json!({
        "Account": account,
        "AccountSettings": shown(client.get_account_settings(id)).await,
        "RetentionSettings": shown(client.get_retention_settings(id)).await,
        "Users": users,
        "UnsuspendedUsers": listed(client.list_users(id)).await,
        "Rooms": rooms,
        "Bots": bots,
    })
}

async fn listed<L: List>(request: Request<L>) -> Vec<L::Item> {
    request.items().try_collect().await.unwrap()
}

/// Returns the output, or the error code, because a bot may have no events configuration.
async fn shown<O: Operation<Output: Serialize>>(request: Request<O>) -> Value {
    match request.await {
        Ok(output) => to_value(output).unwrap(),
        Err(error) => json!(error.code().unwrap()),
    }
}

/// Replaces every timestamp by a constant text.
fn hide_timestamps(value: &mut Value) {
    match value {
        Value::String(text) if DateTime::parse_from_rfc3339(text).is_ok() => {
            *value = json!("a timestamp");
        }
        Value::Array(items) => items.iter_mut().for_each(hide_timestamps),
        Value::Object(members) => members.values_mut().for_each(hide_timestamps),
        _ => {}
    }
}
