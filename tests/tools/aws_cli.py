"""The AWS CLI: one process per call, configured by environment variables."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from botocore import xform_name

from tool import LISTS, TIMEOUT, Connection, Refused, Unsent, normal

_PROGRAM = Path(sys.executable).with_name("aws")
_PROGRAM_WITH_CLOCK = Path(__file__).with_name("aws_cli_clock.py")
_SETTINGS = Path(__file__).with_name("aws_cli.ini")

_REFUSED = re.compile(r"An error occurred \((\w+)\) when calling the \w+ operation[^:]*: (.*)", re.DOTALL)
# The exit codes for wrong arguments.
_USAGE = (2, 252)


class AwsCli:
    name = "AWS CLI"
    has_all_operations = True
    sends_anything = False
    shifts_clock = True
    knows_limits = False
    shows_pages = False
    is_slow = True

    # The operation of every call.
    called: ClassVar[list[str]] = []

    def __init__(self, connection: Connection) -> None:
        self._environment = connection.environment() | {
            "AWS_CONFIG_FILE": str(_SETTINGS),
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_PAGER": "",
            "LC_ALL": "C.UTF-8",
        }
        self._program = [str(_PROGRAM)]
        if connection.minutes_ahead != 0:
            self._program = [sys.executable, str(_PROGRAM_WITH_CLOCK), str(connection.minutes_ahead)]

    @staticmethod
    def version() -> str:
        return subprocess.run(
            [_PROGRAM, "--version"], check=True, capture_output=True, text=True, timeout=TIMEOUT
        ).stdout.strip()

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        one_page = ["--no-paginate"] if operation in LISTS else []
        return normal(self._run(operation, one_page, parameters))

    def pages(self, operation: str, size: int, **parameters: Any) -> list[list[dict[str, Any]]]:
        answer = self._run(operation, ["--page-size", str(size)], parameters)
        return [normal(answer[LISTS[operation]])]

    def portions(
        self, operation: str, page_size: int, items: int, **parameters: Any
    ) -> Iterator[list[dict[str, Any]]]:
        """Returns a listing in portions of this many items. Each portion starts where the portion before it ended."""
        options = ["--page-size", str(page_size), "--max-items", str(items)]
        token: list[str] = []
        while True:
            answer = self._run(operation, options + token, parameters)
            yield normal(answer[LISTS[operation]])
            if "NextToken" not in answer:
                return
            token = ["--starting-token", answer["NextToken"]]

    def _run(self, operation: str, options: list[str], parameters: dict[str, Any]) -> dict[str, Any]:
        self.called.append(operation)
        command = [*self._program, "chime", xform_name(operation, "-"), *options, *_arguments(parameters)]
        process = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, check=False, timeout=TIMEOUT
        )
        if process.returncode == 0:
            return json.loads(process.stdout or "{}")
        refused = _REFUSED.search(process.stderr)
        if refused:
            raise Refused(refused[1], refused[2].strip())
        if process.returncode in _USAGE:
            raise Unsent(process.stderr.strip())
        raise RuntimeError(f"{command} ended with {process.returncode}: {process.stderr}")


def _arguments(parameters: dict[str, Any]) -> Iterator[str]:
    for name, value in parameters.items():
        option = xform_name(name, "-")
        if isinstance(value, bool):
            yield f"--{option}" if value else f"--no-{option}"
        else:
            yield f"--{option}"
            yield value if isinstance(value, str) else json.dumps(value)
