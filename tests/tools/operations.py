"""All operations of botocore's model: the AWS CLI has called each, or the embedded Chime does not have it."""

from __future__ import annotations

from aws_cli import AwsCli
from boto import Boto3
from checks import UNKNOWN_OPERATION, Checks

# Each is a process, which takes a third of a second.
_MOST_CALLS = 200


def story(check: Checks, tool: Boto3) -> None:
    called = set(AwsCli.called)
    for operation, ids in tool.operations().items():
        if operation in called:
            check.true(f"{operation} was called", True)
        else:
            parameters = dict.fromkeys(ids, "x")
            what = f"{operation} was not called, and is not there"
            check.refused(what, UNKNOWN_OPERATION, tool, operation, **parameters)
    count = len(AwsCli.called)
    check.true(f"at most {_MOST_CALLS} calls", count <= _MOST_CALLS, f"there were {count}")
    print(f"The AWS CLI made {count} calls")
