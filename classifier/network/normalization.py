"""Normalization: values brought to a common mean and spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.errors import BundleMismatch
from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import Options, expect_sizes, expect_weights, is_whole, only
from classifier.network.spec import LayerSpec, Shape

EPSILON = 1e-3
"""Of Keras; PyTorch's is 1e-5."""


@dataclass(frozen=True, eq=False, slots=True)
class BatchNormalization:
    """(rows, …) → the same shape: ``(x − mean) · scale + beta`` by the place along ``axis``.

    Mean and scale are those learned in training, so that no row depends on its neighbours.
    """

    name: str
    axis: int
    mean: Array
    scale: Array
    beta: Array | None

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> BatchNormalization:
        """Return the layer.

        Its weights, each (size,): ``moving_mean``, ``moving_variance``, and if there are any
        ``gamma`` and ``beta``.
        """
        roles = ("moving_mean", "moving_variance", "gamma", "beta")
        expect_weights(spec, weights, dict.fromkeys(roles, 1), optional=["gamma", "beta"])
        mean, variance = weights["moving_mean"], weights["moving_variance"]
        for role, tensor in weights.items():
            expect_sizes(spec, role, tensor, mean.shape)
        with Options(spec) as options:
            axis, epsilon = options.axis("axis", -1), options.number("epsilon", EPSILON)
        if variance.min() + epsilon <= 0:
            raise BundleMismatch(f"{spec.name}: moving_variance", "above 0", variance.min())
        scale = weights.get("gamma", 1) / np.sqrt(variance + epsilon)
        return cls(spec.name, axis, mean, scale.astype(mean.dtype), weights.get("beta"))

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the input's."""
        shape = only(self.name, shapes)
        place = _place(self.name, self.axis, shape)
        if shape[place] != len(self.mean):
            raise BundleMismatch(f"{self.name}: input", f"{len(self.mean)} on the axis", shape)
        return (shape,)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the normalized values."""
        x = inputs[0]
        sizes = [1] * x.ndim
        sizes[self.axis] = len(self.mean)
        found: Array = (x - self.mean.reshape(sizes)) * self.scale.reshape(sizes)
        return (found if self.beta is None else found + self.beta.reshape(sizes),)


@dataclass(frozen=True, eq=False, slots=True)
class LayerNormalization:
    """(rows, …) → the same shape: mean 0 and biased variance 1 over ``axes``, then
    ``· gamma + beta``."""

    name: str
    axes: tuple[int, ...]
    epsilon: float
    gamma: Array | None
    beta: Array | None

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> LayerNormalization:
        """Return the layer; weights: ``gamma`` and ``beta``, of the axes' sizes, if any."""
        with Options(spec) as options:
            axes, epsilon = _read_axes(options), options.number("epsilon", EPSILON)
            if epsilon <= 0:
                options.refuse("epsilon")
        ranks = {"gamma": len(axes), "beta": len(axes)}
        expect_weights(spec, weights, ranks, optional=["gamma", "beta"])
        return cls(spec.name, axes, epsilon, weights.get("gamma"), weights.get("beta"))

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the input's."""
        shape = only(self.name, shapes)
        places = [_place(self.name, axis, shape) for axis in self.axes]
        if places != sorted(set(places)):
            raise BundleMismatch(f"{self.name}: axis", "axes in order, each once", self.axes)
        sizes = tuple(shape[place] for place in places)
        for role, tensor in (("gamma", self.gamma), ("beta", self.beta)):
            if tensor is not None and tensor.shape != sizes:
                raise BundleMismatch(f"{self.name}: {role}", sizes, tensor.shape)
        return (shape,)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the normalized values."""
        x = inputs[0]
        centred = x - x.mean(axis=self.axes, keepdims=True)
        variance = np.square(centred).mean(axis=self.axes, keepdims=True)
        found: Array = centred / np.sqrt(variance + self.epsilon)
        sizes = [1] * x.ndim
        for axis in self.axes:
            sizes[axis] = x.shape[axis]
        if self.gamma is not None:
            found = found * self.gamma.reshape(sizes)
        return (found if self.beta is None else found + self.beta.reshape(sizes),)


def _read_axes(options: Options) -> tuple[int, ...]:
    value = options.value("axis", -1)
    axes = value if isinstance(value, list | tuple) else [value]
    found = tuple(axis for axis in axes if is_whole(axis) and axis)
    return found if found and len(found) == len(axes) else options.refuse("axis")


def _place(name: str, axis: int, shape: Shape) -> int:
    """Return where ``axis``, counted with the rows as axis 0, stands in the shape of a row."""
    place = axis - 1 if axis > 0 else axis + len(shape)
    if not 0 <= place < len(shape):
        raise BundleMismatch(f"{name}: axis", f"an axis of {shape}", axis)
    return place


BUILDERS: Mapping[str, Builder] = {
    "BatchNormalization": BatchNormalization.build,
    "LayerNormalization": LayerNormalization.build,
}
