"""Records in a file: JSON lines, or CSV with a header if its name ends in ``.csv``; both UTF-8."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from classifier.errors import BundleMissing, ModelError

Record = Mapping[str, object]

_LABELS = {"0": 0, "0.0": 0, "good": 0, "1": 1, "1.0": 1, "bad": 1}
"""As a number with a point, tables that leave room for missing labels write them."""
_CSV_FIELD_LIMIT = 10_000_000


def read_records(path: Path) -> Iterator[tuple[int, Record]]:
    """Yield each record of ``path`` with the number of its line.

    Raises:
        BundleMissing: if there is no such file.
        ModelError: naming the line of the first record that cannot be read.
    """
    try:
        # Not as text: that would change the line breaks inside the texts of a CSV file.
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except FileNotFoundError:
        raise BundleMissing("no such file", path=path) from None
    except UnicodeDecodeError as error:
        raise ModelError(f"not UTF-8 at byte {error.start}", path=path) from error
    except OSError as error:
        raise ModelError(error.strerror or str(error), path=path) from error
    read = _csv_records if path.suffix.lower() == ".csv" else _json_records
    return read(lines, path)


def label_of(value: object) -> int:
    """Return 0 for a label that says good, 1 for one that says bad.

    Raises:
        ValueError: if it says neither.
    """
    label = None if isinstance(value, bool) else _LABELS.get(str(value).strip().lower())
    if label is None:
        raise ValueError(f"label is {value!r}, not 0, 1, good or bad")
    return label


def _json_records(lines: list[str], path: Path) -> Iterator[tuple[int, Record]]:
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


def _csv_records(lines: list[str], path: Path) -> Iterator[tuple[int, Record]]:
    csv.field_size_limit(_CSV_FIELD_LIMIT)
    reader = csv.DictReader((f"{line}\n" for line in lines), strict=True)
    try:
        for record in reader:
            yield reader.line_num, record
    except csv.Error as error:
        raise ModelError(f"line {reader.line_num}: not CSV ({error})", path=path) from error
