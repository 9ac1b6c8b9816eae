"""Convolution over steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.errors import BundleMismatch
from classifier.network.activations import Activation, activated, read_activation
from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import Options, expect_sizes, expect_weights, only
from classifier.network.spec import LayerSpec, Shape
from classifier.network.windows import MOST_STEPS, Windows


@dataclass(frozen=True, eq=False, slots=True)
class Conv1D:
    """(rows, steps, inputs) → (rows, windows, filters).

    Attributes:
        kernels: one for each group of inputs: (size, inputs / groups, filters / groups).
    """

    name: str
    kernels: tuple[Array, ...]
    bias: Array | None
    windows: Windows
    activation: Activation

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> Conv1D:
        """Return the layer.

        Its weights: ``kernel`` (size, inputs / groups, filters), and ``bias`` (filters,) if any.
        """
        expect_weights(spec, weights, {"kernel": 3, "bias": 1}, optional=["bias"])
        kernel, bias = weights["kernel"], weights.get("bias")
        if bias is not None:
            expect_sizes(spec, "bias", bias, kernel.shape[2:])
        with Options(spec) as options:
            windows = _read_windows(options, len(kernel))
            groups = options.whole("groups", 1)
            activation = read_activation(options)
        if kernel.shape[2] % groups:
            raise BundleMismatch(f"{spec.name}: kernel", f"{groups} groups", kernel.shape)
        return cls(spec.name, _split(kernel, groups), bias, windows, activation)

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return (windows, filters)."""
        steps, size = only(self.name, shapes, 2)
        groups, filters = len(self.kernels), sum(kernel.shape[2] for kernel in self.kernels)
        if size != (expected := groups * self.kernels[0].shape[1]):
            raise BundleMismatch(f"{self.name}: input", f"{expected} values a step", shapes[0])
        found = (self.windows.count(self.name, steps), filters)
        return (activated(self.name, self.activation, found),)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the activations.

        Raises:
            BundleMismatch: for rows that are shorter than a window.
        """
        count = self.windows.count(self.name, inputs[0].shape[1]) or 0
        parts = np.split(self.windows.pad(inputs[0], 0.0), len(self.kernels), axis=2)
        sums = [
            self._convolved(part, kernel, count)
            for part, kernel in zip(parts, self.kernels, strict=True)
        ]
        found = sums[0] if len(sums) == 1 else np.concatenate(sums, axis=2)
        if self.bias is not None:
            found += self.bias
        return (self.activation(found),)

    def _convolved(self, x: Array, kernel: Array, count: int) -> Array:
        first, *others = self.windows.taps(x, count)
        found: Array = first @ kernel[0]
        for tap, weights in zip(others, kernel[1:], strict=True):
            found += tap @ weights
        return found


def _read_windows(options: Options, size: int) -> Windows:
    windows = Windows(
        size,
        options.stride("strides", 1),
        options.choice("padding", "valid", ("valid", "same", "causal")),
        options.stride("dilation_rate", 1),
    )
    if windows.reach > MOST_STEPS:
        options.refuse("dilation_rate")
    return windows


def _split(kernel: Array, groups: int) -> tuple[Array, ...]:
    """Return the kernels of the groups, each of whose taps lies in one piece."""
    return tuple(np.ascontiguousarray(part) for part in np.split(kernel, groups, axis=2))


BUILDERS: Mapping[str, Builder] = {"Conv1D": Conv1D.build}
