"""Weights of a network that has learned nothing yet."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.network import Array, GraphSpec, Network

_ONES = ("gamma", "moving_variance")
_ZEROS = ("bias", "beta", "moving_mean")
_SMALL = 0.05


def initial_network(
    spec: GraphSpec, shapes: Mapping[str, tuple[int, ...]], *, seed: int
) -> Network:
    """Return the network of ``spec`` with fresh weights, drawn as Keras draws them.

    Tables are uniform within ±0.05, kernels as Glorot and Bengio (2010) have them, uniform
    within ±√(6 / (inputs + units)), both counted for each step that a convolution reads;
    biases are 0 and scales 1.

    Args:
        spec: what the network is made of.
        shapes: of each tensor, by name.
        seed: the same seed gives the same weights.

    Raises:
        UnsupportedLayer: for a layer whose weights begin otherwise, or that cannot run.
        BundleMismatch: for shapes missing, left over, or that do not fit together.
    """
    random = np.random.default_rng(seed)
    tensors: dict[str, Array] = {}
    for layer in spec.layers:
        for role, name in sorted(layer.weights.items()):
            if name not in shapes:
                raise BundleMismatch(name, f"a shape for layer {layer.name!r}", "none")
            if name in tensors:
                continue
            drawn = _draw(role, shapes[name], random)
            if drawn is None:
                raise UnsupportedLayer(layer.name, layer.kind, fault="has no initial weights here")
            tensors[name] = drawn.astype(np.float32)
    for name in shapes.keys() - tensors.keys():
        raise BundleMismatch(name, "a layer that uses it", "none")
    return Network(spec, tensors)


def _draw(role: str, shape: tuple[int, ...], random: np.random.Generator) -> Array | None:
    if role == "table":
        return random.uniform(-_SMALL, _SMALL, shape)
    if role == "kernel" and len(shape) >= 2:
        limit = math.sqrt(6 / (math.prod(shape[:-2]) * sum(shape[-2:])))
        return random.uniform(-limit, limit, shape)
    if role in _ONES:
        return np.ones(shape)
    return np.zeros(shape) if role in _ZEROS else None
