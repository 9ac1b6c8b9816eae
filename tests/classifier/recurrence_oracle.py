"""Recurrent layers by the book: one row, one step, one gate after another, in double precision.

Written from the formulas alone, so that it can say whether the fast way is right. Weights are
as Keras keeps them: the gates side by side, i f c o or z r h.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Weights = Mapping[str, Array]


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


@dataclass(frozen=True)
class Oracle:
    """A layer of ``kind``: LSTM, GRU or SimpleRNN; a masked step shows zeros if ``zero_masked``."""

    kind: str
    weights: Weights
    reset_after: bool = True
    backwards: bool = False
    zero_masked: bool = False
    activation: Callable[[Array], Array] = np.tanh
    gate: Callable[[Array], Array] = sigmoid

    @property
    def units(self) -> int:
        return len(self.weights["recurrent_kernel"])

    @property
    def states(self) -> int:
        return 2 if self.kind == "LSTM" else 1

    def run(
        self, x: Array, mask: Array | None = None, initial: list[Array] | None = None
    ) -> tuple[Array, list[Array]]:
        """Return the output of every step taken, (rows, steps, units), and the last states."""
        rows = [
            self._row(
                x[row],
                np.ones(x.shape[1], bool) if mask is None else mask[row],
                [np.zeros(self.units)] * self.states
                if initial is None
                else [state[row] for state in initial],
            )
            for row in range(len(x))
        ]
        outputs = np.stack([shown for shown, _ in rows])
        return outputs, [np.stack([last[i] for _, last in rows]) for i in range(self.states)]

    def _row(self, x: Array, valid: Array, states: list[Array]) -> tuple[list[Array], list[Array]]:
        order = range(len(x))
        shown, before = [], np.zeros(self.units)
        for step in reversed(order) if self.backwards else order:
            if valid[step]:
                states = self._step(x[step].astype(np.float64), states)
                before = states[0]
                shown.append(before)
            else:
                shown.append(np.zeros(self.units) if self.zero_masked else before)
        return shown, states

    def _step(self, x: Array, states: list[Array]) -> list[Array]:
        if self.kind == "LSTM":
            return self._lstm(x, *states)
        return [self._gru(x, *states) if self.kind == "GRU" else self._simple(x, *states)]

    def _lstm(self, x: Array, h: Array, c: Array) -> list[Array]:
        i, f, candidate, o = (of_x + of_h for of_x, of_h in self._products(x, h, 4))
        memory = self.gate(f) * c + self.gate(i) * self.activation(candidate)
        return [self.gate(o) * self.activation(memory), memory]

    def _gru(self, x: Array, h: Array) -> Array:
        (z_x, z_h), (r_x, r_h), (x_h, h_h) = self._products(x, h, 3)
        z, r = self.gate(z_x + z_h), self.gate(r_x + r_h)
        if not self.reset_after:
            h_h = (r * h) @ self.weights["recurrent_kernel"][:, 2 * self.units :]
            return z * h + (1 - z) * self.activation(x_h + h_h)
        return z * h + (1 - z) * self.activation(x_h + r * h_h)

    def _simple(self, x: Array, h: Array) -> Array:
        ((of_x, of_h),) = self._products(x, h, 1)
        return self.activation(of_x + of_h)

    def _products(self, x: Array, h: Array, gates: int) -> Iterator[tuple[Array, Array]]:
        """Yield for every gate what comes from the input and what from the state."""
        biases = np.zeros((2, gates * self.units))
        if "bias" in self.weights:
            bias = np.atleast_2d(self.weights["bias"])
            biases[: len(bias)] = bias
        for gate in range(gates):
            own = slice(gate * self.units, (gate + 1) * self.units)
            kernel, recurrent = self.weights["kernel"], self.weights["recurrent_kernel"]
            yield x @ kernel[:, own] + biases[0, own], h @ recurrent[:, own] + biases[1, own]


def weights_of(
    random: np.random.Generator,
    kind: str,
    inputs: int,
    units: int,
    *,
    bias: bool = True,
    reset_after: bool = True,
) -> dict[str, Array]:
    """Return random weights, in double precision."""
    width = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}[kind] * units
    weights = {
        "kernel": random.normal(0, 0.6, (inputs, width)),
        "recurrent_kernel": random.normal(0, 0.6, (units, width)),
    }
    rows = (2,) if kind == "GRU" and reset_after else ()
    return {**weights, "bias": random.normal(0, 0.6, (*rows, width))} if bias else weights


def masks_of(rows: int, steps: int) -> dict[str, Array]:
    """Return one mask of each kind: what a batch of padded texts can bring."""
    valid = np.ones((rows, steps), bool)
    masks = {name: valid.copy() for name in ("leading", "middle", "trailing", "mixed", "all")}
    masks["leading"][:, :3] = False
    masks["middle"][:, 2:5] = False
    masks["trailing"][:, -4:] = False
    masks["all"][:] = False
    for row in range(rows):  # every row another length and side; the first is all padding
        masks["mixed"][row] = np.roll(np.arange(steps) < row * steps // rows, row)
    return masks
