"""Rows to learn from: what the network reads of each, its label, and how much it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from classifier.errors import ModelError
from classifier.network import Array, Network, Ref
from classifier.network.inputs import read_inputs

Inputs = Array | Mapping[str, Array]


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """Rows as a network learns from them.

    Attributes:
        inputs: by name, rows first.
        labels: (rows,), 0 good to 1 bad.
        weights: (rows,), how much each counts.
    """

    inputs: Mapping[Ref, Array]
    labels: Array
    weights: Array

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, indexes: Array | slice) -> Rows:
        """Return some of the rows."""
        inputs = {name: values[indexes] for name, values in self.inputs.items()}
        return Rows(inputs, self.labels[indexes], self.weights[indexes])

    def batches(self, size: int) -> Iterator[Rows]:
        """Yield the rows by ``size`` in their order; the last ones are fewer."""
        for start in range(0, len(self), size):
            yield self.take(slice(start, start + size))


def read_rows(
    network: Network, inputs: Inputs, labels: Array, weights: Array | None = None
) -> Rows:
    """Return the rows in the dtype that ``network`` computes in.

    Raises:
        BundleMismatch: for inputs that the network cannot take.
        ModelError: if there are no rows, or a value, a label or a weight that is none.
    """
    with np.errstate(over="ignore"):  # what is too large is named below
        values = read_inputs(network.spec.inputs, inputs, network.dtype)
    count = len(next(iter(values.values())))
    if not count:
        raise ModelError("no rows to learn from")
    for name, value in values.items():
        _expect_finite(name, value)
    given = np.ones(count) if weights is None else weights
    labels = _numbers("label", labels, count, most=1.0)
    numbers = _numbers("weight", given, count, most=np.inf)
    return Rows(values, labels.astype(network.dtype), numbers.astype(network.dtype))


def _numbers(name: str, values: Array, count: int, *, most: float) -> Array:
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.shape != (count,):
        raise ModelError(f"{count} rows need as many {name}s, not {numbers.shape}")
    wrong = ~((numbers >= 0) & (numbers <= most) & np.isfinite(numbers))
    if wrong.any():
        row = int(wrong.argmax())
        raise ModelError(f"the {name} of row {row} is {numbers[row]}, not 0 to {most:g}")
    return numbers


def _expect_finite(name: str, values: Array) -> None:
    wrong = ~np.isfinite(values).reshape(len(values), -1).all(axis=1)
    if wrong.any():
        row = int(wrong.argmax())
        raise ModelError(f"input {name!r}, row {row}: NaN or infinity")
