"""The story of invited users."""

from __future__ import annotations

from typing import Any

import seed
from checks import BAD_REQUEST, FORBIDDEN, Checks
from tool import Tool


def story(check: Checks, tool: Tool) -> None:
    account = {"AccountId": tool.call("CreateAccount", Name=f"Invited {tool.name}")["Account"]["AccountId"]}
    domain = f"invited.{tool.name.replace(' ', '-')}.example.com"
    ana, ben, eve = (f"{name}+1@{domain}" for name in ("Ana", "Ben", "Eve"))

    def invite(*emails: str, **user_type: str) -> list[dict[str, Any]]:
        return tool.call("InviteUsers", **account, UserEmailList=list(emails), **user_type)["Invites"]

    def statuses(invites: list[dict[str, Any]]) -> list[tuple[str, str]]:
        return [(invite["EmailAddress"], invite["EmailStatus"]) for invite in invites]

    invites = invite(ana, ben, ana)
    expected = [
        {
            "EmailAddress": email,
            "EmailStatus": status,
            "InviteId": invites[position]["InviteId"],
            "Status": "Pending",
        }
        for position, (email, status) in enumerate([(ana, "Sent"), (ben, "Sent"), (ana, "NotSent")])
    ]
    check.equal("an invite for each address, sent once", invites, expected)
    check.equal("are different", len({invite["InviteId"] for invite in invites}), 3)
    again = statuses(invite(ben.upper(), eve, UserType="SharedDevice"))
    check.equal("not sent to who has one", again, [(ben.upper(), "NotSent"), (eve, "Sent")])

    users = tool.call("ListUsers", **account)["Users"]
    invited = [
        {
            "AccountId": account["AccountId"],
            "AlexaForBusinessMetadata": {"IsAlexaForBusinessEnabled": False},
            "InvitedOn": user["InvitedOn"],
            "LicenseType": "Pro",
            "PersonalPIN": user["PersonalPIN"],
            "PrimaryEmail": email,
            "UserId": user["UserId"],
            "UserInvitationStatus": "Pending",
            "UserRegistrationStatus": "Unregistered",
            "UserType": user_type,
        }
        for user, email, user_type in zip(
            users, (ana, ben, eve), ("PrivateUser", "PrivateUser", "SharedDevice"), strict=True
        )
    ]
    check.equal("make a user for each address", users, invited)
    if tool.is_slow:
        return
    wrong = account | {"UserEmailList": ["new@example.com", "nobody"]}
    check.refused("all have an address", BAD_REQUEST, tool, "InviteUsers", **wrong)
    check.equal("or none is invited", tool.call("ListUsers", **account)["Users"], invited)
    enterprise = {"AccountId": seed.enterprise(tool), "UserEmailList": ["new@example.com"]}
    check.refused("not to an Enterprise account", FORBIDDEN, tool, "InviteUsers", **enterprise)
