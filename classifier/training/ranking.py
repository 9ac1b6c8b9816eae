"""How well scores rank bad rows before good ones: measures that need no threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.training.report import Numbers


@dataclass(frozen=True, slots=True)
class Curve:
    """Precision and recall at each threshold that tells rows apart, the highest first.

    Attributes:
        recall: share of the bad rows at or above the threshold; rises to 1.
        precision: share of the rows at or above the threshold that are bad.
    """

    recall: Numbers
    precision: Numbers


def roc_auc(labels: Numbers, scores: Numbers) -> float | None:
    """Return how often a bad row scores above a good one, ties counted half.

    It is the area under the ROC curve (Mann and Whitney's U, 1947). None if there are
    not both kinds of rows.
    """
    bad = labels == 1
    pairs = int(bad.sum()) * int((~bad).sum())
    if not pairs:
        return None
    _, place, equal = np.unique(scores, return_inverse=True, return_counts=True)
    middle_rank = np.cumsum(equal) - (equal - 1) / 2
    total = int(bad.sum())
    return float((middle_rank[place][bad].sum() - total * (total + 1) / 2) / pairs)


def average_precision(labels: Numbers, scores: Numbers) -> float | None:
    """Return the precision averaged over the recall it is reached at, without interpolation.

    None if no row is bad, or all are.
    """
    bad = labels == 1
    if bad.all() or not bad.any():
        return None
    curve = precision_recall(labels, scores)
    return float((np.diff(curve.recall, prepend=0) * curve.precision).sum())


def precision_recall(labels: Numbers, scores: Numbers) -> Curve:
    """Return the curve of rows of which at least one is bad; equal scores are one point."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(labels[order] == 1)
    last_of_equal = np.append(np.diff(scores[order]) != 0, True)
    called = np.flatnonzero(last_of_equal) + 1
    hits = hits[last_of_equal]
    return Curve(recall=hits / hits[-1], precision=hits / called)
