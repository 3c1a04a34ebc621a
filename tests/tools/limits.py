"""Tests every member in the model of every input: left out, at its limits, and beyond its limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

from checks import BAD_REQUEST, NOT_FOUND, Checks
from model import Member, beyond, members, of_other_types, within
from tool import Refused
from wire import ABSENT
from world import OTHER, World, new_world

_UNKNOWN = "00000000-0000-0000-0000-000000000000"

# The model allows an empty list. The embedded Chime refuses it, which is an assumption.
_NEVER_EMPTY = {("CreatePhoneNumberOrder", "E164PhoneNumbers")}
# The prefixes that the embedded Chime requires. The model does not have them, so they are an assumption, too.
_STARTS = {
    ("PutEventsConfiguration", "OutboundEventsHTTPSEndpoint"): "https://",
    ("PutEventsConfiguration", "LambdaFunctionArn"): "arn:",
}
# Operations that succeed only once in 7 days, and so only once in a world.
_ONCE = {"UpdatePhoneNumberSettings"}
# Identifiers in a path whose resources the embedded Chime does not store.
_UNSTORED = {
    ("CreateMeetingDialOut", "MeetingId"),
    ("RedactConversationMessage", "ConversationId"),
    ("RedactConversationMessage", "MessageId"),
    ("RedactRoomMessage", "MessageId"),
}


def story(check: Checks, operation: str) -> None:
    with new_world() as world:
        before = world.state()
        for member in members(operation):
            missing(check, world, operation, member)
            values_beyond(check, world, operation, member)
        unknown(check, world, operation)
        check.equal("what is refused changes nothing", world.state(), before)

        refusal = _refusal(world, operation, None, None)
        check.true("takes valid parameters", refusal is None, f"answered {refusal!r}")
        # These reads let `answers.py` compare their responses with the model, too.
        world.state()
        for member in members(operation):
            values_within(check, world, operation, member)


def missing(check: Checks, world: World, operation: str, member: Member) -> None:
    """Checks that a required member cannot be left out and cannot be null."""
    if member.is_required and member.location == "uri":
        # An empty identifier makes another path.
        refusal = _refusal(world, operation, member, "")
        check.true(f"{member} is required", refusal and refusal.status in (400, 404), f"answered {refusal!r}")
    elif member.is_required:
        _is_bad(check, world, operation, member, ABSENT, "is required")
        if member.location == "body":
            _is_bad(check, world, operation, member, None, "is required, which null is not")


def values_beyond(check: Checks, world: World, operation: str, member: Member) -> None:
    for value in [*_with_items(world, operation, member, beyond(member)), *of_other_types(member)]:
        _is_bad(check, world, operation, member, value, f"cannot be {_short(value)}")


def values_within(check: Checks, world: World, operation: str, member: Member) -> None:
    """Checks that values at the limits are accepted, or refused for another reason than a limit."""
    for value in _with_items(world, operation, member, within(member)):
        if value == [] and (operation, member.name) in _NEVER_EMPTY:
            continue
        if start := _STARTS.get((operation, member.name)):
            value = start + value
        with new_world() if operation in _ONCE else nullcontext(world) as place:
            refusal = _refusal(place, operation, member, value)
        is_for_limit = refusal and refusal.status == 400 and member.is_named_in(refusal.message)
        check.true(f"{member} can be {_short(value)}", not is_for_limit, f"answered {refusal!r}")


def unknown(check: Checks, world: World, operation: str) -> None:
    """Checks that an identifier in a path is not found if it is unknown or belongs to another account."""
    ids = [member for member in members(operation) if member.location == "uri"]
    stored = [member for member in ids if (operation, member.name) not in _UNSTORED]
    cases = [(member, _UNKNOWN, "unknown") for member in stored]
    if len(stored) > 1:
        cases.append((stored[0], OTHER, "another account's"))
    for member, value, what in cases:
        refusal = _refusal(world, operation, member, value)
        is_not_found = refusal and (refusal.code, refusal.status) == NOT_FOUND
        check.true(f"{member} cannot be {what}", is_not_found, f"answered {refusal!r}")


def _is_bad(check: Checks, world: World, operation: str, member: Member, value: Any, what: str) -> None:
    refusal = _refusal(world, operation, member, value)
    is_bad = refusal and (refusal.code, refusal.status) == BAD_REQUEST
    is_named = refusal and member.is_named_in(refusal.message)
    check.true(f"{member} {what}", is_bad and is_named, f"answered {refusal!r}")


def _refusal(world: World, operation: str, member: Member | None, value: Any) -> Refused | None:
    """Calls the operation with this value of a member and other valid parameters, and returns the error, if any."""
    parameters = world.parameters(operation, member)
    try:
        if member is None:
            world.boto3.call(operation, **parameters)
        else:
            world.boto3.call_with(operation, parameters, member, value)
    except Refused as refusal:
        return refusal
    return None


def _with_items(world: World, operation: str, member: Member, values: Iterator[Any]) -> Iterator[Any]:
    """Returns the values, with a list of valid items for each range."""
    for value in values:
        if isinstance(value, range):
            item = world.parameters(operation)[member.name][0]
            yield [item for _ in value]
        else:
            yield value


def _short(value: Any) -> str:
    if isinstance(value, list) and len(value) > 1:
        return f"{len(value)} items"
    shown = repr(value)
    return shown if len(shown) <= 40 else f"{shown[:30]}… ({len(value)})"
