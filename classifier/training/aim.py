"""What a threshold is chosen for: the best F1, or few false alarms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.errors import ModelError
from classifier.training.report import Numbers, best_threshold

_MOST_DIGITS = 17


@dataclass(frozen=True, slots=True)
class Aim:
    """What a threshold is chosen for.

    Attributes:
        false_alarms: the largest share of good rows that may be called bad; as many bad rows
            as then possible are found. None: the best F1.

    Raises:
        ValueError: for a share that is none, or all.
    """

    false_alarms: float | None = None

    def __post_init__(self) -> None:
        if self.false_alarms is not None and not 0 <= self.false_alarms < 1:
            raise ValueError(f"a share of false alarms is at least 0 and below 1: {self}")

    def __str__(self) -> str:
        if self.false_alarms is None:
            return "the best F1"
        return f"the highest recall with at most {100 * self.false_alarms:g} % false alarms"

    def threshold(self, labels: Numbers, scores: Numbers) -> float:
        """Return the threshold that serves the aim best on these rows.

        Args:
            labels: 0 good, 1 bad, both of them there.
            scores: by networks that had not seen the row.

        Raises:
            ModelError: if no threshold finds any bad row with so few false alarms.
        """
        if self.false_alarms is None:
            return best_threshold(labels, scores)
        return _threshold_within(self.false_alarms, labels, scores)


def _threshold_within(most: float, labels: Numbers, scores: Numbers) -> float:
    """The lowest threshold with so few false alarms: none below it has more recall and as few."""
    good = np.sort(scores[labels == 0])[::-1]
    limit = good[int(most * len(good) + 1e-9)]  # as many good scores as may be lie above it
    found = scores[labels == 1] > limit
    if not found.any():
        lowest = float((good >= scores[labels == 1].max()).mean())
        raise ModelError(
            f"no threshold finds a bad text with at most {100 * most:g} % false alarms "
            f"(out of fold): the fewest are {100 * lowest:.3g} %"
        )
    return _shortest(float(limit), float(scores[scores > limit].min()))


def _shortest(low: float, high: float) -> float:
    """Return the number with the fewest digits near the middle: ``low`` <= it < ``high``."""
    for digits in range(2, _MOST_DIGITS):
        middle = round((low + high) / 2, digits)
        if low <= middle < high:
            return middle
    return low
