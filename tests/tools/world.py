"""A world: an embedded Chime with a resource of every kind, and valid parameters for every operation."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from model import OPERATIONS, Member, members
from tool import Connection, Refused
from wire import Wire

_SEED = Path(__file__).with_name("world.jsonl")

# Enterprise accounts. The first has resources of every kind, the other is empty.
ENTERPRISE, OTHER = "enterprise", "other"
# Users of the first account. Ana is in the room and has a phone number; Ben is not in the room and has no number.
ANA, BEN = "ana", "ben"

ASSIGNED, FREE, DELETED, UNORDERED = (f"+120655501{last:02}" for last in range(4))


@contextmanager
def embedded_chime(seed: Path = _SEED) -> Iterator[Connection]:
    """Starts an embedded Chime with the rows of a seed, and returns the connection to it."""
    command = [os.environ["CHIME"], "serve", "--port", "0", "--load", str(seed)]
    # Without the AWS variables of this process, it makes random credentials and prints them.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **pipes, env=environment, encoding="utf-8") as process:
        try:
            assert process.stdout
            lines = [process.stdout.readline() for _ in range(6)]
            variables = dict(re.findall(r"^export (\w+)=(.*)$", "".join(lines), re.MULTILINE))
            yield Connection.from_environment(variables)
        finally:
            process.kill()


@contextmanager
def new_world() -> Iterator[World]:
    with embedded_chime() as connection:
        yield World(connection)


class World:
    def __init__(self, connection: Connection) -> None:
        self.boto3 = Wire(connection)
        self._fill()

    def _fill(self) -> None:
        call, account = self.boto3.call, {"AccountId": ENTERPRISE}
        self.team = call("CreateAccount", Name="Team")["Account"]["AccountId"]
        self.user_of_team = call("CreateUser", AccountId=self.team, Email="eve@example.com")["User"]["UserId"]
        self.empty = call("CreateAccount", Name="Empty")["Account"]["AccountId"]
        call("UpdateAccountSettings", **account, AccountSettings={"EnableDialOut": True})
        days = {"RetentionDays": 7}
        retention = {"RoomRetentionSettings": days, "ConversationRetentionSettings": days}
        call("PutRetentionSettings", **account, RetentionSettings=retention)
        groups = [{"GroupName": "assistants"}]
        call("AssociateSigninDelegateGroupsWithAccount", **account, SigninDelegateGroups=groups)

        self.room = call("CreateRoom", **account, Name="Launch")["Room"]["RoomId"]
        self.bot = call("CreateBot", **account, DisplayName="helper")["Bot"]["BotId"]
        room = account | {"RoomId": self.room}
        call("CreateRoomMembership", **room, MemberId=ANA, Role="Administrator")
        call("CreateRoomMembership", **room, MemberId=self.bot)
        endpoint = "https://example.com/events"
        call("PutEventsConfiguration", **account, BotId=self.bot, OutboundEventsHTTPSEndpoint=endpoint)

        numbers = [ASSIGNED, FREE, DELETED]
        order = call("CreatePhoneNumberOrder", ProductType="BusinessCalling", E164PhoneNumbers=numbers)
        self.order = order["PhoneNumberOrder"]["PhoneNumberOrderId"]
        call("UpdatePhoneNumber", PhoneNumberId=FREE, CallingName="Acme")
        call("AssociatePhoneNumberWithUser", **account, UserId=ANA, E164PhoneNumber=ASSIGNED)
        call("DeletePhoneNumber", PhoneNumberId=DELETED)
        bucket = {"CdrBucket": "records"}
        call("UpdateGlobalSettings", BusinessCalling=bucket, VoiceConnector=bucket)

    def parameters(self, operation: str, member: Member | None = None) -> dict[str, Any]:
        """Returns parameters with which an operation succeeds. With a member, the operation also succeeds when this
        member is set to a valid value."""
        required = {
            other.name: self._value(operation, other.name)
            for other in members(operation)
            if len(other.path) == 1 and other.is_required
        }
        companions = _COMPANIONS.get(operation, {})
        return required | companions.get(member.path[0] if member else None, companions.get(None, {}))

    def _value(self, operation: str, name: str) -> Any:
        """Returns a valid value for a required parameter."""
        of_operation = {
            ("AssociatePhoneNumberWithUser", "UserId"): BEN,
            ("CreateRoomMembership", "MemberId"): BEN,
            ("DeleteAccount", "AccountId"): self.empty,
            ("InviteUsers", "AccountId"): self.team,
            ("RestorePhoneNumber", "PhoneNumberId"): DELETED,
        }
        if (operation, name) in of_operation:
            return of_operation[operation, name]
        return {
            "AccountId": ENTERPRISE,
            "AccountSettings": {"DisableRemoteControl": True},
            "BotId": self.bot,
            "CallingName": "Acme",
            "ConversationId": "conversation",
            "DisplayName": "guide",
            "E164PhoneNumber": FREE,
            "E164PhoneNumbers": [UNORDERED],
            "FromPhoneNumber": ASSIGNED,
            "GroupNames": ["assistants"],
            "JoinToken": "a+b/",
            "MeetingId": "12a3456b-7c89-012d-3456-78901e23fa45",
            "MemberId": ANA,
            "MembershipItemList": [{"MemberId": BEN}],
            "MessageId": "message",
            "Name": "Acme",
            "PhoneNumberId": FREE,
            "PhoneNumberIds": [FREE],
            "PhoneNumberOrderId": self.order,
            "ProductType": "BusinessCalling",
            "RetentionSettings": {"RoomRetentionSettings": {"RetentionDays": 30}},
            "RoomId": self.room,
            "SigninDelegateGroups": [{"GroupName": "delegates"}],
            "ToPhoneNumber": "+12065550199",
            "UpdatePhoneNumberRequestItems": [{"PhoneNumberId": FREE}],
            "UpdateUserRequestItems": [{"UserId": ANA}],
            "UserEmailList": ["new@example.com"],
            "UserId": ANA,
            "UserIdList": [ANA],
            "UserSettings": {"Telephony": {"InboundCalling": True, "OutboundCalling": True, "SMS": True}},
        }[name]

    def state(self) -> dict[str, Any]:
        """All that can be read of the world, by whatever operation reads."""
        calls = [
            (operation, self.parameters(operation))
            for operation, model in OPERATIONS.items()
            if model.http["method"] == "GET"
        ]
        calls += [("ListUsers", {"AccountId": account_id}) for account_id in (OTHER, self.team)]
        return {
            f"{operation} {parameters}": self._read(operation, parameters) for operation, parameters in calls
        }

    def _read(self, operation: str, parameters: dict[str, Any]) -> Any:
        try:
            return self.boto3.call(operation, **parameters)
        except Refused as refusal:
            return refusal.code


# Optional parameters that an operation needs, by the parameter that is set. The key `None` is for all other parameters.
_COMPANIONS: dict[str, dict[str | int | None, dict[str, Any]]] = {
    "ListPhoneNumbers": {
        "FilterName": {"FilterValue": ANA},
        "FilterValue": {"FilterName": "UserId"},
    },
    "PutEventsConfiguration": {
        None: {"LambdaFunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:events"},
        "LambdaFunctionArn": {},
        "OutboundEventsHTTPSEndpoint": {},
    },
    "SearchAvailablePhoneNumbers": {
        None: {"AreaCode": "206"},
        "City": {"State": "WA"},
        "Country": {"PhoneNumberType": "Local"},
    },
}
