"""What a training gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.training.intervals import Intervals, figures_to_json
from classifier.training.orders import TrainOptions
from classifier.training.report import Measures


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What a training gave.

    Attributes:
        path: folder of the bundle.
        model: its short identity.
        options: how it was trained.
        threshold: an item is bad when its score is above this.
        trained_on: number of rows the weights were fitted to.
        measures: on the held-out rows, by slice and ``overall``.
        between: 95 % intervals of them.
        notes: what is odd about the data, one line each.
    """

    path: Path
    model: str
    options: TrainOptions
    threshold: float
    trained_on: int
    measures: Mapping[str, Measures]
    between: Mapping[str, Intervals]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "path": str(self.path),
            "model": self.model,
            **self.options.as_json(),
            "threshold": self.threshold,
            "trained_on": self.trained_on,
            "held_out": figures_to_json(self.measures, self.between),
            "notes": list(self.notes),
        }
