"""The Rust clients, called through the program in the folder `driver`."""

from __future__ import annotations

import json
import os
import subprocess
from threading import Timer
from typing import Any

from tool import TIMEOUT, Connection, Refused, Unsent, normal


class _Program:
    """The program, which reads and writes lines of JSON. It ends when its input ends, and so with this object."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        command = [os.environ["DRIVER"], *arguments]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, encoding="utf-8")
        assert self._process.stdin and self._process.stdout
        self._input, self._output = self._process.stdin, self._process.stdout

    def write(self, line: dict[str, Any]) -> None:
        self._input.write(json.dumps(line) + "\n")
        self._input.flush()

    def read(self) -> Any:
        # Killing a stuck program ends its output, so `readline` returns.
        timer = Timer(TIMEOUT, self._process.kill)
        timer.start()
        line = self._output.readline()
        timer.cancel()
        if not line:
            raise RuntimeError(f"{self._process.args} ended, or was stuck, instead of answering")
        return json.loads(line)


class _Driver:
    name: str
    has_all_operations = False
    sends_anything = False
    knows_limits = False
    shows_pages = True
    is_slow = False

    def __init__(self, connection: Connection) -> None:
        ahead = [str(connection.minutes_ahead)] if connection.minutes_ahead else []
        self._program = _Program([self.name, *ahead], connection.environment())

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        return normal(self._ask({"operation": operation, "parameters": parameters}))

    def pages(self, operation: str, size: int, **parameters: Any) -> list[list[dict[str, Any]]]:
        return normal(self._ask({"operation": operation, "page_size": size, "parameters": parameters}))

    def _ask(self, call: dict[str, Any]) -> Any:
        self._program.write(call)
        match self._program.read():
            case {"answer": answer}:
                return answer
            case {"refused": refusal}:
                raise Refused(**refusal)
            case {"unsent": why}:
                raise Unsent(why)
            case other:
                raise RuntimeError(f"{self.name}: {other}")


class AwsSdkRust(_Driver):
    name = "aws-sdk-chime"
    shifts_clock = True


class AmazonChime(_Driver):
    """The client of this crate. It corrects a wrong clock, which the tests of the crate cover."""

    name = "amazon-chime"
    shifts_clock = False
    knows_limits = True


class TemporaryCredentials:
    """A separate embedded Chime whose temporary credentials have been renewed."""

    def __init__(self, region: str) -> None:
        self._program = _Program(["temporary-credentials"], dict(os.environ))
        line = self._program.read()
        self.valid = Connection(line["url"], region, **line["valid"])
        self.expired = Connection(line["url"], region, **line["expired"])
