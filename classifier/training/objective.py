"""What a training makes small: the cross-entropy between scores and labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from classifier.errors import ModelError
from classifier.network import Array, GraphSpec, LayerSpec, Network, Ref
from classifier.network.activations import log_softmax, sigmoid, softplus

Loss = Callable[[Array, Array], tuple[Array, Array]]
"""Outputs (rows, units) and labels (rows,) → the loss of each row, and its slope (rows, units)."""

_ACTIVATED = ("Dense", "Conv1D")
_CLOSEST = 1e-7
"""To 0 and 1, as in Keras: from a probability of 0 there would be no way back."""


@dataclass(frozen=True, eq=False, slots=True)
class Objective:
    """What is made small.

    Attributes:
        spec: the network with each activation as a layer of its own.
        output: what the loss reads: log-odds where the network has them.
        loss: of it.
    """

    spec: GraphSpec
    output: Ref
    loss: Loss

    @classmethod
    def of(cls, network: Network) -> Objective:
        """Return the cross-entropy of the score of ``network``.

        A last sigmoid or softmax is left out and the loss taken of what it reads, which is
        exact where the probability itself has long been rounded to 0 or 1.

        Raises:
            ModelError: if its output is neither a probability nor the softmax of two classes.
        """
        spec = _unfolded(network.spec)
        last = next((layer for layer in spec.layers if (layer.name,) == spec.outputs), None)
        shape = network.output_shapes[0]
        ends = (last and _last_activation(last), shape)
        if last is not None and ends == ("sigmoid", (1,)):
            return cls(spec, last.inputs[0], of_log_odds)
        if last is not None and ends == ("softmax", (2,)):
            return cls(spec, last.inputs[0], of_two_classes)
        if len(spec.outputs) == 1 and shape == (1,):
            return cls(spec, spec.outputs[0], of_probabilities)
        shapes = ", ".join(map(str, network.output_shapes))
        raise ModelError(
            "cannot be trained: the output must be one probability a row, or the softmax of "
            f"two classes, not of shape {shapes}"
        )


def of_log_odds(outputs: Array, labels: Array) -> tuple[Array, Array]:
    """Return the binary cross-entropy of the sigmoid of ``outputs``."""
    odds = outputs[:, 0]
    return softplus(odds) - labels * odds, (sigmoid(odds) - labels)[:, None]


def of_two_classes(outputs: Array, labels: Array) -> tuple[Array, Array]:
    """Return the cross-entropy of the softmax of ``outputs``: good, bad."""
    shares = np.stack([1 - labels, labels], axis=1)
    logarithms = log_softmax(outputs)
    return -(shares * logarithms).sum(axis=1), np.exp(logarithms) - shares


def of_probabilities(outputs: Array, labels: Array) -> tuple[Array, Array]:
    """Return the binary cross-entropy of ``outputs``, kept off 0 and 1."""
    score = np.clip(outputs[:, 0], _CLOSEST, 1 - _CLOSEST)
    inside = score == outputs[:, 0]
    losses = -(labels * np.log(score) + (1 - labels) * np.log1p(-score))
    return losses, (inside * (score - labels) / (score * (1 - score)))[:, None]


def _unfolded(spec: GraphSpec) -> GraphSpec:
    return replace(spec, layers=tuple(part for layer in spec.layers for part in _parts(layer)))


def _parts(layer: LayerSpec) -> Iterator[LayerSpec]:
    activation = layer.config.get("activation", "linear")
    if layer.kind not in _ACTIVATED or activation == "linear":
        yield layer
        return
    rest = {key: value for key, value in layer.config.items() if key != "activation"}
    product = replace(layer, name=f"{layer.name}: product", config=rest)
    yield product
    config = {"activation": activation}
    yield LayerSpec(layer.name, "Activation", (product.name,), config)


def _last_activation(layer: LayerSpec) -> object:
    if layer.kind == "Softmax":
        plain = layer.mask is None and layer.config.get("axis", -1) in (-1, 1)
        return "softmax" if plain else None
    activation = layer.config.get("activation") if layer.kind == "Activation" else None
    return activation.get("name") if activation == {"name": activation} else activation
