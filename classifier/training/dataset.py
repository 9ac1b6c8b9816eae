"""Labelled texts in a file: JSON lines, or CSV with a header, both in UTF-8.

Columns: ``text`` and ``label`` (0 or good, 1 or bad); ``title``, ``kind`` (the
slice it is counted under) and ``licence`` may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import ModelError
from classifier.records import label_of, read_records
from classifier.text import compose

FEWEST = 10
"""Rows of each label: with fewer there is nothing to learn from and to measure on."""
NAMES = ("good", "bad")
_HALF = re.compile("[\ud800-\udfff]")


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
    rows = [_row(record, line, path) for line, record in read_records(path)]
    _expect_both_labels(rows, path)
    return rows


def expect_enough(rows: Sequence[Row], path: Path | None = None) -> None:
    """See that some rows of each label can be learned from and others measured on.

    Raises:
        ModelError: if there are too few of a label.
    """
    for label, name in enumerate(NAMES):
        count = sum(row.label == label for row in rows)
        if count < FEWEST:
            raise ModelError(f"{count} {name} rows: at least {FEWEST} are needed", path=path)


def _row(record: Mapping[str, object], line: int, path: Path) -> Row:
    for column in ("text", "label"):
        if record.get(column) is None:
            raise ModelError(f"line {line}: column {column!r} is missing", path=path)
    try:
        label = label_of(record["label"])
    except ValueError as error:
        raise ModelError(f"line {line}: {error}", path=path) from None
    texts = [record.get("title") or "", record["text"]]
    if not all(isinstance(text, str) for text in texts):
        raise ModelError(f"line {line}: title and text must be strings", path=path)
    text = _whole(compose(*map(str, texts)))
    if not text:
        raise ModelError(f"line {line}: title and text are empty", path=path)
    kind, licence = record.get("kind") or "all", record.get("licence") or "not stated"
    return Row(text, label, _whole(str(kind)), _whole(str(licence)))


def _whole(text: str) -> str:
    """JSON may hold half a character, as a post cut in an emoji does: nothing can write that."""
    return _HALF.sub("\ufffd", text)


def _expect_both_labels(rows: Iterable[Row], path: Path) -> None:
    found = {row.label for row in rows}
    if not found:
        raise ModelError("no rows", path=path)
    if len(found) == 1:
        name = "bad" if found == {1} else "good"
        raise ModelError(f"every row is {name}: training needs both kinds", path=path)
