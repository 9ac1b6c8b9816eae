from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from classifier.errors import BundleMismatch, UnsupportedLayer
from tests.classifier.layers import network, normal, run


def test_rows_are_flattened_value_after_value() -> None:
    x = normal(2, 3, 4)
    expected = [[v for step in row for v in step] for row in x.tolist()]
    assert run("Flatten", [x]).tolist() == expected
    assert run("Flatten", [normal(2)]).shape == (2, 1)
    assert network("Flatten", [(None, 4)]).output_shapes == ((None,),)


@pytest.mark.parametrize(
    ("target", "shape"),
    [([6, 2], (6, 2)), ([-1], (12,)), ([2, -1, 3], (2, 2, 3)), ((12,), (12,))],
)
def test_rows_are_laid_out_anew(target: Any, shape: tuple[int, ...]) -> None:
    x = normal(2, 3, 4)
    found = run("Reshape", [x], {"target_shape": target})
    assert found.shape == (2, *shape)
    np.testing.assert_array_equal(found.ravel(), x.ravel())


def test_open_sizes_are_laid_out_when_they_come() -> None:
    layer = network("Reshape", [(None, 4)], {"target_shape": [-1, 2]})
    assert layer.output_shapes == ((None, 2),)
    assert layer(normal(2, 3, 4)).shape == (2, 6, 2)
    with pytest.raises(BundleMismatch, match="tested: input"):
        network("Reshape", [(None, 3)], {"target_shape": [-1, 2]})(normal(2, 3, 3))


def test_a_vector_is_repeated_as_steps() -> None:
    x = normal(2, 3)
    found = run("RepeatVector", [x], {"n": 4})
    for step in range(4):
        np.testing.assert_array_equal(found[:, step], x)


def test_a_layer_is_applied_to_every_step() -> None:
    x, weights = normal(2, 3, 4), {"kernel": normal(4, 5, seed=1), "bias": normal(5, seed=2)}
    config = {"layer": "Dense", "config": {"activation": "relu"}}
    found = run("TimeDistributed", [x], config, weights)
    for step in range(3):
        alone = run("Dense", [x[:, step]], {"activation": "relu"}, weights)
        np.testing.assert_allclose(found[:, step], alone, rtol=1e-12, atol=1e-12)


def test_every_step_may_have_steps_of_its_own() -> None:
    x, kernel = normal(2, 3, 7, 4), {"kernel": normal(2, 4, 5, seed=1)}
    config = {"layer": "Conv1D", "config": {"padding": "causal"}}
    found = run("TimeDistributed", [x], config, kernel)
    assert found.shape == (2, 3, 7, 5)
    for step in range(3):
        alone = run("Conv1D", [x[:, step]], {"padding": "causal"}, kernel)
        np.testing.assert_allclose(found[:, step], alone, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("kind", "shape", "config"),
    [
        ("Flatten", None, {}),
        ("Reshape", (3, 4), {"target_shape": [5, 2]}),
        ("Reshape", (3, 4), {"target_shape": [-1, 5]}),
        ("RepeatVector", (3, 4), {"n": 2}),
        ("TimeDistributed", (3,), {"layer": "Flatten"}),
        ("TimeDistributed", (3, 4), {"layer": "RepeatVector", "config": {"n": 1 << 24}}),
    ],
)
def test_rows_that_cannot_be_laid_out_so_are_refused(
    kind: str, shape: tuple[int, ...] | None, config: dict[str, object]
) -> None:
    with pytest.raises(BundleMismatch, match="tested"):
        network(kind, [(2,), (2,)] if shape is None else [shape], config)


@pytest.mark.parametrize(
    ("kind", "config", "named"),
    [
        ("Flatten", {"data_format": "channels_first"}, "data_format"),
        ("Reshape", {}, "target_shape"),
        ("Reshape", {"target_shape": 12}, "target_shape"),
        ("Reshape", {"target_shape": [-1, -1]}, "target_shape"),
        ("Reshape", {"target_shape": [0, 12]}, "target_shape"),
        ("Reshape", {"target_shape": [3.0, 4]}, "target_shape"),
        ("RepeatVector", {}, "n"),
        ("RepeatVector", {"n": 1 << 40}, "n"),
        ("RepeatVector", {"n": True}, "n"),
        ("TimeDistributed", {}, "layer"),
        ("TimeDistributed", {"layer": "TimeDistributed"}, "layer"),
        ("TimeDistributed", {"layer": "Flatten", "config": []}, "config"),
        ("TimeDistributed", {"layer": "Flatten", "mask": 1}, "mask"),
    ],
)
def test_a_setting_that_cannot_be_served_is_named(
    kind: str, config: dict[str, object], named: str
) -> None:
    with pytest.raises(UnsupportedLayer, match=rf"{kind}\({named}="):
        network(kind, [(3, 4)], config)


def test_a_layer_inside_that_is_not_known_is_named() -> None:
    with pytest.raises(UnsupportedLayer) as caught:
        network("TimeDistributed", [(3, 4)], {"layer": "Lambda"})
    assert (caught.value.name, caught.value.layer_class) == ("tested", "Lambda")
