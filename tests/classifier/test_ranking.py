from __future__ import annotations

import numpy as np
import pytest

from classifier.training.ranking import average_precision, precision_recall, roc_auc


def _array(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def test_auc_counts_the_pairs_in_the_right_order() -> None:
    # bad: 0.9 0.4; good: 0.8 0.3 0.1. Of six pairs only (0.4, 0.8) is wrong.
    labels, scores = _array(1, 0, 1, 0, 0), _array(0.9, 0.8, 0.4, 0.3, 0.1)
    assert roc_auc(labels, scores) == pytest.approx(5 / 6)


def test_a_tie_is_half_a_pair() -> None:
    # bad: 0.5 0.9; good: 0.5 0.2. Pairs: ½ + 1 + 1 + 1 of 4.
    assert roc_auc(_array(1, 0, 1, 0), _array(0.5, 0.5, 0.9, 0.2)) == pytest.approx(3.5 / 4)
    assert roc_auc(_array(1, 0, 0), _array(0.3, 0.3, 0.3)) == 0.5


def test_average_precision_adds_the_precision_at_each_new_bad_row() -> None:
    # Ranked: bad good bad good good. Found half at 1/1, the other half at 2/3.
    labels, scores = _array(1, 0, 1, 0, 0), _array(0.9, 0.8, 0.4, 0.3, 0.1)
    assert average_precision(labels, scores) == pytest.approx((1 + 2 / 3) / 2)


def test_rows_with_equal_scores_are_called_together() -> None:
    # Both at 0.7 come at once: recall ½ at precision ½, then 1 at ⅔.
    labels, scores = _array(0, 1, 1), _array(0.7, 0.7, 0.2)
    curve = precision_recall(labels, scores)
    assert curve.recall.tolist() == [0.5, 1]
    assert curve.precision.tolist() == pytest.approx([1 / 2, 2 / 3])
    assert average_precision(labels, scores) == pytest.approx((1 / 2 + 2 / 3) / 2)


def test_the_order_of_the_rows_does_not_count() -> None:
    random = np.random.default_rng(1)
    labels = (random.random(200) < 0.3).astype(np.float64)
    scores = np.round(random.random(200), 1)
    turned = random.permutation(200)
    for measure in (roc_auc, average_precision):
        assert measure(labels[turned], scores[turned]) == pytest.approx(measure(labels, scores))


@pytest.mark.parametrize(("scores", "best"), [((0.9, 0.8, 0.2, 0.1), 1), ((0.1, 0.2, 0.8, 0.9), 0)])
def test_a_perfect_ranking_is_one_and_a_reversed_one_nothing(
    scores: tuple[float, ...], best: float
) -> None:
    assert roc_auc(_array(1, 1, 0, 0), _array(*scores)) == best


@pytest.mark.parametrize("label", [0, 1])
def test_with_one_kind_of_rows_there_is_nothing_to_rank(label: int) -> None:
    labels, scores = np.full(3, float(label)), _array(0.1, 0.5, 0.9)
    assert roc_auc(labels, scores) is None
    assert average_precision(labels, scores) is None
