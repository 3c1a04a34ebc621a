"""The rows of `seed.jsonl`, which the embedded Chime starts with because no operation can create them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tool import Tool, normal

_ROWS = [json.loads(line) for line in Path(__file__).with_name("seed.jsonl").read_text().splitlines()]


def enterprise(tool: Tool) -> str:
    """Returns the identifier of the Enterprise account of this tool. It has two registered users and a bot."""
    accounts = [row["Account"] for row in _ROWS if "Account" in row]
    return next(row["AccountId"] for row in accounts if row["Name"] == f"Enterprise of {tool.name}")


def rows(kind: str, account_id: str) -> list[dict[str, Any]]:
    """Returns the rows of a kind that belong to an account, in order."""
    rows = [(row[kind], row | row[kind]) for row in _ROWS if kind in row]
    return [normal(row) for row, members in rows if members["AccountId"] == account_id]
