"""The stories of bots and of the targets of their events."""

from __future__ import annotations

import seed
from checks import BAD_REQUEST, FORBIDDEN, NOT_FOUND, Checks
from tool import Tool

_ENDPOINT = {"OutboundEventsHTTPSEndpoint": "https://example.com/events?key=\u00fc&b=1"}
_FUNCTION = {"LambdaFunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:events"}


def story(check: Checks, tool: Tool) -> None:
    account = {"AccountId": seed.enterprise(tool)}
    bot = tool.call("CreateBot", **account, DisplayName="myBot", Domain="example.org")["Bot"]
    created = {
        "BotEmail": "myBot-chimebot@example.org",
        "BotId": bot["BotId"],
        "BotType": "ChatBot",
        "CreatedTimestamp": bot["CreatedTimestamp"],
        "Disabled": False,
        "DisplayName": "myBot (Bot)",
        "SecurityToken": bot["SecurityToken"],
        "UpdatedTimestamp": bot["CreatedTimestamp"],
        "UserId": bot["BotId"],
    }
    check.equal("a new bot", bot, created)
    check.equal("has a token of 40 characters", len(bot["SecurityToken"]), 40)
    bots = {"Bots": [*seed.rows("Bot", account["AccountId"]), created]}
    check.equal("is listed with the one that was seeded", tool.call("ListBots", **account), bots)

    one = account | {"BotId": bot["BotId"]}
    stopped = tool.call("UpdateBot", **one, Disabled=True)["Bot"]
    expected = created | {"Disabled": True, "UpdatedTimestamp": stopped["UpdatedTimestamp"]}
    check.equal("is stopped", stopped, expected)
    started = tool.call("UpdateBot", **one, Disabled=False)["Bot"]
    check.equal("is started", started["Disabled"], False)
    renewed = tool.call("RegenerateSecurityToken", **one)["Bot"]
    times = {"UpdatedTimestamp": renewed["UpdatedTimestamp"]}
    check.equal("gets a token", renewed, created | times | {"SecurityToken": renewed["SecurityToken"]})
    check.true("which is another one", renewed["SecurityToken"] != created["SecurityToken"])
    check.equal("is retrieved with it", tool.call("GetBot", **one), {"Bot": renewed})
    if tool.is_slow:
        return
    plain = tool.call("CreateBot", **account, DisplayName="myBot")["Bot"]
    check.equal("has an address without a domain", plain["BotEmail"], "myBot-chimebot@example.com")
    check.equal("is updated without a change", tool.call("UpdateBot", **one), {"Bot": renewed})
    unknown = account | {"BotId": "no such / bot"}
    for operation in ("GetBot", "UpdateBot", "RegenerateSecurityToken"):
        check.refused(f"{operation} finds no other", NOT_FOUND, tool, operation, **unknown)
    team = {"AccountId": tool.call("CreateAccount", Name=f"No bots {tool.name}")["Account"]["AccountId"]}
    check.refused("not in a Team account", FORBIDDEN, tool, "CreateBot", **team, DisplayName="x")
    check.refused("not even a list", FORBIDDEN, tool, "ListBots", **team)


def events(check: Checks, tool: Tool) -> None:
    """Tests the event targets of the bot in the seed."""
    account = {"AccountId": seed.enterprise(tool)}
    (row,) = seed.rows("Bot", account["AccountId"])
    bot = account | {"BotId": row["BotId"]}

    def configuration(**target: str) -> dict[str, object]:
        return {"EventsConfiguration": {"BotId": row["BotId"]} | target}

    if not tool.is_slow:
        check.refused("go nowhere at first", NOT_FOUND, tool, "GetEventsConfiguration", **bot)
        answer = tool.call("PutEventsConfiguration", **bot, **_FUNCTION)
        check.equal("go to a function", answer, configuration(**_FUNCTION))
    answer = tool.call("PutEventsConfiguration", **bot, **_ENDPOINT)
    check.equal("go to an endpoint", answer, configuration(**_ENDPOINT))
    if tool.sends_anything:
        for what, targets in [("nowhere", {}), ("to both", _ENDPOINT | _FUNCTION)]:
            wrong = bot | targets
            check.refused(f"do not go {what}", BAD_REQUEST, tool, "PutEventsConfiguration", **wrong)
    answer = tool.call("GetEventsConfiguration", **bot)
    check.equal("are retrieved as configured", answer, configuration(**_ENDPOINT))
    check.equal("are deleted", tool.call("DeleteEventsConfiguration", **bot), {})
    check.refused("go nowhere then", NOT_FOUND, tool, "GetEventsConfiguration", **bot)
    if tool.is_slow:
        return
    check.equal("are deleted again", tool.call("DeleteEventsConfiguration", **bot), {})
    unknown = account | {"BotId": "no such / bot"}
    for operation, target in [
        ("GetEventsConfiguration", {}),
        ("PutEventsConfiguration", _FUNCTION),
        ("DeleteEventsConfiguration", {}),
    ]:
        check.refused(f"{operation} finds no other bot", NOT_FOUND, tool, operation, **unknown, **target)
