"""Labelled texts in files: JSON lines, and CSV with a header."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path
from typing import Any, TextIO

from bot.errors import BotError
from bot.model import Objection, Reason, Truth
from bot.repeats import Numbered
from bot.store import LabelledText
from classifier.records import Record, label_of, read_records

_BEFORE_ALL = datetime.min.replace(tzinfo=timezone.utc)
FIELDS = ("title", "text", "label", "reason", "operator", "at", "objection")


class Format(Enum):
    """How labelled texts are written."""

    JSONL = "jsonl"
    CSV = "csv"


def read_labelled(path: Path) -> list[LabelledText]:
    """Return the labelled texts of a file; one that ends in ``.csv`` is CSV with a header.

    Raises:
        ModelError: if the file cannot be read as records.
        BotError: at the first row that is not as it should be, with its line.
    """
    return [row for _, row in read_numbered(path)]


def read_numbered(path: Path) -> list[Numbered]:
    """Return the labelled texts of a file, each with the number of its line.

    Raises:
        ModelError: as ``read_labelled`` does.
        BotError: likewise.
    """
    rows = [(line, _row(path, line, record)) for line, record in read_records(path)]
    if not rows:
        raise BotError(f"{path}: no labelled texts in it")
    return rows


def in_order(rows: Iterable[LabelledText]) -> list[LabelledText]:
    """Return ``rows`` by the moment of their labels, those without one first.

    What is exported, imported elsewhere and exported there comes out the same.
    """
    return sorted(rows, key=lambda row: (row.at or _BEFORE_ALL, row.title, row.text))


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
                "objection": row.objection.value if row.objection else None,
            }
        )


Write = Callable[[Mapping[str, Any]], object]


def _csv_writer(target: TextIO) -> Write:
    writer = csv.DictWriter(target, FIELDS)
    writer.writeheader()
    return writer.writerow


def _jsonl_writer(target: TextIO) -> Write:
    return lambda row: target.write(json.dumps(row, ensure_ascii=False) + "\n")


def _row(path: Path, line: int, said: Record) -> LabelledText:
    try:
        return LabelledText(
            title=_text(said, "title"),
            text=_text(said, "text", needed=not said.get("title")),
            label=Truth(label_of(said.get("label"))),
            reason=Reason(str(said["reason"])) if said.get("reason") else None,
            operator=_text(said, "operator"),
            at=_moment(said.get("at")),
            objection=Objection(str(said["objection"])) if said.get("objection") else None,
        )
    except ValueError as error:
        raise BotError(f"{path}: line {line}: {error}") from None


def _text(said: Record, key: str, *, needed: bool = False) -> str:
    value = said.get(key) or ""
    if not isinstance(value, str):
        raise ValueError(f"{key} must be text")
    if needed and not value.strip():
        raise ValueError(f"{key} is missing")
    return value


def _moment(value: object) -> datetime | None:
    if not value:
        return None
    moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
