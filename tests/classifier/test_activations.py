from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.network.activations import ACTIVATIONS, relu, sigmoid, softmax
from tests.classifier.layers import network, normal, run

_KNEES = [-1000.0, -6.0, -3.0, -2.5, -1.0, -0.5, 0.0, 0.3, 0.5, 1.0, 2.5, 3.0, 6.0, 7.0, 1000.0]
_SELU = (1.0507009873554805, 1.6732632423543772)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _softplus(x: float) -> float:
    return x if x > 30 else math.log1p(math.exp(x))


def _elu(x: float, alpha: float = 1.0) -> float:
    return x if x > 0 else alpha * (math.exp(x) - 1)


def _gelu_by_tanh(x: float) -> float:
    return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


# Each as its formula stands in a textbook, one number at a time.
_FORMULAS: dict[str, Callable[[float], float]] = {
    "linear": lambda x: x,
    "relu": lambda x: x if x > 0 else 0.0,
    "relu6": lambda x: 0.0 if x < 0 else 6.0 if x > 6 else x,
    "leaky_relu": lambda x: x if x > 0 else 0.2 * x,
    "elu": _elu,
    "selu": lambda x: _SELU[0] * _elu(x, _SELU[1]),
    "celu": _elu,
    "gelu": lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2,
    "sigmoid": _sigmoid,
    "hard_sigmoid": lambda x: 0.0 if x < -3 else 1.0 if x > 3 else (x + 3) / 6,
    "hard_sigmoid_keras2": lambda x: 0.0 if x < -2.5 else 1.0 if x > 2.5 else 0.2 * x + 0.5,
    "sparse_sigmoid": lambda x: 0.0 if x < -1 else 1.0 if x > 1 else (x + 1) / 2,
    "hard_silu": lambda x: 0.0 if x < -3 else x if x > 3 else x * (x + 3) / 6,
    "hard_swish": lambda x: 0.0 if x < -3 else x if x > 3 else x * (x + 3) / 6,
    "silu": lambda x: x * _sigmoid(x),
    "swish": lambda x: x * _sigmoid(x),
    "softplus": _softplus,
    "softsign": lambda x: x / (1 + abs(x)),
    "squareplus": lambda x: (x + math.sqrt(x * x + 4)) / 2,
    "sparse_plus": lambda x: 0.0 if x < -1 else x if x > 1 else (x + 1) ** 2 / 4,
    "tanh": math.tanh,
    "tanh_shrink": lambda x: x - math.tanh(x),
    "hard_tanh": lambda x: -1.0 if x < -1 else 1.0 if x > 1 else x,
    "soft_shrink": lambda x: x - 0.5 if x > 0.5 else x + 0.5 if x < -0.5 else 0.0,
    "hard_shrink": lambda x: x if x > 0.5 or x < -0.5 else 0.0,
    "exponential": lambda x: math.exp(x) if x < 700 else math.inf,
    "mish": lambda x: x * math.tanh(_softplus(x)),
    "log_sigmoid": lambda x: -_softplus(-x),
}
_ALONG_AN_AXIS = {"softmax", "log_softmax", "sparsemax", "glu", "threshold"}


def _apply(activation: object, x: object) -> np.ndarray:
    return run("Activation", [np.asarray(x, dtype=float)], {"activation": activation})


def test_every_activation_has_a_formula_to_be_compared_with() -> None:
    assert set(_FORMULAS) | _ALONG_AN_AXIS == set(ACTIVATIONS)


@pytest.mark.parametrize("name", _FORMULAS)
def test_an_activation_is_its_formula_also_at_its_knees(name: str) -> None:
    values = [*_KNEES, *normal(50).tolist()]
    expected = [_FORMULAS[name](x) for x in values]
    np.testing.assert_allclose(_apply(name, [values])[0], expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS.keys() - {"threshold"}))
