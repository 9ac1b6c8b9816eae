from __future__ import annotations

import numpy as np
import pytest

from classifier.network import Array
from classifier.training.objective import Loss, of_log_odds, of_probabilities, of_two_classes

_LABELS = np.array([0.0, 1.0, 0.3, 0.9])
_ODDS = np.array([[-2.0], [0.5], [1.5], [-0.2]])


def _entropy(score: Array, labels: Array) -> Array:
    return np.asarray(-(labels * np.log(score) + (1 - labels) * np.log(1 - score)))


def test_all_three_are_the_same_cross_entropy() -> None:
    scores = 1 / (1 + np.exp(-_ODDS))
    expected = _entropy(scores[:, 0], _LABELS)
    two = np.concatenate([np.zeros_like(_ODDS), _ODDS], axis=1) + 7
    for loss, outputs in ((of_log_odds, _ODDS), (of_probabilities, scores), (of_two_classes, two)):
        np.testing.assert_allclose(loss(outputs, _LABELS)[0], expected, rtol=1e-12)


@pytest.mark.parametrize(("loss", "units"), [(of_log_odds, 1), (of_two_classes, 2)])
def test_odds_beyond_all_rounding_have_a_loss_and_a_slope(loss: Loss, units: int) -> None:
    outputs = np.zeros((4, units), np.float32)
    outputs[:, -1] = [-1e4, 1e4, 1e4, -1e4]
    labels = np.array([0, 1, 0, 1], np.float32)
    losses, slope = loss(outputs, labels)
    assert losses.tolist() == [0, 0, 1e4, 1e4]
    assert slope[:, -1].tolist() == [0, 0, 1, -1]
    assert losses.dtype == slope.dtype == np.float32


def test_probabilities_are_kept_off_0_and_1_as_in_keras() -> None:
    outputs = np.array([[0.0], [1.0], [0.0], [1.0]])
    losses, slope = of_probabilities(outputs, np.array([0.0, 1.0, 1.0, 0.0]))
    np.testing.assert_allclose(losses, [1e-7, 1e-7, -np.log(1e-7), -np.log(1e-7)], rtol=1e-6)
    assert not slope.any()
