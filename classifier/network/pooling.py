"""Pooling over steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import Options, expect_weights, only
from classifier.network.spec import LayerSpec, Shape
from classifier.network.windows import MOST_STEPS, Windows


@dataclass(frozen=True, eq=False, slots=True)
class GlobalAveragePooling1D:
    """(rows, steps, size) → (rows, size), or (rows, 1, size) with ``keepdims``.

    The mean over the steps: of those that the mask names, without a mask over all.
    A row without any step that counts has the mean 0, where Keras divides by zero.
    """

    name: str
    keepdims: bool

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> GlobalAveragePooling1D:
        """Return the layer; it has no weights."""
        expect_weights(spec, weights, {})
        with Options(spec, masked=True) as options:
            return cls(spec.name, options.flag("keepdims", False))

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return (size,) or (1, size)."""
        return _global_shape(self.name, self.keepdims, shapes)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the means."""
        x = inputs[0]
        if mask is None:
            means = mean_over_steps(x)
            return (means[:, None] if self.keepdims else means,)
        counted = mask[:, :, None].astype(x.dtype)
        sums = (x * counted).sum(axis=1, keepdims=self.keepdims)
        counts = counted.sum(axis=1, keepdims=self.keepdims)
        return (sums / np.maximum(counts, 1),)


@dataclass(frozen=True, eq=False, slots=True)
class GlobalMaxPooling1D:
    """(rows, steps, size) → (rows, size), or (rows, 1, size) with ``keepdims``: the largest
    value of all steps."""

    name: str
    keepdims: bool

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> GlobalMaxPooling1D:
        """Return the layer; it has no weights."""
        expect_weights(spec, weights, {})
        with Options(spec) as options:
            return cls(spec.name, options.flag("keepdims", False))

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return (size,) or (1, size)."""
        return _global_shape(self.name, self.keepdims, shapes)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the largest values."""
        return (inputs[0].max(axis=1, keepdims=self.keepdims),)


@dataclass(frozen=True, eq=False, slots=True)
class MaxPooling1D:
    """(rows, steps, size) → (rows, windows, size): the largest value of each window."""

    name: str
    windows: Windows

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> MaxPooling1D:
        """Return the layer; it has no weights."""
        return cls(spec.name, _read_windows(spec, weights))

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return (windows, size)."""
        return _window_shape(self.name, self.windows, shapes)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the largest values."""
        count = self.windows.count(self.name, inputs[0].shape[1]) or 0
        padded = self.windows.pad(inputs[0], -np.inf)
        return (reduce(np.maximum, self.windows.taps(padded, count)),)


@dataclass(frozen=True, eq=False, slots=True)
class AveragePooling1D:
    """(rows, steps, size) → (rows, windows, size): the mean of each window, of which the
    padding is no part."""

    name: str
    windows: Windows

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> AveragePooling1D:
        """Return the layer; it has no weights."""
        return cls(spec.name, _read_windows(spec, weights))

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return (windows, size)."""
        return _window_shape(self.name, self.windows, shapes)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the means."""
        x = inputs[0]
        count = self.windows.count(self.name, x.shape[1]) or 0
        ones = np.ones((1, x.shape[1], 1), x.dtype)
        sums, sizes = (
            reduce(np.add, self.windows.taps(self.windows.pad(values, 0.0), count))
            for values in (x, ones)
        )
        return (sums / sizes,)


def mean_over_steps(x: Array) -> Array:
    """Return the mean of (rows, steps, size) over all steps: (rows, size).

    As a product with equal shares it takes up to a seventh of the time of ``mean()``.
    """
    steps = x.shape[1]
    shares = np.full((1, steps), 1 / steps, dtype=np.result_type(x.dtype, np.float32))
    means: Array = (shares @ x)[:, 0]
    return means


def _read_windows(spec: LayerSpec, weights: Mapping[str, Array]) -> Windows:
    expect_weights(spec, weights, {})
    with Options(spec) as options:
        size = options.stride("pool_size", 2)
        stride = size if options.value("strides") is None else options.stride("strides")
        if size > MOST_STEPS:
            options.refuse("pool_size")
        return Windows(size, stride, options.choice("padding", "valid", ("valid", "same")))


def _window_shape(name: str, windows: Windows, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
    steps, size = only(name, shapes, 2)
    return ((windows.count(name, steps), size),)


def _global_shape(name: str, keepdims: bool, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
    _, size = only(name, shapes, 2)
    return ((1, size) if keepdims else (size,),)


BUILDERS: Mapping[str, Builder] = {
    "GlobalAveragePooling1D": GlobalAveragePooling1D.build,
    "GlobalMaxPooling1D": GlobalMaxPooling1D.build,
    "MaxPooling1D": MaxPooling1D.build,
    "AveragePooling1D": AveragePooling1D.build,
}
