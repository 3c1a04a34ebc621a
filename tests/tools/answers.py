"""Compares every response to boto3 with the model: its status, its members and their types.

At the end, every member of the model must have been in a response."""

from __future__ import annotations

import json
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from botocore.model import OperationModel, Shape, StructureShape

from checks import Checks
from model import OPERATIONS

# Members that the service sends, but that its model does not have.
_EXTRA = {
    "Account": {
        "Admins",
        "BillingType",
        "DelegationStatus",
        "DirectoryId",
        "Domains",
        "Groups",
        "Owner",
        "UseProTrialLicense",
    }
}
# Members that no response has, and why.
_NEVER = {
    ("PutRetentionSettingsResponse", name): "the status is 204, which has no body"
    for name in ("RetentionSettings", "InitiateDeletionTimestamp")
}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_TYPES: dict[str, type] = {
    "boolean": bool,
    "integer": int,
    "list": list,
    "string": str,
    "structure": dict,
    "timestamp": str,
}


class _Seen:
    """The contents of the responses in all threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.answers: dict[str, int] = defaultdict(int)
        self.problems: dict[str, set[str]] = defaultdict(set)
        self.members: set[tuple[str, str]] = set()


_seen = _Seen()


def note(http_response: Any, model: OperationModel, **_: Any) -> None:
    """Records a response that botocore received."""
    if http_response.status_code >= 300:
        return
    expected = model.http.get("responseCode", 200)
    with _seen.lock:
        _seen.answers[model.name] += 1
        problems = _seen.problems[model.name]
        if http_response.status_code != expected:
            problems.add(f"the status is {http_response.status_code}, not {expected}")
        if expected == 204:
            problems.update(["there is a body"] if http_response.content else [])
        else:
            answer = json.loads(http_response.content)
            if model.output_shape:
                problems.update(_problems(model.output_shape, answer, model.output_shape.name))
            elif answer != {}:
                problems.add("there are members")


def _problems(shape: Shape, value: Any, where: str) -> Iterator[str]:
    # `isinstance` would accept a boolean as an integer.
    if type(value) is not _TYPES[shape.type_name]:
        yield f"{where} is {value!r}, not of type {shape.type_name}"
    elif isinstance(shape, StructureShape):
        known = shape.members.keys() | _EXTRA.get(shape.name, set())
        yield from (f"{where}.{name} is not in the model" for name in value.keys() - known)
        for name, member in shape.members.items():
            if value.get(name) is not None:
                _seen.members.add((shape.name, name))
                yield from _problems(member, value[name], f"{where}.{name}")
            elif name in shape.required_members:
                yield f"{where}.{name} is missing"
    elif shape.type_name == "list":
        for item in value:
            yield from _problems(shape.member, item, f"{where}[]")
    elif shape.type_name == "timestamp" and not _TIME.fullmatch(value):
        yield f"{where} is {value!r}, not a time in UTC with milliseconds"
    elif "enum" in shape.metadata and value not in shape.metadata["enum"]:
        yield f"{where} is {value!r}, which is not in its enum"


def story(check: Checks) -> None:
    """Runs after all other stories."""
    for operation in OPERATIONS:
        problems = "; ".join(sorted(_seen.problems[operation]))
        check.true(f"{operation} succeeded", _seen.answers[operation], "it did not, once")
        check.true(f"{operation} answers as its model says", not problems, problems)
    for shape, name in sorted(set(_members())):
        was_there = (shape, name) in _seen.members
        if (shape, name) in _NEVER:
            check.true(f"{shape}.{name} is never there: {_NEVER[shape, name]}", not was_there, "it was")
        else:
            check.true(f"{shape}.{name} was in an answer", was_there, "it never was")


def _members() -> Iterator[tuple[str, str]]:
    shapes = [model.output_shape for model in OPERATIONS.values() if model.output_shape]
    while shapes:
        shape = shapes.pop()
        if isinstance(shape, StructureShape):
            yield from ((shape.name, name) for name in shape.members)
            shapes.extend(shape.members.values())
        elif shape.type_name == "list":
            shapes.append(shape.member)
