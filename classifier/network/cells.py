"""One step of each recurrent layer.

The gates of a step are blocks of their own, (gates, rows, units), so that an activation runs
over one piece of memory, and whatever is known beforehand is written in place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from classifier.network.layer import Array

Into = Callable[[Array, Array], object]
"""An activation that reads its first argument and writes to the second, of the same shape."""


class Cell(Protocol):
    """What a recurrent layer does at every step."""

    @property
    def kernel(self) -> Array:
        """What the inputs are multiplied with before the step: (gates, inputs, units)."""

    @property
    def bias(self) -> Array | None:
        """What is then added to them, (gates, 1, units), if anything."""

    @property
    def states(self) -> int:
        """How many arrays (rows, units) go from step to step; the first is the output."""

    def step(self, x: Array, states: Sequence[Array], into: Sequence[Array], work: Array) -> None:
        """Write the new states to ``into``; ``x`` and ``work`` are (gates, rows, units)."""


@dataclass(frozen=True, eq=False, slots=True)
class LSTMCell:
    """Gates i, f, o, candidate; states h and c: c = f·c₋₁ + i·candidate, h = o·act(c)."""

    kernel: Array
    recurrent: Array
    bias: Array | None
    activation: Into
    gate: Into
    states: int = 2

    def step(self, x: Array, states: Sequence[Array], into: Sequence[Array], work: Array) -> None:
        """Write h and c."""
        before, memory = states
        output, cell = into
        np.matmul(before, self.recurrent, out=work)
        work += x
        self.gate(work[:3], work[:3])
        self.activation(work[3], work[3])
        enter, forget, leave, candidate = work
        candidate *= enter
        np.multiply(forget, memory, out=cell)
        cell += candidate
        self.activation(cell, output)
        output *= leave


@dataclass(frozen=True, eq=False, slots=True)
class ResetAfterGRUCell:
    """Gates z, r, candidate; candidate = act(x + r·(h₋₁·U + b)), h = z·h₋₁ + (1−z)·candidate.

    ``candidate_bias`` is that b, (units,): it stays inside the reset.
    """

    kernel: Array
    recurrent: Array
    bias: Array | None
    candidate_bias: Array | None
    activation: Into
    gate: Into
    states: int = 1

    def step(self, x: Array, states: Sequence[Array], into: Sequence[Array], work: Array) -> None:
        """Write h."""
        update, reset, candidate = work
        np.matmul(states[0], self.recurrent, out=work)
        work[:2] += x[:2]
        self.gate(work[:2], work[:2])
        if self.candidate_bias is not None:
            candidate += self.candidate_bias
        candidate *= reset
        candidate += x[2]
        self.activation(candidate, candidate)
        _mix(update, states[0], candidate, into[0])


@dataclass(frozen=True, eq=False, slots=True)
class ResetBeforeGRUCell:
    """Gates z, r, candidate; candidate = act(x + (r·h₋₁)·U), h = z·h₋₁ + (1−z)·candidate."""

    kernel: Array
    recurrent: Array
    bias: Array | None
    activation: Into
    gate: Into
    states: int = 1

    def step(self, x: Array, states: Sequence[Array], into: Sequence[Array], work: Array) -> None:
        """Write h."""
        update, reset, candidate = work
        np.matmul(states[0], self.recurrent[:2], out=work[:2])
        work[:2] += x[:2]
        self.gate(work[:2], work[:2])
        reset *= states[0]
        np.matmul(reset, self.recurrent[2], out=candidate)
        candidate += x[2]
        self.activation(candidate, candidate)
        _mix(update, states[0], candidate, into[0])


@dataclass(frozen=True, eq=False, slots=True)
class SimpleRNNCell:
    """h = act(x + h₋₁·U)."""

    kernel: Array
    recurrent: Array
    bias: Array | None
    activation: Into
    states: int = 1

    def step(self, x: Array, states: Sequence[Array], into: Sequence[Array], work: Array) -> None:
        """Write h."""
        np.matmul(states[0], self.recurrent, out=work)
        work += x
        self.activation(work[0], into[0])


def sigmoid_into(x: Array, out: Array) -> None:
    """Write the sigmoid of ``x`` as ½ + ½·tanh(½·x): one pass that costs, and none overflows."""
    np.multiply(x, 0.5, out=out)
    np.tanh(out, out=out)
    out *= 0.5
    out += 0.5


def _mix(update: Array, before: Array, candidate: Array, out: Array) -> None:
    np.multiply(update, before, out=out)
    np.subtract(1, update, out=update)
    candidate *= update
    out += candidate
