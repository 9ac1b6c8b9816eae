"""What a user writes for layers of one's own: the classes of ``make_keras3.py``, by numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from classifier.network import Array, LayerSpec, Mask, Shape, register_layer


class Gate:
    """relu(x) · sigmoid(x)."""

    def __init__(self, spec: LayerSpec, weights: Mapping[str, Array]) -> None:
        assert not weights

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        return (shapes[0],)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        x = inputs[0]
        return (np.maximum(x, 0) / (1 + np.exp(-x)),)


class Scaled:
    """(x · scale + shift) · factor, with the arrays in the order in which they were made."""

    def __init__(self, spec: LayerSpec, weights: Mapping[str, Array]) -> None:
        self.scale, self.shift = weights["0"], weights["1"]
        self.factor = spec.config["factor"]

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        return (shapes[0],)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        return ((inputs[0] * self.scale + self.shift) * self.factor,)


register_layer("Gate", Gate)
register_layer("Scaled", Scaled)
