"""Runs all stories against an embedded Chime, with boto3, the AWS CLI, aws-sdk-chime and amazon-chime.

`.ci/tools` starts this program."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import boto3
import botocore

import accounts
import answers
import archive
import bots
import invitations
import limits
import listings
import many_clients
import operations
import paging
import parameters
import phone_numbers
import retention
import rooms
import settings
import signatures
import users
import views
from aws_cli import AwsCli
from boto import Boto3
from checks import Checks, Count
from driver import AmazonChime, AwsSdkRust
from model import OPERATIONS
from tool import Connection, Tool

_TOOLS: list[type[Tool]] = [AwsCli, Boto3, AwsSdkRust, AmazonChime]

Story = tuple[str, Callable[[Checks], None]]


def main() -> int:
    connection = Connection.from_environment()
    print(f"boto3 {boto3.__version__} with botocore {botocore.__version__}; {AwsCli.version()}")
    directory = paging.directory(Boto3(connection))
    count = Count()
    # No two stories change the same resource, so they can run at the same time.
    with ThreadPoolExecutor(4) as threads:
        for name, story in stories(connection, directory):
            threads.submit(tell, count, name, story)
    tell(count, "views", partial(views.story, kinds=_TOOLS, connection=connection))
    tell(count, "AWS CLI, operations", operations.story)
    tell(count, "answers", answers.story)

    print(f"{count.passed} checks passed, {len(count.failed)} failed")
    for what in count.failed:
        print(f"  {what}")
    return 1 if count.failed else 0


def stories(connection: Connection, directory: paging.Directory) -> Iterator[Story]:
    for kind in _TOOLS:
        name = kind.name
        # Each story has its own instance of the tool, because a tool makes one call at a time.
        yield f"{name}, accounts", partial(accounts.story, tool=kind(connection))
        yield f"{name}, users", partial(users.story, tool=kind(connection))
        yield f"{name}, settings", partial(settings.story, tool=kind(connection))
        yield f"{name}, retention", partial(retention.story, tool=kind(connection))
        yield f"{name}, events", partial(bots.events, tool=kind(connection))
        if kind.has_all_operations:
            yield f"{name}, invitations", partial(invitations.story, tool=kind(connection))
            yield f"{name}, rooms", partial(rooms.story, tool=kind(connection))
            yield f"{name}, bots", partial(bots.story, tool=kind(connection))
            yield f"{name}, phone numbers", partial(phone_numbers.story, kind=kind)
        yield f"{name}, paging", partial(paging.story, tool=kind(connection), directory=directory)
        yield f"{name}, parameters", partial(parameters.story, tool=kind(connection))
        yield f"{name}, signatures", partial(signatures.story, kind=kind, connection=connection)
        yield f"{name}, many clients", partial(many_clients.story, kind=kind, connection=connection)
    yield "listings", listings.story
    yield "archive", archive.story
    for operation in OPERATIONS:
        yield f"limits of {operation}", partial(limits.story, operation=operation)
    yield "AWS CLI, portions", partial(paging.portions, tool=AwsCli(connection), directory=directory)


def tell(count: Count, name: str, story: Callable[[Checks], None]) -> None:
    check = Checks(count, name)
    try:
        story(check)
    except Exception:
        check.true("comes to its end", False, traceback.format_exc())


if __name__ == "__main__":
    sys.exit(main())
