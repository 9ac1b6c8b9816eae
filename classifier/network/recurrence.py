"""A cell run over the steps of a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from classifier.network.cells import Cell
from classifier.network.layer import Array, Mask

_STEPS_AT_ONCE = 8


def run(
    cell: Cell, x: Array, initial: Sequence[Array], mask: Mask | None, sequence: Array | None
) -> tuple[Array, ...]:
    """Return the states after the last step; a step that is masked carries them on.

    Args:
        x: (rows, steps, inputs), in the order in which the steps are taken.
        initial: the states to start from, (rows, units) each.
        mask: (rows, steps), true where a step counts; None: every step does.
        sequence: (rows, steps, units), to write the first state of every step to; or None.
    """
    states = tuple(np.array(state, cell.kernel.dtype) for state in initial)
    into = tuple(np.empty_like(state) for state in states)
    work = np.empty((len(cell.kernel), *states[0].shape), cell.kernel.dtype)
    masks = _masks(mask, x.shape[1])
    for step, (projected, masked) in enumerate(zip(_projections(cell, x), masks, strict=True)):
        if masked is None or not masked.all():
            cell.step(projected, states, into, work)
            _carry(states, into, masked)
            states, into = into, states
        if sequence is not None:
            sequence[:, step] = states[0]
    return states


def _carry(states: Sequence[Array], into: Sequence[Array], masked: Mask | None) -> None:
    if masked is not None:
        for old, new in zip(states, into, strict=True):
            np.copyto(new, old, where=masked)


def _projections(cell: Cell, x: Array) -> Iterator[Array]:
    """Yield ``x · kernel + bias`` of every step, (gates, rows, units); valid until the next."""
    rows, steps, _ = x.shape
    gates, _, units = cell.kernel.shape
    buffer = np.empty((min(steps, _STEPS_AT_ONCE), gates, rows, units), cell.kernel.dtype)
    by_step = x.transpose(1, 0, 2)[:, None]
    for start in range(0, steps, _STEPS_AT_ONCE):
        some = by_step[start : start + _STEPS_AT_ONCE]
        projected = np.matmul(some, cell.kernel, out=buffer[: len(some)])
        if cell.bias is not None:
            projected += cell.bias
        yield from projected


def _masks(mask: Mask | None, steps: int) -> Iterator[Mask | None]:
    """Yield for every step which rows are masked, (rows, 1); None: none is."""
    for step in range(steps):
        masked = None if mask is None else ~mask[:, step, None]
        yield masked if masked is not None and masked.any() else None
