"""Activations by the names Keras gives them, with its arguments and its defaults."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from inspect import Parameter, signature
from typing import Any

import numpy as np

from classifier.errors import BundleMismatch
from classifier.network.layer import Array
from classifier.network.options import Options, is_number, is_whole
from classifier.network.spec import Shape

Activation = Callable[[Array], Array]

_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772, 1.0507009873554805
_ERF = np.frompyfunc(math.erf, 1, 1)


def linear(x: Array) -> Array:
    """Return ``x`` as it is."""
    return x


def relu(
    x: Array,
    *,
    negative_slope: float = 0.0,
    max_value: float | None = None,
    threshold: float = 0.0,
) -> Array:
    """Return ``x`` above ``threshold``, at most ``max_value``; below it falls by the slope."""
    high = np.where(x > threshold, x, x.dtype.type(0)) if threshold else np.maximum(x, 0)
    if max_value is not None:
        high = np.minimum(high, max_value)
    return high + negative_slope * np.minimum(x - threshold, 0) if negative_slope else high


def relu6(x: Array) -> Array:
    """Return ``x`` cut to 0…6."""
    return np.clip(x, 0, 6)


def leaky_relu(x: Array, *, negative_slope: float = 0.2) -> Array:
    """Return ``x``, times ``negative_slope`` where it is negative."""
    return np.where(x < 0, negative_slope * x, x)


def elu(x: Array, *, alpha: float = 1.0) -> Array:
    """Return ``x``, α(eˣ − 1) where it is negative."""
    return np.where(x < 0, alpha * np.expm1(np.minimum(x, 0)), x)


def selu(x: Array) -> Array:
    """Return the scaled ``elu`` (Klambauer et al., 2017)."""
    return _SELU_SCALE * elu(x, alpha=_SELU_ALPHA)


def celu(x: Array, *, alpha: float = 1.0) -> Array:
    """Return ``x``, α(e^(x/α) − 1) where it is negative."""
    return np.where(x < 0, alpha * np.expm1(np.minimum(x, 0) / alpha), x)


def gelu(x: Array, *, approximate: bool = False) -> Array:
    """Return x·Φ(x), by the error function or by the usual approximation with tanh."""
    if approximate:
        double: Array = 1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))
    else:
        double = 1 + np.asarray(_ERF(x / math.sqrt(2)), dtype=x.dtype)
    result: Array = x * (0.5 * double)
    return result


def sigmoid(x: Array) -> Array:
    """Return 1 / (1 + e⁻ˣ), written in two branches so that neither can overflow."""
    small = np.exp(-np.abs(x))
    result: Array = np.where(x >= 0, 1, small) / (1 + small)
    return result


def hard_sigmoid(x: Array) -> Array:
    """Return relu6(x + 3) / 6: the line of Keras 3 and PyTorch."""
    result: Array = relu6(x + 3) / 6
    return result


def hard_sigmoid_keras2(x: Array) -> Array:
    """Return 0.2x + 0.5 cut to 0…1: the line of Keras 1 and 2."""
    return np.clip(0.2 * x + 0.5, 0, 1)


def sparse_sigmoid(x: Array) -> Array:
    """Return (x + 1) / 2 cut to 0…1."""
    return np.clip(0.5 * (x + 1), 0, 1)


def hard_silu(x: Array) -> Array:
    """Return x·hard_sigmoid(x)."""
    result: Array = x * hard_sigmoid(x)
    return result


def silu(x: Array) -> Array:
    """Return x·sigmoid(x)."""
    result: Array = x * sigmoid(x)
    return result


def softplus(x: Array) -> Array:
    """Return log(1 + eˣ)."""
    result: Array = np.logaddexp(x, x.dtype.type(0))
    return result


def softsign(x: Array) -> Array:
    """Return x / (1 + |x|)."""
    result: Array = x / (1 + np.abs(x))
    return result


def squareplus(x: Array, *, b: float = 4.0) -> Array:
    """Return (x + √(x² + b)) / 2."""
    result: Array = (x + np.sqrt(x**2 + b)) / 2
    return result


def sparse_plus(x: Array) -> Array:
    """Return 0 up to −1, ``x`` from 1 on, and the parabola (x + 1)² / 4 between."""
    return np.where(x < 1, np.maximum(x + 1, 0) ** 2 / 4, x)


def tanh(x: Array) -> Array:
    """Return the hyperbolic tangent."""
    return np.tanh(x)


def exponential(x: Array) -> Array:
    """Return eˣ."""
    return np.exp(x)


def tanh_shrink(x: Array) -> Array:
    """Return x − tanh(x)."""
    result: Array = x - np.tanh(x)
    return result


def hard_tanh(x: Array) -> Array:
    """Return ``x`` cut to −1…1."""
    return np.clip(x, -1, 1)


def soft_shrink(x: Array, *, threshold: float = 0.5) -> Array:
    """Return ``x`` drawn towards 0 by ``threshold``, and 0 within it."""
    result: Array = x - np.clip(x, -threshold, threshold)
    return result


def hard_shrink(x: Array, *, threshold: float = 0.5) -> Array:
    """Return ``x``, 0 within ``threshold`` of 0."""
    return np.where(np.abs(x) > threshold, x, x.dtype.type(0))


def threshold(x: Array, *, threshold: float, default_value: float) -> Array:
    """Return ``x`` where it is above ``threshold``, ``default_value`` elsewhere."""
    return np.where(x > threshold, x, x.dtype.type(default_value))


def glu(x: Array) -> Array:
    """Return the first half of the last axis times the sigmoid of the second."""
    values, gates = np.split(x, 2, axis=-1)
    result: Array = values * sigmoid(gates)
    return result


def mish(x: Array) -> Array:
    """Return x·tanh(softplus(x))."""
    result: Array = x * np.tanh(softplus(x))
    return result


def log_sigmoid(x: Array) -> Array:
    """Return log(sigmoid(x))."""
    result: Array = -softplus(-x)
    return result


def softmax(x: Array, *, axis: int = -1) -> Array:
    """Return eˣ scaled to a sum of 1 along ``axis``."""
    exponents = np.exp(x - x.max(axis=axis, keepdims=True))
    result: Array = exponents / exponents.sum(axis=axis, keepdims=True)
    return result


def log_softmax(x: Array, *, axis: int = -1) -> Array:
    """Return log(softmax(x)) along ``axis``."""
    shifted = x - x.max(axis=axis, keepdims=True)
    result: Array = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    return result


def sparsemax(x: Array, *, axis: int = -1) -> Array:
    """Return what Keras calls so along ``axis``: values above a level, less that level.

    The level of Martins and Astudillo (2016) takes the last of the cumulated sums; Keras adds
    them all up, so that its values do not sum to 1 where more than one is left.
    """
    x = np.moveaxis(x, axis, -1)
    ranked = -np.sort(-x, axis=-1)
    sums = np.cumsum(ranked, axis=-1)
    ranks = np.arange(1, x.shape[-1] + 1, dtype=x.dtype)
    left = ranked - (sums - 1) / ranks > 0
    count = left.sum(axis=-1, keepdims=True, dtype=x.dtype)
    level = ((sums * left).sum(axis=-1, keepdims=True) - 1) / count
    return np.moveaxis(np.maximum(x - level, 0), -1, axis)


ACTIVATIONS: Mapping[str, Callable[..., Array]] = {
    "linear": linear,
    "relu": relu,
    "relu6": relu6,
    "leaky_relu": leaky_relu,
    "elu": elu,
    "selu": selu,
    "celu": celu,
    "gelu": gelu,
    "sigmoid": sigmoid,
    "hard_sigmoid": hard_sigmoid,
    "hard_sigmoid_keras2": hard_sigmoid_keras2,
    "sparse_sigmoid": sparse_sigmoid,
    "hard_silu": hard_silu,
    "hard_swish": hard_silu,
    "silu": silu,
    "swish": silu,
    "softplus": softplus,
    "softsign": softsign,
    "squareplus": squareplus,
    "sparse_plus": sparse_plus,
    "tanh": tanh,
    "tanh_shrink": tanh_shrink,
    "hard_tanh": hard_tanh,
    "soft_shrink": soft_shrink,
    "hard_shrink": hard_shrink,
    "threshold": threshold,
    "exponential": exponential,
    "glu": glu,
    "mish": mish,
    "log_sigmoid": log_sigmoid,
    "softmax": softmax,
    "log_softmax": log_softmax,
    "sparsemax": sparsemax,
}

_ALONG_AN_AXIS = (softmax, log_softmax, sparsemax, glu)


def read_activation(
    options: Options, key: str = "activation", default: str = "linear"
) -> Activation:
    """Return the activation under ``key``: a name, or ``{"name": …}`` with its arguments.

    Raises:
        UnsupportedLayer: if it or one of its arguments is not known.
    """
    value = options.value(key, default)
    named = value if isinstance(value, Mapping) else {"name": value}
    name = named.get("name")
    arguments = {key: argument for key, argument in named.items() if key != "name"}
    function = ACTIVATIONS.get(name) if isinstance(name, str) else None
    if function is None or not _accepts(function, arguments):
        options.refuse(key)
    return partial(function, **arguments) if arguments else function


def width(activation: Activation, size: int) -> int:
    """Return how many values ``activation`` leaves of ``size``: only ``glu`` halves them."""
    return size // 2 if activation is glu else size


def activated(name: str, activation: Activation, shape: Shape) -> Shape:
    """Return the shape of a row after ``activation``.

    Raises:
        BundleMismatch: naming the layer ``name``, if the row has no such axis, or an odd
            number of values where half of them are gates.
    """
    function = activation.func if isinstance(activation, partial) else activation
    arguments = activation.keywords if isinstance(activation, partial) else {}
    if not any(function is one for one in _ALONG_AN_AXIS):
        return shape
    axis = arguments.get("axis", -1)
    if not -len(shape) <= axis <= len(shape):
        raise BundleMismatch(f"{name}: activation", f"an axis of {shape}", axis)
    if activation is not glu or shape[-1] is None:
        return shape
    if shape[-1] % 2:
        raise BundleMismatch(f"{name}: activation", "values and as many gates", shape)
    return (*shape[:-1], width(activation, shape[-1]))


def _accepts(function: Callable[..., Array], arguments: Mapping[str, Any]) -> bool:
    known = {
        name: parameter
        for name, parameter in signature(function).parameters.items()
        if parameter.kind is Parameter.KEYWORD_ONLY
    }
    required = {name for name, parameter in known.items() if parameter.default is Parameter.empty}
    return required <= arguments.keys() <= known.keys() and all(
        _fits(name, value, known[name].default) for name, value in arguments.items()
    )


def _fits(name: str, value: object, default: object) -> bool:
    if name == "axis":
        return is_whole(value) and value != 0  # axis 0 would mix the rows of a batch
    if isinstance(default, bool):
        return isinstance(value, bool)
    return (default is None and value is None) or is_number(value)
