"""Labelled texts in files: JSON lines, and CSV with a header."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path
from typing import Any, TextIO

from bot.errors import BotError
from bot.model import Reason, Truth
from bot.store import LabelledText

FIELDS = ("title", "text", "label", "reason", "operator", "at")

_TRUTHS = {"0": Truth.GOOD, "good": Truth.GOOD, "1": Truth.BAD, "bad": Truth.BAD}


class Format(Enum):
    """How labelled texts are written."""

    JSONL = "jsonl"
    CSV = "csv"


def read_labelled(path: Path) -> list[LabelledText]:
    """Return the labelled texts of a file; one that ends in ``.csv`` is CSV with a header.

    Raises:
        BotError: at the first row that is not as it should be, with its line.
    """
    read = _read_csv if path.suffix.lower() == ".csv" else _read_jsonl
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [_row(path, line, said) for line, said in read(path, file)]
    except OSError as error:
        raise BotError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BotError(f"{path}: not utf-8 text") from None
    if not rows:
        raise BotError(f"{path}: no labelled texts in it")
    return rows


def write_labelled(rows: Iterable[LabelledText], target: TextIO, form: Format) -> None:
    """Write labelled texts so that ``read_labelled`` reads the same again."""
    write = _csv_writer(target) if form is Format.CSV else _jsonl_writer(target)
    for row in rows:
        write(
            {
                "title": row.title,
                "text": row.text,
                "label": int(row.label),
                "reason": row.reason.value if row.reason else None,
                "operator": row.operator,
                "at": row.at.isoformat() if row.at else None,
            }
        )


Write = Callable[[Mapping[str, Any]], object]


def _csv_writer(target: TextIO) -> Write:
    writer = csv.DictWriter(target, FIELDS)
    writer.writeheader()
    return writer.writerow


def _jsonl_writer(target: TextIO) -> Write:
    return lambda row: target.write(json.dumps(row, ensure_ascii=False) + "\n")


def _read_csv(path: Path, file: TextIO) -> Iterator[tuple[int, Mapping[str, Any]]]:
    reader = csv.DictReader(file)
    missing = {"text", "label"} - set(reader.fieldnames or ())
    if missing:
        raise BotError(f"{path}: line 1: no column {' and no column '.join(sorted(missing))}")
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise BotError(f"{path}: line {reader.line_num}: {error}") from None


def _read_jsonl(path: Path, file: TextIO) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BotError(f"{path}: line {number}: not JSON: {error}") from None
        if not isinstance(row, dict):
            raise BotError(f"{path}: line {number}: not an object")
        yield number, row


def _row(path: Path, line: int, said: Mapping[str, Any]) -> LabelledText:
    try:
        return LabelledText(
            title=_text(said, "title"),
            text=_text(said, "text", needed=not said.get("title")),
            label=_truth(said.get("label")),
            reason=Reason(said["reason"]) if said.get("reason") else None,
            operator=_text(said, "operator"),
            at=_moment(said.get("at")),
        )
    except ValueError as error:
        raise BotError(f"{path}: line {line}: {error}") from None


def _text(said: Mapping[str, Any], key: str, *, needed: bool = False) -> str:
    value = said.get(key) or ""
    if not isinstance(value, str):
        raise ValueError(f"{key} must be text")
    if needed and not value.strip():
        raise ValueError(f"{key} is missing")
    return value


def _truth(value: object) -> Truth:
    truth = None if isinstance(value, (bool, float)) else _TRUTHS.get(str(value).strip().lower())
    if truth is None:
        raise ValueError(f"label {value!r} is neither good (0) nor bad (1)")
    return truth


def _moment(value: object) -> datetime | None:
    if not value:
        return None
    moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
