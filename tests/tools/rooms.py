"""The story of a chat room, its members and its messages."""

from __future__ import annotations

from typing import Any

import seed
from checks import BAD_REQUEST, CONFLICT, FORBIDDEN, NOT_FOUND, Checks
from tool import Tool

_CALLER = "arn:aws:iam::111122223333:user/local"


def story(check: Checks, tool: Tool) -> None:
    account = {"AccountId": seed.enterprise(tool)}
    with_token = account | {"Name": "Launch \U0001f680", "ClientRequestToken": "aZ-_0"}
    room = tool.call("CreateRoom", **with_token)["Room"]
    created = {
        "AccountId": account["AccountId"],
        "CreatedBy": _CALLER,
        "CreatedTimestamp": room["CreatedTimestamp"],
        "Name": "Launch \U0001f680",
        "RoomId": room["RoomId"],
        "UpdatedTimestamp": room["CreatedTimestamp"],
    }
    check.equal("a new room", room, created)
    check.equal("a token makes one room", tool.call("CreateRoom", **with_token)["Room"], created)
    check.equal("is listed", tool.call("ListRooms", **account), {"Rooms": [created]})

    room = {"AccountId": account["AccountId"], "RoomId": room["RoomId"]}
    renamed = tool.call("UpdateRoom", **room, Name="Landing")["Room"]
    updated = created | {"Name": "Landing", "UpdatedTimestamp": renamed["UpdatedTimestamp"]}
    check.equal("is renamed", renamed, updated)
    check.true("has the time of it", renamed["UpdatedTimestamp"] > created["UpdatedTimestamp"])
    check.equal("is retrieved as updated", tool.call("GetRoom", **room), {"Room": updated})
    members(check, tool, room, updated)
    messages(check, tool, room)

    check.equal("is deleted", tool.call("DeleteRoom", **room), {})
    check.refused("is gone", NOT_FOUND, tool, "GetRoom", **room)
    if tool.is_slow:
        return
    for operation in ("DeleteRoom", "ListRoomMemberships", "UpdateRoom"):
        check.refused(f"is gone for {operation}", NOT_FOUND, tool, operation, **room)
    tokens(check, tool, with_token)
    team = tool.call("CreateAccount", Name=f"No rooms {tool.name}")["Account"]["AccountId"]
    check.refused("not in a Team account", FORBIDDEN, tool, "CreateRoom", AccountId=team, Name="x")
    check.refused("not even a list", FORBIDDEN, tool, "ListRooms", AccountId=team)


def tokens(check: Checks, tool: Tool, with_token: dict[str, str]) -> None:
    """Tests client request tokens. The first is the token of a deleted room."""
    with_other_name = with_token | {"Name": "Landing"}
    room = tool.call("CreateRoom", **with_other_name)["Room"]
    check.equal("the token of a deleted room is free", room["Name"], "Landing")
    check.refused("it is taken now", BAD_REQUEST, tool, "CreateRoom", **with_token)
    tool.call("UpdateRoom", AccountId=room["AccountId"], RoomId=room["RoomId"], Name="Renamed")
    again = tool.call("CreateRoom", **with_other_name)["Room"]
    check.equal("it still makes no other room", again["RoomId"], room["RoomId"])
    check.equal("which has its new name", again["Name"], "Renamed")
    same_name = {"AccountId": room["AccountId"], "Name": "Landing"}
    rooms = [room["RoomId"], *(tool.call("CreateRoom", **same_name)["Room"]["RoomId"] for _ in range(2))]
    check.equal("without one, rooms may share a name", len(set(rooms)), 3)
    listed = tool.call("ListRooms", AccountId=room["AccountId"])["Rooms"]
    check.equal("all of them are listed", [room["RoomId"] for room in listed], rooms)


