"""Every member of every operation's input, as botocore's model has it: values at its limits, and beyond them."""

from __future__ import annotations

from typing import Any

from checks import BAD_REQUEST, NOT_FOUND, Checks, difference
from model import OPERATIONS, Member, beyond, members, of_other_types, within
from tool import Refused
from wire import ABSENT
from world import OTHER, World

# No limit of the model, but an assumption that the embedded Chime documents.
_NOT_EMPTY = {("CreatePhoneNumberOrder", "E164PhoneNumbers")}
# What is in a path, but does not exist before it is named.
_ANYTHING = {
    ("CreateMeetingDialOut", "MeetingId"),
    ("RedactConversationMessage", "ConversationId"),
    ("RedactConversationMessage", "MessageId"),
    ("RedactRoomMessage", "MessageId"),
}


def valid(check: Checks, operation: str) -> None:
    """The operation succeeds with valid parameters, and with each member at its limits, or refuses it for another
    reason than these."""
    with World() as world:
        refusal = _refusal(world, operation, None, None)
        check.true("valid parameters", refusal is None, f"refused with {refusal!r}")
    for member in members(operation):
        with World() as world:
            for value in _sized(world, operation, member, within(member)):
                if value == [] and (operation, member.name) in _NOT_EMPTY:
                    continue
                if operation == "UpdatePhoneNumberSettings":
                    # It can be done once in 7 days.
                    with World() as other_world:
                        refusal = _refusal(other_world, operation, member, value)
                else:
                    refusal = _refusal(world, operation, member, value)
                is_limit = refusal is not None and refusal.status == 400 and member.is_named_in(refusal.message)
                check.true(f"{member} can be {_short(value)}", not is_limit, f"refused with {refusal!r}")


def refused(check: Checks, operation: str, world: World) -> None:
    """What is required and left out, what is beyond its limits, and what does not exist is refused and changes
    nothing."""
    before = world.state()
    for member in members(operation):
        if member.is_required and member.location == "uri":
            # Nothing in a path makes it another path.
            _check(check, world, operation, member, "", "nothing", {400, 404})
        elif member.is_required:
            _check(check, world, operation, member, ABSENT, "left out", {BAD_REQUEST.status})
            if member.location == "body":
                _check(check, world, operation, member, None, "null", {BAD_REQUEST.status})
        for value in _sized(world, operation, member, beyond(member)):
            _check(check, world, operation, member, value, _short(value), {BAD_REQUEST.status})
        for value in of_other_types(member):
            _check(check, world, operation, member, value, _short(value), {BAD_REQUEST.status})
        if member.location == "uri" and (operation, member.name) not in _ANYTHING:
            unknown = "00000000-0000-0000-0000-000000000000"
            _check(check, world, operation, member, unknown, "unknown", {NOT_FOUND.status})
    others = [member.name for member in members(operation) if member.location == "uri" and not _is_free(operation, member)]
    if others[:1] == ["AccountId"] and len(others) > 1:
        account_id = next(members(operation))
        _check(check, world, operation, account_id, OTHER, "the other account", {NOT_FOUND.status})
    check.true("what is refused changes nothing", world.state() == before, difference(world.state(), before))


def _is_free(operation: str, member: Member) -> bool:
    return (operation, member.name) in _ANYTHING


def _check(
    check: Checks, world: World, operation: str, member: Member, value: Any, what: str, statuses: set[int]
) -> None:
    refusal = _refusal(world, operation, member, value)
    named = member.is_named_in(refusal.message) if refusal and refusal.status == 400 else True
    is_right = refusal is not None and refusal.status in statuses and named
    if is_right and refusal.status == NOT_FOUND.status and value != "":
        is_right = refusal.code == NOT_FOUND.code
    check.true(f"{member} cannot be {what}", is_right, f"answered {refusal!r}")


def _refusal(world: World, operation: str, member: Member | None, value: Any) -> Refused | None:
    parameters = world.parameters(operation, member)
    try:
        if member is None:
            world.boto3.call(operation, **parameters)
        else:
            world.boto3.call_with(operation, parameters, member, value)
    except Refused as refusal:
        return refusal
    return None


def _sized(world: World, operation: str, member: Member, values: Any) -> list[Any]:
    """The values, with lists of as many items as the ranges among them have."""
    if member.shape.type_name != "list":
        return list(values)
    item = world.parameters(operation)[member.path[0]][0]
    return [[item for _ in size] for size in values]


def _short(value: Any) -> str:
    if isinstance(value, list) and len(value) > 1:
        return f"{len(value)} items"
    shown = repr(value)
    return shown if len(shown) <= 40 else f"{shown[:30]}… ({len(value)})"


def operations() -> list[str]:
    return list(OPERATIONS)
