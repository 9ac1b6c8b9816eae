"""The cyclic learning rate: up and down in a triangle that shrinks.

From Smith, "Cyclical Learning Rates for Training Neural Networks" (2017): a rate that keeps
rising and falling needs no search for the one right value.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CyclicRate:
    """The learning rate of each batch.

    Attributes:
        low: where each cycle starts and ends.
        high: the peak of the first cycle.
        half: batches from the bottom to the peak, and down again.
        decay: what a batch leaves of the triangle's height; 1: it never shrinks.
    """

    low: float = 1e-3
    high: float = 3e-3
    half: int = 300
    decay: float = 0.99994

    def at(self, batch: int) -> float:
        """Return the rate of a batch, the first of all being 0."""
        from_peak = abs(batch % (2 * self.half) - self.half) / self.half
        return self.low + (self.high - self.low) * (1 - from_peak) * self.decay**batch

    @classmethod
    def over(cls, batches: int) -> CyclicRate:
        """Return the usual rate for so many batches in all: at least one whole cycle of them."""
        return cls(half=max(1, min(cls().half, batches // 2)))
