from __future__ import annotations

import numpy as np
import pytest

from classifier.training.dataset import Row
from classifier.training.intervals import (
    figures_to_json,
    intervals,
    slice_intervals,
    wilson,
)
from classifier.training.report import measure, measure_slices

_LABELS = np.array([1.0, 1, 1, 0, 0, 0, 0, 0])
_SCORES = np.array([0.9, 0.8, 0.3, 0.7, 0.2, 0.1, 0.5, 0.0])


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    # Worked out from Wilson's formula by hand; 81 of 263 is the example of Newcombe (1998).
    [
        (81, 263, 0.2553, 0.3662),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (1, 2, 0.0945, 0.9055),
    ],
)
def test_a_share_has_wilsons_interval(hits: int, total: int, low: float, high: float) -> None:
    assert wilson(hits, total) == pytest.approx((low, high), abs=1e-4)


def test_nothing_has_no_interval() -> None:
    assert wilson(0, 0) is None
    good_only = intervals(np.zeros(3), np.array([0.9, 0.1, 0.1]), 0.5)
    assert (good_only.f1, good_only.precision, good_only.recall) == (None, None, None)
    assert good_only.false_alarms == wilson(1, 3)


def test_every_measure_lies_in_its_interval() -> None:
    measures, between = measure(_LABELS, _SCORES, 0.5), intervals(_LABELS, _SCORES, 0.5)
    for name in ("precision", "recall", "f1", "false_alarms"):
        low, high = getattr(between, name)
        assert 0 <= low <= getattr(measures, name) <= high <= 1
    assert between.recall == wilson(2, 3)


def test_more_rows_make_the_interval_of_f1_narrower() -> None:
    few = intervals(_LABELS, _SCORES, 0.5).f1
    many = intervals(np.tile(_LABELS, 50), np.tile(_SCORES, 50), 0.5).f1
    assert few is not None
    assert many is not None
    assert many[1] - many[0] < (few[1] - few[0]) / 4


def test_figures_stand_beside_their_intervals() -> None:
    rows = [Row("Купи", 1, "ad"), Row("Мост", 0, "post"), Row("Купи", 1, "post")]
    scores = np.array([0.9, 0.8, 0.1])
    told = figures_to_json(measure_slices(rows, scores, 0.5), slice_intervals(rows, scores, 0.5))
    assert list(told) == ["overall", "ad", "post"]
    assert told["ad"]["recall"] == 1
    assert told["ad"]["recall_between"] == [0.2065, 1.0]
    assert told["ad"]["false_alarms_between"] is None