def test_single_precision_stays_single_and_is_as_good(name: str) -> None:
    x = normal(20, 6).astype(np.float32)
    found = ACTIVATIONS[name](x)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, ACTIVATIONS[name](x.astype(np.float64)), rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize(
    ("activation", "x", "expected"),
    [
        ({"name": "relu", "negative_slope": 0.5}, [-2.0, 3.0], [-1.0, 3.0]),
        ({"name": "relu", "max_value": 2.0}, [-2.0, 1.0, 3.0], [0.0, 1.0, 2.0]),
        ({"name": "relu", "max_value": None}, [3.0], [3.0]),
        ({"name": "relu", "threshold": 1.0}, [0.5, 1.0, 1.5], [0.0, 0.0, 1.5]),
        (
            {"name": "relu", "threshold": 1.0, "negative_slope": 0.1, "max_value": 4},
            [-1.0, 1.0, 2.0, 5.0],
            [-0.2, 0.0, 2.0, 4.0],
        ),
        ({"name": "leaky_relu", "negative_slope": 2}, [-1.0, 1.0], [-2.0, 1.0]),
        ({"name": "elu", "alpha": 2.0}, [-1.0, 1.0], [2 * math.expm1(-1), 1.0]),
        ({"name": "celu", "alpha": 2.0}, [-1.0, 1.0], [2 * math.expm1(-0.5), 1.0]),
        ({"name": "gelu", "approximate": True}, [-1.0, 2.0], list(map(_gelu_by_tanh, [-1, 2]))),
        ({"name": "soft_shrink", "threshold": 1}, [-3.0, 0.9, 2.0], [-2.0, 0.0, 1.0]),
        ({"name": "hard_shrink", "threshold": 1}, [-3.0, 0.9, 2.0], [-3.0, 0.0, 2.0]),
        ({"name": "squareplus", "b": 0.0}, [-3.0, 2.0], [0.0, 2.0]),
        (
            {"name": "threshold", "threshold": 1.0, "default_value": -7.0},
            [0.0, 1.0, 2.0],
            [-7.0, -7.0, 2.0],
        ),
        ({"name": "tanh"}, [0.0], [0.0]),
    ],
)
def test_arguments_change_an_activation(
    activation: object, x: list[float], expected: list[float]
) -> None:
    np.testing.assert_allclose(_apply(activation, [x])[0], expected, rtol=1e-12, atol=1e-12)


def test_a_gated_unit_lets_half_of_the_values_through_the_other_half() -> None:
    (found,) = _apply("glu", [[2.0, -3.0, 0.0, 100.0]])
    np.testing.assert_allclose(found, [1.0, -3.0])


def test_softmax_may_run_along_the_steps() -> None:
    x = normal(2, 5, 3)
    found = _apply({"name": "softmax", "axis": 1}, x)
    expected = [[[math.exp(v) for v in column] for column in row.T] for row in x]
    for row, exponents in zip(found, expected, strict=True):
        for column, values in zip(row.T, exponents, strict=True):
            np.testing.assert_allclose(column, np.array(values) / sum(values))


def test_log_softmax_is_the_logarithm_and_does_not_underflow() -> None:
    x = normal(4, 6)
    np.testing.assert_allclose(np.exp(_apply("log_softmax", x)), softmax(x))
    assert _apply("log_softmax", [[0.0, 1000.0]]).tolist() == [[-1000.0, 0.0]]


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        ([3.0, 0.0, 1.0], [1.0, 0.0, 0.0]),  # one is left: the level is 3 − 1
        ([0.0, 0.0], [0.5, 0.5]),  # two: (0 + 0 − 1) / 2
        ([0.5, 0.3, -2.0], [0.35, 0.15, 0.0]),  # two: (0.5 + 0.8 − 1) / 2
    ],
)
def test_sparsemax_has_the_level_that_keras_gives_it(x: list[float], expected: list[float]) -> None:
    np.testing.assert_allclose(_apply("sparsemax", [x]), [expected])


