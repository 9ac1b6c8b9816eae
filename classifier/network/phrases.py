"""Convolutions over words that are pooled over the steps that count, found in a graph:

    Embedding ─▶ Conv1D relu ─┬─▶ GlobalAveragePooling1D, masked
                              └─▶ Multiply by the mask ─▶ GlobalMaxPooling1D

for any number of convolutions, with a window for each step. They become one layer, which does
not even look at the steps that the mask leaves out. That is exact: relu gives nothing below
0, so the zeros that the product puts there are never larger than what counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from classifier.network.activations import read_activation, relu
from classifier.network.graph import Network
from classifier.network.masking import MASKS
from classifier.network.options import Options
from classifier.network.pooled import LARGEST, MEAN, POOLED_CONVOLUTIONS
from classifier.network.spec import GraphSpec, LayerSpec, Ref, reference
from classifier.network.windows import Windows

_POOLS: Mapping[str, str] = {"GlobalAveragePooling1D": MEAN, "GlobalMaxPooling1D": LARGEST}


@dataclass(frozen=True, slots=True)
class _Pool:
    """What is told of one convolution over the words of one input."""

    layer: LayerSpec
    convolution: LayerSpec
    embedding: LayerSpec
    mask: Ref

    @property
    def source(self) -> tuple[Ref, str, Ref]:
        """What pools must have in common to be computed together."""
        return (self.embedding.inputs[0], self.embedding.weights["table"], self.mask)


def pool_convolutions(network: Network) -> Network:
    """Return a network with the outputs of ``network``, or itself if it is no such one.

    Outputs are equal within the rounding of its dtype.
    """
    groups: defaultdict[tuple[Ref, str, Ref], list[_Pool]] = defaultdict(list)
    graph = _Graph(network)
    for layer in network.spec.layers:
        if (pool := graph.pool(layer)) is not None:
            groups[pool.source].append(pool)
    if not groups:
        return network
    spec = network.spec
    for pools in groups.values():
        spec = _joined(spec, pools, network)
    spec = _without_unread(spec)
    left = {layer.name for layer in spec.layers}
    if any(pool.convolution.name in left for pools in groups.values() for pool in pools):
        return network  # somebody else reads one, which would be computed twice
    used = {tensor for layer in spec.layers for tensor in layer.weights.values()}
    tensors = {name: tensor for name, tensor in network.tensors.items() if name in used}
    return Network(spec, tensors, dtype=network.dtype)


def _joined(spec: GraphSpec, pools: Sequence[_Pool], network: Network) -> GraphSpec:
    """Return ``spec`` with one layer in the place of ``pools``, which have one source."""
    convolutions = list({pool.convolution.name: pool.convolution for pool in pools}.values())
    sizes = [len(network.tensors[layer.weights["kernel"]]) for layer in convolutions]
    ids, table, mask = pools[0].source
    weights = {"table": table}
    for place, layer in enumerate(convolutions):
        weights |= {f"{role}_{place}": tensor for role, tensor in layer.weights.items()}
    config = {
        "before": [_before(one, size) for one, size in zip(convolutions, sizes, strict=True)],
        "pools": [[_POOLS[one.layer.kind], convolutions.index(one.convolution)] for one in pools],
    }
    name = f"{pools[0].layer.name}: pooled"
    joined = LayerSpec(name, POOLED_CONVOLUTIONS, (ids,), config, weights, mask)
    renamed = {pool.layer.name: reference(name, place) for place, pool in enumerate(pools)}
    layers = [
        joined if layer is pools[0].layer else _renamed(layer, renamed)
        for layer in spec.layers
        if layer is pools[0].layer or layer.name not in renamed
    ]
    outputs = tuple(renamed.get(output, output) for output in spec.outputs)
    return replace(spec, layers=tuple(layers), outputs=outputs)


def _before(convolution: LayerSpec, size: int) -> int:
    """Return how many steps before its own a window of ``size`` reads."""
    return Windows(size, padding=str(convolution.config.get("padding", "valid"))).sides(size)[0]


def _renamed(layer: LayerSpec, names: Mapping[Ref, Ref]) -> LayerSpec:
    inputs = tuple(names.get(name, name) for name in layer.inputs)
    return layer if inputs == layer.inputs else replace(layer, inputs=inputs)


def _without_unread(spec: GraphSpec) -> GraphSpec:
    """Return ``spec`` with the layers that its outputs depend on."""
    read, kept = set(spec.outputs), list[LayerSpec]()
    for layer in reversed(spec.layers):
        if any(ref == layer.name or ref.startswith(f"{layer.name}:") for ref in read):
            kept.append(layer)
            read.update(layer.inputs if layer.mask is None else (*layer.inputs, layer.mask))
    return replace(spec, layers=tuple(kept[::-1]))


class _Graph:
    """A network, read against the arrows."""

    def __init__(self, network: Network) -> None:
        self._layers = {layer.name: layer for layer in network.spec.layers}
        self._network = network

    def pool(self, layer: LayerSpec) -> _Pool | None:
        """Return what ``layer`` pools, if it is a convolution over the words that count."""
        if layer.kind not in _POOLS or layer.config.get("keepdims"):
            return None
        source, mask = self._unmasked(self._before(layer.inputs[0]))
        if _POOLS[layer.kind] == MEAN:
            mask = layer.mask if mask in (None, layer.mask) else None
        if source is None or mask is None or not self._is_convolution(source):
            return None
        words = self._before(source.inputs[0])
        if words is None or words.kind != "Embedding" or not self._has_steps(words.inputs[0], mask):
            return None
        return _Pool(layer, source, words, mask)

    def _has_steps(self, *refs: Ref) -> bool:
        """Tell whether each of ``refs`` has one value a step."""
        return all(len(self._network.shapes[ref]) == 1 for ref in refs)

    def _unmasked(self, layer: LayerSpec | None) -> tuple[LayerSpec | None, Ref | None]:
        """Return what the mask is multiplied with, and the mask; or the layer itself."""
        if layer is None or layer.kind != "Multiply" or len(layer.inputs) != 2:
            return layer, None
        if layer.config.get("constants") is not None:
            return None, None
        for values, column in (layer.inputs, layer.inputs[::-1]):
            if (mask := self._mask(column)) is not None:
                return self._before(values), mask
        return None, None

    def _mask(self, column: Ref) -> Ref | None:
        """Return the mask (steps,) that ``column`` (steps, 1) is made of."""
        layer = self._layers.get(column)
        if layer is None or layer.kind != "Reshape" or self._network.shapes[column][1:] != (1,):
            return None
        mask = self._before(layer.inputs[0])
        if mask is None or mask.kind not in MASKS or not self._has_steps(mask.name):
            return None
        return mask.name

    def _is_convolution(self, layer: LayerSpec) -> bool:
        """Tell whether it has a window for each step, without gaps, and relu after it."""
        if layer.kind != "Conv1D":
            return False
        options = Options(layer)
        return (
            options.stride("strides", 1) == 1
            and options.stride("dilation_rate", 1) == 1
            and options.whole("groups", 1) == 1
            and (options.value("padding") in ("same", "causal") or self._is_single(layer))
            and read_activation(options) is relu
        )

    def _is_single(self, convolution: LayerSpec) -> bool:
        return len(self._network.tensors[convolution.weights["kernel"]]) == 1

    def _before(self, ref: Ref) -> LayerSpec | None:
        """Return the layer that gives ``ref``, leaving out those that do something in
        training only; None for an input, or a further output of a layer."""
        layer = self._layers.get(ref)
        while layer is not None and layer.kind == "Identity":
            layer = self._layers.get(layer.inputs[0])
        return layer
