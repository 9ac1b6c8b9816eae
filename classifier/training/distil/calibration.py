"""What several students say, as one probability that means what it says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.network import Array

_STEPS = 50
_PENALTY = 1e-3
"""Of slopes: where students agree, none of them gets all the weight."""


@dataclass(frozen=True, eq=False, slots=True)
class Calibration:
    """Log-odds of each student → log-odds: the sum of ``slopes`` · x, + ``shift``.

    Attributes:
        slopes: (students,).
    """

    slopes: Array
    shift: float

    @classmethod
    def fit(cls, odds: Array, labels: Array) -> Calibration:
        """Return the one with the least log loss on ``odds`` (rows, students): Newton's method.

        Args:
            odds: what the students said of rows that they had not seen.
            labels: (rows,) 0 or 1.
        """
        columns = np.column_stack([odds, np.ones(len(odds))])
        penalty = np.diag([_PENALTY * len(odds)] * odds.shape[1] + [0.0])
        weights = np.zeros(columns.shape[1])
        for _ in range(_STEPS):
            found = _probabilities(columns @ weights)
            slope = columns.T @ (found - labels) + penalty @ weights
            curvature = (columns * (found * (1 - found))[:, None]).T @ columns + penalty
            step = np.linalg.solve(curvature + 1e-9 * np.eye(len(weights)), slope)
            weights = weights - step
            if np.abs(step).max() < 1e-10:
                break
        return cls(weights[:-1], float(weights[-1]))

    def scores(self, odds: Array) -> Array:
        """Return probabilities: (rows,)."""
        return _probabilities(odds @ self.slopes + self.shift)


def _probabilities(odds: Array) -> Array:
    scores: Array = 1 / (1 + np.exp(-odds))
    return scores
