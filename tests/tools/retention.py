"""The story of message retention: set, left unchanged and turned off."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import seed
from checks import FORBIDDEN, Checks
from tool import Tool


def story(check: Checks, tool: Tool) -> None:
    account = {"AccountId": seed.enterprise(tool)}

    def put(**settings: dict[str, int]) -> object:
        return tool.call("PutRetentionSettings", **account, RetentionSettings=settings)

    def rooms(days: dict[str, int]) -> dict[str, Any]:
        return {"RoomRetentionSettings": days}

    def conversations(days: dict[str, int]) -> dict[str, Any]:
        return {"ConversationRetentionSettings": days}

    ninety, most = {"RetentionDays": 90}, {"RetentionDays": 5475}
    check.equal("is not set at first", tool.call("GetRetentionSettings", **account), {})
    check.equal("is set for rooms", put(**rooms(ninety)), {})
    retention = tool.call("GetRetentionSettings", **account)
    deletion = retention["InitiateDeletionTimestamp"]
    expected = {"RetentionSettings": rooms(ninety), "InitiateDeletionTimestamp": deletion}
    check.equal("is retrieved, without conversations", retention, expected)
    ahead = deletion - datetime.now(timezone.utc) - timedelta(days=30)
    check.true("deletion begins in 30 days", abs(ahead) < timedelta(minutes=5), f"off by {ahead}")

    if tool.is_slow:
        return

    def is_set(what: str, settings: dict[str, Any]) -> None:
        got = tool.call("GetRetentionSettings", **account)["RetentionSettings"]
        check.equal(what, got, settings)

    check.equal("is set for conversations", put(**conversations(most)), {})
    is_set("rooms are left alone", rooms(ninety) | conversations(most))
    check.equal("is turned off for rooms", put(**rooms({})), {})
    is_set("is off, and conversations are left alone", rooms({}) | conversations(most))
    before = tool.call("GetRetentionSettings", **account)
    check.equal("is put without a part", put(), {})
    check.equal("all is left alone", tool.call("GetRetentionSettings", **account), before)
    check.equal("both parts are set at once", put(**rooms(most), **conversations({})), {})
    is_set("one is on, one is off", rooms(most) | conversations({}))

    team = {"AccountId": tool.call("CreateAccount", Name=f"Kept {tool.name}")["Account"]["AccountId"]}
    check.refused("not of a Team account", FORBIDDEN, tool, "GetRetentionSettings", **team)
    check.refused("nor for one", FORBIDDEN, tool, "PutRetentionSettings", **team, RetentionSettings={})
