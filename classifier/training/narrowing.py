"""A network for the words of some texts alone: its tables without the rows of all others.

A word that does not occur in what is learned from is not moved, but a training that carries it
along pays for it in each step. The rows are numbered anew and keep their order; padding, id 0,
stays what it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.network import Array, LayerSpec, Network


@dataclass(frozen=True, eq=False, slots=True)
class Narrowed:
    """A network with only those rows of its tables that some texts read.

    Attributes:
        network: it answers to ``ids_of(ids)`` what ``whole`` answers to ``ids``.
        whole: the network with all rows.
        known: the ids that are left, rising; None: all of them.
    """

    network: Network
    whole: Network
    known: Array | None

    def ids_of(self, ids: Array) -> Array:
        """Return the new numbers of ``ids``, all of which must be known."""
        if self.known is None:
            return ids
        found: Array = np.searchsorted(self.known, ids)
        return found

    def widened(self, network: Network) -> Network:
        """Return ``whole`` with the weights of ``network``, a narrow one that has moved."""
        if self.known is None:
            return network
        tensors = dict(network.tensors)
        for name in _tables(self.whole):
            tensors[name] = self.whole.tensors[name].astype(network.dtype)
            tensors[name][self.known] = network.tensors[name]
        return Network(self.whole.spec, tensors, dtype=network.dtype)


def narrowed(network: Network, ids: Array) -> Narrowed:
    """Return ``network``, which reads ids alone, with only the rows that ``ids`` read.

    A network where the number of a word means more than its row in a table keeps all of them.
    """
    tables, known = _tables(network), np.union1d(ids, [0])
    # An id that no table has is the network's to refuse.
    if not tables or any(known[-1] >= len(network.tensors[name]) for name in tables):
        return Narrowed(network, network, None)
    rows = {name: network.tensors[name][known] for name in tables}
    narrow = Network(network.spec, {**network.tensors, **rows}, dtype=network.dtype)
    return Narrowed(narrow, network, known)


def _tables(network: Network) -> set[str]:
    """Return the names of the tables that may be narrowed: all, or none."""
    given = {one.name for one in network.spec.inputs}
    readers = [layer for layer in network.spec.layers if given.intersection(layer.inputs)]
    own = {
        name for layer in readers if layer.kind == "Embedding" for name in layer.weights.values()
    }
    others = [layer for layer in network.spec.layers if layer not in readers]
    shared = any(own.intersection(layer.weights.values()) for layer in others)
    return own if not shared and all(map(_by_number_alone, readers)) else set()


def _by_number_alone(layer: LayerSpec) -> bool:
    """Tell whether a layer that reads ids only looks them up, or asks which are padding."""
    return layer.kind == "Embedding" or (
        layer.kind == "NotEqual" and layer.config.get("value") == 0
    )
