"""The interface of tools. A tool is a program or library that calls the operations of Chime."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from dateutil.parser import isoparse

# A program that takes longer than this many seconds is considered stuck. On a busy machine, it may take a few.
TIMEOUT = 120


@dataclass(frozen=True)
class Connection:
    """The URL, region and credentials of a service."""

    url: str
    region: str
    access_key_id: str
    secret_access_key: str
    session_token: str | None = None
    # How many minutes the signing clock is ahead; negative if it is behind.
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
        """Returns the environment of a process that uses this connection and no other AWS settings."""
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
    # None for the AWS CLI, which does not show these values.
    status: int | None = None
    request_id: str | None = None


class Unsent(Exception):
    """The tool did not send the call."""


class Tool(Protocol):
    """A tool with a connection. Parameters and responses have the names of the API model."""

    name: str
    # Whether it has all operations of the API.
    has_all_operations: bool
    # Whether it sends parameters of any type.
    sends_anything: bool
    # Whether it can sign with a wrong clock.
    shifts_clock: bool
    # Whether it refuses parameters beyond the limits.
    knows_limits: bool
    # Whether it shows the page of an item.
    shows_pages: bool
    # Whether each call starts a process, which takes half a second. Stories then make fewer calls.
    is_slow: bool

    def __init__(self, connection: Connection) -> None: ...

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Makes one call, without retries. A listing returns one page. Raises Refused or Unsent."""

    def pages(self, operation: str, size: int, **parameters: Any) -> list[list[dict[str, Any]]]:
        """Returns the pages of a listing, fetched by the paginator of the tool."""


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
    """Returns a response in a form that is equal for all tools: without absent and null members and empty lists,
    and with times as datetime."""
    if isinstance(value, Mapping):
        members = ((member, normal(inner, member)) for member, inner in value.items())
        return {member: inner for member, inner in members if inner not in (None, [])}
    if isinstance(value, list):
        return [normal(inner) for inner in value]
    if name in _TIMES and value is not None and not isinstance(value, datetime):
        return isoparse(value)
    return value
