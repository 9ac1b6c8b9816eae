"""Layers that pick steps or values, add steps, or turn steps and values round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.errors import BundleMismatch
from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import MOST_STEPS, Options, expect_weights, is_whole, only
from classifier.network.spec import LayerSpec, Shape


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """(rows, steps, …) → (rows, …): the step ``index``, counted from the end if negative."""

    name: str
    index: int

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> Step:
        """Return the layer; it has no weights."""
        expect_weights(spec, weights, {})
        with Options(spec) as options:
            return cls(spec.name, options.whole("index", least=-MOST_STEPS))

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the shape of one step."""
        shape = only(self.name, shapes)
        if len(shape) < 2:
            raise BundleMismatch(f"{self.name}: input", "steps of several values", shape)
        if shape[0] is not None:
            self._expect(shape[0])
        return (shape[1:],)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the step of each row.

        Raises:
            BundleMismatch: for rows that have no such step.
        """
        self._expect(inputs[0].shape[1])
        return (inputs[0][:, self.index],)

    def _expect(self, steps: int) -> None:
        if not -steps <= self.index < steps:
            raise BundleMismatch(f"{self.name}: steps", f"a step {self.index}", steps)


@dataclass(frozen=True, eq=False, slots=True)
class Slice:
    """(rows, …) → of each axis of a row one index or a range, as numpy picks them.

    An axis is an index, or ``[start, stop, step]`` with None for what is left open.
    """

    name: str
    axes: tuple[int | slice, ...]

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> Slice:
        """Return the layer; it has no weights."""
        expect_weights(spec, weights, {})
        with Options(spec) as options:
            axes = options.value("axes")
            if not isinstance(axes, list | tuple) or not axes or not all(map(_is_pick, axes)):
                options.refuse("axes")
        return cls(spec.name, tuple(one if is_whole(one) else slice(*one) for one in axes))

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the sizes that are left."""
        shape = only(self.name, shapes)
        if len(shape) < len(self.axes):
            raise BundleMismatch(f"{self.name}: input", f"{len(self.axes)} dimensions", shape)
        pairs = zip(self.axes, shape, strict=False)
        left = [self._size(axis, size) for axis, size in pairs if isinstance(axis, slice)]
        for axis, size in zip(self.axes, shape, strict=False):
            self._expect(axis, size)
        if not (found := (*left, *shape[len(self.axes) :])):
            raise BundleMismatch(f"{self.name}: axes", "at least one that is left", "none")
        return (found,)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return what is picked of each row.

        Raises:
            BundleMismatch: for rows that have nothing there.
        """
        for axis, size in zip(self.axes, inputs[0].shape[1:], strict=False):
            self._expect(axis, size)
        return (inputs[0][(slice(None), *self.axes)],)

    def _expect(self, axis: int | slice, size: int | None) -> None:
        if size is None:
            return
        there = self._size(axis, size) if isinstance(axis, slice) else -size <= axis < size
        if not there:
            raise BundleMismatch(f"{self.name}: input", f"a size with {axis}", size)

    @staticmethod
    def _size(axis: slice, size: int | None) -> int | None:
        return None if size is None else len(range(*axis.indices(size)))


@dataclass(frozen=True, eq=False, slots=True)
class ZeroPadding1D:
    """(rows, steps, size) → (rows, more steps, size), with steps of 0 before and after."""

    name: str
    before: int
    after: int

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> ZeroPadding1D:
        """Return the layer; it has no weights."""
        expect_weights(spec, weights, {})
        with Options(spec) as options:
            padding = options.value("padding", 1)
            sides = padding if isinstance(padding, list | tuple) else (padding, padding)
            if len(sides) != 2 or not all(is_whole(n) and 0 <= n <= MOST_STEPS for n in sides):
                options.refuse("padding")
        return cls(spec.name, *sides)

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return (more steps, size)."""
        steps, size = only(self.name, shapes, 2)
        return ((None if steps is None else steps + self.before + self.after, size),)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the longer rows."""
        return (np.pad(inputs[0], ((0, 0), (self.before, self.after), (0, 0))),)


@dataclass(frozen=True, eq=False, slots=True)
class Permute:
    """(rows, …) → the same values with the axes of a row in the order ``dims``, from 1 on."""

    name: str
    dims: tuple[int, ...]

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> Permute:
        """Return the layer; it has no weights."""
        expect_weights(spec, weights, {})
        with Options(spec) as options:
            dims = options.value("dims")
            if not isinstance(dims, list | tuple) or not all(map(is_whole, dims)):
                options.refuse("dims")
            if sorted(dims) != list(range(1, len(dims) + 1)):
                options.refuse("dims")
        return cls(spec.name, tuple(dims))

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the sizes in their new order."""
        shape = only(self.name, shapes, len(self.dims))
        return (tuple(shape[axis - 1] for axis in self.dims),)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the turned rows."""
        return (inputs[0].transpose(0, *self.dims),)


def _is_pick(value: object) -> bool:
    if not isinstance(value, list | tuple):
        return is_whole(value)
    return len(value) == 3 and all(one is None or is_whole(one) for one in value) and value[2] != 0


BUILDERS: Mapping[str, Builder] = {
    "Step": Step.build,
    "Slice": Slice.build,
    "ZeroPadding1D": ZeroPadding1D.build,
    "Permute": Permute.build,
}
