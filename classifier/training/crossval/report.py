"""What a cross-validation gave, and how good that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from classifier.bundle import ModelBundle
from classifier.training.crossval.options import NetworkName
from classifier.training.dataset import Row
from classifier.training.ranking import average_precision, roc_auc
from classifier.training.report import OVERALL, Numbers, measure

Figures = Mapping[str, float | int | None]
"""Measures by name; one that has no meaning for the rows is None."""


@dataclass(frozen=True, eq=False, slots=True)
class NetworkReport:
    """What one network gave.

    Attributes:
        threshold: the one with the highest F1 on the out-of-fold scores.
        scores: of every row of the data, by a network that had not seen it.
        folds: measures of each fold's own rows at that threshold.
        losses: of each fold, mean over its last epoch.
        measures: of the out-of-fold scores, by slice and ``overall``.
        spread: standard deviation over the folds of each slice's measures; None with fewer
            than two folds in which they have a meaning.
        test_scores: of the test file's rows: the average over the folds; None without one.
        test: measures of these, if the test file has labels.
        bundles: one a fold, if they were wanted.
    """

    network: NetworkName
    threshold: float
    scores: Numbers
    folds: Sequence[Mapping[str, Figures]]
    losses: Sequence[float]
    measures: Mapping[str, Figures]
    spread: Mapping[str, Figures]
    test_scores: Numbers | None = None
    test: Mapping[str, Figures] | None = None
    bundles: Sequence[ModelBundle] = ()


@dataclass(frozen=True, eq=False, slots=True)
class CrossvalReport:
    """What a cross-validation gave.

    Attributes:
        rows: those of the data, in order.
        fold_of: of each row, counted from 1.
        framework: names and versions.
        notes: what whoever reads the figures should know.
    """

    rows: Sequence[Row]
    fold_of: Sequence[int]
    framework: Mapping[str, str]
    seed: int
    networks: Sequence[NetworkReport]
    notes: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the figures with four digits; two runs give the same."""
        return {
            "rows": len(self.rows),
            "bad": sum(row.label for row in self.rows),
            "folds": len(set(self.fold_of)),
            "seed": self.seed,
            "framework": dict(self.framework),
            "networks": [_network(network) for network in self.networks],
            "notes": list(self.notes),
        }


def figures_by_slice(rows: Sequence[Row], scores: Numbers, threshold: float) -> dict[str, Figures]:
    """Return the measures of each kind of row, and of all under ``overall``."""
    labels = np.array([row.label for row in rows], dtype=np.float64)
    kinds = np.array([row.kind for row in rows])
    slices = {OVERALL: np.ones(len(rows), dtype=bool)}
    slices.update({str(kind): kinds == kind for kind in sorted(set(kinds))})
    return {name: _figures(labels[mask], scores[mask], threshold) for name, mask in slices.items()}


def spread_of(folds: Sequence[Mapping[str, Figures]]) -> dict[str, Figures]:
    """Return how far the folds lie apart: the standard deviation of each measure, by slice."""
    names = {name: figures for fold in folds for name, figures in fold.items()}
    return {
        name: {
            key: _deviation([fold[name][key] for fold in folds if name in fold]) for key in figures
        }
        for name, figures in names.items()
    }


def _figures(labels: Numbers, scores: Numbers, threshold: float) -> Figures:
    return {
        **asdict(measure(labels, scores, threshold)),
        "auc": roc_auc(labels, scores),
        "average_precision": average_precision(labels, scores),
    }


def _deviation(values: Sequence[float | int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.std(known, ddof=1)) if len(known) > 1 else None


def _network(network: NetworkReport) -> dict[str, Any]:
    return {
        "network": network.network.value,
        "threshold": network.threshold,
        "out_of_fold": _rounded(network.measures),
        "spread": _rounded(network.spread),
        "folds": [
            {"fold": number, "loss": round(loss, 4), "measures": _rounded(measures)}
            for number, (loss, measures) in enumerate(
                zip(network.losses, network.folds, strict=True), start=1
            )
        ],
        "test": None if network.test is None else _rounded(network.test),
    }


def _rounded(slices: Mapping[str, Figures]) -> dict[str, dict[str, float | int | None]]:
    return {
        name: {k: round(v, 4) if isinstance(v, float) else v for k, v in figures.items()}
        for name, figures in slices.items()
    }
