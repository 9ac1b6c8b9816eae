"""Labelled texts in a file: JSON lines, or CSV with a header, both in UTF-8.

Columns: ``text`` and ``label`` (0 or good, 1 or bad); ``title``, ``kind`` (the
slice it is counted under) and ``licence`` may be left out.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import BundleMissing, ModelError
from classifier.text import compose

_LABELS = {"0": 0, "good": 0, "1": 1, "bad": 1}
_CSV_FIELD_LIMIT = 10_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text.

    Attributes:
        text: title and text as one, as they are scored.
        label: 0 good, 1 bad.
    """

    text: str
    label: int
    kind: str = "all"
    licence: str = "not stated"


def read_dataset(path: Path) -> list[Row]:
    """Return the rows of ``path`` in order.

    Raises:
        BundleMissing: if there is no such file.
        ModelError: naming the line of the first row that cannot be used; or if
            there are no rows, or all have the same label.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        raise BundleMissing("no such file", path=path) from None
    except UnicodeDecodeError as error:
        raise ModelError(f"not UTF-8 at byte {error.start}", path=path) from error
    except OSError as error:
        raise ModelError(error.strerror or str(error), path=path) from error
    read = _csv_records if path.suffix.lower() == ".csv" else _json_records
    rows = [_row(record, line, path) for line, record in read(lines, path)]
    _expect_both_labels(rows, path)
    return rows


def _json_records(lines: list[str], path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ModelError(f"line {number}: not JSON ({error})", path=path) from error
        if not isinstance(record, dict):
            raise ModelError(f"line {number}: not an object with text and label", path=path)
        yield number, record


def _csv_records(lines: list[str], path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    csv.field_size_limit(_CSV_FIELD_LIMIT)
    reader = csv.DictReader((f"{line}\n" for line in lines), strict=True)
    try:
        for record in reader:
            yield reader.line_num, record
    except csv.Error as error:
        raise ModelError(f"line {reader.line_num}: not CSV ({error})", path=path) from error


def _row(record: Mapping[str, object], line: int, path: Path) -> Row:
    for column in ("text", "label"):
        if record.get(column) is None:
            raise ModelError(f"line {line}: column {column!r} is missing", path=path)
    label = _LABELS.get(str(record["label"]).strip().lower())
    if label is None or isinstance(record["label"], bool):
        found = record["label"]
        raise ModelError(f"line {line}: label is {found!r}, not 0, 1, good or bad", path=path)
    texts = [record.get("title") or "", record["text"]]
    if not all(isinstance(text, str) for text in texts):
        raise ModelError(f"line {line}: title and text must be strings", path=path)
    text = compose(*map(str, texts))
    if not text:
        raise ModelError(f"line {line}: title and text are empty", path=path)
    kind, licence = record.get("kind") or "all", record.get("licence") or "not stated"
    return Row(text, label, str(kind), str(licence))


def _expect_both_labels(rows: Iterable[Row], path: Path) -> None:
    found = {row.label for row in rows}
    if not found:
        raise ModelError("no rows", path=path)
    if len(found) == 1:
        name = "bad" if found == {1} else "good"
        raise ModelError(f"every row is {name}: training needs both kinds", path=path)
