"""The part of a network that is linear as long as the same relus are open.

Around one text, Dense relu → Dense sigmoid is an affine function of what it reads, up to the
last sigmoid: closed units give 0, open ones are linear.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from classifier.network import Array, GraphSpec, LayerSpec, Network, Ref

_SLOPED = ("linear", "relu")
_PASSING = ("Identity",)


@dataclass(frozen=True, eq=False, slots=True)
class AffineTail:
    """The layers after a linear start, as an affine function to the log-odds of class 1.

    Attributes:
        start: what they read: the input itself, or the average over its embedded ids.
        averages: the start is such an average.
    """

    start: Ref
    averages: bool
    _network: Network
    _layers: Sequence[LayerSpec]

    @classmethod
    def of(cls, network: Network) -> AffineTail | None:
        """Return the tail of ``network``, or None if there is more to it."""
        if not _is_chain(network.spec):
            return None
        layers = [layer for layer in network.spec.layers if layer.kind not in _PASSING]
        averages = [layer.kind for layer in layers[:2]] == ["Embedding", "GlobalAveragePooling1D"]
        tail = layers[2:] if averages else layers
        if not _is_affine(tail, network) or (averages and layers[1].config.get("keepdims")):
            return None
        start = layers[1].name if averages else network.spec.inputs[0].name
        return cls(start, averages, network, tail)

    def at(self, activations: Mapping[str, Array]) -> tuple[Array, float]:
        """Return slope and offset of the log-odds around one text.

        Args:
            activations: of that text alone, by layer.
        """
        size = self._weights(self._layers[0])[0].shape[0]
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
