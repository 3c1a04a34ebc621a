"""What a tool is: something that calls the operations of Chime."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from dateutil.parser import isoparse

# The seconds after which a program of a tool is stuck; on a busy machine, one may take a few.
TIMEOUT = 120


@dataclass(frozen=True)
class Connection:
    """Where a Chime is, and how to sign for it."""

    url: str
    region: str
    access_key_id: str
    secret_access_key: str
    session_token: str | None = None
    # How far the clock that signs is ahead, or behind if negative.
    minutes_ahead: int = 0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Connection:
        return cls(
            environment["AWS_ENDPOINT_URL_CHIME"],
            environment["AWS_REGION"],
            environment["AWS_ACCESS_KEY_ID"],
            environment["AWS_SECRET_ACCESS_KEY"],
        )

    def environment(self) -> dict[str, str]:
        """The environment of a process that is to use this, and no other setting of AWS."""
        variables = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        variables["AWS_ENDPOINT_URL_CHIME"] = self.url
        variables["AWS_REGION"] = variables["AWS_DEFAULT_REGION"] = self.region
        variables["AWS_ACCESS_KEY_ID"] = self.access_key_id
        variables["AWS_SECRET_ACCESS_KEY"] = self.secret_access_key
        if self.session_token is not None:
            variables["AWS_SESSION_TOKEN"] = self.session_token
        return variables


@dataclass(eq=False)
class Refused(Exception):
    """The service answered with an error."""

    code: str
    message: str
    # What the AWS CLI does not tell.
    status: int | None = None
    request_id: str | None = None


class Unsent(Exception):
    """The tool did not send the call."""


class Tool(Protocol):
    """A tool with a connection. Parameters and answers are named as in the API's model."""

    name: str
    # Whether it has all operations of the API.
    has_all_operations: bool
    # Whether it sends whatever it is given, of any type.
    sends_anything: bool
    # Whether it can sign with a clock that is wrong.
    shifts_clock: bool
    # Whether it refuses parameters that are outside of the limits.
    knows_limits: bool
    # Whether it shows which page an item was on.
    shows_pages: bool
    # Whether each call is a process that takes half a second to start, so that some must stand for all.
    is_slow: bool

    def __init__(self, connection: Connection) -> None: ...

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """One call, without retries. A listing gives one page. Raises Refused or Unsent."""

    def pages(self, operation: str, size: int, **parameters: Any) -> list[list[dict[str, Any]]]:
        """The pages of a listing, fetched by the tool's paginator."""


LISTS = {"ListAccounts": "Accounts", "ListUsers": "Users"}

_TIMES = {
    "AssociatedTimestamp",
    "CallingNameUpdatedTimestamp",
    "CreatedTimestamp",
    "DeletionTimestamp",
    "InitiateDeletionTimestamp",
    "InvitedOn",
    "RegisteredOn",
    "UpdatedTimestamp",
}


def normal(value: Any, name: str = "") -> Any:
    """An answer in the form in which those of all tools compare: without what is absent or null, without empty
    lists, and with times as such."""
    if isinstance(value, Mapping):
        members = ((member, normal(inner, member)) for member, inner in value.items())
        return {member: inner for member, inner in members if inner not in (None, [])}
    if isinstance(value, list):
        return [normal(inner) for inner in value]
    if name in _TIMES and value is not None and not isinstance(value, datetime):
        return isoparse(value)
    return value
