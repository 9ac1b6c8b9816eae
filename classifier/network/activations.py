"""Activations by the names Keras gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def linear(x: Array) -> Array:
    """Return ``x`` as it is."""
    return x


def relu(x: Array) -> Array:
    """Return ``x`` with 0 in place of negative values."""
    return np.maximum(x, 0)


def sigmoid(x: Array) -> Array:
    """Return 1 / (1 + e⁻ˣ), written in two branches so that neither can overflow."""
    small = np.exp(-np.abs(x))
    result: Array = np.where(x >= 0, 1, small) / (1 + small)
    return result


def softmax(x: Array) -> Array:
    """Return eˣ scaled to a sum of 1 along the last axis."""
    exponents = np.exp(x - x.max(axis=-1, keepdims=True))
    result: Array = exponents / exponents.sum(axis=-1, keepdims=True)
    return result


ACTIVATIONS: Mapping[str, Callable[[Array], Array]] = {
    "linear": linear,
    "relu": relu,
    "sigmoid": sigmoid,
    "softmax": softmax,
}
