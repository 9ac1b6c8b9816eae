from __future__ import annotations

import math

import numpy as np
import pytest

from classifier.network import Array
from classifier.training.optimizer import Adam, AdamOptions, clip


def _textbook(weight: Array, gradients: list[Array], options: AdamOptions) -> Array:
    """Adam as Kingma and Ba write it at the end of their section 2, which is how Keras has it."""
    mean = square = np.zeros_like(weight)
    for step, gradient in enumerate(gradients, start=1):
        weight = weight * (1 - options.learning_rate * options.weight_decay)
        mean = options.beta1 * mean + (1 - options.beta1) * gradient
        square = options.beta2 * square + (1 - options.beta2) * gradient**2
        rate = math.sqrt(1 - options.beta2**step) / (1 - options.beta1**step)
        weight = weight - options.learning_rate * rate * mean / (np.sqrt(square) + options.epsilon)
    return weight


@pytest.mark.parametrize(
    "options",
    [AdamOptions(), AdamOptions(learning_rate=0.1, weight_decay=0.2, beta1=0.5, epsilon=0.01)],
)
@pytest.mark.parametrize("shape", [(7, 3), (300, 400)])  # the second in several pieces
def test_adam_is_the_textbooks(shape: tuple[int, ...], options: AdamOptions) -> None:
    random = np.random.default_rng(0)
    weight = random.normal(size=shape)
    gradients = [random.normal(size=shape) * 10.0 ** random.integers(-4, 2) for _ in range(12)]
    expected = _textbook(weight, gradients, options)
    adam = Adam({"w": weight}, options)
    for gradient in gradients:
        adam.step({"w": gradient})
    np.testing.assert_allclose(weight, expected, rtol=1e-12, atol=1e-14)


def test_a_weight_without_a_gradient_is_not_moved_and_single_precision_stays() -> None:
    weights = {name: np.ones(3, np.float32) for name in ("moved", "still")}
    Adam(weights, AdamOptions()).step({"moved": np.ones(3, np.float32)})
    assert weights["moved"].dtype == np.float32
    assert (weights["moved"] < 1).all()
    assert (weights["still"] == 1).all()


def test_rows_that_fade_away_do_not_become_numbers_that_a_processor_is_slow_with() -> None:
    """A word that never comes again: its mean gradient falls below 1e-38 after 850 steps."""
    weight = np.ones(4, np.float32)
    adam = Adam({"w": weight}, AdamOptions())
    adam.step({"w": np.ones(4, np.float32)})
    for _ in range(2000):
        adam.step({"w": np.zeros(4, np.float32)})
        (mean,) = adam.means.values()
        assert ((mean == 0) | (np.abs(mean) >= np.finfo(np.float32).tiny)).all()
    assert not mean.any()


def test_gradients_are_clipped_by_their_common_norm() -> None:
    gradients = {"a": np.array([3.0, 0.0]), "b": np.array([[4.0]])}
    clipped = clip(gradients, 1.0)
    np.testing.assert_allclose(clipped["a"], [0.6, 0.0])
    np.testing.assert_allclose(clipped["b"], [[0.8]])
    for loose in (5.0, 100.0):
        assert all(one is gradients[name] for name, one in clip(gradients, loose).items())
