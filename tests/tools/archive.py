"""An archive that is served: every tool gets what was archived, member for member, and nothing of it is lost on the
wire. Its rows (`archive.jsonl`) are in an order in which they cannot be added, and have members that no model knows."""

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

# What begins the names of members that no model has.
_UNHEARD_OF = "UnheardOf"

_ACCOUNT = {"AccountId": "archived"}
_ANA = _ACCOUNT | {"UserId": "ana"}
_BOT = _ACCOUNT | {"BotId": "bot"}
_ROOM = _ACCOUNT | {"RoomId": "room"}
_ORDER = {"PhoneNumberOrderId": "abc12345-de67-89f0-123a-b45c678d9012"}

# Each kind of row, the operations that answer it, with their parameters, and under which member; a listing answers all
# rows of its kind.
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

# What the clients in Rust are asked, which do not call all operations here.
_OF_DRIVER = {"GetAccount", "ListAccounts", "GetUser", "ListUsers"}


class _Wire(Boto3):
    """boto3 that keeps the body of the last answer."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.body: Any = None
        # These answers are to have more than the model says.
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
        # It has the parser of boto3, so that one call for each kind will do.
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
    """What models have of a row."""
    if isinstance(value, dict):
        return {name: _known(inner) for name, inner in value.items() if name != _UNHEARD_OF}
    if isinstance(value, list):
        return [_known(inner) for inner in value]
    return value
