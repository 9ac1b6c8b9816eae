"""What a comparison gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from classifier.training.balance import Balance
from classifier.training.dataset import Row
from classifier.training.intervals import f1_between
from classifier.training.ranking import average_precision, roc_auc
from classifier.training.report import Measures, Numbers, measure_slices, slice_masks

THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Ranked:
    """How a candidate did on some rows.

    Attributes:
        called: at the threshold.
        auc: how often a bad row scores above a good one; None unless there are both.
        average_precision: under the precision-recall curve; None unless there are both.
    """

    called: Measures
    auc: float | None
    average_precision: float | None

    def as_json(self) -> dict[str, Any]:
        """Return all measures side by side, with four digits."""
        values = {
            **asdict(self.called), "auc": self.auc, "average_precision": self.average_precision,
        }  # fmt: skip
        return {k: round(v, 4) if isinstance(v, float) else v for k, v in values.items()}


@dataclass(frozen=True, slots=True)
class Result:
    """A candidate's figures.

    Attributes:
        scores: of the held-out rows, in their order.
        slices: by kind and ``overall``.
        f1_between: 95 % of samples like the held-out rows would have their F1 in here.
        fit_seconds: from texts to the fitted model.
        score_seconds: from the held-out texts to their scores, all at once.
        size: bytes it takes where it is to run.
    """

    key: str
    name: str
    scores: Numbers
    slices: Mapping[str, Ranked]
    f1_between: tuple[float, float]
    fit_seconds: float
    score_seconds: float
    size: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A candidate that could not take part, and why."""

    key: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that was found out.

    Attributes:
        data: name of the file.
        rows: how many it has.
        bad: how many of them are bad.
        held_out: what was measured on.
        warnings: what is wrong with the data, one line each.
    """

    data: str
    rows: int
    bad: int
    held_out: tuple[Row, ...]
    seed: int
    balance: Balance
    results: tuple[Result, ...]
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return everything but the texts and their scores."""
        return {
            "data": self.data,
            "rows": self.rows,
            "bad": self.bad,
            "held_out": len(self.held_out),
            "seed": self.seed,
            "balance": self.balance.value,
            "threshold": THRESHOLD,
            "models": [_result_to_json(result) for result in self.results],
            "left_out": [asdict(left) for left in self.left_out],
            "warnings": list(self.warnings),
        }


def rank_slices(rows: Sequence[Row], scores: Numbers) -> dict[str, Ranked]:
    """Return the measures of each kind of row, and of all under ``overall``."""
    labels = np.array([row.label for row in rows], dtype=np.float64)
    called = measure_slices(rows, scores, THRESHOLD)
    return {
        name: Ranked(
            called[name],
            roc_auc(labels[mask], scores[mask]),
            average_precision(labels[mask], scores[mask]),
        )
        for name, mask in slice_masks(rows).items()
    }


def f1_interval(rows: Sequence[Row], scores: Numbers, seed: int) -> tuple[float, float]:
    """Return between what F1 would lie in 95 % of samples drawn from these rows."""
    labels = np.array([row.label for row in rows], dtype=np.float64)
    return f1_between(labels, scores, THRESHOLD, seed)


def _result_to_json(result: Result) -> dict[str, Any]:
    return {
        "key": result.key,
        "name": result.name,
        "slices": {name: ranked.as_json() for name, ranked in result.slices.items()},
        "f1_between": [round(end, 4) for end in result.f1_between],
        "fit_seconds": round(result.fit_seconds, 3),
        "score_seconds": round(result.score_seconds, 4),
        "size": result.size,
        "notes": list(result.notes),
    }
