"""Layers: array → array. Each is built from its spec and its weights, and refuses what it
does not know, because a setting that is passed over silently gives a wrong score."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.network.activations import ACTIVATIONS
from classifier.network.spec import LayerSpec, Shape

Array = npt.NDArray[Any]


class Layer(Protocol):
    """What every layer can do."""

    def shape(self, shape: Shape) -> Shape:
        """Return the shape of one row of output for that of one row of input.

        Raises:
            BundleMismatch: if the layer cannot take such rows.
        """

    def __call__(self, x: Array) -> Array:
        """Return the layer's output for a batch of rows."""


@dataclass(frozen=True, eq=False, slots=True)
class Embedding:
    """ids (rows, steps) → vectors (rows, steps, size), looked up in ``table`` (words, size)."""

    name: str
    table: Array

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> Embedding:
        """Return the layer; weights: ``table``."""
        _expect_config(spec, {"mask_zero": False})
        _expect_weights(spec, weights, {"table": 2})
        return cls(spec.name, weights["table"])

    def shape(self, shape: Shape) -> Shape:
        """Return (steps, size)."""
        _expect_rank(self.name, shape, 1)
        return (*shape, self.table.shape[1])

    def __call__(self, x: Array) -> Array:
        """Return the vector of each id.

        Raises:
            BundleMismatch: for an id out of range; numpy alone would wrap a negative one.
        """
        words = len(self.table)
        if not np.issubdtype(x.dtype, np.integer):
            raise BundleMismatch(f"{self.name}: ids", "whole numbers", x.dtype)
        if x.size and (x.min() < 0 or x.max() >= words):
            raise BundleMismatch(
                f"{self.name}: ids", f"0 to {words - 1}", f"{x.min()} to {x.max()}"
            )
        return self.table[x]


@dataclass(frozen=True, eq=False, slots=True)
class GlobalAveragePooling1D:
    """(rows, steps, size) → (rows, size), the mean over all steps, padding included."""

    name: str

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> GlobalAveragePooling1D:
        """Return the layer; it has no weights."""
        _expect_config(spec, {"keepdims": False, "data_format": "channels_last"})
        _expect_weights(spec, weights, {})
        return cls(spec.name)

    def shape(self, shape: Shape) -> Shape:
        """Return (size,)."""
        _expect_rank(self.name, shape, 2)
        return shape[1:]

    def __call__(self, x: Array) -> Array:
        """Return the means."""
        if not x.shape[1]:
            raise BundleMismatch(f"{self.name}: steps", "at least 1", 0)
        means: Array = x.mean(axis=1)
        return means


@dataclass(frozen=True, eq=False, slots=True)
class Dense:
    """(…, inputs) → (…, units): ``activation(x · kernel + bias)``."""

    name: str
    kernel: Array
    bias: Array | None
    activation: Callable[[Array], Array]

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> Dense:
        """Return the layer; weights: ``kernel`` (inputs, units), and ``bias`` (units,) if any."""
        activation = spec.config.get("activation", "linear")
        _expect_config(spec, {"activation": activation})
        if not isinstance(activation, str) or activation not in ACTIVATIONS:
            raise UnsupportedLayer(spec.name, f"Dense(activation={activation!r})")
        ranks = {"kernel": 2, "bias": 1} if "bias" in weights else {"kernel": 2}
        _expect_weights(spec, weights, ranks)
        kernel, bias = weights["kernel"], weights.get("bias")
        if bias is not None and bias.shape != kernel.shape[1:]:
            raise BundleMismatch(f"{spec.name}: bias", kernel.shape[1:], bias.shape)
        return cls(spec.name, kernel, bias, ACTIVATIONS[activation])

    def shape(self, shape: Shape) -> Shape:
        """Return (…, units)."""
        if shape[-1:] != self.kernel.shape[:1]:
            raise BundleMismatch(f"{self.name}: input", f"{len(self.kernel)} values a row", shape)
        return (*shape[:-1], self.kernel.shape[1])

    def __call__(self, x: Array) -> Array:
        """Return the activations."""
        product = x @ self.kernel
        return self.activation(product if self.bias is None else product + self.bias)


_BUILDERS: Mapping[str, Callable[[LayerSpec, Mapping[str, Array]], Layer]] = {
    "Embedding": Embedding.build,
    "GlobalAveragePooling1D": GlobalAveragePooling1D.build,
    "Dense": Dense.build,
}


def build_layer(spec: LayerSpec, weights: Mapping[str, Array]) -> Layer:
    """Return the layer that ``spec`` describes; ``weights`` by role.

    Raises:
        UnsupportedLayer: for a kind or a setting that this runtime does not know.
        BundleMismatch: for weights that are not those of such a layer.
    """
    if spec.kind not in _BUILDERS:
        raise UnsupportedLayer(spec.name, spec.kind)
    if len(spec.inputs) != 1:
        raise BundleMismatch(f"{spec.name}: inputs", "one", len(spec.inputs))
    return _BUILDERS[spec.kind](spec, weights)


def _expect_config(spec: LayerSpec, known: Mapping[str, object]) -> None:
    for key, value in spec.config.items():
        if key not in known or value != known[key]:
            raise UnsupportedLayer(spec.name, f"{spec.kind}({key}={value!r})")


def _expect_weights(
    spec: LayerSpec, weights: Mapping[str, Array], ranks: Mapping[str, int]
) -> None:
    if weights.keys() != ranks.keys():
        raise BundleMismatch(f"{spec.name}: weights", sorted(ranks), sorted(weights))
    for role, rank in ranks.items():
        tensor = weights[role]
        if tensor.ndim != rank or not tensor.size:
            raise BundleMismatch(f"{spec.name}: {role}", f"{rank} dimensions", tensor.shape)
        if not np.issubdtype(tensor.dtype, np.floating):
            raise BundleMismatch(f"{spec.name}: {role}", "floating-point numbers", tensor.dtype)
        if not np.isfinite(tensor).all():
            raise BundleMismatch(f"{spec.name}: {role}", "finite numbers", "NaN or infinity")


def _expect_rank(name: str, shape: Shape, rank: int) -> None:
    if len(shape) != rank:
        raise BundleMismatch(f"{name}: input", f"{rank} dimensions a row", shape)
