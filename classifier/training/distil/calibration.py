"""Log-odds that mean what they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.network import Array

_STEPS = 50


@dataclass(frozen=True, eq=False, slots=True)
class Calibration:
    """Log-odds → calibrated log-odds: ``slope`` · x + ``shift``."""

    slope: float
    shift: float

    @classmethod
    def fit(cls, odds: Array, labels: Array) -> Calibration:
        """Return the one with the least log loss on ``odds`` (rows,), by Newton's method."""
        weights = np.array([1.0, 0.0])
        columns = np.stack([odds, np.ones_like(odds)], 1)
        for _ in range(_STEPS):
            found = 1 / (1 + np.exp(-columns @ weights))
            slope = columns.T @ (found - labels)
            curvature = (columns * (found * (1 - found))[:, None]).T @ columns
            step = np.linalg.solve(curvature + 1e-9 * np.eye(2), slope)
            weights = weights - step
            if np.abs(step).max() < 1e-10:
                break
        return cls(float(weights[0]), float(weights[1]))

    def scores(self, odds: Array) -> Array:
        """Return probabilities."""
        scores: Array = 1 / (1 + np.exp(-(self.slope * odds + self.shift)))
        return scores
