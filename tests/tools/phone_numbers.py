"""The story of phone numbers, settings of the AWS account, and dialling out of a meeting.

Each tool uses a separate embedded Chime here, because these resources belong to the AWS account.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from checks import BAD_REQUEST, FORBIDDEN, NOT_FOUND, Checks
from tool import Tool
from world import ANA, BEN, ENTERPRISE, embedded_chime

_USER = {"AccountId": ENTERPRISE, "UserId": ANA}
_UNORDERED = "%2B12065550199"


def story(check: Checks, kind: type[Tool]) -> None:
    with embedded_chime() as connection:
        tool = kind(connection)
        first, second = orders(check, tool)
        user(check, tool, first)
        updates(check, tool, first, second)
        deletion(check, tool, first, second)
        settings(check, tool)
        dial_out(check, tool, first)


def orders(check: Checks, tool: Tool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Orders two numbers, with one order each."""
    countries = tool.call("ListSupportedPhoneNumberCountries", ProductType="BusinessCalling")
    expected = [{"CountryCode": "US", "SupportedPhoneNumberTypes": ["Local"]}]
    check.equal(
        "business calling is for local numbers in the US", countries["PhoneNumberCountries"], expected
    )

    def search() -> list[str]:
        return tool.call("SearchAvailablePhoneNumbers", AreaCode="206", MaxResults=4)["E164PhoneNumbers"]

    available = search()
    expected = [f"+120655501{last:02}" for last in range(4)]
    check.equal("numbers are found", available, expected)

    def order(*numbers: str) -> dict[str, Any]:
        answer = tool.call(
            "CreatePhoneNumberOrder", ProductType="BusinessCalling", E164PhoneNumbers=list(numbers)
        )
        order = answer["PhoneNumberOrder"]
        statuses = {order["Status"], *(number["Status"] for number in order["OrderedPhoneNumbers"])}
        check.equal(f"an order of {len(numbers)} is worked on", statuses, {"Processing"})
        return order

    def outcome(order: dict[str, Any]) -> tuple[str, list[tuple[str, str]]]:
        ordered = order["OrderedPhoneNumbers"]
        return order["Status"], [(number["E164PhoneNumber"], number["Status"]) for number in ordered]

    ordered = [order(available[0]), order(available[0], available[1])]
    ids = [order["PhoneNumberOrderId"] for order in ordered]
    successful, partial = tool.call("ListPhoneNumberOrders")["PhoneNumberOrders"]
    check.equal("orders are listed", [successful["PhoneNumberOrderId"], partial["PhoneNumberOrderId"]], ids)
    check.equal("an order succeeds", outcome(successful), ("Successful", [(available[0], "Acquired")]))
    statuses = [(available[0], "Failed"), (available[1], "Acquired")]
    check.equal("an order is partly refused", outcome(partial), ("Partial", statuses))
    got = tool.call("GetPhoneNumberOrder", PhoneNumberOrderId=ids[1])["PhoneNumberOrder"]
    check.equal("an order is retrieved", got, partial)
    if not tool.is_slow:
        check.equal("who has a number has it alone", search()[:2], available[2:])

    first, second = tool.call("ListPhoneNumbers")["PhoneNumbers"]
    check.equal("the numbers are there", [first["E164PhoneNumber"], second["E164PhoneNumber"]], available[:2])
    new = {
        "PhoneNumberId": "%2B12065550100",
        "E164PhoneNumber": available[0],
        "Country": "US",
        "Type": "Local",
        "ProductType": "BusinessCalling",
        "Status": "Unassigned",
        "Capabilities": dict.fromkeys(
            ["InboundCall", "OutboundCall", "InboundSMS", "OutboundSMS", "InboundMMS", "OutboundMMS"], True
        ),
        "CallingNameStatus": "Unassigned",
        "CreatedTimestamp": first["CreatedTimestamp"],
        "UpdatedTimestamp": first["UpdatedTimestamp"],
    }
    check.equal("a new number", first, new)
    return first, second


