"""Layers that lay the same values out in another way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from classifier.errors import BundleMismatch
from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import Options, expect_weights, is_whole, only
from classifier.network.spec import LayerSpec, Shape


@dataclass(frozen=True, eq=False, slots=True)
class Flatten:
    """(rows, …) → (rows, values)."""

    name: str

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> Flatten:
        """Return the layer; it has no weights."""
        expect_weights(spec, weights, {})
        with Options(spec):
            return cls(spec.name)

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return how many values a row has."""
        return ((_values(only(self.name, shapes)),),)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the rows."""
        x = inputs[0]
        return (x.reshape(len(x), prod(x.shape[1:])),)


@dataclass(frozen=True, eq=False, slots=True)
class Reshape:
    """(rows, …) → (rows, *target); one size of the target may be −1: what is left."""

    name: str
    target: tuple[int, ...]

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> Reshape:
        """Return the layer; it has no weights."""
        expect_weights(spec, weights, {})
        with Options(spec) as options:
            target = options.value("target_shape")
            if not isinstance(target, list | tuple) or not _is_target(target):
                options.refuse("target_shape")
        return cls(spec.name, tuple(target))

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the target."""
        return (self._filled(_values(shape := only(self.name, shapes)), shape),)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the rows.

        Raises:
            BundleMismatch: for rows that cannot be laid out so.
        """
        x = inputs[0]
        target = self._filled(prod(x.shape[1:]), x.shape[1:])
        return (x.reshape(len(x), *target),)

    def _filled(self, values: int | None, shape: Shape) -> tuple[int | None, ...]:
        known = prod(size for size in self.target if size != -1)
        if values is None:
            return tuple(None if size == -1 else size for size in self.target)
        if values % known if -1 in self.target else values != known:
            raise BundleMismatch(f"{self.name}: input", f"values for {self.target}", shape)
        return tuple(values // known if size == -1 else size for size in self.target)


@dataclass(frozen=True, eq=False, slots=True)
class RepeatVector:
    """(rows, size) → (rows, n, size)."""

    name: str
    n: int

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> RepeatVector:
        """Return the layer; it has no weights."""
        expect_weights(spec, weights, {})
        with Options(spec) as options:
            return cls(spec.name, options.whole("n"))

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return (n, size)."""
        return ((self.n, *only(self.name, shapes, 1)),)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the rows."""
        return (np.repeat(inputs[0][:, None, :], self.n, axis=1),)


def _values(shape: Shape) -> int | None:
    known = [size for size in shape if size is not None]
    return prod(known) if len(known) == len(shape) else None


def _is_target(sizes: Sequence[object]) -> bool:
    numbers = [size for size in sizes if is_whole(size) and (size > 0 or size == -1)]
    return len(numbers) == len(sizes) and numbers.count(-1) <= 1


BUILDERS: Mapping[str, Builder] = {
    "Flatten": Flatten.build,
    "Reshape": Reshape.build,
    "RepeatVector": RepeatVector.build,
}
