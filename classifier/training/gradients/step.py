"""One step of a network that learns: forward, and from the slope of its output back again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from classifier.network import Array, Layer, LayerSpec, Mask


@dataclass(frozen=True, eq=False, slots=True)
class Given:
    """What a step is given for one batch.

    Attributes:
        inputs: one array each, rows first.
        weights: by role.
        mask: which steps of a row count; None: all.
        random: what chance is drawn from; None: the network scores and does not learn.
    """

    inputs: Sequence[Array]
    weights: Mapping[str, Array]
    mask: Mask | None = None
    random: np.random.Generator | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Gradients:
    """How the loss grows with what the step was given, each of the same shape.

    Attributes:
        inputs: one each; None for ids, which cannot grow.
        weights: by role.
    """

    inputs: Sequence[Array | None]
    weights: Mapping[str, Array] = field(default_factory=dict)


Backward = Callable[[Array], Gradients]
"""How the loss grows with the output → how it grows with what gave that output."""

Forward = Callable[[Given], tuple[Array, Backward]]
"""What is given → the output, as in scoring, and the way back from it."""

StepBuilder = Callable[[LayerSpec, Layer], Forward]
"""The layer's spec, and the layer as it scores, whose settings are read already."""


def forward_as_scored(
    layer: Layer, back: Callable[[Sequence[Array], Array, Array], Sequence[Array]]
) -> Forward:
    """Return the step of a layer without weights.

    Args:
        layer: gives the output.
        back: inputs, output and the slope of the output → the slope of each input.
    """

    def forward(given: Given) -> tuple[Array, Backward]:
        (output,) = layer(given.inputs, given.mask)
        return output, lambda slope: Gradients(back(given.inputs, output, slope))

    return forward
