"""boto3 with bodies that it would not create itself, for example with values of wrong types."""

from __future__ import annotations

import copy
import json
from typing import Any

from botocore.exceptions import ClientError

from boto import Boto3, refused
from model import Member
from tool import Connection

# The value of a member that is left out.
ABSENT = object()


class Wire(Boto3):
    """boto3 that replaces one member of the parameters."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._body: Any = None
        self._client.meta.events.register("before-call.chime", self._rewrite)

    def call_with(self, operation: str, parameters: dict[str, Any], member: Member, value: Any) -> None:
        """Calls an operation with this value of a member, of any type. Raises Refused."""
        changed = copy.deepcopy(parameters)
        _put(changed, member.path, value)
        if member.location == "body":
            # botocore cannot serialize every type, so it gets the unchanged parameters, and `_rewrite` replaces the body.
            outside = self._outside_of_body(operation)
            self._body = {name: inner for name, inner in changed.items() if name not in outside}
            changed = parameters
        try:
            self._client._make_api_call(operation, changed)
        except ClientError as error:
            raise refused(error) from error
        finally:
            self._body = None

    def _outside_of_body(self, operation: str) -> set[str]:
        shape = self._client.meta.service_model.operation_model(operation).input_shape
        return {name for name, member in shape.members.items() if "location" in member.serialization}

    def _rewrite(self, params: dict[str, Any], **_: Any) -> None:
        if self._body is not None:
            params["body"] = json.dumps(self._body).encode()


def _put(container: Any, path: tuple[str | int, ...], value: Any) -> None:
    first, *rest = path
    if rest:
        if isinstance(container, dict):
            container.setdefault(first, {})
        _put(container[first], tuple(rest), value)
    elif value is ABSENT:
        container.pop(first, None)
    else:
        container[first] = value