@pytest.mark.parametrize(
    ("activation", "shape"),
    [
        ("glu", (3,)),
        ("glu", ()),
        ("softmax", ()),  # along the rows of a batch
        ({"name": "softmax", "axis": 2}, (4,)),
        ({"name": "log_softmax", "axis": -2}, (4,)),
    ],
)
def test_rows_without_the_axis_of_an_activation_are_refused(
    activation: object, shape: tuple[int, ...]
) -> None:
    with pytest.raises(BundleMismatch, match="tested: activation"):
        network("Activation", [shape], {"activation": activation})


def test_activations_hold_where_naive_ones_overflow() -> None:
    far = np.array([-1000.0, 0.0, 1000.0])
    assert sigmoid(far).tolist() == [0.0, 0.5, 1.0]
    assert softmax(far).tolist() == [0.0, 0.0, 1.0]
    assert softmax(np.zeros((2, 4))).tolist() == [[0.25] * 4] * 2
    assert relu(far).tolist() == [0.0, 0.0, 1000.0]
    assert sigmoid(far.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    "activation",
    [
        "maxout",
        "",
        None,
        3,
        ["relu"],
        {},
        {"name": "relu", "slope": 1.0},
        {"name": "relu", "negative_slope": None},
        {"name": "relu", "negative_slope": True},
        {"name": "relu", "max_value": math.nan},
        {"name": "gelu", "approximate": 1},
        {"name": "softmax", "axis": 0},
        {"name": "softmax", "axis": 1.0},
        {"name": "threshold", "threshold": 1.0},
        {"name": "tanh", "out": 1},
    ],
)
def test_what_is_not_an_activation_is_refused(activation: object) -> None:
    with pytest.raises(UnsupportedLayer, match="activation=") as caught:
        network("Activation", [(4,)], {"activation": activation})
    assert caught.value.name == "tested"


@pytest.mark.parametrize(
    ("kind", "config", "activation"),
    [
        ("ReLU", {}, "relu"),
        (
            "ReLU",
            {"max_value": 1.0, "negative_slope": 0.1, "threshold": 0.2},
            {"name": "relu", "max_value": 1.0, "negative_slope": 0.1, "threshold": 0.2},
        ),
        ("LeakyReLU", {}, {"name": "leaky_relu", "negative_slope": 0.3}),
        ("LeakyReLU", {"negative_slope": 0.01}, {"name": "leaky_relu", "negative_slope": 0.01}),
        ("ELU", {"alpha": 0.5}, {"name": "elu", "alpha": 0.5}),
        ("Softmax", {}, "softmax"),
        ("Softmax", {"axis": 1}, {"name": "softmax", "axis": 1}),
        ("Softmax", {"axis": [-1]}, "softmax"),
        ("Identity", {"of": "SpatialDropout1D"}, "linear"),
        ("Exp", {}, "exponential"),
    ],
)
def test_a_layer_of_its_own_is_the_activation_with_its_arguments(
    kind: str, config: dict[str, object], activation: object
) -> None:
    x = normal(3, 4, 5)
    np.testing.assert_array_equal(run(kind, [x], config), _apply(activation, x))


@pytest.mark.parametrize(
    ("kind", "config", "named"),
    [
        ("ReLU", {"max_value": "6"}, "max_value"),
        ("ReLU", {"threshold": None}, "threshold"),
        ("LeakyReLU", {"alpha": 0.3}, "alpha"),
        ("ELU", {"alpha": math.inf}, "alpha"),
        ("Softmax", {"axis": 0}, "axis"),
        ("Softmax", {"axis": [1, 2]}, "axis"),
        ("Softmax", {"axis": 10**9}, "axis"),
        ("Negative", {"scale": 1}, "scale"),
    ],
)
def test_a_setting_that_cannot_be_served_is_named(
    kind: str, config: dict[str, object], named: str
) -> None:
    with pytest.raises(UnsupportedLayer, match=rf"{kind}\({named}="):
        network(kind, [(4, 5)], config)


@pytest.mark.parametrize("rate", [-0.1, 1, "half"])
def test_a_dropout_with_a_share_that_is_none_is_refused(rate: object) -> None:
    with pytest.raises(UnsupportedLayer, match="rate"):
        network("Identity", [(3,)], {"of": "Dropout", "rate": rate})
