"""Checks that all tools read the same values as boto3 of the resources that each tool has created."""

from __future__ import annotations

from itertools import chain
from typing import Any

from boto import Boto3
from checks import Checks
from tool import Connection, Tool


def make(tool: Tool) -> None:
    """Creates an account with users of every kind."""
    created = tool.call("CreateAccount", Name=f"View \U0001f680 of {tool.name}")["Account"]
    account = {"AccountId": created["AccountId"]}
    tool.call("UpdateAccount", **account, DefaultLicense="Basic")
    tool.call("CreateUser", **account)
    ana = {"Email": "ana@example.com", "Username": 'Ana \U0001f680 "ü" \\', "UserType": "SharedDevice"}
    tool.call("CreateUser", **account, **ana)
    bob = tool.call("CreateUser", **account, Email="B.o+b@Example.com")["User"]
    user = account | {"UserId": bob["UserId"]}
    alexa = {"IsAlexaForBusinessEnabled": True, "AlexaForBusinessRoomArn": "arn:x"}
    tool.call("UpdateUser", **user, LicenseType="Pro", AlexaForBusinessMetadata=alexa)
    tool.call("BatchSuspendUser", **account, UserIdList=[bob["UserId"]])


def story(check: Checks, kinds: list[type[Tool]], connection: Connection) -> None:
    for kind in kinds:
        make(kind(connection))
    expected = view(Boto3(connection))
    check.equal("there are an account and three users of each tool", len(expected), 4 * len(kinds))
    for kind in kinds:
        got = view(kind(connection))
        check.equal(f"{kind.name} lists what boto3 does", list(got), list(expected))
        for (account_name, user_id), item in expected.items():
            what = f"user {user_id[:8]} of {account_name!r}" if user_id else f"{account_name!r}"
            check.equal(f"{kind.name} sees {what} as boto3 does", got.get((account_name, user_id), {}), item)


def view(tool: Tool) -> dict[tuple[str, str | None], dict[str, Any]]:
    """Returns the accounts by name, and the users by account name and user identifier."""
    seen: dict[tuple[str, str | None], dict[str, Any]] = {}
    for account in chain(*tool.pages("ListAccounts", 3, Name="View")):
        seen[account["Name"], None] = account
        for user in chain(*tool.pages("ListUsers", 2, AccountId=account["AccountId"])):
            seen[account["Name"], user["UserId"]] = user
    return seen
