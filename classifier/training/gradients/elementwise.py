"""Activations: how the loss grows with what they were given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from classifier.network import Array, Layer, LayerSpec
from classifier.network import activations as scored
from classifier.network.elementwise import Elementwise, Softmax
from classifier.training.gradients.step import Forward, StepBuilder, forward_as_scored
from classifier.training.gradients.untrainable import untrainable

Back = Callable[..., Array]
"""x, y = f(x), the slope of y, and the arguments of f by name → the slope of x."""


def _linear(x: Array, y: Array, slope: Array) -> Array:
    return slope


def _relu(
    x: Array,
    y: Array,
    slope: Array,
    *,
    negative_slope: float = 0.0,
    max_value: float | None = None,
    threshold: float = 0.0,
) -> Array:
    above = slope * (x > threshold)  # an eighth of the time that a choice takes
    if max_value is not None:
        above = np.where(x < max_value, above, 0)
    return above if not negative_slope else np.where(x > threshold, above, negative_slope * slope)


def _relu6(x: Array, y: Array, slope: Array) -> Array:
    return _relu(x, y, slope, max_value=6.0)


def _leaky_relu(x: Array, y: Array, slope: Array, *, negative_slope: float = 0.2) -> Array:
    return np.where(x < 0, negative_slope * slope, slope)


def _elu(x: Array, y: Array, slope: Array, *, alpha: float = 1.0) -> Array:
    return np.where(x < 0, (y + alpha) * slope, slope)


def _sigmoid(x: Array, y: Array, slope: Array) -> Array:
    gradient: Array = slope * y * (1 - y)
    return gradient


def _hard_sigmoid(x: Array, y: Array, slope: Array) -> Array:
    gradient: Array = np.where((x > -3) & (x < 3), slope, 0) / 6
    return gradient


def _tanh(x: Array, y: Array, slope: Array) -> Array:
    gradient: Array = slope * (1 - y * y)
    return gradient


def _silu(x: Array, y: Array, slope: Array) -> Array:
    gates = scored.sigmoid(x)
    gradient: Array = slope * (gates + y * (1 - gates))
    return gradient


def _softplus(x: Array, y: Array, slope: Array) -> Array:
    gradient: Array = slope * scored.sigmoid(x)
    return gradient


def _softsign(x: Array, y: Array, slope: Array) -> Array:
    gradient: Array = slope / np.square(1 + np.abs(x))
    return gradient


def _exponential(x: Array, y: Array, slope: Array) -> Array:
    gradient: Array = slope * y
    return gradient


def _softmax(x: Array, y: Array, slope: Array, *, axis: int = -1) -> Array:
    gradient: Array = y * (slope - (slope * y).sum(axis=axis, keepdims=True))
    return gradient


_BACK: Mapping[Callable[..., Array], Back] = {
    scored.linear: _linear,
    scored.relu: _relu,
    scored.relu6: _relu6,
    scored.leaky_relu: _leaky_relu,
    scored.elu: _elu,
    scored.sigmoid: _sigmoid,
    scored.hard_sigmoid: _hard_sigmoid,
    scored.tanh: _tanh,
    scored.silu: _silu,
    scored.softplus: _softplus,
    scored.softsign: _softsign,
    scored.exponential: _exponential,
    scored.softmax: _softmax,
}


def _function(spec: LayerSpec, layer: Layer) -> tuple[Callable[..., Array], Mapping[str, object]]:
    """Return the function of a layer and its arguments."""
    if isinstance(layer, Softmax) and spec.mask is None:
        return scored.softmax, {"axis": layer.axis}
    if not isinstance(layer, Elementwise):
        raise untrainable(spec)
    function = layer.function
    if isinstance(function, partial):
        return function.func, function.keywords
    return function, {}


def activation(spec: LayerSpec, layer: Layer) -> Forward:
    """Return the step of an activation.

    Raises:
        UnsupportedLayer: for one whose slope is not known here.
    """
    function, arguments = _function(spec, layer)
    if function not in _BACK:
        raise untrainable(spec)
    slope_of = _BACK[function]

    def back(inputs: Sequence[Array], output: Array, slope: Array) -> Sequence[Array]:
        return (slope_of(inputs[0], output, slope, **arguments),)

    return forward_as_scored(layer, back)


STEPS: Mapping[str, StepBuilder] = dict.fromkeys(
    ("Activation", "ReLU", "LeakyReLU", "ELU", "Softmax"), activation
)
