"""What a layer is: arrays → arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from classifier.network.spec import LayerSpec, Shape

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


class Layer(Protocol):
    """What every layer can do; it keeps nothing between two calls."""

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the shape of one row of each output, for those of the inputs.

        Raises:
            BundleMismatch: if the layer cannot take such rows.
        """

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the layer's outputs for a batch.

        Args:
            inputs: one array each, rows first.
            mask: (rows, steps), true where a step counts; None: every step does.
        """


Builder = Callable[[LayerSpec, Mapping[str, Array]], Layer]
"""Spec and weights by role → layer.

The weights are finite and of the dtype that the network computes in. A builder refuses what
it does not know (``UnsupportedLayer``) and weights that are not its own (``BundleMismatch``).
"""
