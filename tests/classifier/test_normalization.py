from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.network import Array
from tests.classifier.layers import network, normal, run


def _statistics(size: int) -> dict[str, Array]:
    return {
        "moving_mean": normal(size, seed=1),
        "moving_variance": np.exp(normal(size, seed=2)),
        "gamma": normal(size, seed=3),
        "beta": normal(size, seed=4),
    }


@pytest.mark.parametrize("axis", [-1, 1, 2, [2]])
@pytest.mark.parametrize("left_out", [(), ("gamma",), ("beta",), ("gamma", "beta")])
@pytest.mark.parametrize("epsilon", [None, 1e-5])
def test_batch_normalization_uses_what_was_learned(
    axis: Any, left_out: tuple[str, ...], epsilon: float | None
) -> None:
    x = normal(3, 4, 5)
    place = axis[0] if isinstance(axis, list) else axis % 3
    learned = _statistics(x.shape[place])
    weights = {role: tensor for role, tensor in learned.items() if role not in left_out}
    config = {"axis": axis} if epsilon is None else {"axis": axis, "epsilon": epsilon}
    found = run("BatchNormalization", [x], config, weights)
    for index in np.ndindex(x.shape):
        i = index[place]
        spread = math.sqrt(learned["moving_variance"][i] + (epsilon or 1e-3))
        expected = (x[index] - learned["moving_mean"][i]) / spread
        if "gamma" in weights:
            expected *= weights["gamma"][i]
        if "beta" in weights:
            expected += weights["beta"][i]
        assert found[index] == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_a_row_is_normalized_without_its_neighbours() -> None:
    x, weights = normal(4, 3), _statistics(3)
    alone = [run("BatchNormalization", [x[i : i + 1]], {}, weights)[0] for i in range(4)]
    np.testing.assert_array_equal(run("BatchNormalization", [x], {}, weights), alone)


@pytest.mark.parametrize(("axis", "sizes"), [(-1, (5,)), (2, (5,)), ([1, 2], (4, 5)), (1, (4,))])
@pytest.mark.parametrize("epsilon", [None, 1e-5])
def test_layer_normalization_uses_the_biased_variance(
    axis: Any, sizes: tuple[int, ...], epsilon: float | None
) -> None:
    x, gamma, beta = normal(3, 4, 5), normal(*sizes, seed=1), normal(*sizes, seed=2)
    config = {"axis": axis} if epsilon is None else {"axis": axis, "epsilon": epsilon}
    found = run("LayerNormalization", [x], config, {"gamma": gamma, "beta": beta})
    groups = {(-1): (2,), 2: (2,), 1: (1,)}.get(axis if isinstance(axis, int) else 0, (1, 2))
    for index in np.ndindex(x.shape):
        chosen = tuple(slice(None) if i in groups else index[i] for i in range(3))
        values = x[chosen].ravel().tolist()
        mean = sum(values) / len(values)
        variance = sum((value - mean) ** 2 for value in values) / len(values)
        place = tuple(index[i] for i in groups)
        expected = (x[index] - mean) / math.sqrt(variance + (epsilon or 1e-3))
        expected = expected * gamma[place] + beta[place]
        assert found[index] == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_layer_normalization_may_have_no_weights_and_constant_rows() -> None:
    found = run("LayerNormalization", [np.array([[3.0, 3.0], [0.0, 2.0]])])
    one = 1 / math.sqrt(1.001)
    np.testing.assert_allclose(found, [[0.0, 0.0], [-one, one]])


@pytest.mark.parametrize(
    ("kind", "weights", "config", "key"),
    [
        ("BatchNormalization", {"moving_mean": 5, "moving_variance": 4}, {}, "moving_variance"),
        ("BatchNormalization", {"moving_mean": 4, "moving_variance": 4}, {}, "input"),
        ("BatchNormalization", {"moving_mean": 5}, {}, "weights"),
        (
            "BatchNormalization",
            {"moving_mean": 5, "moving_variance": 5, "gamma": 1},
            {},
            "gamma",
        ),
        ("BatchNormalization", {"moving_mean": 5, "moving_variance": 5}, {"axis": 3}, "axis"),
        ("LayerNormalization", {"gamma": 4}, {}, "gamma"),
        ("LayerNormalization", {"gamma": 5}, {"axis": [1, 2]}, "gamma"),
        ("LayerNormalization", {}, {"axis": [2, 1]}, "axis"),
        ("LayerNormalization", {}, {"axis": [2, -1]}, "axis"),
        ("LayerNormalization", {}, {"axis": -3}, "axis"),
    ],
)
def test_shapes_that_disagree_are_named(
    kind: str, weights: dict[str, int], config: dict[str, object], key: str
) -> None:
    tensors = {role: np.ones(size) for role, size in weights.items()}
    with pytest.raises(BundleMismatch) as caught:
        network(kind, [(4, 5)], config, tensors)
    assert caught.value.key == f"tested: {key}"


def test_a_variance_below_zero_is_refused() -> None:
    weights = {"moving_mean": np.zeros(2), "moving_variance": np.array([1.0, -0.5])}
    with pytest.raises(BundleMismatch, match="moving_variance: expected above 0"):
        network("BatchNormalization", [(2,)], {}, weights)


@pytest.mark.parametrize(
    ("kind", "config", "named"),
    [
        ("BatchNormalization", {"axis": 0}, "axis"),
        ("BatchNormalization", {"axis": [1, 2]}, "axis"),
        ("BatchNormalization", {"epsilon": "1e-3"}, "epsilon"),
        ("BatchNormalization", {"momentum": 0.9}, "momentum"),
        ("LayerNormalization", {"axis": [0, 1]}, "axis"),
        ("LayerNormalization", {"axis": []}, "axis"),
        ("LayerNormalization", {"epsilon": 0}, "epsilon"),
        ("LayerNormalization", {"rms_scaling": True}, "rms_scaling"),
    ],
)
def test_a_setting_that_cannot_be_served_is_named(
    kind: str, config: dict[str, object], named: str
) -> None:
    weights = {"moving_mean": np.zeros(5), "moving_variance": np.ones(5)}
    with pytest.raises(UnsupportedLayer, match=rf"{kind}\({named}="):
        network(kind, [(4, 5)], config, weights if kind == "BatchNormalization" else None)
