"""Extra features: numbers beside the text, read and standardised."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from classifier.errors import BundleMissing, ModelError
from classifier.records import read_records

Values = npt.NDArray[np.float32]
COLUMN = "features"


@dataclass(frozen=True, eq=False, slots=True)
class Standard:
    """Mean and variance of each feature; of one that never changes the variance is 1."""

    mean: Values
    variance: Values

    @classmethod
    def of(cls, values: Values) -> Standard:
        """Return those of (rows, features)."""
        exact = values.astype(np.float64)
        mean = exact.mean(axis=0).astype(np.float32)
        # Around the mean as it is kept, which is what will be taken away.
        variance = ((exact - mean) ** 2).mean(axis=0).astype(np.float32)
        return cls(mean, np.where(variance > 0, variance, np.float32(1)))


def read_column(path: Path) -> Values:
    """Return the column ``features`` of a file of rows: (rows, features).

    It is a list of numbers; in CSV it is written as JSON: ``"[1, 2.5]"``.

    Raises:
        ModelError: naming the line of the first row that has none, or another number of them.
    """
    rows: list[list[float]] = []
    for line, record in read_records(path):
        found = _numbers(record.get(COLUMN))
        if not found:
            reason = f"line {line}: column {COLUMN!r} must be a list of numbers"
            raise ModelError(reason, path=path)
        if len(found) != len(rows[0] if rows else found):
            reason = f"line {line}: {len(found)} features, in the rows before {len(rows[0])}"
            raise ModelError(reason, path=path)
        rows.append(found)
    return np.array(rows, dtype=np.float32)


def read_array(path: Path, rows: int) -> Values:
    """Return the features in a ``.npy``: (rows, features).

    Raises:
        ModelError: if it holds anything else, or not a number in every place.
    """
    values = load_npy(path)
    if values.ndim != 2 or len(values) != rows or not values.shape[1]:
        reason = f"{rows} rows of features are needed, the array's shape is {values.shape}"
        raise ModelError(reason, path=path)
    with np.errstate(over="ignore"):
        single: Values = values.astype(np.float32)
    if not np.isfinite(single).all():
        row = int(np.flatnonzero(~np.isfinite(single).all(axis=1))[0])
        raise ModelError(f"row {row}: NaN, or beyond single precision", path=path)
    return single


def load_npy(path: Path) -> npt.NDArray[np.float64]:
    """Return an array of numbers from a ``.npy``, as it lies on the disk.

    Raises:
        ModelError: if it cannot be read, or holds anything else; nothing in it is executed.
    """
    try:
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise BundleMissing("no such file", path=path) from None
    except (OSError, ValueError, EOFError) as error:
        raise ModelError(f"not an array of numpy ({error})", path=path) from error
    if not isinstance(found, np.ndarray) or found.dtype.kind not in "fiub":
        raise ModelError("not an array of numbers", path=path)
    return found


def expect_alike(data: Values, test: Values) -> None:
    """See that both files have as many features.

    Raises:
        ModelError: if not.
    """
    if data.shape[1] != test.shape[1]:
        reason = f"{data.shape[1]} features in the data, {test.shape[1]} in the test file"
        raise ModelError(reason)


def _numbers(value: object) -> list[float]:
    """Return the numbers that ``value`` lists; none if it is not a list of finite numbers."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return []
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in value):
        return []
    largest = float(np.finfo(np.float32).max)
    return [float(one) for one in value] if all(abs(one) <= largest for one in value) else []
