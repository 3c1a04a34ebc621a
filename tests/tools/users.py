"""The story of the users of an account."""

from __future__ import annotations

import re
from typing import Any

from checks import CONFLICT, NOT_FOUND, Checks
from tool import Tool


def story(check: Checks, tool: Tool) -> None:
    account_id = tool.call("CreateAccount", Name=f"Users {tool.name}")["Account"]["AccountId"]
    other_id = tool.call("CreateAccount", Name=f"Others {tool.name}")["Account"]["AccountId"]
    email = f"Ana+1@{tool.name.replace(' ', '-')}.example.com"

    ana = tool.call(
        "CreateUser", AccountId=account_id, Email=email, Username="Ana \U0001f680", UserType="SharedDevice"
    )["User"]
    created = {
        "AccountId": account_id,
        "AlexaForBusinessMetadata": {"IsAlexaForBusinessEnabled": False},
        "DisplayName": "Ana \U0001f680",
        "InvitedOn": ana["InvitedOn"],
        "LicenseType": "Pro",
        "PersonalPIN": ana["PersonalPIN"],
        "PrimaryEmail": email,
        "UserId": ana["UserId"],
        "UserInvitationStatus": "Pending",
        "UserRegistrationStatus": "Unregistered",
        "UserType": "SharedDevice",
    }
    check.equal("a new user", ana, created)
    bob = tool.call("CreateUser", AccountId=account_id)["User"]
    unnamed = {
        "AccountId": account_id,
        "AlexaForBusinessMetadata": {"IsAlexaForBusinessEnabled": False},
        "LicenseType": "Pro",
        "PersonalPIN": bob["PersonalPIN"],
        "UserId": bob["UserId"],
        "UserRegistrationStatus": "Unregistered",
        "UserType": "PrivateUser",
    }
    check.equal("one without anything", bob, unnamed)
    emails(check, tool, account_id, other_id, ana)
    updates(check, tool, account_id, other_id, ana)
    suspension(check, tool, account_id, [ana["UserId"], bob["UserId"]])
    logout(check, tool, bob)
    if tool.has_all_operations:
        batch_updates(check, tool, account_id, [ana["UserId"], bob["UserId"]])
        personal_pin(check, tool, bob)


def emails(check: Checks, tool: Tool, account_id: str, other_id: str, ana: dict[str, Any]) -> None:
    email = ana["PrimaryEmail"]
    again = {"AccountId": account_id, "Email": email.upper()}
    check.refused("an address is given once in an account", CONFLICT, tool, "CreateUser", **again)
    tool.call("CreateUser", AccountId=other_id, Email=email.lower())

    def found(**filters: str) -> list[str]:
        accounts = tool.call("ListAccounts", **filters)["Accounts"]
        return [account["AccountId"] for account in accounts]

    with_address = [account_id, other_id]
    check.equal("accounts are found by an address", found(UserEmail=email.swapcase()), with_address)
    check.equal("and by a name as well", found(UserEmail=email, Name="Others"), [other_id])
    users = tool.call("ListUsers", AccountId=account_id, UserEmail=email.lower())["Users"]
    check.equal("users are found by an address", users, [ana])
    users = tool.call("ListUsers", AccountId=account_id, UserType="SharedDevice")["Users"]
    check.equal("users are found by their type", users, [ana])


def updates(check: Checks, tool: Tool, account_id: str, other_id: str, ana: dict[str, Any]) -> None:
    def update(**parameters: Any) -> object:
        return tool.call("UpdateUser", AccountId=account_id, UserId=ana["UserId"], **parameters)["User"]

    moved = ana | {"LicenseType": "Basic", "UserType": "PrivateUser"}
    check.equal("gets a license and a type", update(LicenseType="Basic", UserType="PrivateUser"), moved)
    alexa = {"AlexaForBusinessRoomArn": "arn:aws:a4b:us-east-1:111122223333:room/x"}
    in_room = moved | {"AlexaForBusinessMetadata": {"IsAlexaForBusinessEnabled": False} | alexa}
    check.equal("gets a room", update(AlexaForBusinessMetadata=alexa), in_room)
    enabled = in_room | {"AlexaForBusinessMetadata": {"IsAlexaForBusinessEnabled": True} | alexa}
    check.equal(
        "keeps it when Alexa is enabled",
        update(AlexaForBusinessMetadata={"IsAlexaForBusinessEnabled": True}),
        enabled,
    )
    got = tool.call("GetUser", AccountId=account_id, UserId=ana["UserId"])["User"]
    check.equal("is retrieved as updated", got, enabled)
    elsewhere = {"AccountId": other_id, "UserId": ana["UserId"]}
    check.refused("is in no other account", NOT_FOUND, tool, "UpdateUser", **elsewhere, LicenseType="Pro")


