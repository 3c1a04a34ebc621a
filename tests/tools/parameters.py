"""The story of parameters at their limits and beyond their limits."""

from __future__ import annotations

from typing import Any

from checks import BAD_REQUEST, Checks
from tool import LISTS, Tool

Case = tuple[str, dict[str, Any]]


def story(check: Checks, tool: Tool) -> None:
    account_id = tool.call("CreateAccount", Name=f"Limits {tool.name}")["Account"]["AccountId"]
    user_id = tool.call("CreateUser", AccountId=account_id)["User"]["UserId"]
    for operation, parameters in within(account_id, tool.name.replace(" ", "-")):
        if not tool.is_slow or operation in LISTS:
            answer = tool.call(operation, **parameters)
            check.true(f"{operation} takes {_short(parameters)}", isinstance(answer, dict))
    cases = beyond(account_id, user_id)
    if tool.sends_anything:
        cases += of_wrong_types(account_id, user_id)
    if tool.is_slow:
        cases = one_of_each_operation(cases)
    for operation, parameters in cases:
        what = f"{operation} refuses {_short(parameters)}"
        check.refused(what, BAD_REQUEST, tool, operation, or_unsent=tool.knows_limits, **parameters)


def within(account_id: str, domain: str) -> list[Case]:
    """Returns calls that the API accepts and every tool must send."""
    account = {"AccountId": account_id}
    return [
        ("CreateAccount", {"Name": "x"}),
        ("CreateAccount", {"Name": "\U0001f680" * 100}),
        ("UpdateAccount", account | {"Name": "é" * 100, "DefaultLicense": "Pro"}),
        ("CreateUser", account | {"Username": ""}),
        ("CreateUser", account | {"Email": f"@@{domain}.a"}),
        ("CreateUser", account | {"Email": f"a b@c@{domain}..a"}),
        ("CreateUser", account | {"Email": f"ünï@{domain}.ä"}),
        ("BatchSuspendUser", account | {"UserIdList": []}),
        ("BatchUnsuspendUser", account | {"UserIdList": [f"x{number}" for number in range(50)]}),
        ("ListAccounts", {"MaxResults": 1}),
        ("ListAccounts", {"MaxResults": 200}),
        ("ListAccounts", {"Name": "é" * 100}),
        ("ListUsers", account | {"MaxResults": 200}),
    ]


def beyond(account_id: str, user_id: str) -> list[Case]:
    """Returns calls that the API refuses. A tool that knows the limits may refuse to send them."""
    account = {"AccountId": account_id}
    user = account | {"UserId": user_id}
    return [
        *(("CreateAccount", {"Name": name}) for name in ("", " \t", "x" * 101)),
        *(("UpdateAccount", account | {"Name": name}) for name in ("", " \t", "é" * 101)),
        *(("UpdateAccount", account | {"DefaultLicense": license}) for license in ("Plus", "pro", "")),
        *(("ListAccounts", {"Name": name}) for name in ("", " ", "x" * 101)),
        *(("ListAccounts", {"UserEmail": email}) for email in ("", "nobody")),
        *(("ListAccounts", {"MaxResults": number}) for number in (-1, 0, 201)),
        *(("ListUsers", account | {"MaxResults": number}) for number in (-1, 0, 201)),
        *(("ListUsers", account | {"UserEmail": email}) for email in ("", "nobody")),
        *(("ListUsers", account | {"UserType": kind}) for kind in ("Robot", "privateuser")),
        *(("CreateUser", account | {"Email": email}) for email in ("", "ana", "ana@example", "@example.com")),
        *(("CreateUser", account | {"Email": email}) for email in ("a@.c", "a@c.", "a@c.d\n", "a\n@c.d")),
        ("CreateUser", account | {"UserType": "Robot"}),
        *(("UpdateUser", user | {"LicenseType": license}) for license in ("ProTrial", "Plus", "pro")),
        ("UpdateUser", user | {"UserType": "Robot"}),
        *(
            (operation, account | {"UserIdList": user_ids})
            for operation in ("BatchSuspendUser", "BatchUnsuspendUser")
            for user_ids in ([""], ["  "], ["x"] * 51)
        ),
        ("GetAccount", {"AccountId": " "}),
        ("GetUser", account | {"UserId": " "}),
    ]


def of_wrong_types(account_id: str, user_id: str) -> list[Case]:
    """Returns calls that cannot be written in a typed language or on a command line."""
    account = {"AccountId": account_id}
    alexa = {"IsAlexaForBusinessEnabled": "yes"}
    return [
        ("CreateAccount", {}),
        ("CreateAccount", {"Name": 5}),
        ("CreateAccount", {"Name": None}),
        ("CreateAccount", {"Name": ["a"]}),
        ("CreateAccount", {"Name": {}}),
        ("CreateUser", account | {"Email": 5}),
        ("UpdateUser", account | {"UserId": user_id, "AlexaForBusinessMetadata": alexa}),
        *(("BatchSuspendUser", account | {"UserIdList": user_ids}) for user_ids in ([1], None)),
        *(("ListAccounts", {"MaxResults": number}) for number in ("x", "", 1.5)),
    ]


def one_of_each_operation(cases: list[Case]) -> list[Case]:
    return list(dict(cases).items())


def _short(parameters: dict[str, Any]) -> str:
    """Returns a short text for parameters, without the identifiers of existing resources."""
    shown = str({name: value for name, value in parameters.items() if len(str(value)) != 36})
    return shown if len(shown) <= 60 else f"{shown[:60]}…"
