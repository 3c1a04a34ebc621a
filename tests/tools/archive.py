"""Serves an archive (`archive.jsonl`), and checks that every tool reads every archived member.

The rows are not in the order in which they can be added, and they have unknown members."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import answers
from aws_cli import AwsCli
from boto import Boto3
from checks import Checks
from driver import AmazonChime, AwsSdkRust
from tool import Connection, normal
from world import embedded_chime

_ARCHIVE = Path(__file__).with_name("archive.jsonl")
_ROWS = [json.loads(line) for line in _ARCHIVE.read_text().splitlines()]

# The name of members that no model has.
_UNHEARD_OF = "UnheardOf"

_ACCOUNT = {"AccountId": "archived"}
_ANA = _ACCOUNT | {"UserId": "ana"}
_BOT = _ACCOUNT | {"BotId": "bot"}
_ROOM = _ACCOUNT | {"RoomId": "room"}
_ORDER = {"PhoneNumberOrderId": "abc12345-de67-89f0-123a-b45c678d9012"}

# For each operation: the kind of its rows, its parameters, and the member of the response that has the rows. A listing
# returns all rows of the kind.
_READS: list[tuple[str, str, dict[str, str], str | None]] = [
    ("Account", "GetAccount", _ACCOUNT, "Account"),
    ("Account", "ListAccounts", {}, "Accounts"),
    ("AccountSettings", "GetAccountSettings", _ACCOUNT, "AccountSettings"),
    ("AccountRetention", "GetRetentionSettings", _ACCOUNT, None),
    ("User", "GetUser", _ANA, "User"),
    ("User", "ListUsers", _ACCOUNT, "Users"),
    ("UserSettings", "GetUserSettings", _ANA, "UserSettings"),
    ("Bot", "GetBot", _BOT, "Bot"),
    ("Bot", "ListBots", _ACCOUNT, "Bots"),
    ("EventsConfiguration", "GetEventsConfiguration", _BOT, "EventsConfiguration"),
    ("Room", "GetRoom", _ROOM, "Room"),
    ("Room", "ListRooms", _ACCOUNT, "Rooms"),
    ("RoomMembership", "ListRoomMemberships", _ROOM, "RoomMemberships"),
    ("PhoneNumber", "GetPhoneNumber", {"PhoneNumberId": "%2B12065550100"}, "PhoneNumber"),
    ("PhoneNumber", "ListPhoneNumbers", {}, "PhoneNumbers"),
    ("PhoneNumberOrder", "GetPhoneNumberOrder", _ORDER, "PhoneNumberOrder"),
    ("PhoneNumberOrder", "ListPhoneNumberOrders", {}, "PhoneNumberOrders"),
    ("PhoneNumberSettings", "GetPhoneNumberSettings", {}, None),
    ("GlobalSettings", "GetGlobalSettings", {}, None),
]

# The operations that the Rust clients call here.
_OF_DRIVER = {"GetAccount", "ListAccounts", "GetUser", "ListUsers"}


class _Wire(Boto3):
    """boto3 that keeps the body of the last response."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.body: Any = None
        # These responses have members that are not in the model.
        self._client.meta.events.unregister("after-call.chime", answers.note)
        self._client.meta.events.register("before-parse.chime", self._keep)

    def _keep(self, response_dict: dict[str, Any], **_: Any) -> None:
        self.body = json.loads(response_dict["body"])


def story(check: Checks) -> None:
    with embedded_chime(_ARCHIVE) as connection:
        _boto3(check, _Wire(connection))
        for tool in (AwsSdkRust(connection), AmazonChime(connection)):
            for kind, operation, parameters, member in _READS:
                if operation in _OF_DRIVER:
                    got = _member(tool.call(operation, **parameters), member)
                    check.equal(f"{tool.name}, {operation}", got, normal(_known(_expected(kind, member))))
        _aws_cli(check, AwsCli(connection))


def _aws_cli(check: Checks, aws_cli: AwsCli) -> None:
    read = set()
    for kind, operation, parameters, member in _READS:
        # The AWS CLI has the parser of boto3, so one call for each kind is enough.
        if kind not in read:
            read.add(kind)
            got = _member(aws_cli.call(operation, **parameters), member)
            check.equal(f"AWS CLI, {operation}", got, normal(_known(_expected(kind, member))))


def _boto3(check: Checks, boto3: _Wire) -> None:
    for kind, operation, parameters, member in _READS:
        expected = _expected(kind, member)
        got = _member(boto3.call(operation, **parameters), member)
        check.equal(f"boto3, {operation}", got, normal(_known(expected)))
        check.equal(f"on the wire, {operation}", _member(boto3.body, member), expected)


def _expected(kind: str, member: str | None) -> Any:
    rows = [row[kind] for row in _ROWS if kind in row]
    return rows if member and member.endswith("s") and not kind.endswith("s") else rows[0]


def _member(answer: dict[str, Any], member: str | None) -> Any:
    return answer if member is None else answer[member]


def _known(value: Any) -> Any:
    """Returns a row without the members that no model has."""
    if isinstance(value, dict):
        return {name: _known(inner) for name, inner in value.items() if name != _UNHEARD_OF}
    if isinstance(value, list):
        return [_known(inner) for inner in value]
    return value
