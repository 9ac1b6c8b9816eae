"""Steps that make one vector of many: the mean and the largest values."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from classifier.network import Array, Layer, LayerSpec
from classifier.training.gradients.step import Backward, Forward, Given, Gradients, StepBuilder


def _mean(spec: LayerSpec, layer: Layer) -> Forward:
    keepdims = bool(spec.config.get("keepdims", False))

    def forward(given: Given) -> tuple[Array, Backward]:
        shares = _shares(given)
        means = shares @ given.inputs[0]

        def backward(slope: Array) -> Gradients:
            return Gradients((shares.transpose(0, 2, 1) * _per_row(slope),))

        return means if keepdims else means[:, 0], backward

    return forward


def _shares(given: Given) -> Array:
    """Return the share of each step in the mean of its row: (rows, 1, steps)."""
    x = given.inputs[0]
    if given.mask is None:
        return np.full((len(x), 1, x.shape[1]), 1 / x.shape[1], x.dtype)
    counted = given.mask[:, None, :].astype(x.dtype)
    shares: Array = counted / np.maximum(counted.sum(axis=2, keepdims=True), 1)
    return shares


def _largest(spec: LayerSpec, layer: Layer) -> Forward:
    keepdims = bool(spec.config.get("keepdims", False))

    def forward(given: Given) -> tuple[Array, Backward]:
        x = given.inputs[0]
        places = x.argmax(axis=1)[:, None]

        def backward(slope: Array) -> Gradients:
            gradient = np.zeros_like(x)
            np.put_along_axis(gradient, places, _per_row(slope), axis=1)
            return Gradients((gradient,))

        largest = np.take_along_axis(x, places, axis=1)
        return largest if keepdims else largest[:, 0], backward

    return forward


def _per_row(slope: Array) -> Array:
    """(rows, size) or (rows, 1, size) → (rows, 1, size)."""
    return slope.reshape(len(slope), 1, slope.shape[-1])


STEPS: Mapping[str, StepBuilder] = {
    "GlobalAveragePooling1D": _mean,
    "GlobalMaxPooling1D": _largest,
}
