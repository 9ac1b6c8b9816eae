"""Two bidirectional recurrent layers, here and in PyTorch, with the same weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network

UNITS, STEPS, BATCH, SIZE = 64, 100, 256, 128
_GATES = {"LSTM": (0, 1, 2, 3), "GRU": (1, 0, 2)}
"""Where PyTorch keeps our gates: of a GRU it has the reset before the update."""


class InTorch:
    """LSTM, then GRU, as PyTorch's modules on one thread."""

    def __init__(self) -> None:
        import torch  # noqa: PLC0415

        self._torch = torch
        torch.set_num_threads(1)
        torch.manual_seed(1)
        how = {"batch_first": True, "bidirectional": True}
        self.layers = {
            "LSTM": torch.nn.LSTM(SIZE, UNITS, **how),
            "GRU": torch.nn.GRU(2 * UNITS, UNITS, **how),
        }

    def __call__(self, x: Array) -> Array:
        """Return the sequence of the second layer: (rows, steps, 2 · units)."""
        with self._torch.inference_mode():
            sequence = self._torch.from_numpy(x)
            for layer in self.layers.values():
                sequence, _ = layer(sequence)
            answer: Array = sequence.numpy()
            return answer


def network_of(modules: InTorch) -> Network:
    """Return the network of ``modules``."""
    tensors: dict[str, Array] = {}
    specs: list[LayerSpec] = []
    for kind, module in modules.layers.items():
        weights = _weights(kind, {name: value.numpy() for name, value in _state(module)})
        tensors |= {f"{kind}/{role}": value for role, value in weights.items()}
        before = specs[-1].name if specs else "x"
        specs.append(_spec(kind, before, {role: f"{kind}/{role}" for role in weights}))
    inputs = (InputSpec("x", (STEPS, SIZE)),)
    return Network(GraphSpec(inputs, tuple(specs), (specs[-1].name,)), tensors)


def _state(module: Any) -> Any:
    return module.state_dict().items()


def _spec(kind: str, before: str, weights: Mapping[str, str]) -> LayerSpec:
    direction: dict[str, object] = {"reset_after": True} if kind == "GRU" else {}
    config = {
        "layer": kind,
        "return_sequences": True,
        "forward": direction,
        "backward": {**direction, "go_backwards": True},
    }
    return LayerSpec(kind, "Bidirectional", (before,), config, weights)


def _weights(kind: str, state: Mapping[str, Array]) -> dict[str, Array]:
    """Return the weights of both directions by our roles."""
    weights = {}
    for direction, suffix in (("forward", ""), ("backward", "_reverse")):
        found = {
            part: _gates(kind, state[f"{part}_l0{suffix}"])
            for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        }
        biases = np.stack([found["bias_ih"], found["bias_hh"]])
        weights[f"{direction}_kernel"] = found["weight_ih"].T
        weights[f"{direction}_recurrent_kernel"] = found["weight_hh"].T
        weights[f"{direction}_bias"] = biases if kind == "GRU" else biases.sum(axis=0)
    return weights


def _gates(kind: str, weights: Array) -> Array:
    gates = np.split(weights, len(_GATES[kind]))
    return np.concatenate([gates[place] for place in _GATES[kind]])
