"""What a network is given: named arrays, of the shapes and kinds that its graph declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from classifier.errors import BundleMismatch
from classifier.network.layer import Array
from classifier.network.spec import InputSpec, Shape


def read_inputs(
    specs: Sequence[InputSpec], inputs: Array | Mapping[str, Array], dtype: np.dtype[Any]
) -> dict[str, Array]:
    """Return ``inputs`` by name: ids as whole numbers, all else as ``dtype``.

    Raises:
        BundleMismatch: if names, shapes or kinds are not those of ``specs``, or the inputs
            differ in their number of rows.
    """
    named = inputs if isinstance(inputs, Mapping) else _single(specs, inputs)
    names = [spec.name for spec in specs]
    if sorted(named) != sorted(names):
        raise BundleMismatch("inputs", names, sorted(named))
    values = {spec.name: _read(spec, named[spec.name], dtype) for spec in specs}
    if len({len(value) for value in values.values()}) > 1:
        rows = {name: len(value) for name, value in values.items()}
        raise BundleMismatch("inputs", "the same number of rows in each", rows)
    return values


def whole_numbers(name: str, value: Array) -> Array:
    """Return ``value`` as whole numbers; floats must hold nothing else.

    Raises:
        BundleMismatch: naming ``name``, if they hold fractions, NaN or infinity.
    """
    if np.issubdtype(value.dtype, np.integer):
        return value
    with np.errstate(invalid="ignore"):  # of NaN and infinity, which then differ
        whole = value.astype(np.int64)
    if not np.array_equal(whole, value):
        raise BundleMismatch(name, "whole numbers", value[whole != value][0])
    return whole


def fits(found: Sequence[int | None], expected: Shape) -> bool:
    """Tell whether an array of the shape ``found`` may stand where ``expected`` is asked for."""
    return len(found) == len(expected) and all(
        None in (one, other) or one == other for one, other in zip(found, expected, strict=True)
    )


def _single(specs: Sequence[InputSpec], inputs: Array) -> dict[str, Array]:
    if len(specs) != 1:
        raise BundleMismatch("inputs", [spec.name for spec in specs], "one array")
    return {specs[0].name: inputs}


def _read(spec: InputSpec, value: Array, dtype: np.dtype[Any]) -> Array:
    value, key = np.asarray(value), f"input {spec.name!r}"
    if value.ndim == 0 or not fits(value.shape[1:], spec.shape) or 0 in value.shape[1:]:
        raise BundleMismatch(key, ("rows", *spec.shape), value.shape)
    if value.dtype.kind not in "biuf":
        raise BundleMismatch(key, "numbers", value.dtype)
    return whole_numbers(key, value) if spec.dtype == "int" else value.astype(dtype, copy=False)
