"""The files of a review: the texts, the steps taken so far, the labelled texts that come out."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bot.errors import BotError
from bot.model import Truth
from bot.review import Decision, Step
from classifier import compose
from classifier.records import Record, label_of, read_records

_UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the file.

    Attributes:
        key: the same for rows with the same title and text.
        label: None if it has none.
        record: all its columns.
    """

    key: str
    title: str
    text: str
    label: Truth | None
    record: Record

    @property
    def composed(self) -> str:
        """Title and text as they are scored."""
        return compose(self.title, self.text)


def read_entries(path: Path) -> list[Entry]:
    """Return the texts of a file: JSON lines, or CSV with a header; labels may be missing.

    Raises:
        ModelError: if it cannot be read as records.
        BotError: at the first row that is not as it should be; or if there is none.
    """
    entries = [_entry(path, line, record) for line, record in read_records(path)]
    if not entries:
        raise BotError(f"{path}: no texts in it")
    return entries


def steps_path(path: Path) -> Path:
    """Return where the steps of a review of ``path`` are kept: beside it."""
    return path.with_name(f"{path.name}.review")


class StepsFile:
    """The steps of a review, one a line; each is written before the next text is shown."""

    def __init__(self, path: Path, descriptor: int, steps: Sequence[Step]) -> None:
        """Take an open file; see ``open_steps``."""
        self._path = path
        self._descriptor = descriptor
        self.steps = steps

    def add(self, step: Step) -> None:
        """Append ``step``; it is with the system when this returns.

        Raises:
            BotError: if it cannot be written.
        """
        said = _UNDONE if step.decision is None else step.decision.value
        line = json.dumps({"text": step.key, "is": said}) + "\n"
        try:
            os.write(self._descriptor, line.encode())
        except OSError as error:
            raise BotError(f"{self._path}: {error.strerror}") from error


@contextmanager
def open_steps(path: Path) -> Iterator[StepsFile]:
    """Open the steps at ``path`` for one process alone.

    A last line that was cut off, as by a power failure, is dropped.

    Raises:
        BotError: if another process has it open, or it cannot be read or written.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
    except OSError as error:
        raise BotError(f"{path}: {error.strerror}") from error
    try:
        _lock(descriptor, path)
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        os.ftruncate(descriptor, len(whole))
        yield StepsFile(path, descriptor, [_step(path, *one) for one in _numbered(whole)])
    finally:
        os.close(descriptor)


def write_labelled_entries(
    entries: Sequence[Entry], decisions: Mapping[str, Decision], path: Path
) -> int:
    """Write the rows that have a label now, as JSON lines; return how many.

    A decision counts before the label a row came with; all other columns stay as they were.
    The file is complete or not there.

    Raises:
        BotError: if it cannot be written.
    """
    lines = []
    for entry in entries:
        decided = decisions.get(entry.key)
        label = entry.label if decided is None or decided.truth is None else decided.truth
        if label is not None:
            # Half a character, as JSON may hold it, can only be written as an escape.
            row = json.dumps({**entry.record, "label": int(label)}, ensure_ascii=False)
            lines.append(row.encode("utf-8", "backslashreplace") + b"\n")
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(b"".join(lines))
        beside.replace(path)
    except OSError as error:
        raise BotError(f"{path}: {error.strerror}") from error
    return len(lines)


def _entry(path: Path, line: int, record: Record) -> Entry:
    title, text = record.get("title") or "", record.get("text") or ""
    if not isinstance(title, str) or not isinstance(text, str):
        raise BotError(f"{path}: line {line}: title and text must be text")
    if not compose(title, text):
        raise BotError(f"{path}: line {line}: text is missing")
    said = record.get("label")
    try:
        label = None if said in (None, "") else Truth(label_of(said))
    except ValueError as error:
        raise BotError(f"{path}: line {line}: {error}") from None
    key = sha256(f"{title}\n{text}".encode("utf-8", "replace")).hexdigest()[:32]
    return Entry(key, title, text, label, record)


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BotError(f"{path}: this file is being reviewed elsewhere") from None


def _numbered(content: bytes) -> Iterator[tuple[int, bytes]]:
    return ((i, line) for i, line in enumerate(content.split(b"\n"), start=1) if line)


def _step(path: Path, number: int, line: bytes) -> Step:
    try:
        said = json.loads(line)
        undone = said["is"] == _UNDONE
        return Step(str(said["text"]), None if undone else Decision(said["is"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BotError(f"{path}: line {number}: not a step of a review") from None