def get(tool: Tool, number: dict[str, Any]) -> dict[str, Any]:
    """Gets a number by the identifier from a response."""
    return tool.call("GetPhoneNumber", PhoneNumberId=number["PhoneNumberId"])["PhoneNumber"]


def user(check: Checks, tool: Tool, number: dict[str, Any]) -> None:
    """Associates the number with a user, and disassociates it."""
    e164 = {"E164PhoneNumber": number["E164PhoneNumber"]}
    check.equal("is given to a user", tool.call("AssociatePhoneNumberWithUser", **_USER, **e164), {})
    of_user = tool.call("ListPhoneNumbers", FilterName="UserId", FilterValue=ANA)["PhoneNumbers"]
    check.equal(
        "is found by the user", [found["PhoneNumberId"] for found in of_user], [number["PhoneNumberId"]]
    )
    assigned = of_user[0]
    associations = {(association["Name"], association["Value"]) for association in assigned["Associations"]}
    expected = {("AccountId", ENTERPRISE), ("UserId", ANA)}
    check.equal("says whose it is", (assigned["Status"], associations), ("Assigned", expected))

    def provisioned() -> str | None:
        return tool.call("GetUser", **_USER)["User"].get("PrimaryProvisionedNumber")

    if not tool.is_slow:
        check.equal("is the user's", provisioned(), number["E164PhoneNumber"])
        ben = _USER | {"UserId": BEN}
        check.refused("is no other's", BAD_REQUEST, tool, "AssociatePhoneNumberWithUser", **ben, **e164)
        number_id = {"PhoneNumberId": number["PhoneNumberId"]}
        check.refused("is not deleted meanwhile", BAD_REQUEST, tool, "DeletePhoneNumber", **number_id)

    check.equal("is taken back", tool.call("DisassociatePhoneNumberFromUser", **_USER), {})
    taken_back = get(tool, number)
    expected_number = number | {"UpdatedTimestamp": taken_back["UpdatedTimestamp"]}
    check.equal("is as it was", taken_back, expected_number)
    if not tool.is_slow:
        check.equal("the user has none", provisioned(), None)


def updates(check: Checks, tool: Tool, first: dict[str, Any], second: dict[str, Any]) -> None:
    number_id = {"PhoneNumberId": first["PhoneNumberId"]}

    def name(number: dict[str, Any]) -> tuple[str | None, str]:
        return number.get("CallingName"), number["CallingNameStatus"]

    renamed = tool.call("UpdatePhoneNumber", **number_id, CallingName="Acme 1")["PhoneNumber"]
    check.equal("is being renamed", name(renamed), ("Acme 1", "UpdateInProgress"))
    if not tool.is_slow:
        check.equal("is renamed", name(get(tool, first)), ("Acme 1", "UpdateSucceeded"))
        both = {"CallingName": "Acme 2", "ProductType": "VoiceConnector"}
        check.refused(
            "changes in one way at a time", BAD_REQUEST, tool, "UpdatePhoneNumber", **number_id, **both
        )

    items = [
        {"PhoneNumberId": first["PhoneNumberId"], "CallingName": ""},
        {"PhoneNumberId": _UNORDERED, "CallingName": "Acme 3"},
        {"PhoneNumberId": second["PhoneNumberId"], "ProductType": "VoiceConnector"},
    ]
    errors = tool.call("BatchUpdatePhoneNumber", UpdatePhoneNumberRequestItems=items)["PhoneNumberErrors"]
    failed = [(error["PhoneNumberId"], error["ErrorCode"]) for error in errors]
    check.equal("a batch names what it did not find", failed, [(_UNORDERED, "NotFound")])
    if not tool.is_slow:
        connected = tool.call("ListPhoneNumbers", ProductType="VoiceConnector")["PhoneNumbers"]
        ids = [number["PhoneNumberId"] for number in connected]
        check.equal("the others get another product type", ids, [second["PhoneNumberId"]])
        check.equal("or an empty name", name(get(tool, first)), ("", "UpdateSucceeded"))


