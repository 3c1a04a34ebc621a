"""The story of the settings of an account and of a user."""

from __future__ import annotations

from checks import NOT_FOUND, Checks
from tool import Tool


def story(check: Checks, tool: Tool) -> None:
    account = {"AccountId": tool.call("CreateAccount", Name=f"Settings {tool.name}")["Account"]["AccountId"]}
    user = account | {"UserId": tool.call("CreateUser", **account)["User"]["UserId"]}
    of_account(check, tool, account)
    of_user(check, tool, user)


def of_account(check: Checks, tool: Tool, account: dict[str, str]) -> None:
    def update(**settings: bool) -> object:
        return tool.call("UpdateAccountSettings", **account, AccountSettings=settings)

    def is_set(what: str, *, remote_control: bool, dial_out: bool) -> None:
        settings = {"DisableRemoteControl": remote_control, "EnableDialOut": dial_out}
        check.equal(what, tool.call("GetAccountSettings", **account), {"AccountSettings": settings})

    is_set("an account begins with all off", remote_control=False, dial_out=False)
    check.equal("its settings are updated", update(DisableRemoteControl=True, EnableDialOut=True), {})
    is_set("it has them", remote_control=True, dial_out=True)
    if tool.is_slow:
        return
    check.equal("one is updated", update(EnableDialOut=False), {})
    is_set("the other stays", remote_control=True, dial_out=False)
    check.equal("none is updated", update(), {})
    is_set("both stay", remote_control=True, dial_out=False)
    unknown = {"AccountId": "no such / account"}
    check.refused("no other account has any", NOT_FOUND, tool, "GetAccountSettings", **unknown)
    settings = unknown | {"AccountSettings": {"EnableDialOut": True}}
    check.refused("nor gets any", NOT_FOUND, tool, "UpdateAccountSettings", **settings)


def of_user(check: Checks, tool: Tool, user: dict[str, str]) -> None:
    def update(*, inbound: bool, outbound: bool, sms: bool) -> object:
        telephony = {"InboundCalling": inbound, "OutboundCalling": outbound, "SMS": sms}
        return tool.call("UpdateUserSettings", **user, UserSettings={"Telephony": telephony})

    def is_set(what: str, *, inbound: bool, outbound: bool, sms: bool) -> None:
        telephony = {"InboundCalling": inbound, "OutboundCalling": outbound, "SMS": sms}
        settings = {"UserSettings": {"Telephony": telephony}}
        check.equal(what, tool.call("GetUserSettings", **user), settings)

    is_set("a user begins with all off", inbound=False, outbound=False, sms=False)
    # One setting at a time, so that no setting can be mistaken for another.
    for on in ("inbound", "outbound", "sms")[: 1 if tool.is_slow else 3]:
        settings = {name: name == on for name in ("inbound", "outbound", "sms")}
        check.equal(f"{on} is turned on", update(**settings), {})
        is_set(f"has {on} alone", **settings)
    if tool.is_slow:
        return
    unknown = user | {"UserId": "no such / user"}
    check.refused("no other user has any", NOT_FOUND, tool, "GetUserSettings", **unknown)
    elsewhere = user | {"AccountId": "no such / account"}
    check.refused("nor in another account", NOT_FOUND, tool, "GetUserSettings", **elsewhere)
