from __future__ import annotations

import numpy as np
import pytest

from classifier.training.dataset import Row
from classifier.training.report import (
    Measures,
    best_threshold,
    measure,
    measure_slices,
    measures_to_json,
)

_LABELS = np.array([1.0, 1, 1, 0, 0, 0, 0, 0])
_SCORES = np.array([0.9, 0.8, 0.3, 0.7, 0.2, 0.1, 0.5, 0.0])


def test_measures_count_bad_as_the_positive_class() -> None:
    assert measure(_LABELS, _SCORES, 0.5) == Measures(
        rows=8, bad=3, precision=2 / 3, recall=2 / 3, f1=2 / 3, false_alarms=1 / 5
    )


def test_a_score_equal_to_the_threshold_is_good() -> None:
    assert measure(np.array([1.0, 0.0]), np.array([0.5, 0.5]), 0.5).recall == 0


def test_measures_without_a_meaning_are_none() -> None:
    good_only = measure(np.zeros(3), np.array([0.9, 0.1, 0.1]), 0.5)
    assert (good_only.f1, good_only.precision, good_only.recall) == (None, None, None)
    assert good_only.false_alarms == pytest.approx(1 / 3)
    assert measure(np.ones(3), np.ones(3), 0.5).false_alarms is None


def test_every_slice_is_measured_beside_the_whole() -> None:
    rows = [Row("Купи", 1, "ad"), Row("Мост", 0, "post"), Row("Купи", 1, "post")]
    measures = measure_slices(rows, np.array([0.9, 0.8, 0.1]), 0.5)
    assert list(measures) == ["overall", "ad", "post"]
    assert (measures["ad"].recall, measures["post"].recall) == (1, 0)
    assert measures["overall"].recall == 0.5
    assert measures_to_json(measures)["ad"]["recall"] == 1


def test_the_threshold_with_the_highest_f1_is_found() -> None:
    scores = np.array([0.61, 0.62, 0.9, 0.1, 0.2, 0.39])
    labels = np.array([1.0, 1, 1, 0, 0, 0])
    assert best_threshold(labels, scores) == pytest.approx(0.5, abs=0.02)