def deletion(check: Checks, tool: Tool, first: dict[str, Any], second: dict[str, Any]) -> None:
    number_id = {"PhoneNumberId": first["PhoneNumberId"]}
    check.equal("is deleted", tool.call("DeletePhoneNumber", **number_id), {})
    if not tool.is_slow:
        deleted = get(tool, first)
        time = deleted["DeletionTimestamp"] - deleted["UpdatedTimestamp"]
        check.equal(
            "is there for 7 days", (deleted["Status"], time), ("ReleaseInProgress", timedelta(days=7))
        )
    restored = tool.call("RestorePhoneNumber", **number_id)["PhoneNumber"]
    check.equal("is restored", (restored["Status"], restored.get("DeletionTimestamp")), ("Unassigned", None))
    if not tool.is_slow:
        check.refused(
            "one that nobody has is not", NOT_FOUND, tool, "RestorePhoneNumber", PhoneNumberId=_UNORDERED
        )

    answer = tool.call("BatchDeletePhoneNumber", PhoneNumberIds=[_UNORDERED, second["PhoneNumberId"]])
    failed = [(error["PhoneNumberId"], error["ErrorCode"]) for error in answer["PhoneNumberErrors"]]
    check.equal("a batch names what it could not delete", failed, [(_UNORDERED, "NotFound")])
    if not tool.is_slow:
        queue = tool.call("ListPhoneNumbers", Status="ReleaseInProgress")["PhoneNumbers"]
        ids = [number["PhoneNumberId"] for number in queue]
        check.equal("and deletes the others", ids, [second["PhoneNumberId"]])


def settings(check: Checks, tool: Tool) -> None:
    if not tool.is_slow:
        check.equal("there is no default name at first", tool.call("GetPhoneNumberSettings"), {})
        check.equal("there are no buckets at first", tool.call("GetGlobalSettings"), {})
    named = tool.call("UpdatePhoneNumberSettings", CallingName="Acme")
    check.equal("the default name is set", named, {})
    settings = tool.call("GetPhoneNumberSettings")
    expected = {"CallingName": "Acme", "CallingNameUpdatedTimestamp": settings["CallingNameUpdatedTimestamp"]}
    check.equal("the default name is read", settings, expected)
    if not tool.is_slow:
        check.refused("once in 7 days", BAD_REQUEST, tool, "UpdatePhoneNumberSettings", CallingName="Other")

    first, second = {"CdrBucket": "business-records"}, {"CdrBucket": "voice-records"}
    check.equal("a bucket is set", tool.call("UpdateGlobalSettings", BusinessCalling=first), {})
    check.equal("and read", tool.call("GetGlobalSettings"), {"BusinessCalling": first})
    if not tool.is_slow:
        tool.call("UpdateGlobalSettings", VoiceConnector=second)
        both = {"BusinessCalling": first, "VoiceConnector": second}
        check.equal("another does not replace it", tool.call("GetGlobalSettings"), both)


def dial_out(check: Checks, tool: Tool, number: dict[str, Any]) -> None:
    meeting = {
        "MeetingId": "12a3456b-7c89-012d-3456-78901e23fa45",
        "ToPhoneNumber": "+12065550198",
        "JoinToken": "aGVsbG8+/",
    }
    from_number = {"FromPhoneNumber": number["E164PhoneNumber"]}
    answer = tool.call("CreateMeetingDialOut", **meeting, **from_number)
    check.equal("a meeting dials out", [len(answer["TransactionId"]), *answer], [36, "TransactionId"])
    if not tool.is_slow:
        from_number["FromPhoneNumber"] = "+12065550199"
        check.refused(
            "but not from any number", FORBIDDEN, tool, "CreateMeetingDialOut", **meeting, **from_number
        )
