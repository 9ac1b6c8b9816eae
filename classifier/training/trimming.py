"""Columns of padding that a batch can do without.

Rows of ids are padded to the longest of all; where a mask passes over the padding up to the
mean, a batch answers the same without the columns in which it has nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from classifier.network import Array, GraphSpec, LayerSpec, Ref

_PER_STEP = frozenset({"Dense", "Activation", "ReLU", "LeakyReLU", "ELU", "Identity"})


def trimmable(spec: GraphSpec) -> frozenset[Ref]:
    """Return the inputs of ids whose padding, id 0, counts nowhere in the network."""
    inputs = (given for given in spec.inputs if given.dtype == "int" and len(given.shape) == 1)
    return frozenset(given.name for given in inputs if _is_trimmable(spec, given.name))


def trimmed(inputs: Mapping[Ref, Array], names: Collection[Ref]) -> dict[Ref, Array]:
    """Return ``inputs`` with those of ``names`` freed of the columns that are all padding."""
    return {name: _without_padding(x) if name in names else x for name, x in inputs.items()}


def _without_padding(ids: Array) -> Array:
    used = np.flatnonzero((ids != 0).any(axis=0))
    return ids[:, used] if len(used) else ids[:, :1]  # also of padding alone a row has a step


def _is_trimmable(spec: GraphSpec, name: Ref) -> bool:
    """Follow the steps of the input to where they end: each time in a masked mean."""
    steps, masks = {name}, set[Ref]()
    for layer in spec.layers:
        reads = not steps.isdisjoint(layer.inputs) or not masks.isdisjoint(layer.inputs)
        if not reads and layer.mask not in masks:
            continue
        if layer.kind == "NotEqual" and layer.inputs == (name,) and not layer.config.get("value"):
            masks.add(layer.name)
        elif _keeps_steps(layer, name):
            steps.add(layer.name)
        elif not (_averages(layer) and layer.mask in masks and layer.inputs[0] in steps):
            return False
    return steps.isdisjoint(spec.outputs) and masks.isdisjoint(spec.outputs)


def _averages(layer: LayerSpec) -> bool:
    return layer.kind == "GlobalAveragePooling1D"


def _keeps_steps(layer: LayerSpec, name: Ref) -> bool:
    """Tell whether the layer makes of each step one, without a look at the others."""
    if layer.kind == "Embedding":
        return layer.inputs == (name,)
    # An activation with arguments may have one that says: along the steps.
    plain = not isinstance(layer.config.get("activation"), Mapping)
    return layer.kind in _PER_STEP and plain and layer.mask is None and layer.inputs != (name,)
