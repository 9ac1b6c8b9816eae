"""The ledger as a file for other programs: JSON lines, or CSV for spreadsheets.

One line an item, in the order of the verdicts; moments are ISO 8601 in UTC, but ``published``
keeps the offset of its source. In JSON lines every value is as the store has it. In CSV a text
that a spreadsheet might run as a formula has an apostrophe before it: titles come from anywhere.
With semicolons figures and moments are as the Russian Excel knows them.
"""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterable
from datetime import datetime, timezone, tzinfo
from enum import Enum
from typing import Any, Protocol, TextIO

from bot.model import Entry, Post
from bot.whereabouts import whereabouts
from scrapers import names_day_alone

_SIGNS = ("=", "+", "-", "@")
_BREAKS = ("\t", "\r", "\n")
"""With what a text begins that spreadsheets take for a formula (OWASP, "CSV Injection")."""


class Format(str, Enum):
    """How the ledger is written."""

    CSV = "csv"
    JSONL = "jsonl"


class Delimiter(str, Enum):
    """What stands between the columns of CSV."""

    COMMA = ","
    SEMICOLON = ";"
    TAB = "tab"

    @property
    def sign(self) -> str:
        """The character itself."""
        return "\t" if self is Delimiter.TAB else self.value


class Writer(Protocol):
    """Takes lines of the ledger."""

    def write(self, entries: Iterable[Entry]) -> None:
        """Write these lines."""


def open_writer(
    file: TextIO,
    form: Format,
    *,
    texts: bool = False,
    delimiter: Delimiter = Delimiter.COMMA,
    zone: tzinfo = timezone.utc,
) -> Writer:
    """Return what writes to ``file``, which does not change the ends of lines.

    Args:
        file: in UTF-8.
        form: how the ledger is written.
        texts: whether the texts of the items are written too.
        delimiter: of CSV.
        zone: of the moments for the Russian Excel, which knows none with an offset.
    """
    if form is Format.JSONL:
        return _Jsonl(file, texts)
    return _Csv(file, texts, delimiter, zone if delimiter is Delimiter.SEMICOLON else None)


def record_of(entry: Entry, *, texts: bool = False) -> dict[str, Any]:
    """Return a line of the ledger as plain values and moments."""
    recorded, verdict, label = entry.recorded, entry.verdict, entry.label
    item = recorded.item
    told: dict[str, Any] = {
        "id": recorded.id,
        "decided_at": entry.decided_at,
        "decision": verdict.decision.value,
        "reason": verdict.reason.value,
        "detail": verdict.detail,
        "score": verdict.score,
        "threshold": verdict.threshold,
        "model": verdict.model,
        "title": item.title,
        "url": item.url,
        "sources": list(recorded.sources),
        "published": item.published,
        "seen_at": recorded.seen_at,
        "label": label.truth.name.lower() if label else None,
        "labelled_by": label.operator.name if label else None,
        "labelled_at": label.created_at if label else None,
        "objection": label.objection.value if label and label.objection else None,
        "drawn": entry.drawn,
        "posts": [_post(entry, post) for post in entry.posts],
    }
    return {**told, "text": item.text} if texts else told


def _post(entry: Entry, post: Post) -> dict[str, Any]:
    return {
        "chat": post.chat,
        "state": post.state.value,
        "wanted": post.wanted,
        "where": whereabouts(entry, post).value,
        "message_id": post.message_id,
        "sent_at": post.sent_at,
    }


class _Jsonl:
    def __init__(self, file: TextIO, texts: bool) -> None:
        self._file = file
        self._texts = texts

    def write(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            record = record_of(entry, texts=self._texts)
            line = json.dumps(record, ensure_ascii=False, default=datetime.isoformat)
            self._file.write(line + "\n")


_COLUMNS = (
    *("id", "decided_at", "decision", "reason", "detail", "score", "threshold", "model"),
    *("title", "url", "sources", "published", "seen_at"),
    *("label", "labelled_by", "labelled_at", "objection", "drawn", "posts"),
)


class _Csv:
    """Rows of CSV; with a zone they are as the Russian Excel knows figures and moments."""

    def __init__(
        self, file: TextIO, texts: bool, delimiter: Delimiter, zone: tzinfo | None
    ) -> None:
        # Without this mark Excel takes the file for one in its own old encoding.
        file.write(codecs.BOM_UTF8.decode("utf-8"))
        self._rows = csv.writer(file, delimiter=delimiter.sign)
        self._texts = texts
        self._zone = zone
        self._rows.writerow([*_COLUMNS, "text"] if texts else _COLUMNS)

    def write(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            record = record_of(entry, texts=self._texts)
            self._rows.writerow([self._cell(value) for value in record.values()])

    def _cell(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat() if self._zone is None else _for_excel(value, self._zone)
        if isinstance(value, float) and self._zone is not None:
            return str(value).replace(".", ",")
        return _cell(value)


def _for_excel(moment: datetime, zone: tzinfo) -> str:
    """Return a moment as ``2024-03-09 17:30:15`` in ``zone``; a day alone as that of its source."""
    if names_day_alone(moment):
        return f"{moment:%Y-%m-%d}"
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return harmless("; ".join(map(_part, value)))
    return harmless(value) if isinstance(value, str) else value


def _part(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    number = "" if value["message_id"] is None else f" {value['message_id']}"
    return f"{value['where']} {value['chat']}{number}"


def harmless(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula."""
    runs = text.lstrip().startswith(_SIGNS) or text.lstrip(" ").startswith(_BREAKS)
    return f"'{text}" if runs else text
