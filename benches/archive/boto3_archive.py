"""Reads the same resources as `chime archive` with boto3, one request after the other: `boto3_archive.py DIR`."""

import json
import os
import sys

import boto3
from botocore.exceptions import ClientError

chime = boto3.client("chime")


def listing(method, member, size, **arguments):
    token = {}
    while True:
        page = method(MaxResults=size, **arguments, **token)
        yield from page.get(member, [])
        if not page.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}


def optional(method, **arguments):
    try:
        answer = method(**arguments)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (403, 404):
            return None
        raise
    answer.pop("ResponseMetadata")
    return answer


def main(directory):
    os.makedirs(directory)
    files = {}

    def write(name, row):
        file = files.get(name) or files.setdefault(name, open(os.path.join(directory, name), "w"))
        file.write(json.dumps(row, default=str) + "\n")

    for account in listing(chime.list_accounts, "Accounts", 200):
        write("accounts", account)
        of = {"AccountId": account["AccountId"]}
        write("account_settings", {**of, **(optional(chime.get_account_settings, **of) or {})})
        write("retention", {**of, **(optional(chime.get_retention_settings, **of) or {})})
        for user in listing(chime.list_users, "Users", 200, **of):
            write("users", user)
        for bot in listing(chime.list_bots, "Bots", 99, **of):
            write("bots", bot)
            events = optional(chime.get_events_configuration, BotId=bot["BotId"], **of)
            if events:
                write("events", events)
        for room in listing(chime.list_rooms, "Rooms", 99, **of):
            write("rooms", room)
            memberships = chime.list_room_memberships
            for membership in listing(memberships, "RoomMemberships", 99, RoomId=room["RoomId"], **of):
                write("memberships", membership)
    for number in listing(chime.list_phone_numbers, "PhoneNumbers", 99):
        write("phone_numbers", number)
    for order in listing(chime.list_phone_number_orders, "PhoneNumberOrders", 99):
        write("phone_number_orders", order)
    write("settings", optional(chime.get_phone_number_settings))
    write("settings", optional(chime.get_global_settings))
    for file in files.values():
        file.close()


main(sys.argv[1])
