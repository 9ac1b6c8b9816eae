"""Which class name is built by what."""

from __future__ import annotations

from collections.abc import Mapping

from classifier.errors import UnsupportedLayer
from classifier.network import (
    bidirectional,
    dense,
    elementwise,
    embedding,
    masking,
    merging,
    pooling,
    recurrent,
)
from classifier.network.layer import Array, Builder, Layer
from classifier.network.spec import LayerSpec

_BUILT_IN: Mapping[str, Builder] = {
    **dense.BUILDERS,
    **embedding.BUILDERS,
    **elementwise.BUILDERS,
    **masking.BUILDERS,
    **merging.BUILDERS,
    **pooling.BUILDERS,
    **recurrent.BUILDERS,
    **bidirectional.BUILDERS,
}
_registered: dict[str, Builder] = {}


def register_layer(class_name: str, builder: Builder) -> None:
    """Let ``builder`` build the layers of the class ``class_name`` from now on.

    Args:
        class_name: as it stands in the model's file; what stood for it before is replaced.
        builder: takes the ``LayerSpec`` and the weights by role, returns the ``Layer``.

    Raises:
        ValueError: if ``class_name`` is one of this runtime's own layers.
    """
    if class_name in _BUILT_IN:
        raise ValueError(f"{class_name} is a layer of this runtime and cannot be another")
    _registered[class_name] = builder


def is_known(class_name: str) -> bool:
    """Tell whether layers of the class ``class_name`` can be built."""
    return class_name in _BUILT_IN or class_name in _registered


def build_layer(spec: LayerSpec, weights: Mapping[str, Array]) -> Layer:
    """Return the layer that ``spec`` describes; ``weights`` by role.

    Raises:
        UnsupportedLayer: for a kind or a setting that this runtime does not know.
        BundleMismatch: for weights that are not those of such a layer.
    """
    if not is_known(spec.kind):
        raise UnsupportedLayer(spec.name, spec.kind)
    builder = _BUILT_IN.get(spec.kind) or _registered[spec.kind]
    return builder(spec, weights)
