from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from classifier.errors import BundleMismatch, ModelError, UnsupportedLayer
from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network

X = np.arange(24, dtype=np.float32).reshape(2, 4, 3)


def _network(kind: str, config: dict[str, Any], steps: int | None = 4) -> Network:
    layer = LayerSpec("layer", kind, ("x",), config)
    return Network(GraphSpec((InputSpec("x", (steps, 3)),), (layer,), ("layer",)), {})


def _run(kind: str, config: dict[str, Any], steps: int | None = 4) -> Array:
    network = _network(kind, config, steps)
    found: Array = network(X)
    expected = network.output_shapes[0]
    assert all(one in (None, other) for one, other in zip(expected, found.shape[1:], strict=True))
    return found


@pytest.mark.parametrize("steps", [4, None])
def test_a_step_is_counted_from_either_end(steps: int | None) -> None:
    assert np.array_equal(_run("Step", {"index": -1}, steps), X[:, 3])
    assert np.array_equal(_run("Step", {"index": 1}, steps), X[:, 1])


def test_a_step_that_is_not_there_is_named() -> None:
    with pytest.raises(BundleMismatch, match="layer: steps: expected a step 4, found 4"):
        _network("Step", {"index": 4})
    with pytest.raises(BundleMismatch, match="layer: steps: expected a step -5, found 4"):
        _run("Step", {"index": -5}, None)


@pytest.mark.parametrize("steps", [4, None])
def test_of_each_axis_an_index_or_a_range_is_picked(steps: int | None) -> None:
    assert np.array_equal(_run("Slice", {"axes": [[1, None, 2]]}, steps), X[:, 1::2])
    assert np.array_equal(_run("Slice", {"axes": [[None, None, None], -1]}, steps), X[:, :, -1])


@pytest.mark.parametrize("axes", [[4, [0, 1, 1]], [[4, None, None]], [0, 3]])
def test_what_is_not_there_cannot_be_picked(axes: list[Any]) -> None:
    with pytest.raises(BundleMismatch, match="layer: input: expected a size with"):
        _network("Slice", {"axes": axes})
    with pytest.raises(BundleMismatch, match="layer: input: expected a size with"):
        _run("Slice", {"axes": axes}, None)


@pytest.mark.parametrize("steps", [4, None])
def test_steps_of_zeros_are_put_before_and_after(steps: int | None) -> None:
    found = _run("ZeroPadding1D", {"padding": [1, 2]}, steps)
    assert found.shape == (2, 7, 3)
    assert np.array_equal(found[:, 1:5], X)
    assert not found[:, [0, 5, 6]].any()
    assert _run("ZeroPadding1D", {"padding": 2}, steps).shape == (2, 8, 3)


def test_the_axes_of_a_row_are_put_in_another_order() -> None:
    assert np.array_equal(_run("Permute", {"dims": [2, 1]}), X.transpose(0, 2, 1))


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("Step", {}),
        ("Step", {"index": 1.5}),
        ("Step", {"index": True}),
        ("Slice", {}),
        ("Slice", {"axes": []}),
        ("Slice", {"axes": [1.5]}),
        ("Slice", {"axes": [[0, 1]]}),
        ("Slice", {"axes": [[0, 4, 0]]}),
        ("ZeroPadding1D", {"padding": -1}),
        ("ZeroPadding1D", {"padding": [1, 2, 3]}),
        ("ZeroPadding1D", {"padding": 10**9}),
        ("Permute", {}),
        ("Permute", {"dims": [1, 1]}),
        ("Permute", {"dims": [0, 1]}),
        ("Permute", {"dims": ["1", "2"]}),
        ("Permute", {"dims": [2, 1], "mode": "fast"}),
    ],
)
def test_settings_that_make_no_sense_are_refused(kind: str, config: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedLayer, match=kind):
        _network(kind, config)


@pytest.mark.parametrize(
    ("kind", "config"),
    [("Step", {"index": 0}), ("ZeroPadding1D", {}), ("Permute", {"dims": [2, 1]})],
)
def test_rows_without_steps_are_refused(kind: str, config: dict[str, Any]) -> None:
    layer = LayerSpec("layer", kind, ("x",), config)
    with pytest.raises(ModelError, match="layer: input"):
        Network(GraphSpec((InputSpec("x", (3,)),), (layer,), ("layer",)), {})
