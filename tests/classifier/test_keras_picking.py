"""``x[:, …]`` between the layers of a functional model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import BundleMismatch, UnsupportedLayer
from classifier.importers import import_keras
from classifier.importers.cases import case_inputs
from tests.classifier.keras_made import (
    EMBEDDING,
    call,
    called,
    embedding,
    functional,
    given,
    layer,
    tensor,
    write_h5,
    write_keras,
)

X = np.arange(24, dtype=np.float32).reshape(2, 4, 3)
ELLIPSIS = {"class_name": "__ellipsis__", "config": {}}


def _range(start: Any = None, stop: Any = None, step: Any = None) -> dict[str, Any]:
    return {"class_name": "__slice__", "config": {"start": start, "stop": stop, "step": step}}


WHOLE = _range()


def _pick(key: object, of: str = "given") -> dict[str, Any]:
    odd = {"module": "keras.src.ops.numpy", "class_name": "GetItem", "config": {"name": "pick"}}
    return called({**odd, "name": "pick"}, call(tensor(of), key))


def _model(key: object) -> dict[str, Any]:
    return functional(given(4, 3), _pick(key), outputs=[("pick", 0, 0)])


@pytest.mark.parametrize(
    ("key", "expected", "kind"),
    [
        ([WHOLE, -1], X[:, -1], "Step"),
        ([WHOLE, 0, WHOLE], X[:, 0], "Step"),
        ([WHOLE, WHOLE, 2], X[:, :, 2], "Slice"),
        ([WHOLE, _range(1, 3)], X[:, 1:3], "Slice"),
        ([WHOLE, _range(-2)], X[:, -2:], "Slice"),
        ([WHOLE, _range(None, None, -1), _range(0, 2)], X[:, ::-1, :2], "Slice"),
        ([WHOLE, 1, _range(None, -1)], X[:, 1, :-1], "Slice"),
        ([WHOLE, WHOLE], X, "Identity"),
        (WHOLE, X, "Identity"),
    ],
)
def test_indices_and_ranges_pick_as_they_do_in_numpy(
    key: object, expected: np.ndarray[Any, Any], kind: str, tmp_path: Path
) -> None:
    for path in (
        write_keras(tmp_path / "m.keras", _model(key), {}),
        write_h5(tmp_path / "m.h5", _model(key), {}),
    ):
        network = import_keras(path).network
        assert [one.kind for one in network.spec.layers] == [kind]
        assert network.output_shapes == (expected.shape[1:],)
        np.testing.assert_array_equal(network(X), expected)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ([ELLIPSIS, 1], "..., 1"),
        ([WHOLE, None], ":, None"),
        ([WHOLE, [0, 1]], ":, 0, 1"),
        ([_range(1), 1], "1:, 1"),
        ([0, 1], "0, 1"),
        ([WHOLE, _range(0, 4, 0)], ":, __slice__"),
        ([WHOLE, True], ":, True"),
        ([WHOLE, {"class_name": "__slice__"}], ":, __slice__"),
        ("all", "'all'"),
    ],
)
def test_all_else_is_refused_as_it_was_written(key: object, told: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedLayer) as caught:
        import_keras(write_keras(tmp_path / "m.keras", _model(key), {}))
    assert caught.value.name == "pick"
    assert told in caught.value.layer_class


@pytest.mark.parametrize("key", [[WHOLE, 4], [WHOLE, _range(4)], [WHOLE, 0, 0], [WHOLE, 0, 0, 0]])
def test_what_is_not_there_cannot_be_picked(key: object, tmp_path: Path) -> None:
    with pytest.raises(BundleMismatch, match="pick"):
        import_keras(write_keras(tmp_path / "m.keras", _model(key), {}))


def test_ids_that_are_cut_before_the_table_are_still_ids(tmp_path: Path) -> None:
    model = functional(
        given(6),
        _pick([WHOLE, _range(0, 3)]),
        called(embedding(), call(tensor("pick"))),
        called(layer("Flatten", "flat"), call(tensor("embedding"))),
        outputs=[("flat", 0, 0)],
    )
    bundle = import_keras(write_keras(tmp_path / "m.keras", model, EMBEDDING))
    assert bundle.network.spec.inputs[0].dtype == "int"
    ids = case_inputs(bundle)[1]["given"]
    assert ids.max() == len(EMBEDDING["embedding"][0]) - 1
    np.testing.assert_array_equal(
        bundle.network(ids), EMBEDDING["embedding"][0][ids[:, :3]].reshape(len(ids), -1)
    )
