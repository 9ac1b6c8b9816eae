from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
import pytest

from classifier.errors import BundleMismatch, UnsupportedLayer
from tests.classifier.layers import network, normal, run

_FOLDS: dict[str, Callable[[Sequence[float]], float]] = {
    "Add": sum,
    "Multiply": prod,
    "Average": lambda values: sum(values) / len(values),
    "Maximum": max,
    "Minimum": min,
}
_PAIRS: dict[str, Callable[[float, float], float]] = {
    "Subtract": lambda a, b: a - b,
    "Divide": lambda a, b: a / b,
    "Power": lambda a, b: a**b,
}


@pytest.mark.parametrize("kind", _FOLDS)
@pytest.mark.parametrize("count", [1, 2, 4])
def test_any_number_of_inputs_is_merged_value_by_value(kind: str, count: int) -> None:
    inputs = [normal(3, 4, 2, seed=i) for i in range(count)]
    found = run(kind, inputs)
    for index in np.ndindex(found.shape):
        values = [float(x[index]) for x in inputs]
        assert found[index] == pytest.approx(_FOLDS[kind](values), rel=1e-12)


@pytest.mark.parametrize("kind", _PAIRS)
def test_two_inputs_meet_in_their_order(kind: str) -> None:
    first, second = np.abs(normal(3, 4)) + 0.1, normal(3, 4, seed=1)
    found = run(kind, [first, second])
    for index in np.ndindex(found.shape):
        expected = _PAIRS[kind](float(first[index]), float(second[index]))
        assert found[index] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("kind", "constants", "expected"),
    [
        ("Multiply", [None, 2.0], [[2.0, 8.0]]),
        ("Add", [1, None, None], [[3.0, 9.0]]),
        ("Subtract", [10, None], [[9.0, 6.0]]),
        ("Subtract", [None, 10], [[-9.0, -6.0]]),
        ("Divide", [1.0, None], [[1.0, 0.25]]),
        ("Power", [None, 2], [[1.0, 16.0]]),
        ("Maximum", [None, [2.0, 3.0]], [[2.0, 4.0]]),
    ],
)
def test_a_constant_stands_where_it_was_written(
    kind: str, constants: list[Any], expected: list[list[float]]
) -> None:
    inputs = [np.array([[1.0, 4.0]])] * constants.count(None)
    assert run(kind, inputs, {"constants": constants}).tolist() == expected


def test_constants_do_not_change_the_precision() -> None:
    doubled = network("Multiply", [(2,)], {"constants": [None, 2.0]}, dtype=np.float32)
    assert doubled(np.ones((1, 2))).dtype == np.float32


def test_a_row_meets_every_step_of_the_other_input() -> None:
    one, steps = normal(3, 2), normal(3, 3, 2, seed=1)  # as many rows as steps
    found = run("Add", [one, steps])
    for row, step, i in np.ndindex(found.shape):
        assert found[row, step, i] == one[row, i] + steps[row, step, i]


def test_a_size_of_one_is_stretched() -> None:
    single, full = normal(2, 1, 3), normal(2, 4, 1, seed=1)
    np.testing.assert_array_equal(run("Multiply", [single, full]), single * full)


@pytest.mark.parametrize(("axis", "place"), [(-1, 2), (2, 2), (1, 1), (-2, 1)])
def test_arrays_follow_each_other_along_the_axis(axis: int, place: int) -> None:
    inputs = [normal(3, 4, 5, seed=i) for i in range(3)]
    found = run("Concatenate", inputs, {"axis": axis})
    assert found.shape == ((3, 4, 15) if place == 2 else (3, 12, 5))
    size = inputs[0].shape[place]
    for index in np.ndindex(found.shape):
        source = list(index)
        which, source[place] = divmod(index[place], size)
        assert found[index] == inputs[which][tuple(source)]


def test_arrays_of_different_sizes_are_joined_at_the_end_if_nothing_is_said() -> None:
    found = run("Concatenate", [normal(2, 3), normal(2, 1, seed=1)])
    assert found.shape == (2, 4)


def test_open_sizes_stay_open_and_are_compared_when_they_come() -> None:
    added = network("Add", [(None, 2), (None, 2)])
    assert added.output_shapes == ((None, 2),)
    joined = network("Concatenate", [(None, 2), (3, 2)], {"axis": 1})
    assert joined.output_shapes == ((None, 2),)
    assert network("Concatenate", [(None, 2), (3, 2)]).output_shapes == ((3, 4),)
    with pytest.raises(BundleMismatch, match="tested: inputs"):
        added({"x0": normal(1, 4, 2), "x1": normal(1, 3, 2)})


@pytest.mark.parametrize(
    ("kind", "shapes", "config"),
    [
        ("Add", [(4, 2), (3, 2)], {}),
        ("Add", [(4,), (3,)], {}),
        ("Add", [(2,), (2,)], {"constants": [None, 1.0]}),
        ("Add", [(2,)], {"constants": [None, None]}),
        ("Add", [(2,)], {"constants": [None, [1.0, 2.0, 3.0]]}),
        ("Add", [(2,)], {"constants": [None, [[1.0, 2.0], [3.0, 4.0]]]}),
        ("Subtract", [(2,)], {}),
        ("Subtract", [(2,), (2,), (2,)], {}),
        ("Divide", [(2,)], {"constants": [None, 1.0, 2.0]}),
        ("Concatenate", [(4, 2), (3, 2)], {}),
        ("Concatenate", [(4, 2), (4,)], {}),
        ("Concatenate", [(4, 2), (4, 3)], {"axis": 1}),
        ("Concatenate", [(4,), (4,)], {"axis": 2}),
        ("Concatenate", [(4,), (4,)], {"axis": -2}),
        ("Concatenate", [], {}),
    ],
)
def test_inputs_that_do_not_fit_together_are_refused(
    kind: str, shapes: list[tuple[int, ...]], config: dict[str, object]
) -> None:
    with pytest.raises(BundleMismatch, match=r"tested: (inputs|constants)"):
        network(kind, shapes, config)


@pytest.mark.parametrize(
    ("kind", "config", "named"),
    [
        ("Add", {"constants": 2.0}, "constants"),
        ("Add", {"constants": [1.0, 2.0]}, "constants"),
        ("Add", {"constants": [None, "many"]}, "constants"),
        ("Add", {"constants": [None, [[1.0], [2.0, 3.0]]]}, "constants"),
        ("Add", {"constants": [None, float("inf")]}, "constants"),
        ("Add", {"axis": 1}, "axis"),
        ("Concatenate", {"axis": 0}, "axis"),
        ("Concatenate", {"axis": None}, "axis"),
    ],
)
def test_a_setting_that_cannot_be_served_is_named(
    kind: str, config: dict[str, object], named: str
) -> None:
    with pytest.raises(UnsupportedLayer, match=rf"{kind}\({named}="):
        network(kind, [(2,), (2,)], config)
