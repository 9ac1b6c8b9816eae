"""A folder with settings, and the newsieve processes that run in it."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.process.stem import Forked, Stem
from tests.pulse import Pulse

Table = dict[str, Any]


@dataclass(frozen=True)
class Ended:
    """What a process left: its exit code and all it wrote."""

    code: int
    out: str
    log: str

    @property
    def lines(self) -> list[str]:
        """The lines that the command itself wrote to standard error, without the log."""
        return [line for line in self.log.splitlines() if line.startswith("newsieve: ")]

    @property
    def records(self) -> list[Table]:
        """The records of the log."""
        return [json.loads(line) for line in self.log.splitlines() if line.startswith("{")]

    def complaint(self, code: int) -> str:
        """Return the one line with which it ended in this exit code, and in no traceback."""
        assert self.code == code, f"ended with {self.code}:\n{self.log}"
        assert "Traceback" not in self.log, self.log
        assert len(self.lines) == 1, self.log
        return self.lines[0]

    def records_of(self, action: str) -> list[Table]:
        """The records of the log with this action."""
        return [record for record in self.records if record["action"] == action]


class Newsieve:
    """A newsieve process under way, its output read as it comes."""

    def __init__(self, process: asyncio.subprocess.Process | Forked) -> None:
        self._process = process
        self._pulse = Pulse()
        self._log: list[str] = []
        self._out: list[str] = []
        assert process.stdout is not None
        assert process.stderr is not None
        self._readers = [
            asyncio.create_task(self._read(process.stdout, self._out)),
            asyncio.create_task(self._read(process.stderr, self._log)),
        ]

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def log(self) -> str:
        """All that was written to standard error so far."""
        return "".join(self._log)

    @property
    def out(self) -> str:
        """All that was written to standard output so far."""
        return "".join(self._out)

    @property
    def is_running(self) -> bool:
        """Whether the process has not ended yet."""
        return self._process.returncode is None

    async def wait_a_moment(self) -> None:
        """Return when the process has ended, or after a moment if it does not."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._process.wait(), 0.3)

    def send(self, signal_number: int) -> None:
        """Send a signal."""
        self._process.send_signal(signal_number)

    async def wait_for_log(self, text: str, *, count: int = 1) -> None:
        """Return when this text has been logged so many times."""
        await self._pulse.until(
            lambda: self.log.count(text) >= count or self._has_ended(),
            f"{text!r} in the log:\n{self.log}",
        )
        assert self.log.count(text) >= count, f"ended without {text!r}:\n{self.log}"

    async def end(self, *, timeout: float = 100.0) -> Ended:
        """Return what the process left, once it has ended by itself."""
        try:
            code = await asyncio.wait_for(self._process.wait(), timeout)
        except asyncio.TimeoutError:
            raise AssertionError(f"still running after {timeout:g} s:\n{self.log}") from None
        await asyncio.gather(*self._readers)
        return Ended(code, self.out, self.log)

    async def kill(self) -> None:
        """Kill it as the kernel would, if it still runs."""
        if self.is_running:
            self._process.kill()
        await self._process.wait()
        await asyncio.gather(*self._readers)

    def _has_ended(self) -> bool:
        return all(reader.done() for reader in self._readers)

    async def _read(self, stream: asyncio.StreamReader, into: list[str]) -> None:
        while line := await stream.readline():
            into.append(line.decode("utf-8"))
            self._pulse.beat()
        self._pulse.beat()


class Home:
    """A folder to run newsieve in.

    Attributes:
        settings: what newsieve.toml will say, by section; written anew before each start.
        started: every process that was started here.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any], stem: Stem | None = None) -> None:
        self.folder = folder
        self._stem = stem
        self.settings: dict[str, Any] = dict(settings)
        self.started: list[Newsieve] = []

    @property
    def database(self) -> Path:
        """The file of the store."""
        return self.folder / "newsieve.db"

    def add_source(self, name: str, url: str, **rest: Any) -> None:
        """Add a source to the settings."""
        self.settings.setdefault("source", []).append({"name": name, "url": url, **rest})

    async def start(
        self,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        wrapper: Sequence[str] = (),
        anew: bool = False,
    ) -> Newsieve:
        """Start newsieve with these arguments, through ``wrapper`` if there is one.

        It is forked from a process that has loaded it, if there is one, unless it is to be started
        anew or something is said about how Python starts.
        """
        given = environment or {}
        whole_environment = self._prepare(given)
        told_how = wrapper or any(key.startswith("PYTHON") for key in given)
        if self._stem is not None and not anew and not told_how:
            everything = ["--log-json", *arguments]
            return self._follow(await self._stem.fork(everything, self.folder, whole_environment))
        process = await asyncio.create_subprocess_exec(
            *wrapper,
            sys.executable,
            "-m",
            "bot",
            "--log-json",
            *arguments,
            cwd=self.folder,
            env=whole_environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=2**20,
        )
        return self._follow(process)

    async def do(self, *arguments: str, **rest: Any) -> Ended:
        """Start newsieve and return what it left."""
        return await (await self.start(*arguments, **rest)).end()

    def _prepare(self, given: Mapping[str, str]) -> Mapping[str, str]:
        """Write the settings; return the environment of a process."""
        if self.settings:
            text = to_toml(self.settings)
            (self.folder / "newsieve.toml").write_text(text, encoding="utf-8")
        clean = {key: value for key, value in os.environ.items() if "NEWSIEVE" not in key}
        return {**clean, "PYTHONUTF8": "1", **given}

    def _follow(self, process: asyncio.subprocess.Process | Forked) -> Newsieve:
        newsieve = Newsieve(process)
        self.started.append(newsieve)
        return newsieve

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Read from the store's file while nothing runs."""
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(statement).fetchall()

    def change(self, statement: str) -> None:
        """Change the store's file while nothing runs."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(statement)


def to_toml(settings: Mapping[str, Any]) -> str:
    """Return sections (tables, and lists of them) as TOML."""
    lines: list[str] = []
    for name, content in settings.items():
        many = isinstance(content, list)
        for table in content if many else [content]:
            lines.append(f"[[{name}]]" if many else f"[{name}]")
            # JSON's strings, numbers, booleans and flat lists are TOML's too.
            lines += [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    return "\n".join(lines) + "\n"
