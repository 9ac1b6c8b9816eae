"""The part of a network that is linear as long as the same relus are open.

Around one text, Embedding → average → Dense relu → Dense sigmoid is an affine function of
the average, up to the last sigmoid: closed units give 0, open ones are linear.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from classifier.network import Array, GraphSpec, LayerSpec, Network

_SLOPED = ("linear", "relu")
_PASSING = ("Identity",)


@dataclass(frozen=True, eq=False, slots=True)
class AffineTail:
    """The layers after a linear pooling, as an affine function to the log-odds of class 1.

    Attributes:
        pooled: name of the layer whose output they start from.
    """

    pooled: str
    _network: Network
    _layers: Sequence[LayerSpec]

    @classmethod
    def of(cls, network: Network) -> AffineTail | None:
        """Return the tail of ``network``, or None if it is not linear up to there."""
        chain = network.spec.layers
        kinds = [layer.kind for layer in chain]
        if "GlobalAveragePooling1D" not in kinds or not _is_chain(network.spec):
            return None
        at = kinds.index("GlobalAveragePooling1D")
        head, tail = kinds[:at], [layer for layer in chain[at + 1 :] if layer.kind not in _PASSING]
        pools = [kind for kind in head if kind not in _PASSING] == ["Embedding"]
        if not pools or chain[at].config.get("keepdims") or not _is_affine(tail, network):
            return None
        return cls(chain[at].name, network, tail)

    def at(self, activations: Mapping[str, Array]) -> tuple[Array, float]:
        """Return slope and offset of the log-odds around one text.

        Args:
            activations: of that text alone, by layer.
        """
        size = activations[self.pooled].shape[-1]
        slope, offset = np.eye(size), np.zeros(size)
        for layer in self._layers:
            kernel, bias = self._weights(layer)
            open_units = activations[layer.name][0] > 0 if _activation(layer) == "relu" else True
            slope = slope @ kernel * open_units
            offset = (offset @ kernel + bias) * open_units
        if slope.shape[1] == 2:  # softmax: the log-odds are the difference
            slope, offset = slope[:, 1:] - slope[:, :1], offset[1:] - offset[:1]
        return slope[:, 0], float(offset[0])

    def _weights(self, layer: LayerSpec) -> tuple[Array, Array | float]:
        tensors = self._network.tensors
        kernel = tensors[layer.weights["kernel"]].astype(np.float64)
        bias = layer.weights.get("bias")
        return kernel, 0.0 if bias is None else tensors[bias].astype(np.float64)


def _is_chain(spec: GraphSpec) -> bool:
    """Each layer reads only the one before it, and nothing is masked."""
    return (
        len(spec.inputs) == 1
        and spec.layers[0].inputs == (spec.inputs[0].name,)
        and all(after.inputs == (before.name,) for before, after in pairwise(spec.layers))
        and all(layer.mask is None for layer in spec.layers)
        and spec.outputs == (spec.layers[-1].name,)
    )


def _is_affine(tail: Sequence[LayerSpec], network: Network) -> bool:
    if not tail or any(layer.kind != "Dense" for layer in tail):
        return False
    last = (_activation(tail[-1]), network.output_shapes[0])
    inner = all(_activation(layer) in _SLOPED for layer in tail[:-1])
    return inner and last in (("sigmoid", (1,)), ("softmax", (2,)))


def _activation(layer: LayerSpec) -> object:
    return layer.config.get("activation", "linear")
