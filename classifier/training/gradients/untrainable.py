"""What is refused, in one way."""

from __future__ import annotations

from classifier.errors import UnsupportedLayer
from classifier.network import LayerSpec


def untrainable(spec: LayerSpec) -> UnsupportedLayer:
    """Return the error for a layer that numpy runs but cannot train."""
    detail = spec.config.get("activation", spec.config.get("of"))
    kind = spec.kind if detail is None else f"{spec.kind}({detail})"
    return UnsupportedLayer(spec.name, kind, fault="cannot be trained with numpy")
