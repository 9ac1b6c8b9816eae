"""Tables on a grid take one byte a number.

A column whose numbers are all whole multiples, -127 to 127 of them, of one power of two is kept
as these multiples (I8) beside the step between them, ``NAME#step``: nothing is rounded, so what
is read is what was written. Tables are put on such a grid where they are made, by ``to_grid``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from classifier.errors import BundleMismatch
from classifier.safetensors import Array

_STEP = "#step"
_MOST = 127
_LEAST_EXPONENT = -126  # below it, float32 loses digits
_WORTH = 1 << 16
"""Numbers: what is smaller is kept as it is."""


def to_grid(table: Array) -> Array:
    """Return ``table`` (rows, columns) with each number rounded to the grid of its column.

    The step is the smallest power of two that reaches the column's largest number; so no number
    moves by more than 1/127 of that.
    """
    steps = _steps(table)
    rounded: Array = np.rint(table / steps) * steps
    return rounded.astype(np.float32)


def packed(tensors: Mapping[str, Array]) -> dict[str, Array]:
    """Return ``tensors`` with the large float32 tables among them that lie on a grid packed."""
    found: dict[str, Array] = {}
    for name, tensor in tensors.items():
        multiples = _multiples(tensor)
        if multiples is None:
            found[name] = tensor
        else:
            found[name], found[name + _STEP] = multiples
    return found


def on_grid(tensors: Mapping[str, Array]) -> frozenset[str]:
    """Return the names of those that ``packed`` packs."""
    return frozenset(name for name, tensor in tensors.items() if _multiples(tensor) is not None)


def unpacked(tensors: Mapping[str, Array], key: str) -> dict[str, Array]:
    """Return ``tensors`` as they were before they were packed.

    Raises:
        BundleMismatch: naming ``key``, for steps that no table fits.
    """
    steps = {name: step for name, step in tensors.items() if name.endswith(_STEP)}
    found = {name: tensor for name, tensor in tensors.items() if name not in steps}
    for name, step in steps.items():
        table = found.get(place := name.removesuffix(_STEP))
        if table is None or table.dtype != np.int8 or table.ndim != 2:
            raise BundleMismatch(f"{key}: {place}", "a table of int8", _told(table))
        if step.dtype != np.float32 or step.shape != table.shape[1:]:
            raise BundleMismatch(f"{key}: {name}", f"float32 {table.shape[1:]}", _told(step))
        found[place] = table * step
    return found


def _multiples(tensor: Array) -> tuple[Array, Array] | None:
    """Return multiples and steps of a table that is worth it; None if packing changed any."""
    if tensor.dtype != np.float32 or tensor.ndim != 2 or tensor.size < _WORTH:
        return None
    if not np.isfinite(tensor).all():
        return None
    steps = _steps(tensor)
    multiples = np.rint(tensor / steps).astype(np.int8)
    return (multiples, steps) if np.array_equal(multiples * steps, tensor) else None


def _steps(table: Array) -> Array:
    """Return the step of each column: (columns,); 1 for a column of zeros."""
    largest = np.abs(table).max(axis=0).astype(np.float64)
    exponents = np.ceil(np.log2(np.where(largest > 0, largest, _MOST) / _MOST))
    steps: Array = np.exp2(np.maximum(exponents, _LEAST_EXPONENT)).astype(np.float32)
    return steps


def _told(tensor: Array | None) -> str:
    return "nothing" if tensor is None else f"{tensor.dtype} {tensor.shape}"
