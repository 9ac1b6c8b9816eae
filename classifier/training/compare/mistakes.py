"""What a candidate got wrong, and was most sure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifier.training.compare.outcome import THRESHOLD
from classifier.training.dataset import Row
from classifier.training.report import Numbers


@dataclass(frozen=True, slots=True)
class Mistake:
    """A text on the wrong side of the threshold."""

    row: Row
    score: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many rows of each label were called what."""

    good_as_good: int
    good_as_bad: int
    bad_as_good: int
    bad_as_bad: int


def false_alarms(rows: Sequence[Row], scores: Numbers, most: int) -> list[Mistake]:
    """Return the good rows with the highest scores above the threshold, the worst first."""
    order = np.argsort(-scores, kind="stable")
    return _first(rows, scores, [i for i in order if _called_bad(scores[i])], 0, most)


def misses(rows: Sequence[Row], scores: Numbers, most: int) -> list[Mistake]:
    """Return the bad rows with the lowest scores not above the threshold, the worst first."""
    order = np.argsort(scores, kind="stable")
    return _first(rows, scores, [i for i in order if not _called_bad(scores[i])], 1, most)


def confusion(rows: Sequence[Row], scores: Numbers) -> Confusion:
    """Return the four counts."""
    bad, called = np.array([row.label == 1 for row in rows]), scores > THRESHOLD
    counts = ((~bad & ~called), (~bad & called), (bad & ~called), (bad & called))
    return Confusion(*(int(count.sum()) for count in counts))


def _called_bad(score: float) -> bool:
    return score > THRESHOLD


def _first(
    rows: Sequence[Row], scores: Numbers, order: Sequence[int], label: int, most: int
) -> list[Mistake]:
    wrong = [i for i in order if rows[i].label == label]
    return [Mistake(rows[i], float(scores[i])) for i in wrong[:most]]
