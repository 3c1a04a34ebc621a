"""The story of many concurrent clients: no resource is lost or exists twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from threading import Barrier

from checks import CONFLICT, Checks
from tool import Connection, Refused, Tool

def story(check: Checks, kind: type[Tool], connection: Connection) -> None:
    clients, rounds = (4, 1) if kind.is_slow else (16, 5)
    tools = [kind(connection) for _ in range(clients)]
    account_id = tools[0].call("CreateAccount", Name=f"Contested {kind.name}")["Account"]["AccountId"]
    start = Barrier(clients)

    def work(client: int) -> tuple[list[str], list[str]]:
        """Creates accounts and users, and returns their identifiers."""
        name = f"Many {kind.name} {client:02}"
        account_ids, user_ids = [], []
        start.wait()
        for turn in range(rounds):
            account_ids.append(tools[client].call("CreateAccount", Name=name)["Account"]["AccountId"])
            try:
                user = tools[client].call("CreateUser", AccountId=account_id, Email=f"u{turn}@example.com")
                user_ids.append(user["User"]["UserId"])
            except Refused as refusal:
                if refusal.code != CONFLICT.code:
                    raise
            if not kind.is_slow:
                pages = tools[client].pages("ListAccounts", 2, Name=name)
                listed = [account["AccountId"] for account in chain(*pages)]
                check.equal(f"client {client} lists its accounts, turn {turn + 1}", listed, account_ids)
        return account_ids, user_ids

    with ThreadPoolExecutor(clients) as threads:
        created = list(threads.map(work, range(clients)))
    account_ids = list(chain(*(account_ids for account_ids, _ in created)))
    user_ids = list(chain(*(user_ids for _, user_ids in created)))

    check.equal("all accounts are different", len(set(account_ids)), clients * rounds)
    pages = tools[0].pages("ListAccounts", 5, Name=f"Many {kind.name} ")
    listed = [account["AccountId"] for account in chain(*pages)]
    check.equal("every account is listed once", sorted(listed), sorted(account_ids))
    check.equal("one client won each address", len(user_ids), rounds)
    pages = tools[0].pages("ListUsers", 5, AccountId=account_id)
    listed = [user["UserId"] for user in chain(*pages)]
    check.equal("every user is listed once", sorted(listed), sorted(user_ids))
