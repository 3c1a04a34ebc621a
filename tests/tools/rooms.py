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
    of_another_name = with_token | {"Name": "Landing"}
    check.refused("a token with another name", BAD_REQUEST, tool, "CreateRoom", **of_another_name)
    other = tool.call("CreateRoom", **account, Name="Launch \U0001f680")["Room"]
    check.true("rooms may have one name", other["RoomId"] != room["RoomId"])
    check.equal("are listed", tool.call("ListRooms", **account), {"Rooms": [created, other]})

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
    check.equal("the other one is left", tool.call("ListRooms", **account), {"Rooms": [other]})
    check.equal("its token is free", tool.call("CreateRoom", **of_another_name)["Room"]["Name"], "Landing")
    team = tool.call("CreateAccount", Name=f"No rooms {tool.name}")["Account"]["AccountId"]
    check.refused("not in a Team account", FORBIDDEN, tool, "CreateRoom", AccountId=team, Name="x")
    check.refused("not even a list", FORBIDDEN, tool, "ListRooms", AccountId=team)


def members(check: Checks, tool: Tool, room: dict[str, str], as_listed: dict[str, Any]) -> None:
    """Two users and a bot enter a room. Both of the users leave it."""
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
    again = room | {"MemberId": ana["UserId"]}
    check.refused("nobody enters twice", CONFLICT, tool, "CreateRoomMembership", **again)
    unknown = room | {"MemberId": "no such / member"}
    check.refused("nor who is not there", NOT_FOUND, tool, "CreateRoomMembership", **unknown)

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

    promoted = tool.call("UpdateRoomMembership", **again, Role="Administrator")["RoomMembership"]
    check.equal("a user gets a role", promoted, membership(user(ana), "Administrator", promoted))
    of_a_bot = room | {"MemberId": bot["BotId"], "Role": "Member"}
    check.refused("a bot keeps its own", BAD_REQUEST, tool, "UpdateRoomMembership", **of_a_bot)

    def rooms_of(member_id: str) -> dict[str, Any]:
        return tool.call("ListRooms", AccountId=account_id, MemberId=member_id)

    check.equal("rooms are found by a member", rooms_of(ana["UserId"]), {"Rooms": [as_listed]})
    check.equal("a member leaves", tool.call("DeleteRoomMembership", **again), {})
    check.equal("and has no room then", rooms_of(ana["UserId"]), {})
    if tool.is_slow:
        return
    check.equal("another leaves", tool.call("DeleteRoomMembership", **room, MemberId=ben["UserId"]), {})
    for operation in ("DeleteRoomMembership", "UpdateRoomMembership"):
        check.refused(f"is gone for {operation}", NOT_FOUND, tool, operation, **again)
    check.equal("the bot stays", tool.call("ListRoomMemberships", **room), {"RoomMemberships": [of_bot]})


def messages(check: Checks, tool: Tool, room: dict[str, str]) -> None:
    redacted = tool.call("RedactRoomMessage", **room, MessageId="a message")
    check.equal("a message of the room is redacted", redacted, {})
    conversation = {"AccountId": room["AccountId"], "ConversationId": "a/b c"}
    redacted = tool.call("RedactConversationMessage", **conversation, MessageId="\U0001f680")
    check.equal("one of a conversation is redacted", redacted, {})
    elsewhere = room | {"RoomId": "no such / room", "MessageId": "x"}
    check.refused("none of a room that is not there", NOT_FOUND, tool, "RedactRoomMessage", **elsewhere)
