"""Base data: what a model learned from, as ids and labels, so that it can be retrained anywhere.

A bundle may carry it as ``base.safetensors``. There is no text in it, and nobody who only scores
reads it:

    ids          the ids of all rows, one after the other, without padding
    offsets      where each row begins, and where the last one ends: (rows + 1,)
    labels       0 good, 1 bad: (rows,)
    reference    1 for a row that is never learned from: a retrained model is measured on it
    features.…   further inputs of the network by name: (rows, …)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from classifier.errors import BundleMismatch, ModelError
from classifier.safetensors import Array, read_tensors, write_tensors
from classifier.text import TextPipeline
from classifier.text.vectorizers import PieceVectorizer

_FEATURES = "features."
Padding = Callable[[Sequence[Sequence[int]]], Array]
"""Rows of ids → the same of one length."""

_ARRAYS = ("ids", "offsets", "labels", "reference")


@dataclass(frozen=True, eq=False, slots=True)
class BaseData:
    """Rows to retrain a model with.

    Attributes:
        ids: of all rows, one after the other, without padding.
        offsets: where each row begins in ``ids``, and where the last one ends: (rows + 1,).
        labels: 0 good, 1 bad: (rows,).
        reference: true for a row that is never learned from, only measured on: (rows,).
        features: further inputs of the network by name: (rows, …).

    Raises:
        BundleMismatch: if these do not fit each other.
    """

    ids: Array
    offsets: Array
    labels: Array
    reference: Array
    features: Mapping[str, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _expect_offsets(self.offsets, self.ids)
        rows = len(self)
        _expect_flags("labels", self.labels, rows)
        _expect_flags("reference", self.reference, rows)
        for name, values in self.features.items():
            if values.shape[:1] != (rows,):
                raise BundleMismatch(f"base: {_FEATURES}{name}", f"{rows} rows", values.shape)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def padded(self, text: TextPipeline) -> Array:
        """Return the ids of each row as ``text`` pads them: (rows, length).

        Raises:
            BundleMismatch: if they are not ids that ``text`` could have given.
        """
        words = text.vectorizer.id_count
        if len(self.ids) and (words is None or int(self.ids.max()) >= words):
            raise BundleMismatch("base: ids", f"below {words}", int(self.ids.max()))
        rows = np.split(self.ids.astype(np.int64), self.offsets[1:-1]) if len(self) else []
        found = padded_by(text)([row.tolist() for row in rows])
        if int((found != 0).sum()) != int((self.ids != 0).sum()):
            raise BundleMismatch("base: ids", f"rows of at most {text.vectorizer.length}", "longer")
        return found


def read_base(data: bytes, key: str) -> BaseData:
    """Return the rows that ``data`` holds; ``key`` is the name of its file.

    Raises:
        BundleMismatch: naming what does not fit.
    """
    tensors = read_tensors(data, key)
    for name in _ARRAYS:
        if name not in tensors:
            raise BundleMismatch(f"{key}: {name}", "an array", "nothing")
    features = {
        name.removeprefix(_FEATURES): values
        for name, values in tensors.items()
        if name.startswith(_FEATURES)
    }
    flags = {name: tensors[name] for name in ("labels", "reference")}
    return BaseData(tensors["ids"], tensors["offsets"], **flags, features=features)


def write_base(base: BaseData) -> bytes:
    """Return ``base`` as a file; ids take two bytes each where they fit."""
    largest = int(base.ids.max()) if len(base.ids) else 0
    dtype = np.uint16 if largest <= np.iinfo(np.uint16).max else np.int32
    return write_tensors(
        {
            "ids": base.ids.astype(dtype),
            "offsets": base.offsets.astype(np.int32),
            "labels": base.labels.astype(np.uint8),
            "reference": base.reference.astype(np.uint8),
            **{_FEATURES + name: values for name, values in base.features.items()},
        }
    )


def padded_by(text: TextPipeline) -> Padding:
    """Return what pads rows of ids as ``text`` does.

    Raises:
        ModelError: if it gives no ids.
    """
    if not isinstance(text.vectorizer, PieceVectorizer):
        raise ModelError("its text part gives weights of words, not ids")
    return text.vectorizer.padded


def _expect_offsets(offsets: Array, ids: Array) -> None:
    if ids.ndim != 1 or ids.dtype.kind not in "iu" or (len(ids) and ids.min() < 0):
        raise BundleMismatch("base: ids", "a row of whole numbers, none below 0", ids.shape)
    wrong = offsets.ndim != 1 or offsets.dtype.kind not in "iu" or not len(offsets)
    steps = np.diff(offsets.astype(np.int64))
    if wrong or (steps < 0).any() or (int(offsets[0]), int(offsets[-1])) != (0, len(ids)):
        raise BundleMismatch("base: offsets", f"0, rising to {len(ids)}", offsets.shape)


def _expect_flags(name: str, values: Array, rows: int) -> None:
    if values.shape != (rows,):
        raise BundleMismatch(f"base: {name}", f"{rows} rows", values.shape)
    if not np.isin(values, (0, 1)).all():
        raise BundleMismatch(f"base: {name}", "0 or 1 each", values.dtype)
