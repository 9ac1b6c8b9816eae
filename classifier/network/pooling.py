"""Pooling over steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.errors import BundleMismatch
from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import Options, expect_weights, only
from classifier.network.spec import LayerSpec, Shape


@dataclass(frozen=True, eq=False, slots=True)
class GlobalPooling:
    """(rows, steps, size) → (rows, size), or (rows, 1, size) with ``keepdims``."""

    name: str
    keepdims: bool

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return (size,) or (1, size)."""
        _, size = only(self.name, shapes, 2)
        return ((1, size) if self.keepdims else (size,),)

    def _steps(self, x: Array) -> Array:
        if not x.shape[1]:
            raise BundleMismatch(f"{self.name}: steps", "at least 1", 0)
        return x


@dataclass(frozen=True, eq=False, slots=True)
class GlobalAveragePooling1D(GlobalPooling):
    """The mean over the steps: of those that the mask names, without one over all.

    A row without any step that counts has the mean 0, where Keras divides by zero.
    """

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> GlobalAveragePooling1D:
        """Return the layer; it has no weights."""
        expect_weights(spec, weights, {})
        with Options(spec, masked=True) as options:
            return cls(spec.name, options.flag("keepdims", False))

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the means."""
        x = self._steps(inputs[0])
        if mask is None:
            return (x.mean(axis=1, keepdims=self.keepdims),)
        counted = mask[:, :, None].astype(x.dtype)
        sums = (x * counted).sum(axis=1, keepdims=self.keepdims)
        counts = counted.sum(axis=1, keepdims=self.keepdims)
        return (sums / np.maximum(counts, 1),)


BUILDERS: Mapping[str, Builder] = {"GlobalAveragePooling1D": GlobalAveragePooling1D.build}
