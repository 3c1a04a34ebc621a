//! Chat rooms: their operations and their rows.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::accounts::CALLER_ARN;
use super::answer::{Answer, Refusal, enveloped};
use super::call::Call;
use super::changes::{Change, Kind, Place};
use super::directory::Directory;
use super::document::{Document, timestamp};
use super::room_memberships::RoomMembership;
use super::seed::Line;
use super::table::{Row, Table};
use super::validate;

pub(super) fn create_room(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let members = call.members()?;
    let name = members.text("Name", validate::anything)?;
    let name = validate::required("Name", name)?;
    let token = members.text("ClientRequestToken", client_request_token)?;
    let rooms = &mut directory.accounts.enterprise_mut(account_id)?.rooms;
    if let Some(room) = rooms.created_with(token, name)? {
        return Ok(Answer::created(enveloped("Room", &room.document)));
    }

    let room = Room::new(account_id, name, token, call.now());
    let answer = Answer::created(enveloped("Room", &room.document));
    rooms.add(room)?;
    Ok(answer)
}

pub(super) fn get_room(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let (account_id, room_id) = (call.id("accountId")?, call.id("roomId")?);
    let room = directory.accounts.enterprise(account_id)?.rooms.find(room_id)?;
    Ok(Answer::ok(enveloped("Room", &room.document)))
}

pub(super) fn list_rooms(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let member_id = call.query("member-id", validate::anything)?;
    let paging = call.paging(99)?;

    let Directory { accounts, tokens, .. } = directory;
    let rooms = &accounts.enterprise(account_id)?.rooms;
    let listing = format!("ListRooms {:?}", (account_id, member_id));
    tokens.list("Rooms", &listing, &paging, |position| {
        let rooms = rooms.after(position);
        rooms.filter(move |(_, room)| member_id.is_none_or(|id| room.memberships.contains(id)))
    })
}

pub(super) fn update_room(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let (account_id, room_id) = (call.id("accountId")?, call.id("roomId")?);
    let members = call.members()?;
    let name = members.text("Name", validate::anything)?;
    let room = directory.accounts.enterprise_mut(account_id)?.rooms.find_mut(room_id)?;

    if let Some(name) = name {
        room.document.set("Name", name);
        room.document.set("UpdatedTimestamp", timestamp(call.now()));
    }
    Ok(Answer::ok(enveloped("Room", &room.document)))
}

pub(super) fn delete_room(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let (account_id, room_id) = (call.id("accountId")?, call.id("roomId")?);
    directory.accounts.enterprise_mut(account_id)?.rooms.remove(room_id)?;
    Ok(Answer::no_content())
}

pub(super) fn seed(directory: &mut Directory, mut line: Line) -> Result<(), Refusal> {
    line.identify("RoomId")?;
    let account_id = line.fill_in_parent("AccountId")?;
    let rooms = &mut directory.accounts.enterprise_mut(&account_id)?.rooms;
    rooms.add(Room { document: line.document, memberships: Table::default(), creation: None })
}

/// The rooms of an account, with an index of the client request tokens that created them.
///
/// Only the methods of this type add and remove rooms, and each of them updates the index.
#[derive(Default)]
pub(super) struct Rooms {
    table: Table<Room>,
    /// Maps a token to the position of the room that it created.
    tokens: HashMap<String, u64>,
}

impl Rooms {
    /// Adds a room, unless another room has the same identifier.
    fn add(&mut self, room: Room) -> Result<(), Refusal> {
        let token = room.creation.as_ref().map(|creation| creation.token.clone());
        let position = self.table.try_insert(room)?;
        self.tokens.extend(token.map(|token| (token, position)));
        Ok(())
    }

    pub(super) fn find(&self, id: &str) -> Result<&Room, Refusal> {
        self.table.find(id)
    }

    pub(super) fn find_mut(&mut self, id: &str) -> Result<&mut Room, Refusal> {
        self.table.find_mut(id)
    }

    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    pub(super) fn at(&self, position: u64) -> Option<&Room> {
        self.table.at(position)
    }

    /// Returns the rooms after a position, oldest first, each with its own position.
    pub(super) fn after(&self, position: u64) -> impl Iterator<Item = (u64, &Room)> {
        self.table.after(position)
    }

    /// Returns the room that this token created, and refuses another name than at the creation.
    fn created_with(&self, token: Option<&str>, name: &str) -> Result<Option<&Room>, Refusal> {
        let position = token.and_then(|token| self.tokens.get(token));
        let room = position.and_then(|position| self.table.at(*position));
        let had_name = |creation: &Creation| creation.name == name;
        if room.is_none_or(|room| room.creation.as_ref().is_some_and(had_name)) {
            Ok(room)
        } else {
            let message = "The ClientRequestToken has created a room with another name.";
            Err(Refusal::bad_request(message))
        }
    }

    /// Removes a room and its memberships, so that its token can create another room.
    fn remove(&mut self, id: &str) -> Result<(), Refusal> {
        let room = self.table.remove(id)?;
        if let Some(creation) = room.creation {
            self.tokens.remove(&creation.token);
        }
        Ok(())
    }

