"""Which class name is built by what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from classifier.errors import BundleMismatch, ModelError, UnsupportedLayer
from classifier.network import (
    averaged,
    bidirectional,
    convolution,
    dense,
    elementwise,
    embedding,
    masked_merging,
    masking,
    merging,
    normalization,
    pooled,
    pooling,
    recurrent,
    shaping,
    steps,
)
from classifier.network.inputs import fits
from classifier.network.layer import Array, Builder, Layer, Mask
from classifier.network.spec import LayerSpec, Shape
from classifier.network.time_distributed import TimeDistributed

_BUILT_IN: Mapping[str, Builder] = {
    **dense.BUILDERS,
    **embedding.BUILDERS,
    **elementwise.BUILDERS,
    **masking.BUILDERS,
    **merging.BUILDERS,
    **masked_merging.BUILDERS,
    **shaping.BUILDERS,
    **steps.BUILDERS,
    **convolution.BUILDERS,
    **pooling.BUILDERS,
    **averaged.BUILDERS,
    **pooled.BUILDERS,
    **normalization.BUILDERS,
    **recurrent.BUILDERS,
    **bidirectional.BUILDERS,
}
_REPEATED = "TimeDistributed"
_registered: dict[str, Builder] = {}
_order: list[str] = []


@dataclass(frozen=True, eq=False, slots=True)
class _Registered:
    """A layer from elsewhere, whose word on its outputs is not taken for granted."""

    name: str
    layer: Layer

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        with _named(self.name):
            return self.layer.shape(shapes)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        with _named(self.name):
            outputs = self.layer(inputs, mask)
        if not isinstance(outputs, tuple):
            raise BundleMismatch(f"{self.name}: outputs", "a tuple of arrays", type(outputs))
        shapes = self.shape([array.shape[1:] for array in inputs])
        expected = [(len(inputs[0]), *shape) for shape in shapes]
        found = [array.shape for array in outputs]
        if len(found) != len(expected) or not all(map(fits, found, expected)):
            raise BundleMismatch(f"{self.name}: outputs", expected, found)
        return outputs


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Name the layer whose code, which is not ours, fails in whatever way."""
    try:
        yield
    except ModelError:
        raise
    except Exception as error:  # code of the user's: only it knows what it may raise
        reason = str(error).strip().partition("\n")[0]
        raise ModelError(f"layer {name!r}: {type(error).__name__}: {reason}") from error


def register_layer(class_name: str, builder: Builder) -> None:
    """Let ``builder`` build the layers of the class ``class_name`` from now on.

    Args:
        class_name: as it stands in the model's file; what stood for it before is replaced.
        builder: takes the ``LayerSpec`` and the weights by role, returns the ``Layer``. For a
            layer without weights that keeps the shape of its input::

                class Gate:
                    def shape(self, shapes):
                        return (shapes[0],)

                    def __call__(self, inputs, mask):
                        return (relu(inputs[0]) * sigmoid(inputs[0]),)

                register_layer("Gate", lambda spec, weights: Gate())

    Raises:
        ValueError: if ``class_name`` is one of this runtime's own layers.
    """
    if class_name in (*_BUILT_IN, _REPEATED):
        raise ValueError(f"{class_name} is a layer of this runtime and cannot be another")
    _registered[class_name] = builder
    _order.append(class_name)


def registrations() -> int:
    """Return how often a layer has been registered so far."""
    return len(_order)


def is_registered(class_name: str) -> bool:
    """Tell whether somebody registered the class ``class_name``."""
    return class_name in _registered


def build_layer(spec: LayerSpec, weights: Mapping[str, Array]) -> Layer:
    """Return the layer that ``spec`` describes; ``weights`` by role.

    Raises:
        UnsupportedLayer: for a kind or a setting that this runtime does not know.
        BundleMismatch: for weights that are not those of such a layer.
    """
    if not spec.inputs:
        raise BundleMismatch(f"{spec.name}: inputs", "at least one", "none")
    if spec.kind == _REPEATED:
        return TimeDistributed.build(build_layer, spec, weights)
    if spec.kind in _BUILT_IN:
        return _BUILT_IN[spec.kind](spec, weights)
    if spec.kind in _registered:
        with _named(spec.name):
            return _Registered(spec.name, _registered[spec.kind](spec, weights))
    raise UnsupportedLayer(spec.name, spec.kind)
