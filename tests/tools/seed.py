"""What the embedded Chime begins with, since no operation can make it: the rows of `seed.jsonl`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tool import Tool, normal

_ROWS = [json.loads(line) for line in Path(__file__).with_name("seed.jsonl").read_text().splitlines()]


def enterprise(tool: Tool) -> str:
    """The identifier of this tool's own Enterprise account, which has two registered users and a bot."""
    accounts = [row["Account"] for row in _ROWS if "Account" in row]
    return next(row["AccountId"] for row in accounts if row["Name"] == f"Enterprise of {tool.name}")


def rows(kind: str, account_id: str) -> list[dict[str, Any]]:
    """The rows of a kind that belong to an account, in order."""
    rows = [(row[kind], row | row[kind]) for row in _ROWS if kind in row]
    return [normal(row) for row, members in rows if members["AccountId"] == account_id]
