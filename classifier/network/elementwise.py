"""Layers that apply one function to their only input and leave its shape as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from classifier.errors import BundleMismatch
from classifier.network.activations import (
    Activation,
    activated,
    elu,
    leaky_relu,
    linear,
    read_activation,
    relu,
    softmax,
)
from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import Options, expect_weights, is_number, only
from classifier.network.spec import LayerSpec, Shape


@dataclass(frozen=True, eq=False, slots=True)
class Elementwise:
    """(rows, …) → (rows, …); along one axis at most do values depend on each other."""

    name: str
    function: Activation

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the input's; of a gated unit half the last size."""
        return (activated(self.name, self.function, only(self.name, shapes)),)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the function's values."""
        return (self.function(inputs[0]),)


@dataclass(frozen=True, eq=False, slots=True)
class Softmax:
    """eˣ scaled to a sum of 1 along ``axis``; what the mask leaves out gets 0."""

    name: str
    axis: int

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> Softmax:
        """Return the layer; it has no weights."""
        expect_weights(spec, weights, {})
        with Options(spec, masked=True) as options:
            return cls(spec.name, options.axis("axis", -1))

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the input's."""
        shape = only(self.name, shapes)
        if not -len(shape) <= self.axis <= len(shape):
            raise BundleMismatch(f"{self.name}: axis", f"at most {len(shape)}", self.axis)
        return (shape,)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the shares.

        Raises:
            BundleMismatch: if the mask is not of the input's shape.
        """
        x = inputs[0]
        if mask is None:
            return (softmax(x, axis=self.axis),)
        if mask.shape != x.shape:
            raise BundleMismatch(f"{self.name}: mask", x.shape, mask.shape)
        shares = softmax(np.where(mask, x, np.finfo(x.dtype).min), axis=self.axis)
        return (np.where(mask, shares, x.dtype.type(0)),)


def _read_relu(options: Options) -> Activation:
    most = options.value("max_value")
    if most is not None and not is_number(most):
        options.refuse("max_value")
    return partial(
        relu,
        negative_slope=options.number("negative_slope", 0.0),
        max_value=most,
        threshold=options.number("threshold", 0.0),
    )


def _read_leaky_relu(options: Options) -> Activation:
    return partial(leaky_relu, negative_slope=options.number("negative_slope", 0.3))


def _read_elu(options: Options) -> Activation:
    return partial(elu, alpha=options.number("alpha", 1.0))


def _read_identity(options: Options) -> Activation:
    """``of`` is the class that it stands for: one that does something in training only.

    ``rate``, the share of values that a dropout drops, counts there alone.
    """
    options.value("of")
    if not 0 <= options.number("rate", 0.0) < 1:
        options.refuse("rate")
    return linear


def _plain(function: Activation) -> Callable[[Options], Activation]:
    return lambda _: function


def _builder(read: Callable[[Options], Activation]) -> Builder:
    def build(spec: LayerSpec, weights: Mapping[str, Array]) -> Elementwise:
        expect_weights(spec, weights, {})
        with Options(spec) as options:
            return Elementwise(spec.name, read(options))

    return build


BUILDERS: Mapping[str, Builder] = {
    "Activation": _builder(read_activation),
    "ReLU": _builder(_read_relu),
    "LeakyReLU": _builder(_read_leaky_relu),
    "ELU": _builder(_read_elu),
    "Identity": _builder(_read_identity),
    "Softmax": Softmax.build,
    "Negative": _builder(_plain(np.negative)),
    "Absolute": _builder(_plain(np.abs)),
    "Square": _builder(_plain(np.square)),
    "Sqrt": _builder(_plain(np.sqrt)),
    "Exp": _builder(_plain(np.exp)),
    "Log": _builder(_plain(np.log)),
}
