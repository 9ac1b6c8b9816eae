"""The gate: when a candidate may take the place of the model in use."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from classifier.network import Array
from classifier.training.gate import Answer, GateOptions, Paired, compare_paired, judge, sign_test

_OPTIONS = GateOptions()
_ALL_BAD = np.ones(20)


def _scores(right: int, rows: int = 20, sure: float = 0.9) -> Array:
    """Scores of bad rows, of which the first ``right`` are called bad."""
    return np.where(np.arange(rows) < right, sure, 1 - sure)


def _paired(before: Array, after: Array, labels: Array = _ALL_BAD) -> Paired:
    return compare_paired(labels, before, after, 0.5, _OPTIONS)


def _newer(cured: int, spoiled: int = 0, wrong: int = 10) -> Paired:
    """Twenty rows of which the model in use had some wrong."""
    before = _scores(20 - wrong)
    after = before.copy()
    after[20 - wrong :][:cured], after[:spoiled] = 0.9, 0.1
    return _paired(before, after)


def _reference(spoiled: int = 0, sure: float = 0.9) -> Paired:
    """Five hundred rows that the model in use had all right."""
    labels = np.ones(500)
    return _paired(_scores(500, 500), _scores(500 - spoiled, 500, sure), labels)


def test_what_both_models_answer_is_counted_row_by_row() -> None:
    paired = _newer(cured=6, spoiled=2)
    assert (paired.rows, paired.mistakes_before, paired.mistakes_after) == (20, 10, 6)
    assert (paired.cured, paired.spoiled) == (6, 2)
    assert paired.errors.mean == pytest.approx(-0.2)
    assert paired.errors.low < -0.2 < paired.errors.high
    assert paired.loss.mean == pytest.approx(-0.2 * np.log(9))
    assert paired.chance == pytest.approx((28 + 8 + 1) / 256)


def test_the_sign_test_is_the_one_of_the_textbook() -> None:
    assert sign_test(0, 0) == 1
    assert sign_test(5, 0) == 1 / 32
    assert sign_test(1, 1) == 0.75
    assert sign_test(0, 3) == 1


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(3)
    hits = 0
    for _ in range(200):
        before, after = (np.where(random.random(150) < p, 0.9, 0.1) for p in (0.5, 0.8))
        paired = compare_paired(np.ones(150), before, after, 0.5, replace(_OPTIONS, draws=400))
        hits += paired.errors.low <= -0.3 <= paired.errors.high
    assert 0.9 <= hits / 200 <= 0.99


def test_the_same_rows_give_the_same_answer() -> None:
    assert _newer(6) == _newer(6)


def test_whoever_cures_and_forgets_nothing_is_accepted() -> None:
    answer, reason = judge(_newer(cured=8), _reference(), _OPTIONS)
    assert answer is Answer.ACCEPTED
    assert "cures 8 of 10 mistakes" in reason
    assert "makes no new one" in reason


@pytest.mark.parametrize(
    ("newer", "reference", "answer", "reason"),
    [
        (_newer(0), _reference(), Answer.REFUSED, "no better"),
        (_newer(4, 4), _reference(), Answer.REFUSED, "no better"),
        (_newer(5, 3), _reference(), Answer.REFUSED, "may be chance (36%)"),
        (_newer(3), _reference(), Answer.REFUSED, "cures 3 of 10 mistakes"),
        (_newer(4, wrong=5), _reference(), Answer.TOO_FEW, "may be chance (6%)"),
        (_newer(8), _reference(spoiled=20), Answer.REFUSED, "more mistakes cannot be ruled out"),
        (_newer(8), _reference(sure=0.7), Answer.REFUSED, "a loss higher by"),
        # Two more mistakes of five hundred may stay within the margin; ten may be sixteen.
        (_newer(8), _reference(spoiled=2), Answer.ACCEPTED, "not worse"),
        (_newer(8), _reference(spoiled=10), Answer.REFUSED, "(0 before, 10 after)"),
    ],
)
def test_the_gate_says_why(newer: Paired, reference: Paired, answer: Answer, reason: str) -> None:
    found = judge(newer, reference, _OPTIONS)
    assert found[0] is answer
    assert reason in found[1]


def test_whoever_is_surer_of_the_mistakes_that_are_left_is_refused() -> None:
    before = np.concatenate([np.full(14, 0.45), np.full(6, 0.6)])
    after = np.concatenate([np.full(7, 0.55), np.full(7, 0.01), np.full(6, 0.6)])
    answer, reason = judge(_paired(before, after), _reference(), _OPTIONS)
    assert answer is Answer.REFUSED
    assert "the loss rises" in reason


def test_the_margin_can_be_another() -> None:
    wide = replace(_OPTIONS, error_margin=0.1, loss_margin=1.0)
    assert judge(_newer(8), _reference(spoiled=20), wide)[0] is Answer.ACCEPTED


def test_a_comparison_can_be_written_as_json() -> None:
    told = _newer(6).as_json()
    assert told["cured"] == 6
    assert set(told["errors"]) == {"mean", "low", "high"}