def members(check: Checks, tool: Tool, room: dict[str, str], as_listed: dict[str, Any]) -> None:
    """Adds two users and a bot to a room, and removes one of them."""
    account_id = room["AccountId"]
    ana, ben = seed.rows("User", account_id)
    (bot,) = seed.rows("Bot", account_id)

    def membership(member: dict[str, Any], role: str, answer: dict[str, Any]) -> dict[str, Any]:
        return {
            "InvitedBy": _CALLER,
            "Member": member | {"AccountId": account_id},
            "Role": role,
            "RoomId": room["RoomId"],
            "UpdatedTimestamp": answer["UpdatedTimestamp"],
        }

    def user(row: dict[str, Any]) -> dict[str, Any]:
        names = {"Email": row["PrimaryEmail"], "FullName": row["DisplayName"]}
        return {"MemberId": row["UserId"], "MemberType": "User"} | names

    def create(member_id: str, **role: str) -> dict[str, Any]:
        return tool.call("CreateRoomMembership", **room, MemberId=member_id, **role)["RoomMembership"]

    of_ana = create(ana["UserId"])
    check.equal("a user enters as a member", of_ana, membership(user(ana), "Member", of_ana))
    of_bot = create(bot["BotId"], Role="Administrator")
    names = {"Email": bot["BotEmail"], "FullName": bot["DisplayName"]}
    member = {"MemberId": bot["BotId"], "MemberType": "Bot"} | names
    check.equal("a bot enters with a role", of_bot, membership(member, "Administrator", of_bot))

    items = [
        {"MemberId": ana["UserId"]},
        {"MemberId": ben["UserId"], "Role": "Administrator"},
        {"MemberId": "no such / member"},
        {"MemberId": bot["BotId"]},
    ]
    answer = tool.call("BatchCreateRoomMembership", **room, MembershipItemList=items)
    errors = [(error["MemberId"], error["ErrorCode"]) for error in answer["Errors"]]
    expected = [
        (ana["UserId"], "Conflict"),
        ("no such / member", "NotFound"),
        (bot["BotId"], "Conflict"),
    ]
    check.equal("a batch names those who do not enter", errors, expected)
    check.true("and says why", all(error["ErrorMessage"] for error in answer["Errors"]))
    listed = tool.call("ListRoomMemberships", **room)["RoomMemberships"]
    of_ben = membership(user(ben), "Administrator", listed[-1])
    check.equal("the others enter, and all are listed", listed, [of_ana, of_bot, of_ben])

    one = room | {"MemberId": ana["UserId"]}
    promoted = tool.call("UpdateRoomMembership", **one, Role="Administrator")["RoomMembership"]
    check.equal("a user gets a role", promoted, membership(user(ana), "Administrator", promoted))
    rooms_of_ana = {"AccountId": account_id, "MemberId": ana["UserId"]}
    found = tool.call("ListRooms", **rooms_of_ana)
    check.equal("rooms are found by a member", found, {"Rooms": [as_listed]})
    if not tool.is_slow:
        again = one | {"Role": "Member"}
        check.refused("nobody enters twice", CONFLICT, tool, "CreateRoomMembership", **again)
        unknown = room | {"MemberId": "no such / member"}
        check.refused("nor who is not there", NOT_FOUND, tool, "CreateRoomMembership", **unknown)
        of_a_bot = room | {"MemberId": bot["BotId"], "Role": "Member"}
        check.refused("a bot keeps its role", BAD_REQUEST, tool, "UpdateRoomMembership", **of_a_bot)

    check.equal("a member leaves", tool.call("DeleteRoomMembership", **one), {})
    if not tool.is_slow:
        check.equal("and has no room then", tool.call("ListRooms", **rooms_of_ana), {})
        for operation in ("DeleteRoomMembership", "UpdateRoomMembership"):
            check.refused(f"is gone for {operation}", NOT_FOUND, tool, operation, **one)
        left = tool.call("ListRoomMemberships", **room)["RoomMemberships"]
        check.equal("the others stay", left, [of_bot, of_ben])


def messages(check: Checks, tool: Tool, room: dict[str, str]) -> None:
    redacted = tool.call("RedactRoomMessage", **room, MessageId="a message")
    check.equal("a message of the room is redacted", redacted, {})
    conversation = {"AccountId": room["AccountId"], "ConversationId": "a/b c"}
    redacted = tool.call("RedactConversationMessage", **conversation, MessageId="\U0001f680")
    check.equal("one of a conversation is redacted", redacted, {})
    if not tool.is_slow:
        elsewhere = room | {"RoomId": "no such / room", "MessageId": "x"}
        check.refused("none of a room that is not there", NOT_FOUND, tool, "RedactRoomMessage", **elsewhere)
