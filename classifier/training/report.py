"""How good a model is: measures per slice and overall, positive class bad."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.training.dataset import Row

Numbers = npt.NDArray[np.float64]
_THRESHOLDS = np.linspace(0.05, 0.95, 91)
OVERALL = "overall"


@dataclass(frozen=True, slots=True)
class Measures:
    """How a model did on some rows; a measure that has no meaning there is None.

    Attributes:
        rows: how many there were.
        bad: how many of them are bad.
        precision: share of the rows called bad that are bad.
        recall: share of the bad rows that were called bad.
        f1: harmonic mean of the two.
        false_alarms: share of the good rows that were called bad.
    """

    rows: int
    bad: int
    precision: float | None
    recall: float | None
    f1: float | None
    false_alarms: float | None


def measure(labels: Numbers, scores: Numbers, threshold: float) -> Measures:
    """Return how ``scores`` above ``threshold`` name the rows labelled 1."""
    called, bad = scores > threshold, labels == 1
    hits = int((called & bad).sum())
    total = int(bad.sum())
    return Measures(
        rows=len(labels),
        bad=total,
        precision=_share(hits, int(called.sum())) if total else None,
        recall=_share(hits, total),
        f1=_share(2 * hits, int(called.sum()) + total) if total else None,
        false_alarms=_share(int((called & ~bad).sum()), int((~bad).sum())),
    )


def measure_slices(rows: Sequence[Row], scores: Numbers, threshold: float) -> dict[str, Measures]:
    """Return the measures of each kind of row, and of all under ``overall``."""
    labels = np.array([row.label for row in rows], dtype=np.float64)
    masks = slice_masks(rows)
    return {name: measure(labels[mask], scores[mask], threshold) for name, mask in masks.items()}


def slice_masks(rows: Sequence[Row]) -> dict[str, npt.NDArray[np.bool_]]:
    """Return which rows belong to ``overall`` (all do) and to each kind."""
    kinds = np.array([row.kind for row in rows])
    masks = {OVERALL: np.ones(len(rows), dtype=bool)}
    masks.update({str(kind): kinds == kind for kind in sorted(set(kinds))})
    return masks


def best_threshold(labels: Numbers, scores: Numbers) -> float:
    """Return the threshold with the highest F1; of equally good ones the middle."""
    f1 = [measure(labels, scores, threshold).f1 or 0.0 for threshold in _THRESHOLDS]
    best = np.flatnonzero(np.isclose(f1, max(f1)))
    return round(float(_THRESHOLDS[best[len(best) // 2]]), 2)


def calibration_error(labels: Numbers, scores: Numbers, *, bins: int = 10) -> float:
    """Return the expected calibration error: how far scores and shares of bad texts lie apart.

    Texts whose scores fall into the same of ``bins`` equal parts of 0 to 1 are looked at
    together; their distances are averaged by how many they are (Guo et al. 2017).
    """
    places = np.minimum((scores * bins).astype(int), bins - 1)
    counts = np.bincount(places, minlength=bins)
    apart = np.bincount(places, scores - labels, minlength=bins)
    return float(np.abs(apart).sum() / max(1, counts.sum()))


def measures_to_json(measures: dict[str, Measures]) -> dict[str, Any]:
    """Return the measures with four digits, by slice."""
    return {name: _rounded(asdict(values)) for name, values in measures.items()}


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in values.items()}


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
