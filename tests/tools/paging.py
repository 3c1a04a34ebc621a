"""The story of listings, with page sizes from 1 to 5."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_cli import AwsCli
from checks import BAD_REQUEST, Checks
from tool import LISTS, Tool

_SIZES = range(1, 6)


@dataclass(frozen=True)
class Directory:
    """Listings with their expected items, in order."""

    listings: list[tuple[str, dict[str, Any], list[dict[str, Any]]]]
    account_id: str


def directory(tool: Tool) -> Directory:
    """Creates the resources that all tools list. Two accounts have the same name, and the number of users is divisible
    by 5."""
    names = [f"Page + & = {number}" for number in range(6)] + ["Page + & = 0"]
    accounts = [tool.call("CreateAccount", Name=name)["Account"] for name in names]
    account_id = accounts[0]["AccountId"]
    types = ["PrivateUser", "SharedDevice"]
    users = [
        tool.call(
            "CreateUser", AccountId=account_id, Email=f"u{number}@example.com", UserType=types[number % 2]
        )["User"]
        for number in range(10)
    ]
    return Directory(
        [
            ("ListAccounts", {"Name": "Page + & ="}, accounts),
            ("ListAccounts", {"Name": "Page + & = 0"}, [accounts[0], accounts[-1]]),
            ("ListAccounts", {"Name": "page"}, []),
            ("ListUsers", {"AccountId": account_id}, users),
            ("ListUsers", {"AccountId": account_id, "UserType": "SharedDevice"}, users[1::2]),
            ("ListUsers", {"AccountId": account_id, "UserEmail": "U3@example.com"}, [users[3]]),
        ],
        account_id,
    )


def story(check: Checks, tool: Tool, directory: Directory) -> None:
    for operation, parameters, items in directory.listings[::3] if tool.is_slow else directory.listings:
        for size in [2] if tool.is_slow else _SIZES:
            pages = tool.pages(operation, size, **parameters)
            if tool.shows_pages:
                expected = [items[start : start + size] for start in range(0, len(items), size)] or [[]]
            else:
                expected = [items]
            check.equal(f"{operation} {parameters} by {size}", pages, expected)
    by_hand(check, tool, directory)
    refused_tokens(check, tool, directory)


def by_hand(check: Checks, tool: Tool, directory: Directory) -> None:
    operation, parameters, items = directory.listings[3]
    seen: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        page = tool.call(operation, MaxResults=4, **parameters, **token)
        if not tool.is_slow:
            again = tool.call(operation, MaxResults=4, **parameters, **token)
            check.equal(
                f"a token is good twice, at item {len(seen)}", again[LISTS[operation]], page[LISTS[operation]]
            )
        seen += page[LISTS[operation]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    check.equal("tokens lead through all of a listing", seen, items)


def refused_tokens(check: Checks, tool: Tool, directory: Directory) -> None:
    accounts = tool.call("ListAccounts", MaxResults=2, Name="Page")["NextToken"]
    users = tool.call("ListUsers", MaxResults=2, AccountId=directory.account_id)["NextToken"]
    for what, operation, parameters in [
        ("with another filter", "ListAccounts", {"Name": "Pag", "NextToken": accounts}),
        ("of users for accounts", "ListAccounts", {"NextToken": users}),
        ("of accounts for users", "ListUsers", {"AccountId": directory.account_id, "NextToken": accounts}),
        ("that was made up", "ListAccounts", {"Name": "Page", "NextToken": "made-up"}),
    ]:
        check.refused(f"a token {what}", BAD_REQUEST, tool, operation, **parameters)


def portions(check: Checks, tool: AwsCli, directory: Directory) -> None:
    """Tests `--max-items` and `--starting-token` of the AWS CLI, which may stop in the middle of a page."""
    listings = zip(directory.listings[::3], [(2, 3), (3, 2)], strict=True)
    for (operation, parameters, items), (page_size, size) in listings:
        got = list(tool.portions(operation, page_size, size, **parameters))
        expected = [items[start : start + size] for start in range(0, len(items), size)]
        check.equal(f"{operation} by {page_size} in portions of {size}", got, expected)
