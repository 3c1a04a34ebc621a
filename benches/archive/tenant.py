"""Writes the seed of an invented tenant: `tenant.py SCALE > seed.jsonl`.

Scale 1 is 200 accounts, 20,000 users, 2,000 rooms with 20,000 memberships, and 500 phone numbers. The first account has
the most users and rooms, the second account half as many, the third account a third.
"""

import json
import sys

ACCOUNTS, USERS, ROOMS, MEMBERSHIPS, NUMBERS = 200, 20_000, 2_000, 20_000, 500
TIME = "2019-12-02T22:29:31.549Z"


def sizes(total, accounts):
    weights = [1 / rank for rank in range(1, accounts + 1)]
    counts = [int(total * weight / sum(weights)) for weight in weights]
    counts[0] += total - sum(counts)
    return counts


def row(kind, resource, **beside):
    print(json.dumps({kind: resource, **beside}, separators=(",", ":")))


def uuid(kind, number):
    return f"{number:08x}-{kind:04x}-4222-8333-444455556666"


def main(scale):
    accounts = int(ACCOUNTS * scale)
    users = sizes(int(USERS * scale), accounts)
    rooms = sizes(int(ROOMS * scale), accounts)
    room_number, user_number = 0, 0
    for index in range(accounts):
        account = uuid(1, index)
        row("Account", {
            "AccountId": account, "Name": f"Company {index}", "AccountType": "EnterpriseDirectory",
            "CreatedTimestamp": TIME, "DefaultLicense": "Pro", "SupportedLicenses": ["Basic", "Pro"],
        })
        members = []
        for _ in range(users[index]):
            user = uuid(2, user_number)
            members.append(user)
            row("User", {
                "UserId": user, "PrimaryEmail": f"user-{user_number}@example.com",
                "DisplayName": f"User {user_number}", "LicenseType": "Pro", "UserType": "PrivateUser",
                "UserRegistrationStatus": "Registered", "InvitedOn": TIME, "RegisteredOn": TIME,
                "PersonalPIN": f"{user_number:010}",
            }, AccountId=account)
            user_number += 1
        row("Bot", {
            "BotId": uuid(3, index), "UserId": uuid(3, index), "DisplayName": "helper (Bot)",
            "BotType": "ChatBot", "Disabled": False, "BotEmail": "helper-chimebot@example.com",
            "CreatedTimestamp": TIME, "SecurityToken": "x" * 40,
        }, AccountId=account)
        for _ in range(rooms[index]):
            room = uuid(4, room_number)
            row("Room", {
                "RoomId": room, "Name": f"Room {room_number}", "AccountId": account,
                "CreatedTimestamp": TIME, "UpdatedTimestamp": TIME,
            }, AccountId=account)
            for offset in range(MEMBERSHIPS // ROOMS):
                member = members[(room_number * 7 + offset) % len(members)]
                row("RoomMembership", {
                    "RoomId": room, "Role": "Member", "UpdatedTimestamp": TIME,
                    "Member": {"MemberId": member, "MemberType": "User", "AccountId": account},
                }, AccountId=account)
            room_number += 1
    for number in range(int(NUMBERS * scale)):
        digits = f"1206{number:07}"
        row("PhoneNumber", {
            "PhoneNumberId": f"%2B{digits}", "E164PhoneNumber": f"+{digits}", "Type": "Local",
            "ProductType": "BusinessCalling", "Status": "Unassigned",
        })


main(float(sys.argv[1]) if len(sys.argv) > 1 else 1)
