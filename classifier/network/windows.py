"""Where windows of steps begin and end: for convolution and pooling alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from classifier.errors import BundleMismatch
from classifier.network.layer import Array

MOST_STEPS = 1 << 16
"""A window cannot reach further: its padding would be the largest part of the input."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows that move over the steps of a row.

    Attributes:
        size: steps that a window reads.
        stride: steps from one window to the next.
        padding: ``valid``: no window leaves the row. ``same``: as many windows as strides
            fit in the row; it is padded on both sides, the odd step at its end.
            ``causal``: each window ends at its step; the row is padded at its front.
        dilation: steps from one that a window reads to the next one.
    """

    size: int
    stride: int = 1
    padding: str = "valid"
    dilation: int = 1

    @property
    def reach(self) -> int:
        """Steps from the first to the last that a window reads, both counted."""
        return (self.size - 1) * self.dilation + 1

    def count(self, name: str, steps: int | None) -> int | None:
        """Return how many windows there are over ``steps``.

        Raises:
            BundleMismatch: naming the layer ``name``, if there is none.
        """
        if steps is None:
            return None
        least = self.reach if self.padding == "valid" else 1
        if steps < least:
            raise BundleMismatch(f"{name}: steps", f"at least {least}", steps)
        return (steps - least) // self.stride + 1

    def pad(self, x: Array, value: float) -> Array:
        """Return ``x`` (rows, steps, size) with its padding, filled with ``value``."""
        (rows, steps, size), (left, right) = x.shape, self.sides(x.shape[1])
        if not left and not right:
            return x
        padded = np.full((rows, left + steps + right, size), value, x.dtype)
        padded[:, left : left + steps] = x
        return padded

    def unpad(self, padded: Array, steps: int) -> Array:
        """Return the ``steps`` of a row that stand between its padding."""
        left, _ = self.sides(steps)
        return padded[:, left : left + steps]

    def taps(self, x: Array, count: int) -> Iterator[Array]:
        """Yield what each window reads first, second… of padded ``x``: (rows, count, size)."""
        for tap in range(self.size):
            first = tap * self.dilation
            yield x[:, first : first + (count - 1) * self.stride + 1 : self.stride]

    def sides(self, steps: int) -> tuple[int, int]:
        """Return how many steps of padding a row of ``steps`` gets at its front and its end."""
        if self.padding == "valid":
            return 0, 0
        if self.padding == "causal":
            return self.reach - 1, 0
        windows = -(-steps // self.stride)
        total = max((windows - 1) * self.stride + self.reach - steps, 0)
        return total // 2, total - total // 2
