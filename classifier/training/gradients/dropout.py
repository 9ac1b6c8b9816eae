"""What does something in training only: Dropout, by its place an Identity when scoring."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from classifier.network import Array, Layer, LayerSpec
from classifier.network.options import Options
from classifier.training.gradients.step import Backward, Forward, Given, Gradients, StepBuilder
from classifier.training.gradients.untrainable import untrainable

_VALUES = ("Dropout",)
_COLUMNS = ("SpatialDropout1D",)
_SILENT = (None, "Identity", "ActivityRegularization", "GetItem")


def drops_out(spec: LayerSpec) -> bool:
    """Tell whether the layer lets values go by chance when it learns."""
    return spec.kind == "Identity" and rate(spec) > 0


def rate(spec: LayerSpec) -> float:
    """Return the share of values that are dropped; where it was not kept, none are."""
    return Options(spec).number("rate", 0.0)


def _identity(spec: LayerSpec, layer: Layer) -> Forward:
    """Return the step of a layer that leaves its input as it is when scoring.

    Raises:
        UnsupportedLayer: if it is noise of another kind.
    """
    of, dropped = spec.config.get("of"), rate(spec)
    if of not in (*_VALUES, *_COLUMNS, *_SILENT):
        raise untrainable(spec)

    def forward(given: Given) -> tuple[Array, Backward]:
        x = given.inputs[0]
        if given.random is None or not dropped:
            return x, lambda slope: Gradients((slope,))
        shape = (len(x), *[1] * (x.ndim - 2), x.shape[-1]) if of in _COLUMNS else x.shape
        kept = (given.random.random(shape, dtype=np.float32) >= dropped).astype(x.dtype)
        kept /= x.dtype.type(1 - dropped)
        return x * kept, lambda slope: Gradients((slope * kept,))

    return forward


STEPS: Mapping[str, StepBuilder] = {"Identity": _identity}
