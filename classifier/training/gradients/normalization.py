"""Steps that bring values to a common mean and spread."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from classifier.network import Array, Layer, LayerSpec
from classifier.network.normalization import EPSILON, BatchNormalization, LayerNormalization
from classifier.network.options import Options
from classifier.training.gradients.step import Backward, Forward, Given, Gradients, StepBuilder
from classifier.training.gradients.untrainable import untrainable

MOVING = ("moving_mean", "moving_variance")
"""Weights that follow the batches and not a gradient."""

_LEFT = 0.99
"""How much of a moving mean or variance a batch leaves as it is: Keras's momentum."""


def _batch(spec: LayerSpec, layer: Layer) -> Forward:
    """In training mean and variance are the batch's own, and the moving ones follow.

    Frozen ones, which cannot be written to, do not: then all is as in scoring.
    """
    if not isinstance(layer, BatchNormalization):
        raise untrainable(spec)
    axis, epsilon = layer.axis, Options(spec).number("epsilon", EPSILON)

    def forward(given: Given) -> tuple[Array, Backward]:
        along = {axis % given.inputs[0].ndim}
        over = _others(given.inputs[0], along)
        moving = [given.weights[role] for role in MOVING]
        if given.random is None or not moving[0].flags.writeable:
            mean, variance = (_laid(weight, along, given.inputs[0]) for weight in moving)
            normal, back = _by_moments(given.inputs[0], mean, 1 / np.sqrt(variance + epsilon))
        else:
            _follow(moving, given.inputs[0], over)
            normal, back = _by_own_moments(given.inputs[0], over, epsilon)
        return _scaled(given, along, normal, back)

    return forward


def _follow(moving: Sequence[Array], x: Array, over: tuple[int, ...]) -> None:
    for weight, found in zip(moving, (x.mean(axis=over), x.var(axis=over)), strict=True):
        weight[...] = _LEFT * weight + (1 - _LEFT) * found


def _layer(spec: LayerSpec, layer: Layer) -> Forward:
    if not isinstance(layer, LayerNormalization):
        raise untrainable(spec)
    axes, epsilon = layer.axes, layer.epsilon

    def forward(given: Given) -> tuple[Array, Backward]:
        along = {axis % given.inputs[0].ndim for axis in axes}
        normal, back = _by_own_moments(given.inputs[0], tuple(along), epsilon)
        return _scaled(given, along, normal, back)

    return forward


def _by_moments(x: Array, mean: Array, scale: Array) -> tuple[Array, Callable[[Array], Array]]:
    return (x - mean) * scale, lambda slope: slope * scale


def _by_own_moments(
    x: Array, over: tuple[int, ...], epsilon: float
) -> tuple[Array, Callable[[Array], Array]]:
    """Return ``x`` with mean 0 and variance 1 over some axes, and the way back."""
    centred = x - x.mean(axis=over, keepdims=True)
    scale = 1 / np.sqrt(np.square(centred).mean(axis=over, keepdims=True) + epsilon)
    normal = centred * scale

    def back(slope: Array) -> Array:
        common = slope.mean(axis=over, keepdims=True)
        tilt = (slope * normal).mean(axis=over, keepdims=True)
        gradient: Array = scale * (slope - common - normal * tilt)
        return gradient

    return normal, back


def _scaled(
    given: Given, along: Collection[int], normal: Array, back: Callable[[Array], Array]
) -> tuple[Array, Backward]:
    """``normal · gamma + beta``, both laid along some axes, if there are any."""
    gamma, beta = given.weights.get("gamma"), given.weights.get("beta")
    others = _others(normal, along)

    def backward(slope: Array) -> Gradients:
        weights: dict[str, Array] = {}
        if beta is not None:
            weights["beta"] = slope.sum(axis=others)
        if gamma is not None:
            weights["gamma"] = (slope * normal).sum(axis=others)
            slope = slope * _laid(gamma, along, normal)
        return Gradients((back(slope),), weights)

    output = normal if gamma is None else normal * _laid(gamma, along, normal)
    return output if beta is None else output + _laid(beta, along, normal), backward


def _laid(weight: Array, along: Collection[int], x: Array) -> Array:
    return weight.reshape([size if axis in along else 1 for axis, size in enumerate(x.shape)])


def _others(x: Array, axes: Collection[int]) -> tuple[int, ...]:
    return tuple(axis for axis in range(x.ndim) if axis not in axes)


STEPS: Mapping[str, StepBuilder] = {"BatchNormalization": _batch, "LayerNormalization": _layer}