    /// Visits the rooms and memberships that were added, changed or removed since the last call.
    pub(super) fn drain(&mut self, account: u64, visit: &mut dyn FnMut(Place, Change<'_>)) {
        let place = Place { kind: Kind::Room, account, ..Place::default() };
        self.table.drain(place, visit, |room, row, visit| {
            let place = Place { kind: Kind::RoomMembership, room, ..place };
            row.memberships.drain(place, visit, |_, _, _| ());
        });
    }
}

/// Restores stored rooms.
#[cfg(feature = "durable")]
impl Rooms {
    pub(super) fn restore(&mut self, position: u64, room: Room) {
        let token = room.creation.as_ref().map(|creation| creation.token.clone());
        self.tokens.extend(token.map(|token| (token, position)));
        self.table.restore(position, room);
    }

    pub(super) fn restore_added(&mut self, added: u64) {
        self.table.restore_added(added);
    }

    pub(super) fn memberships_at(&mut self, room: u64) -> Option<&mut Table<RoomMembership>> {
        self.table.at_mut(room).map(|room| &mut room.memberships)
    }
}

#[derive(Deserialize, Serialize)]
pub(super) struct Room {
    document: Document,
    #[serde(skip)]
    pub(super) memberships: Table<RoomMembership>,
    /// `None` if the room was seeded or created without a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    creation: Option<Creation>,
}

/// The client request token that created a room.
#[derive(Deserialize, Serialize)]
struct Creation {
    token: String,
    /// The name of the room at its creation.
    name: String,
}

impl Room {
    fn new(account_id: &str, name: &str, token: Option<&str>, now: DateTime<Utc>) -> Self {
        let document = Document::new(json!({
            "RoomId": Uuid::new_v4().to_string(),
            "Name": name,
            "AccountId": account_id,
            "CreatedBy": CALLER_ARN,
            "CreatedTimestamp": timestamp(now),
            "UpdatedTimestamp": timestamp(now),
        }));
        let creation =
            token.map(|token| Creation { token: token.to_owned(), name: name.to_owned() });
        Self { document, memberships: Table::default(), creation }
    }
}

impl Row for Room {
    const NOT_FOUND: &'static str = "The room does not exist in this account.";

    fn id(&self) -> Cow<'_, str> {
        self.document.text("RoomId").unwrap_or_default()
    }

    fn document(&self) -> &Document {
        &self.document
    }
}

/// Checks a client request token: 2 to 64 letters, digits, hyphens and underscores.
fn client_request_token<'a>(name: &str, text: &'a str) -> Result<&'a str, Refusal> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if (2..=64).contains(&text.len()) && text.bytes().all(is_allowed) {
        Ok(text)
    } else {
        Err(validate::must_be(name, "2 to 64 letters, digits, hyphens and underscores"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The room `Red`, which the token `red-token` created, and the room `Blue`, which was created without a token.
    fn rooms() -> Rooms {
        let mut rooms = Rooms::default();
        for (name, token) in [("Red", Some("red-token")), ("Blue", None)] {
            rooms.add(Room::new("acc", name, token, Utc::now())).unwrap();
        }
        rooms
    }

    fn id_created_with(rooms: &Rooms, token: Option<&str>, name: &str) -> Option<String> {
        let room = rooms.created_with(token, name).unwrap();
        room.map(|room| room.id().into_owned())
    }

    #[test]
    fn a_token_finds_the_room_that_it_created() {
        let rooms = rooms();
        let red = rooms.table.rows().next().unwrap().id().into_owned();
        assert_eq!(id_created_with(&rooms, Some("red-token"), "Red"), Some(red));
        assert_eq!(id_created_with(&rooms, Some("other-token"), "Red"), None);
        assert_eq!(id_created_with(&rooms, None, "Blue"), None);
    }

    #[test]
    fn a_token_is_refused_with_another_name_than_at_the_creation_of_its_room() {
        let mut rooms = rooms();
        let red = rooms.table.rows().next().unwrap().id().into_owned();
        rooms.find_mut(&red).unwrap().document.set("Name", "Green");
        assert!(rooms.created_with(Some("red-token"), "Green").is_err());
        assert_eq!(id_created_with(&rooms, Some("red-token"), "Red"), Some(red));
    }

    #[test]
    fn removing_a_room_frees_its_token() {
        let mut rooms = rooms();
        let ids: Vec<String> = rooms.table.rows().map(|room| room.id().into_owned()).collect();
        for id in ids {
            rooms.remove(&id).unwrap();
        }
        assert!(rooms.tokens.is_empty());
        assert_eq!(id_created_with(&rooms, Some("red-token"), "Green"), None);
    }

    #[test]
    fn client_request_tokens_are_2_to_64_letters_digits_hyphens_and_underscores() {
        for good in ["aZ", "0-_9", &"a".repeat(64)] {
            assert_eq!(client_request_token("ClientRequestToken", good), Ok(good));
        }
        for bad in ["", "a", &"a".repeat(65), "a b", "a.b", "aé", "ab\n"] {
            assert!(client_request_token("ClientRequestToken", bad).is_err(), "{bad}");
        }
    }
}
