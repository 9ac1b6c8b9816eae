from __future__ import annotations

import numpy as np
import pytest

from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.network import GraphSpec, InputSpec, LayerSpec, Network
from tests.classifier.layers import network, normal, run

_STEPS = np.array([[[0.0, 0], [0, 2], [0, 0]], [[1, 0], [-1, -1], [3, 0]]])


def test_the_mask_of_steps_is_true_where_any_value_is_another() -> None:
    found = run("MaskOf", [_STEPS], {"mask_value": 0.0})
    assert found.tolist() == [[False, True, False], [True, True, True]]
    found = run("MaskOf", [_STEPS], {"mask_value": -1})
    assert found.tolist() == [[True, True, True], [True, False, True]]


def test_masked_steps_are_zeroed() -> None:
    np.testing.assert_array_equal(run("Masking", [_STEPS], {"mask_value": 0.0}), _STEPS)
    found = run("Masking", [_STEPS], {"mask_value": -1.0})
    assert found[1].tolist() == [[1, 0], [0, 0], [3, 0]]
    np.testing.assert_array_equal(found[0], _STEPS[0])


def test_a_mask_value_is_compared_in_the_precision_of_the_network() -> None:
    layer = network("MaskOf", [(1, 1)], {"mask_value": 0.1}, dtype=np.float32)
    assert layer(np.array([[[0.1]], [[0.2]]])).tolist() == [[False], [True]]


def test_ids_that_are_not_padding_count() -> None:
    found = run("NotEqual", [np.array([[0, 3, 0], [1, 0, 2]])], {"value": 0})
    assert found.tolist() == [[False, True, False], [True, False, True]]


@pytest.mark.parametrize(
    ("kind", "config", "expected"),
    [
        ("AllOf", {}, [[True, False, False], [False, False, True]]),
        ("AnyOf", {}, [[True, True, True], [False, True, True]]),
        (
            "ConcatenateMasks",
            {"axis": 1},
            [[True, True, False, True, False, True], [False, False, True, False, True, True]],
        ),
    ],
)
def test_masks_are_joined(kind: str, config: dict[str, object], expected: list[object]) -> None:
    spec = GraphSpec(
        (InputSpec("a", (3,), "int"), InputSpec("b", (3,), "int")),
        (
            LayerSpec("first", "NotEqual", ("a",), {"value": 0}),
            LayerSpec("second", "NotEqual", ("b",), {"value": 0}),
            LayerSpec("joined", kind, ("first", "second"), config),
        ),
        ("joined",),
    )
    inputs = {
        "a": np.array([[1, 1, 0], [0, 0, 1]]),
        "b": np.array([[1, 0, 1], [0, 1, 1]]),
    }
    assert Network(spec, {})(inputs).tolist() == expected


def test_softmax_gives_nothing_to_what_is_masked() -> None:
    x, mask = normal(3, 4), np.array([[1, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 0]], bool)
    found = run("Softmax", [x], mask=mask)
    exponents = np.exp(x[0]) * mask[0]
    np.testing.assert_allclose(found[0], exponents / exponents.sum(), rtol=1e-12)
    assert found[1:].tolist() == [[0, 0, 1, 0], [0, 0, 0, 0]]


def test_a_mask_of_other_steps_is_refused_at_once_or_when_it_comes() -> None:
    with pytest.raises(BundleMismatch, match="tested: mask"):
        network("GlobalAveragePooling1D", [(4, 2)], mask=(5,))
    pooling = network("GlobalAveragePooling1D", [(None, 2)], mask=(None,))
    assert pooling({"x0": normal(1, 3, 2), "known": np.ones((1, 3))}).shape == (1, 2)
    with pytest.raises(BundleMismatch, match="tested: mask"):
        pooling({"x0": normal(1, 3, 2), "known": np.ones((1, 4))})


def test_a_mask_over_steps_alone_is_none_for_softmax_over_values() -> None:
    with pytest.raises(BundleMismatch, match="tested: mask"):
        run("Softmax", [normal(2, 3, 4)], mask=np.ones((2, 3), bool))


def test_a_mask_must_be_true_or_false_and_stand_before() -> None:
    layers = (LayerSpec("pool", "GlobalAveragePooling1D", ("x",), mask="m"),)
    inputs = (InputSpec("x", (3, 2)), InputSpec("m", (3,)))
    found = Network(GraphSpec(inputs, layers, ("pool",)), {})
    with pytest.raises(BundleMismatch, match="true or false"):
        found({"x": normal(1, 3, 2), "m": np.ones((1, 3))})
    with pytest.raises(BundleMismatch, match="an earlier layer"):
        Network(GraphSpec(inputs[:1], layers, ("pool",)), {})


@pytest.mark.parametrize(
    ("kind", "shapes"),
    [
        ("MaskOf", [(3,)]),
        ("Masking", [(3,)]),
        ("NotEqual", [(3,), (3,)]),
        ("AllOf", [(3,), (4,)]),
        ("AnyOf", []),
        ("ConcatenateMasks", [(3, 2), (3, 2)]),
        ("ConcatenateMasks", []),
    ],
)
def test_shapes_that_disagree_are_refused(kind: str, shapes: list[tuple[int, ...]]) -> None:
    with pytest.raises(BundleMismatch, match=r"tested: inputs?"):
        network(kind, shapes)


def test_numbers_are_no_masks() -> None:
    with pytest.raises(BundleMismatch, match="true or false"):
        run("AllOf", [np.ones((1, 3)), np.ones((1, 3))])


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("MaskOf", {"mask_value": None}),
        ("NotEqual", {"value": [0]}),
        ("ConcatenateMasks", {"axis": -1}),
        ("AllOf", {"axis": 1}),
    ],
)
def test_a_setting_that_cannot_be_served_is_named(kind: str, config: dict[str, object]) -> None:
    with pytest.raises(UnsupportedLayer, match=rf"{kind}\({next(iter(config))}="):
        network(kind, [(3, 2)], config)