def suspension(check: Checks, tool: Tool, account_id: str, user_ids: list[str]) -> None:
    def statuses() -> list[str]:
        users = tool.call("ListUsers", AccountId=account_id)["Users"]
        return [user["UserRegistrationStatus"] for user in users]

    def batch(operation: str, user_ids: list[str]) -> list[tuple[str, str]]:
        answer = tool.call(operation, AccountId=account_id, UserIdList=user_ids)
        return [(error["UserId"], error["ErrorCode"]) for error in answer.get("UserErrors", [])]

    unknown = [user_ids[0], "no such / user", user_ids[1]]
    errors = batch("BatchSuspendUser", unknown)
    check.equal("those who do not exist are named", errors, [("no such / user", "NotFound")])
    check.equal("the others are suspended", statuses(), ["Suspended"] * 2)
    check.equal("all are unsuspended", batch("BatchUnsuspendUser", user_ids), [])
    check.equal("as they were before", statuses(), ["Unregistered"] * 2)


def logout(check: Checks, tool: Tool, user: dict[str, Any]) -> None:
    one = {"AccountId": user["AccountId"], "UserId": user["UserId"]}
    check.equal("is logged out", tool.call("LogoutUser", **one), {})
    if tool.is_slow:
        return
    before = tool.call("GetUser", **one)
    check.equal("is logged out again", tool.call("LogoutUser", **one), {})
    check.equal("which changes nothing", tool.call("GetUser", **one), before)
    unknown = one | {"UserId": "no such / user"}
    check.refused("nobody else is", NOT_FOUND, tool, "LogoutUser", **unknown)


def batch_updates(check: Checks, tool: Tool, account_id: str, user_ids: list[str]) -> None:
    def update(*items: dict[str, Any]) -> list[tuple[str, str]]:
        answer = tool.call("BatchUpdateUser", AccountId=account_id, UpdateUserRequestItems=list(items))
        return [(error["UserId"], error["ErrorCode"]) for error in answer.get("UserErrors", [])]

    ana, bob = tool.call("ListUsers", AccountId=account_id)["Users"]
    alexa = {"IsAlexaForBusinessEnabled": True, "AlexaForBusinessRoomArn": "arn:x"}
    errors = update(
        {"UserId": user_ids[0], "LicenseType": "Pro"},
        {"UserId": "no such / user", "LicenseType": "Pro"},
        {"UserId": user_ids[1], "UserType": "SharedDevice", "AlexaForBusinessMetadata": alexa},
    )
    check.equal("one of a batch is not there", errors, [("no such / user", "NotFound")])
    updated = [
        ana | {"LicenseType": "Pro"},
        bob | {"UserType": "SharedDevice", "AlexaForBusinessMetadata": alexa},
    ]
    check.equal("the others are updated", tool.call("ListUsers", AccountId=account_id)["Users"], updated)
    if tool.is_slow:
        return
    errors = update({"UserId": user_ids[0], "LicenseType": "Plus"}, {"UserId": user_ids[1]})
    check.equal("a license is not to be had", errors, [(user_ids[0], "BadRequest")])
    check.equal("nothing is updated", tool.call("ListUsers", AccountId=account_id)["Users"], updated)


def personal_pin(check: Checks, tool: Tool, user: dict[str, Any]) -> None:
    one = {"AccountId": user["AccountId"], "UserId": user["UserId"]}
    before = tool.call("GetUser", **one)["User"]
    reset = tool.call("ResetPersonalPIN", **one)["User"]
    check.equal("gets a PIN", reset, before | {"PersonalPIN": reset["PersonalPIN"]})
    is_new = reset["PersonalPIN"] != before["PersonalPIN"]
    check.true("a new one, of 10 digits", is_new and re.fullmatch(r"[0-9]{10}", reset["PersonalPIN"]))
    if tool.is_slow:
        return
    check.equal("is retrieved with it", tool.call("GetUser", **one)["User"], reset)
    unknown = one | {"UserId": "no such / user"}
    check.refused("nobody else gets one", NOT_FOUND, tool, "ResetPersonalPIN", **unknown)
