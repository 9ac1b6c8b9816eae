"""A model told to people: its layers as rows of a table, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from classifier.network import GraphSpec, LayerSpec, Network, Ref, Shape

INPUT = "Input"
_UNNAMED = "its framework"


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One input or layer.

    Attributes:
        layer: its name.
        kind: its class; ``Input`` for what the network is given.
        inputs: references to what it reads, the mask apart.
        mask: reference to the mask it heeds; None: all steps count.
        shapes: of one row of each output; None in them is any length.
        parameters: how many numbers its weights have.
        output: the network gives it out.
    """

    layer: str
    kind: str
    inputs: tuple[Ref, ...]
    mask: Ref | None
    shapes: tuple[Shape, ...]
    parameters: int
    output: bool


def layer_rows(network: Network) -> list[LayerRow]:
    """Return inputs and layers of ``network``, in order."""
    given = [
        LayerRow(spec.name, INPUT, (), None, (spec.shape,), 0, spec.name in network.spec.outputs)
        for spec in network.spec.inputs
    ]
    return given + [_row(layer, network) for layer in network.spec.layers]


def parameter_count(network: Network) -> int:
    """Return how many numbers all weights have; those that layers share count once."""
    return sum(tensor.size for tensor in network.tensors.values())


def framework_name(provenance: Mapping[str, object]) -> str:
    """Return what a model is from, as a word: ``keras 1.2.2``."""
    told = provenance.get("framework")
    if not isinstance(told, Mapping):
        return str(told) if told else _UNNAMED
    name, version = next(iter(told.items()), (_UNNAMED, ""))
    # Weights of PyTorch do not say of which.
    return f"{name} {version}" if str(version)[:1].isdecimal() else str(name)


def _row(layer: LayerSpec, network: Network) -> LayerRow:
    own = tuple(shape for ref, shape in network.shapes.items() if _names(ref, layer.name))
    tensors = [network.tensors[name] for name in layer.weights.values()]
    return LayerRow(
        layer=layer.name,
        kind=_kind(layer),
        inputs=layer.inputs,
        mask=layer.mask,
        shapes=own,
        parameters=sum(tensor.size for tensor in tensors),
        output=_is_output(layer.name, network.spec),
    )


def _kind(layer: LayerSpec) -> str:
    """Of a wrapper also what it wraps, of a layer that does nothing here what it was."""
    inner = layer.config.get("layer") or layer.config.get("of")
    return f"{layer.kind}({inner})" if isinstance(inner, str) else layer.kind


def _is_output(name: str, spec: GraphSpec) -> bool:
    return any(_names(ref, name) for ref in spec.outputs)


def _names(ref: Ref, name: str) -> bool:
    return ref == name or ref.rpartition(":")[0] == name
