"""How far a measure may be from the truth: between what it lies in 95 % of such samples."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from classifier.training.dataset import Row
from classifier.training.report import Measures, Numbers, measures_to_json, slice_masks

Between = tuple[float, float]
"""The lower and the upper end."""

_DEVIATIONS = 1.959964  # of the normal distribution, that hold 95 %
_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Intervals:
    """Beside each of ``Measures`` its interval; None where the measure has no meaning."""

    precision: Between | None
    recall: Between | None
    f1: Between | None
    false_alarms: Between | None


def intervals(labels: Numbers, scores: Numbers, threshold: float, *, seed: int = 1) -> Intervals:
    """Return the intervals of what ``measure`` returns for the same rows.

    Shares have Wilson's; F1 is none, so rows are drawn again and again, as ``seed`` has it.
    """
    called, bad = scores > threshold, labels == 1
    hits, total = int((called & bad).sum()), int(bad.sum())
    return Intervals(
        precision=wilson(hits, int(called.sum())) if total else None,
        recall=wilson(hits, total),
        f1=f1_between(labels, scores, threshold, seed) if total else None,
        false_alarms=wilson(int((called & ~bad).sum()), int((~bad).sum())),
    )


def slice_intervals(
    rows: Sequence[Row], scores: Numbers, threshold: float, *, seed: int = 1
) -> dict[str, Intervals]:
    """Return the intervals of each kind of row, and of all under ``overall``."""
    labels = np.array([row.label for row in rows], dtype=np.float64)
    return {
        name: intervals(labels[mask], scores[mask], threshold, seed=seed)
        for name, mask in slice_masks(rows).items()
    }


def wilson(hits: int, total: int) -> Between | None:
    """Return the interval of Wilson (1927) for ``hits`` of ``total``; None of nothing."""
    if not total:
        return None
    share, square = hits / total, _DEVIATIONS**2
    middle = (share + square / (2 * total)) / (1 + square / total)
    spread = math.sqrt(share * (1 - share) / total + square / (4 * total**2))
    spread *= _DEVIATIONS / (1 + square / total)
    low = 0.0 if hits == 0 else max(0.0, middle - spread)
    return low, 1.0 if hits == total else min(1.0, middle + spread)


def f1_between(labels: Numbers, scores: Numbers, threshold: float, seed: int) -> Between:
    """Return between what F1 would lie in 95 % of samples drawn from these rows."""
    bad, called = labels == 1, scores > threshold
    counts = np.array([(bad & called).sum(), (bad & ~called).sum(), (~bad & called).sum()])
    shares = np.append(counts, len(labels) - counts.sum()) / len(labels)
    draws = np.random.default_rng(seed).multinomial(len(labels), shares, _DRAWS)
    hits, missed, false = draws[:, 0], draws[:, 1], draws[:, 2]
    f1 = 2 * hits / np.maximum(2 * hits + missed + false, 1)
    low, high = np.quantile(f1, [0.025, 0.975])
    return float(low), float(high)


def figures_to_json(
    measures: Mapping[str, Measures], between: Mapping[str, Intervals]
) -> dict[str, Any]:
    """Return the measures by slice, each with its interval under ``…_between``, four digits."""
    figures = measures_to_json(dict(measures))
    for name, ends in between.items():
        for measure, interval in asdict(ends).items():
            rounded = None if interval is None else [round(end, 4) for end in interval]
            figures[name][f"{measure}_between"] = rounded
    return figures
