"""Several inputs → one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from classifier.errors import BundleMismatch
from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import Options, expect_weights
from classifier.network.spec import LayerSpec, Shape

Combine = Callable[[Sequence[Array]], Array]


@dataclass(frozen=True, eq=False, slots=True)
class Merge:
    """Arrays of one shape, or of shapes that numpy stretches → their combination.

    An input with fewer dimensions meets the last ones of the others: (rows, size) and
    (rows, steps, size) → (rows, steps, size).

    Attributes:
        operands: a constant each, or None for the next input.
    """

    name: str
    combine: Combine
    operands: tuple[Array | None, ...]

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the shape to which all are stretched."""
        if len(shapes) != (expected := sum(one is None for one in self.operands)):
            raise BundleMismatch(f"{self.name}: inputs", expected, len(shapes))
        found = _stretched(self.name, shapes)
        constants = [one.shape for one in self.operands if one is not None]
        stretched = _stretched(self.name, [found, *constants])
        if len(stretched) != len(found):
            raise BundleMismatch(f"{self.name}: constants", found, constants)
        return (stretched,)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the combination.

        Raises:
            BundleMismatch: for inputs that differ in a size which was left open.
        """
        self.shape([array.shape[1:] for array in inputs])
        rank = max(array.ndim for array in inputs)
        given = iter(inputs)
        dtype = np.result_type(*{array.dtype for array in inputs})
        values = [
            _with_rank(next(given), rank) if one is None else _constant(one, dtype)
            for one in self.operands
        ]
        return (self.combine(values),)


@dataclass(frozen=True, eq=False, slots=True)
class Concatenate:
    """Arrays one after the other along ``axis``, counted with the rows as axis 0."""

    name: str
    axis: int

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> Concatenate:
        """Return the layer; it has no weights."""
        expect_weights(spec, weights, {})
        with Options(spec) as options:
            return cls(spec.name, options.axis("axis", -1))

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the shape of the inputs, with the sum of their sizes along the axis."""
        rank = len(shapes[0])
        place = self.axis - 1 if self.axis > 0 else self.axis + rank
        if not 0 <= place < rank or {len(shape) for shape in shapes} != {rank}:
            raise BundleMismatch(f"{self.name}: inputs", f"an axis {self.axis} in each", shapes)
        joined = shapes[0][place]
        for shape in shapes[1:]:
            size = shape[place]
            joined = None if joined is None or size is None else joined + size
        others = [(*shape[:place], 1, *shape[place + 1 :]) for shape in shapes]
        stretched = [_same(self.name, sizes) for sizes in zip(*others, strict=True)]
        return ((*stretched[:place], joined, *stretched[place + 1 :]),)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return all of them.

        Raises:
            BundleMismatch: for inputs that differ in a size which was left open.
        """
        try:
            return (np.concatenate(inputs, axis=self.axis),)
        except ValueError:
            self.shape([array.shape[1:] for array in inputs])  # names the layer
            raise


def _same(name: str, sizes: Sequence[int | None]) -> int | None:
    known = {size for size in sizes if size is not None}
    if len(known) > 1:
        raise BundleMismatch(f"{name}: inputs", "the same sizes", list(sizes))
    return known.pop() if known else None


def _stretched(name: str, shapes: Sequence[Shape]) -> Shape:
    """Return the shape of all ``shapes`` together, each aligned at its end."""
    rank = max(len(shape) for shape in shapes)
    aligned = [(*[1] * (rank - len(shape)), *shape) for shape in shapes]
    return tuple(
        _same(name, [size for size in sizes if size != 1] or [1])
        for sizes in zip(*aligned, strict=True)
    )


def _with_rank(x: Array, rank: int) -> Array:
    return x.reshape(len(x), *[1] * (rank - x.ndim), *x.shape[1:])


def _constant(value: Array, dtype: np.dtype[Any]) -> Array:
    return value.astype(dtype) if dtype.kind == "f" else value


def _read_operands(options: Options, inputs: int) -> tuple[Array | None, ...]:
    constants = options.value("constants", [None] * inputs)
    if not isinstance(constants, list | tuple) or None not in constants:
        options.refuse("constants")
    return tuple(None if one is None else _floats(options, one) for one in constants)


def _floats(options: Options, value: object) -> Array:
    try:
        array = np.asarray(value, dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        options.refuse("constants")
    return array if np.isfinite(array).all() else options.refuse("constants")


def _builder(combine: Combine, count: int | None = None) -> Builder:
    """``count`` is how many operands it must have; None: any number."""

    def build(spec: LayerSpec, weights: Mapping[str, Array]) -> Merge:
        expect_weights(spec, weights, {})
        with Options(spec) as options:
            operands = _read_operands(options, len(spec.inputs))
        if count not in (None, len(operands)):
            raise BundleMismatch(f"{spec.name}: inputs", count, len(operands))
        return Merge(spec.name, combine, operands)

    return build


def _folded(function: Callable[[Array, Array], Array]) -> Combine:
    return lambda values: reduce(function, values)


def _average(values: Sequence[Array]) -> Array:
    result: Array = reduce(np.add, values) / len(values)
    return result


BUILDERS: Mapping[str, Builder] = {
    "Add": _builder(_folded(np.add)),
    "Multiply": _builder(_folded(np.multiply)),
    "Maximum": _builder(_folded(np.maximum)),
    "Minimum": _builder(_folded(np.minimum)),
    "Average": _builder(_average),
    "Subtract": _builder(_folded(np.subtract), 2),
    "Divide": _builder(_folded(np.divide), 2),
    "Power": _builder(_folded(np.power), 2),
    "Concatenate": Concatenate.build,
}
