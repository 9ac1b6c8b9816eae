"""Masks: which steps of a row count. They are arrays of true and false like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce

import numpy as np

from classifier.errors import BundleMismatch
from classifier.network.inputs import fits
from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import Options, expect_weights, only
from classifier.network.spec import LayerSpec, Shape


@dataclass(frozen=True, eq=False, slots=True)
class Masking:
    """(rows, steps, …, size) → the same, with 0 in steps of which all values are ``value``."""

    name: str
    value: float

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the input's."""
        return (_steps(self.name, shapes),)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the values of the steps that count, 0 elsewhere."""
        x = inputs[0]
        return (x * (x != self.value).any(axis=-1, keepdims=True),)


@dataclass(frozen=True, eq=False, slots=True)
class MaskOf:
    """(rows, steps, …, size) → (rows, steps, …): true where a value is not ``value``."""

    name: str
    value: float

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return that of the steps."""
        return (_steps(self.name, shapes)[:-1],)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the mask."""
        return ((inputs[0] != self.value).any(axis=-1),)


@dataclass(frozen=True, eq=False, slots=True)
class NotEqual:
    """(rows, …) → the same shape: true where ``x`` is not ``value``."""

    name: str
    value: float

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the input's."""
        return (only(self.name, shapes),)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the mask."""
        return (inputs[0] != self.value,)


@dataclass(frozen=True, eq=False, slots=True)
class JoinedMasks:
    """Several masks of one shape → one."""

    name: str
    join: Callable[[Array, Array], Array]

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the masks'."""
        for shape in shapes:
            if not fits(shape, shapes[0]):
                raise BundleMismatch(f"{self.name}: inputs", shapes[0], shape)
        return (shapes[0],)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the mask."""
        _expect_same(self.name, inputs)
        return (reduce(self.join, _masks(self.name, inputs)),)


@dataclass(frozen=True, eq=False, slots=True)
class ConcatenateMasks:
    """Masks (rows, steps) of rows that follow each other → (rows, all their steps)."""

    name: str

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the sum of the steps."""
        sizes = [only(self.name, [shape], 1)[0] for shape in shapes]
        known = [size for size in sizes if size is not None]
        return ((sum(known) if len(known) == len(sizes) else None,),)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the mask."""
        return (np.concatenate(_masks(self.name, inputs), axis=1),)


def _steps(name: str, shapes: Sequence[Shape]) -> Shape:
    shape = only(name, shapes)
    if len(shape) < 2:
        raise BundleMismatch(f"{name}: input", "steps of several values", shape)
    return shape


def _masks(name: str, inputs: Sequence[Array]) -> Sequence[Array]:
    for array in inputs:
        if array.dtype != np.bool_:
            raise BundleMismatch(f"{name}: inputs", "true or false", array.dtype)
    return inputs


def _expect_same(name: str, inputs: Sequence[Array]) -> None:
    for array in inputs:
        if array.shape != inputs[0].shape:
            raise BundleMismatch(f"{name}: inputs", inputs[0].shape, array.shape)


def _builder(kind: Callable[[str, float], Masking | MaskOf | NotEqual], key: str) -> Builder:
    def build(spec: LayerSpec, weights: Mapping[str, Array]) -> Masking | MaskOf | NotEqual:
        expect_weights(spec, weights, {})
        with Options(spec) as options:
            return kind(spec.name, options.number(key, 0.0))

    return build


def _joined(
    join: Callable[[Array, Array], Array], spec: LayerSpec, weights: Mapping[str, Array]
) -> JoinedMasks:
    expect_weights(spec, weights, {})
    with Options(spec):
        return JoinedMasks(spec.name, join)


def _concatenated(spec: LayerSpec, weights: Mapping[str, Array]) -> ConcatenateMasks:
    expect_weights(spec, weights, {})
    with Options(spec) as options:
        if options.value("axis", 1) != 1:
            options.refuse("axis")
        return ConcatenateMasks(spec.name)


BUILDERS: Mapping[str, Builder] = {
    "Masking": _builder(Masking, "mask_value"),
    "MaskOf": _builder(MaskOf, "mask_value"),
    "NotEqual": _builder(NotEqual, "value"),
    "AllOf": partial(_joined, np.logical_and),
    "AnyOf": partial(_joined, np.logical_or),
    "ConcatenateMasks": _concatenated,
}
MASKS = frozenset(BUILDERS.keys() - {"Masking"})
"""The kinds that answer true or false, through which no gradient passes."""
