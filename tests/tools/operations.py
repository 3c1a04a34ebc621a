"""Checks that the AWS CLI has called every operation in botocore's model of the API."""

from __future__ import annotations

from aws_cli import AwsCli
from checks import Checks
from model import OPERATIONS

# Each call starts a process, which takes a third of a second.
_MOST_CALLS = 200


def story(check: Checks) -> None:
    """Runs after all other stories."""
    called = set(AwsCli.called)
    for operation in OPERATIONS:
        check.true(f"{operation} was called", operation in called)
    count = len(AwsCli.called)
    check.true(f"at most {_MOST_CALLS} calls", count <= _MOST_CALLS, f"there were {count}")
    print(f"The AWS CLI made {count} calls")
