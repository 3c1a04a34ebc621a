"""The story of an account."""

from __future__ import annotations

from typing import Any

from checks import NOT_FOUND, UNPROCESSABLE, Checks
from tool import Tool

# Segments of paths and values in queries that a tool could encode wrongly.
STRANGE_IDS = ["a/b c", "é\U0001f680", "a?b#c%2F", "a+b&c=d", "~-_.", "..."]
STRANGE_NAMES = ["a'b(c)*!", "ü ö", '"<>{}|\\^`', "100%", "a;b,c:d@e", "a+b&c=d", "\U0001f680"]


def story(check: Checks, tool: Tool) -> None:
    name = f"Acme \U0001f680 {tool.name}"
    account = tool.call("CreateAccount", Name=name)["Account"]
    account_id = account["AccountId"]
    created = {
        "AccountId": account_id,
        "AccountStatus": "Active",
        "AccountType": "Team",
        "AwsAccountId": "111122223333",
        "CreatedTimestamp": account["CreatedTimestamp"],
        "DefaultLicense": "Pro",
        "Name": name,
        "SupportedLicenses": ["Basic", "Pro"],
    }
    check.equal("a new account", account, created)
    check.equal("is retrieved", tool.call("GetAccount", AccountId=account_id)["Account"], created)

    def update(**parameters: str) -> object:
        return tool.call("UpdateAccount", AccountId=account_id, **parameters)["Account"]

    renamed = created | {"Name": f"Acme 2 {tool.name}"}
    check.equal("is renamed", update(Name=renamed["Name"]), renamed)
    licensed = renamed | {"DefaultLicense": "Basic"}
    check.equal("gets another license", update(DefaultLicense="Basic"), licensed)
    check.equal("is updated without a change", update(), licensed)
    check.equal("is retrieved as updated", tool.call("GetAccount", AccountId=account_id)["Account"], licensed)
    if tool.has_all_operations:
        delegate_groups(check, tool, licensed)

    user_id = tool.call("CreateUser", AccountId=account_id)["User"]["UserId"]
    check.refused("a user keeps it", UNPROCESSABLE, tool, "DeleteAccount", AccountId=account_id)
    tool.call("BatchSuspendUser", AccountId=account_id, UserIdList=[user_id])
    check.equal("is deleted", tool.call("DeleteAccount", AccountId=account_id), {})
    for operation in ("GetAccount", "DeleteAccount"):
        check.refused(f"is gone for {operation}", NOT_FOUND, tool, operation, AccountId=account_id)
    check.refused("is gone with its users", NOT_FOUND, tool, "GetUser", AccountId=account_id, UserId=user_id)
    strange_names(check, tool)
    strange_ids(check, tool)


def delegate_groups(check: Checks, tool: Tool, account: dict[str, Any]) -> None:
    """Associates sign-in delegate groups, some of them twice, and removes them all."""
    account_id = account["AccountId"]

    def associate(*names: str) -> object:
        groups = [{"GroupName": name} for name in names]
        operation = "AssociateSigninDelegateGroupsWithAccount"
        return tool.call(operation, AccountId=account_id, SigninDelegateGroups=groups)

    def disassociate(*names: str) -> object:
        operation = "DisassociateSigninDelegateGroupsFromAccount"
        return tool.call(operation, AccountId=account_id, GroupNames=list(names))

    def has(what: str, *names: str) -> None:
        groups = {"SigninDelegateGroups": [{"GroupName": name} for name in names]} if names else {}
        check.equal(what, tool.call("GetAccount", AccountId=account_id)["Account"], account | groups)

    check.equal("groups are associated", associate("red", "green \U0001f680"), {})
    has("has the groups", "red", "green \U0001f680")
    if not tool.is_slow:
        check.equal("again, and another", associate("red", "blue", "blue"), {})
        has("has each once", "red", "green \U0001f680", "blue")
        for turn in ("first", "second"):
            check.equal(f"is taken away, {turn} time", disassociate("blue", "no such group"), {})
            has(f"has the others, {turn} time", "red", "green \U0001f680")
    check.equal("all are taken away", disassociate("red", "green \U0001f680"), {})
    has("has none")


def strange_names(check: Checks, tool: Tool) -> None:
    for strange in STRANGE_NAMES[:1] if tool.is_slow else STRANGE_NAMES:
        name = f"{strange} {tool.name}"
        account = tool.call("CreateAccount", Name=name)["Account"]
        listed = tool.call("ListAccounts", Name=name)["Accounts"]
        check.equal(f"{name!r} is found by its name", listed, [account])


def strange_ids(check: Checks, tool: Tool) -> None:
    account_id = tool.call("CreateAccount", Name=f"Strange {tool.name}")["Account"]["AccountId"]
    for strange in STRANGE_IDS[:1] if tool.is_slow else STRANGE_IDS:
        cases: list[tuple[str, dict[str, Any]]] = [
            ("GetAccount", {"AccountId": strange}),
            ("UpdateAccount", {"AccountId": strange, "Name": "x"}),
            ("DeleteAccount", {"AccountId": strange}),
            ("CreateUser", {"AccountId": strange}),
            ("GetUser", {"AccountId": strange, "UserId": strange}),
            ("GetUser", {"AccountId": account_id, "UserId": strange}),
            ("UpdateUser", {"AccountId": account_id, "UserId": strange, "LicenseType": "Pro"}),
            ("ListUsers", {"AccountId": strange}),
            ("BatchSuspendUser", {"AccountId": strange, "UserIdList": []}),
            ("BatchUnsuspendUser", {"AccountId": strange, "UserIdList": []}),
        ]
        # A tool encodes the identifiers of all operations in the same way.
        for operation, parameters in cases[::4] if tool.is_slow else cases:
            check.refused(f"{operation} finds no {strange!r}", NOT_FOUND, tool, operation, **parameters)
