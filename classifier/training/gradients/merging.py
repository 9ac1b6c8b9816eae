"""Steps with several inputs, and those that only lay their values out in another way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from classifier.network import Array, Layer, LayerSpec
from classifier.network.merging import Concatenate, Merge
from classifier.training.gradients.step import Forward, StepBuilder, forward_as_scored
from classifier.training.gradients.untrainable import untrainable

Share = Callable[[Sequence[Array], int], Array | float]
"""Operands, and which of them → how the output grows with that one."""


def _product_of_others(operands: Sequence[Array], own: int) -> Array | float:
    product: Array | float = 1.0
    for place, operand in enumerate(operands):
        product = product if place == own else product * operand
    return product


def _merge(share: Share) -> StepBuilder:
    def build(spec: LayerSpec, layer: Layer) -> Forward:
        if not isinstance(layer, Merge):
            raise untrainable(spec)
        operands = layer.operands

        def back(inputs: Sequence[Array], output: Array, slope: Array) -> Sequence[Array]:
            rest = iter(inputs)
            given = [_aligned(next(rest), output) if one is None else one for one in operands]
            variable = [place for place, one in enumerate(operands) if one is None]
            return [
                _unstretched((slope * share(given, place)).astype(slope.dtype), x)
                for place, x in zip(variable, inputs, strict=True)
            ]

        return forward_as_scored(layer, back)

    return build


def _aligned(x: Array, output: Array) -> Array:
    """Give the rows of ``x`` as many dimensions as those of ``output``."""
    return x.reshape(len(x), *[1] * (output.ndim - x.ndim), *x.shape[1:])


def _unstretched(slope: Array, x: Array) -> Array:
    """Sum ``slope`` over the axes along which ``x`` was repeated."""
    aligned = _aligned(x, slope).shape
    axes = tuple(i for i, size in enumerate(aligned) if size == 1 and slope.shape[i] != 1)
    gradient: Array = slope.sum(axis=axes, keepdims=True).reshape(x.shape)
    return gradient


def _concatenate(spec: LayerSpec, layer: Layer) -> Forward:
    if not isinstance(layer, Concatenate):
        raise untrainable(spec)
    axis = layer.axis

    def back(inputs: Sequence[Array], output: Array, slope: Array) -> Sequence[Array]:
        ends = np.cumsum([x.shape[axis] for x in inputs])
        return np.split(slope, ends[:-1], axis=axis)

    return forward_as_scored(layer, back)


def _reshape(spec: LayerSpec, layer: Layer) -> Forward:
    return forward_as_scored(layer, lambda inputs, _, slope: (slope.reshape(inputs[0].shape),))


STEPS: Mapping[str, StepBuilder] = {
    "Add": _merge(lambda operands, own: 1.0),
    "Subtract": _merge(lambda operands, own: -1.0 if own else 1.0),
    "Average": _merge(lambda operands, own: 1 / len(operands)),
    "Multiply": _merge(_product_of_others),
    "Concatenate": _concatenate,
    "Flatten": _reshape,
    "Reshape": _reshape,
}
