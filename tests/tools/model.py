"""botocore's model of the API: the inputs of operations, and values within and beyond their limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from boto3.session import Session
from botocore.model import OperationModel, Shape, StructureShape

_SERVICE = Session()._session.get_service_model("chime")

OPERATIONS: dict[str, OperationModel] = {
    name: _SERVICE.operation_model(name) for name in _SERVICE.operation_names
}

# For each pattern, values that barely match it, and values that barely do not match it.
_PATTERNS: dict[str, tuple[list[str], list[str]]] = {
    r".*\S.*": (["x", " x ", "é\U0001f680"], ["", " ", " \t "]),
    r"[A-Z]{2}": (["AA", "ZZ"], ["", "A", "AAA", "aa", "A1", "ÄÄ"]),
    r"^$|^[a-zA-Z0-9 ]{2,15}$": (["", "aZ", "  ", "0 9" * 5], ["a", "x" * 16, "Acme!", "Ämter"]),
    r"[-_a-zA-Z0-9]*": (["-_", "aZ09"], ["a+", "a b", "éé", "a."]),
    r"^\+?[1-9]\d{1,14}$": (
        ["+10", "99", "+1" + "2" * 14, "9" * 15],
        ["", "+", "+1", "1", "+01", "++12", "+1" + "2" * 15, "9" * 16, "+12a", "%2B12", "12065550100x"],
    ),
    r".+@.+\..+": (
        ["a@b.c", "@@b.c", "a b@c..d", "ünï@exämple.ö"],
        ["", "a", "a@b", "@b.c", "a@.c", "a@b.", "a.b@c"],
    ),
    r"[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}": (
        ["00000000-0000-0000-0000-000000000000", "aAfF0909-aAfF-0909-aAfF-0909aAfF0909"],
        ["x", "0" * 32, "0000000-0000-0000-0000-000000000000", "g0000000-0000-0000-0000-000000000000"],
    ),
    r"^[a-zA-Z0-9+/]+$": (["+/", "aZ09"], ["", "a=", "a-b", "a b", "éé"]),
    r"^8(00|33|44|55|66|77|88)$": (
        ["800", "833", "844", "855", "866", "877", "888"],
        ["", "811", "80", "8000", "900", "+800"],
    ),
}
for _pattern, (_good, _bad) in _PATTERNS.items():
    assert all(re.fullmatch(_pattern, value, re.ASCII) for value in _good), _pattern
    assert not any(re.fullmatch(_pattern, value, re.ASCII) for value in _bad), _pattern

# For each type, JSON values of other types.
_OF_OTHER_TYPES: dict[str, list[Any]] = {
    "string": [5, True, ["x"], {}],
    "boolean": ["true", 1, 0, [], {}],
    "integer": ["1", 1.5, True, [], {}],
    "list": ["x", 5, True, {}],
    "structure": ["x", 5, True, []],
}


@dataclass(frozen=True)
class Member:
    """A member of the input of an operation, or of a structure or list within the input."""

    # The names from the input to the member, with 0 for the item of a list.
    path: tuple[str | int, ...]
    shape: Shape
    # `uri`, `querystring`, or `body`.
    location: str
    is_required: bool

    @property
    def name(self) -> str:
        """The last name in the path. An item has the name of its list."""
        return [part for part in self.path if isinstance(part, str)][-1]

    @property
    def is_item(self) -> bool:
        return self.path[-1] == 0

    @property
    def is_token(self) -> bool:
        return self.name == "NextToken"

    def __str__(self) -> str:
        return ".".join(map(str, self.path)).replace(".0", "[]")

    def is_named_in(self, message: str) -> bool:
        """Returns whether a message names the member as in the model or as in a URL: `MaxResults`, `max-results`."""
        words = re.findall(r"[\w-]+", message)
        return self.name.lower() in {word.replace("-", "").lower() for word in words}


def members(operation: str) -> Iterator[Member]:
    """Returns every member of the input of an operation, at any depth."""
    shape = OPERATIONS[operation].input_shape
    for name in shape.members if shape else ():
        member = shape.members[name]
        location = member.serialization.get("location", "body")
        yield from _with_inner(Member((name,), member, location, name in shape.required_members))


def _with_inner(member: Member) -> Iterator[Member]:
    yield member
    if isinstance(member.shape, StructureShape):
        required = member.shape.required_members
        for name, shape in member.shape.members.items():
            yield from _with_inner(Member((*member.path, name), shape, "body", name in required))
    elif member.shape.type_name == "list":
        yield from _with_inner(Member((*member.path, 0), member.shape.member, "body", False))


def within(member: Member) -> Iterator[Any]:
    """Returns values at the limits of a member. A range means a list with this number of items."""
    shape, limits = member.shape, member.shape.metadata
    match shape.type_name:
        case "string" if "enum" in limits:
            yield from limits["enum"]
        case "string":
            pattern = limits.get("pattern")
            # An empty identifier would change the path, and only a response can contain a valid token.
            if pattern is None and not member.is_token:
                yield from [" " if member.location == "uri" else "", "x" * 3000, "a b+c&d=é\U0001f680/%2F"]
            yield from (value for value in _PATTERNS[pattern][0] if _fits(shape, value)) if pattern else ()
            yield from (_of_length(shape, limits[end]) for end in ("min", "max") if end in limits)
        case "integer":
            yield from (limits["min"], limits["max"])
        case "boolean":
            yield from (True, False)
        case "list":
            yield range(limits.get("min", 0))
            if "max" in limits:
                yield range(limits["max"])
        case "structure" if not shape.required_members:
            yield {}


def beyond(member: Member) -> Iterator[Any]:
    """Returns values of the right type just beyond the limits. A range means a list with this number of items."""
    shape, limits = member.shape, member.shape.metadata
    match shape.type_name:
        case "string" if "enum" in limits:
            yield from ["", "Nonsense", limits["enum"][0].swapcase(), limits["enum"][0] + " "]
        case "string":
            pattern = limits.get("pattern")
            values = _PATTERNS[pattern][1] if pattern else []
            yield from (value for value in values if value or member.location != "uri")
            if "min" in limits and limits["min"] > 0:
                yield _of_length(shape, limits["min"] - 1)
            if "max" in limits:
                yield _of_length(shape, limits["max"] + 1)
        case "integer":
            yield from (limits["min"] - 1, limits["max"] + 1, -limits["max"])
        case "list":
            if limits.get("min", 0) > 0:
                yield range(limits["min"] - 1)
            if "max" in limits:
                yield range(limits["max"] + 1)


def of_other_types(member: Member) -> list[Any]:
    """Returns values of other types than the member. In a query, all values are text."""
    kind = member.shape.type_name
    if member.location == "body":
        return [*_OF_OTHER_TYPES[kind], *([None] if member.is_item else [])]
    return ["", "x", "1.5", "+1", " 1", "1" * 30] if kind == "integer" else []


def _fits(shape: Shape, value: str) -> bool:
    return shape.metadata.get("min", 0) <= len(value) <= shape.metadata.get("max", len(value))


def _of_length(shape: Shape, length: int) -> str:
    """Returns a text with this number of characters, of two bytes each if the pattern allows it."""
    wide = "é" * length
    return wide if re.fullmatch(shape.metadata["pattern"], wide, re.ASCII) else "8" * length
