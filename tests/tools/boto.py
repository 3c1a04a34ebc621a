"""boto3 without its own check of parameters, so that all parameters reach the service."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import botocore.auth
from boto3.session import Session
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

import answers
from tool import LISTS, Connection, Refused, normal

# One session reads the models only once. Creating clients is not thread-safe.
_SESSION = Session()
_MAKING = threading.Lock()

_MINUTES_AHEAD = ContextVar("minutes_ahead", default=0)


class Boto3:
    name = "boto3"
    has_all_operations = True
    sends_anything = True
    shifts_clock = True
    knows_limits = False
    shows_pages = True
    is_slow = False

    def __init__(self, connection: Connection) -> None:
        self._minutes_ahead = connection.minutes_ahead
        with _MAKING:
            self._client = _SESSION.client(
                "chime",
                endpoint_url=connection.url,
                region_name=connection.region,
                aws_access_key_id=connection.access_key_id,
                aws_secret_access_key=connection.secret_access_key,
                aws_session_token=connection.session_token,
                config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
            )
        self._client.meta.events.register("after-call.chime", answers.note)

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        method = getattr(self._client, xform_name(operation))
        try:
            with _clock(self._minutes_ahead):
                answer = method(**parameters)
        except ClientError as error:
            raise refused(error) from error
        del answer["ResponseMetadata"]
        return normal(answer)

    def pages(self, operation: str, size: int, **parameters: Any) -> list[list[dict[str, Any]]]:
        paginator = self._client.get_paginator(xform_name(operation))
        pages = paginator.paginate(**parameters, PaginationConfig={"PageSize": size})
        try:
            return [normal(page[LISTS[operation]]) for page in pages]
        except ClientError as error:
            raise refused(error) from error


def refused(error: ClientError) -> Refused:
    problem, metadata = error.response["Error"], error.response["ResponseMetadata"]
    request_id = metadata["RequestId"]
    return Refused(problem["Code"], problem["Message"], metadata["HTTPStatusCode"], request_id)


@contextmanager
def _clock(minutes_ahead: int) -> Iterator[None]:
    """Shifts the signing clock of this thread within the context."""
    former = _MINUTES_AHEAD.set(minutes_ahead)
    try:
        yield
    finally:
        _MINUTES_AHEAD.reset(former)


_now = botocore.auth.get_current_datetime
botocore.auth.get_current_datetime = lambda *arguments, **named: (
    _now(*arguments, **named) + timedelta(minutes=_MINUTES_AHEAD.get())
)
