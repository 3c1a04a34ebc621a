"""Checks. Each check prints a line and is counted."""

from __future__ import annotations

import threading
from typing import Any, NamedTuple

from tool import Refused, Tool, Unsent


class Error(NamedTuple):
    """An error of the service."""

    code: str
    status: int


BAD_REQUEST = Error("BadRequestException", 400)
CONFLICT = Error("ConflictException", 409)
EXPIRED_TOKEN = Error("ExpiredTokenException", 403)
FORBIDDEN = Error("ForbiddenException", 403)
INVALID_SIGNATURE = Error("InvalidSignatureException", 403)
NOT_FOUND = Error("NotFoundException", 404)
UNAUTHORIZED = Error("UnauthorizedClientException", 401)
UNPROCESSABLE = Error("UnprocessableEntityException", 422)


class Count:
    """The number of checks that passed, and the names of those that failed, in all threads."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed: list[str] = []
        self._lock = threading.Lock()

    def note(self, what: str, problem: str | None) -> None:
        with self._lock:
            if problem is None:
                self.passed += 1
                print(f"ok    {what}", flush=True)
            else:
                self.failed.append(what)
                print(f"FAIL  {what}: {problem}", flush=True)


class Checks:
    """The checks of one story. A failed check does not end the story."""

    def __init__(self, count: Count, story: str) -> None:
        self._count = count
        self._story = story

    def true(self, what: str, condition: object, otherwise: str = "is not so") -> None:
        self._count.note(f"{self._story}: {what}", None if condition else otherwise)

    def equal(self, what: str, got: object, expected: object) -> None:
        self.true(what, got == expected, difference(got, expected))

    def refused(
        self,
        what: str,
        how: Error,
        tool: Tool,
        operation: str,
        *,
        says: str = "",
        or_unsent: bool = False,
        **parameters: Any,
    ) -> None:
        """Checks that the service refuses a call with the error `how` and a message that contains `says`.

        With `or_unsent`, the tool itself may also refuse the call.
        """
        expected = f"expected {how}" + (f" with {says!r}" if says else "")
        try:
            answer = tool.call(operation, **parameters)
        except Refused as refusal:
            fits = _is_like(refusal, how) and says in refusal.message
            self.true(what, fits, f"{expected}, got {refusal!r}")
        except Unsent as unsent:
            self.true(f"{what} (not even sent)", or_unsent, f"{expected}, but was not sent: {unsent}")
        else:
            self.true(what, False, f"{expected}, got {answer}")


def _is_like(refusal: Refused, how: Error) -> bool:
    """Compares an error, except for the values that the tool does not show. No message may quote an e-mail address, and
    every error has a request id."""
    return (
        refusal.code == how.code
        and refusal.status in (None, how.status)
        and "@" not in refusal.message
        and (refusal.request_id is None or len(refusal.request_id) == 36)
    )


def difference(got: object, expected: object) -> str:
    """Returns the difference as text. For two dictionaries, it has only the members that differ."""
    if isinstance(got, dict) and isinstance(expected, dict):
        names = sorted(got.keys() | expected.keys())
        return "; ".join(
            f"{name}: {difference(got.get(name), expected.get(name))}"
            for name in names
            if got.get(name) != expected.get(name)
        )
    return f"expected {expected!r}, got {got!r}"
