"""In which order the calls of a model can be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from classifier.errors import BundleMismatch
from classifier.importers.keras.model import KerasLayer, KerasModel, Tensor


def in_order(model: KerasModel) -> Iterator[tuple[KerasLayer, int]]:
    """Yield every call of ``model`` after those that it reads."""
    layers = {layer.name: layer for layer in model.layers}
    if len(layers) != len(model.layers):
        raise BundleMismatch(f"{model.name}: layers", "each name once", "one twice")
    given = set(model.inputs)
    reads = {
        (layer.name, i): {
            (tensor.layer, tensor.call) for tensor in call.tensors() if tensor not in given
        }
        for layer in model.layers
        for i, call in enumerate(layer.calls)
        if Tensor(layer.name, i, 0) not in given
    }
    try:
        order = list(TopologicalSorter(reads).static_order())
    except CycleError as error:
        raise BundleMismatch(f"{model.name}: layers", "no cycle", error.args[1]) from error
    for name, number in order:
        if (name, number) not in reads:
            raise BundleMismatch(
                f"{model.name}: inbound_nodes", "a call of a layer", (name, number)
            )
        yield layers[name], number
