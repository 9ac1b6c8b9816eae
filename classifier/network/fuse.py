"""A faster network with the same answers: layers that belong together become one.

What is linear is folded into one table.

The mean of rows, times a matrix, is the mean of rows times that matrix. So in

    Embedding (words, size) ─▶ GlobalAveragePooling1D ─▶ Dense (size, units)

table and kernel become one table (words, units), which is smaller and needs no product.
A mask would make the mean another one for each row, and whoever else reads a layer in
between needs it: then all stays as it is.

What looks for phrases, convolutions over words that are pooled under a mask, is computed for
the words alone: see ``phrases``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from classifier.network.averaged import AVERAGED_EMBEDDING
from classifier.network.graph import Network
from classifier.network.layer import Array
from classifier.network.phrases import pool_convolutions
from classifier.network.spec import GraphSpec, LayerSpec, Ref


@dataclass(frozen=True, slots=True)
class _Fold:
    """Layers that become one: ``between`` stand from the embedding on up to the dense one."""

    embedding: LayerSpec
    between: tuple[LayerSpec, ...]
    dense: LayerSpec

    @property
    def tensor(self) -> str:
        return f"{self.dense.name}: folded"

    def layer(self) -> LayerSpec:
        """Return the layer that stands for all; it has the name of the last."""
        return LayerSpec(
            self.dense.name,
            AVERAGED_EMBEDDING,
            self.embedding.inputs,
            self.dense.config,
            {"table": self.tensor},
        )

    def table(self, network: Network) -> Array:
        """Return its weights; the bias counts once in each row, and so once in their mean."""
        weights = {**self.embedding.weights, **self.dense.weights}
        exact = {role: network.tensors[name].astype(np.float64) for role, name in weights.items()}
        table: Array = exact["table"] @ exact["kernel"] + exact.get("bias", 0.0)
        return table.astype(network.dtype)


def fuse(network: Network) -> Network:
    """Return a network with the outputs of ``network``, or itself if nothing can be joined.

    Outputs are equal within the rounding of its dtype. Layers that were joined are gone from
    ``activations``.
    """
    return _fold(pool_convolutions(network))


def _fold(network: Network) -> Network:
    folds = {fold.dense.name: fold for fold in _folds(network)}
    if not folds:
        return network
    gone = {layer.name for fold in folds.values() for layer in (fold.embedding, *fold.between)}
    layers = tuple(
        folds[layer.name].layer() if layer.name in folds else layer
        for layer in network.spec.layers
        if layer.name not in gone
    )
    tensors = {**network.tensors, **{fold.tensor: fold.table(network) for fold in folds.values()}}
    used = {tensor for layer in layers for tensor in layer.weights.values()}
    return Network(
        replace(network.spec, layers=layers),
        {name: tensor for name, tensor in tensors.items() if name in used},
        dtype=network.dtype,
    )


def _folds(network: Network) -> Iterator[_Fold]:
    readers = _readers(network.spec)
    layers = {layer.name: layer for layer in network.spec.layers}
    for dense in network.spec.layers:
        if dense.kind == "Dense" and _makes_less(dense, network):
            chain = list(_chain_before(dense, layers, readers))
            kinds = [layer.kind for layer in chain if layer.kind != "Identity"]
            if kinds == ["GlobalAveragePooling1D", "Embedding"]:
                yield _Fold(chain[-1], tuple(chain[:-1]), dense)


def _chain_before(
    layer: LayerSpec, layers: dict[str, LayerSpec], readers: Counter[Ref]
) -> Iterator[LayerSpec]:
    """Yield what stands before ``layer``, nearest first, up to an embedding, as far as only
    the next one reads it."""
    while layer.kind != "Embedding":
        before = layers.get(layer.inputs[0]) if len(layer.inputs) == 1 else None
        if before is None or readers[before.name] > 1 or not _is_linear(before):
            return
        yield before
        layer = before


def _is_linear(layer: LayerSpec) -> bool:
    return layer.mask is None and not layer.config.get("keepdims")


def _makes_less(dense: LayerSpec, network: Network) -> bool:
    """Tell whether a row of the new table is no longer than one of the old."""
    size, units = network.tensors[dense.weights["kernel"]].shape
    return bool(units <= size)


def _readers(spec: GraphSpec) -> Counter[Ref]:
    masks = [layer.mask for layer in spec.layers if layer.mask is not None]
    inputs = [name for layer in spec.layers for name in layer.inputs]
    return Counter([*inputs, *masks, *spec.outputs])
