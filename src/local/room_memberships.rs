//! Memberships of chat rooms: their operations and their rows.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::accounts::{Account, CALLER_ARN};
use super::answer::{Answer, Refusal, enveloped};
use super::batch;
use super::call::Call;
use super::directory::Directory;
use super::document::{Document, timestamp};
use super::members::Members;
use super::seed::Line;
use super::table::Row;
use super::validate;

pub(super) fn create_room_membership(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let (account_id, room_id) = (call.id("accountId")?, call.id("roomId")?);
    let members = call.members()?;
    let item = Item::read(&members)?;
    let account = directory.accounts.enterprise_mut(account_id)?;

    let membership = item.add_to(account, room_id, call.now())?;
    Ok(Answer::created(enveloped("RoomMembership", &membership)))
}

pub(super) fn batch_create_room_membership(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let (account_id, room_id) = (call.id("accountId")?, call.id("roomId")?);
    let members = call.members()?.objects("MembershipItemList", 50)?;
    let members = validate::required("MembershipItemList", members)?;
    let items = members.iter().map(|members| {
        let item = Item::read(members)?;
        Ok((item.member_id, item))
    });
    let items = items.collect::<Result<Vec<_>, _>>()?;
    let account = directory.accounts.enterprise_mut(account_id)?;
    account.rooms.find(room_id)?;

    let errors = batch::errors("MemberId", items, |_, item| {
        item.add_to(account, room_id, call.now()).map(drop)
    });
    Ok(Answer::created(json!({ "Errors": errors })))
}

pub(super) fn list_room_memberships(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let (account_id, room_id) = (call.id("accountId")?, call.id("roomId")?);
    let paging = call.paging(99)?;

    let Directory { accounts, tokens, .. } = directory;
    let room = accounts.enterprise(account_id)?.rooms.find(room_id)?;
    let listing = format!("ListRoomMemberships {:?}", (account_id, room_id));
    tokens.list("RoomMemberships", &listing, &paging, |position| room.memberships.after(position))
}

pub(super) fn update_room_membership(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let (account_id, room_id) = (call.id("accountId")?, call.id("roomId")?);
    let member_id = call.id("memberId")?;
    let role = call.members()?.text("Role", role)?;
    let room = directory.accounts.enterprise_mut(account_id)?.rooms.find_mut(room_id)?;
    let membership = room.memberships.find_mut(member_id)?;

    if let Some(role) = role {
        membership.require_user()?;
        membership.document.set("Role", role);
        membership.document.set("UpdatedTimestamp", timestamp(call.now()));
    }
    Ok(Answer::ok(enveloped("RoomMembership", &membership.document)))
}

pub(super) fn delete_room_membership(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let (account_id, room_id) = (call.id("accountId")?, call.id("roomId")?);
    let member_id = call.id("memberId")?;
    let room = directory.accounts.enterprise_mut(account_id)?.rooms.find_mut(room_id)?;
    room.memberships.remove(member_id)?;
    Ok(Answer::no_content())
}

pub(super) fn seed(directory: &mut Directory, mut line: Line) -> Result<(), Refusal> {
    let (account_id, room_id) = (line.parent("AccountId")?, line.fill_in_parent("RoomId")?);
    let room = directory.accounts.enterprise_mut(&account_id)?.rooms.find_mut(&room_id)?;
    let membership = RoomMembership { document: line.document };
    validate::not_blank("MemberId", &membership.id())?;
    room.memberships.try_insert(membership).map(drop)
}

struct Item<'a> {
    member_id: &'a str,
    role: &'static str,
}

impl<'a> Item<'a> {
    fn read(members: &'a Members) -> Result<Self, Refusal> {
        let member_id = members.text("MemberId", validate::not_blank)?;
        let member_id = validate::required("MemberId", member_id)?;
        let role = members.text("Role", role)?;
        Ok(Self { member_id, role: role.unwrap_or("Member") })
    }

    /// Adds the member and returns the membership for the response.
    fn add_to(
        &self,
        account: &mut Account,
        room_id: &str,
        now: DateTime<Utc>,
    ) -> Result<Document, Refusal> {
        account.rooms.find(room_id)?;
        let member = member(account, self.member_id)?;
        let memberships = &mut account.rooms.find_mut(room_id)?.memberships;
        if memberships.contains(self.member_id) {
            return Err(Refusal::conflict("The room has this member."));
        }

        let document = Document::new(json!({
            "RoomId": room_id,
            "Member": member,
            "Role": self.role,
            "InvitedBy": CALLER_ARN,
            "UpdatedTimestamp": timestamp(now),
        }));
        memberships.insert(RoomMembership { document: document.clone() });
        Ok(document)
    }
}

/// Returns a user or a bot of an account in the form for a membership.
fn member(account: &Account, id: &str) -> Result<Value, Refusal> {
    let (member_type, email, name) = if let Ok(user) = account.user(id) {
        (USER, user.email(), user.display_name())
    } else if let Ok(bot) = account.bots.find(id) {
        ("Bot", bot.email(), bot.display_name())
    } else {
        return Err(Refusal::not_found("The account has no such user or bot."));
    };
    Ok(json!({
        "MemberId": id,
        "MemberType": member_type,
        "Email": email,
        "FullName": name,
        "AccountId": account.id(),
    }))
}

#[derive(Deserialize, Serialize)]
pub(super) struct RoomMembership {
    document: Document,
}

impl RoomMembership {
    /// Refuses a member that is not a user.
    fn require_user(&self) -> Result<(), Refusal> {
        if self.document.member("Member")["MemberType"] == USER {
            Ok(())
        } else {
            Err(Refusal::bad_request("Only the role of a user can be changed."))
        }
    }
}

const USER: &str = "User";

impl Row for RoomMembership {
    const NOT_FOUND: &'static str = "The room has no such member.";

    fn id(&self) -> Cow<'_, str> {
        let id = self.document.member("Member")["MemberId"].as_str().map(str::to_owned);
        id.unwrap_or_default().into()
    }

    fn document(&self) -> &Document {
        &self.document
    }
}

fn role(name: &str, text: &str) -> Result<&'static str, Refusal> {
    validate::one_of(name, text, &["Administrator", "Member"])
}
