"""A layer that several models share stands in a ``.keras`` once: where it comes first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import BundleMismatch
from classifier.importers import import_keras
from classifier.saving import write_bundle
from tests.classifier.keras_made import (
    DENSE,
    call,
    called,
    dense,
    functional,
    given,
    layer,
    numbers,
    sequential,
    tensor,
    write_keras,
)

GATES = Path(__file__).parents[1] / "recorded" / "gates.py"
ONE = "sequential/layers/dense"
OTHER = "sequential_1/layers/dense"
SECOND = (numbers(2, 2) * 0.5, numbers(2) - 1)
X = numbers(3, 2)


def _inner(name: str, *layers: dict[str, Any]) -> dict[str, Any]:
    node = call(tensor("given"))
    return called({**sequential(given(2, name=f"{name}_in"), *layers), "name": name}, node)


def _again(one: dict[str, Any]) -> dict[str, Any]:
    config = {**one["config"], "kernel_initializer": {"class_name": "Zeros", "config": {}}}
    marked = {**config["kernel_initializer"], "shared_object_id": 7}
    return {**one, "shared_object_id": 8, "config": {**config, "kernel_initializer": marked}}


def _first(one: dict[str, Any]) -> dict[str, Any]:
    initializer = {"class_name": "Zeros", "config": {}}
    return {**one, "config": {**one["config"], "kernel_initializer": initializer}}


def _model(*inner: dict[str, Any]) -> dict[str, Any]:
    joined = called(layer("Add", "joined"), call([tensor(one["name"]) for one in inner]))
    return functional(given(2), *inner, joined, outputs=[("joined", 0, 0)])


def test_its_arrays_are_those_of_its_first_place_and_are_kept_once(tmp_path: Path) -> None:
    model = _model(
        _inner("one", _first(dense(name="shared"))),
        _inner("other", dense(name="own"), _again(dense(name="shared"))),
    )
    path = write_keras(tmp_path / "m.keras", model, {ONE: DENSE["dense"], OTHER: SECOND})
    bundle = write_bundle(import_keras(path), tmp_path / "bundle")
    assert sorted(bundle.network.tensors) == [
        "one/shared/bias", "one/shared/kernel", "other/own/bias", "other/own/kernel",
    ]  # fmt: skip
    (kernel, bias), (kernel_2, bias_2) = DENSE["dense"], SECOND
    expected = (X @ kernel + bias) + ((X @ kernel_2 + bias_2) @ kernel + bias)
    np.testing.assert_allclose(bundle.network(X), expected, atol=1e-6)


def test_a_layer_of_ones_own_may_be_shared_too(tmp_path: Path) -> None:
    scaled = layer("Scaled", "scaled", factor=2.0)
    model = _model(_inner("one", scaled), _inner("other", {**scaled, "shared_object_id": 8}))
    arrays = (numbers(2), numbers(2) * 2)
    weights = {"sequential/layers/scaled": arrays}
    network = import_keras(write_keras(tmp_path / "m.keras", model, weights), custom=GATES).network
    np.testing.assert_allclose(network(X), 2 * (X * arrays[0] + arrays[1]) * 2, atol=1e-6)


def test_arrays_that_are_missing_without_that_mark_are_missed(tmp_path: Path) -> None:
    model = _model(_inner("one", dense(name="shared")), _inner("other", dense(name="shared")))
    with pytest.raises(BundleMismatch, match=f"layers/{OTHER}/vars/0: expected an array"):
        import_keras(write_keras(tmp_path / "m.keras", model, {ONE: DENSE["dense"]}))


@pytest.mark.parametrize(
    ("before", "count"),
    [
        ([dense(name="another")], 0),
        ([dense(name="shared", units=3)], 0),
        ([dense(name="shared"), dense(name="shared")], 2),
    ],
    ids=["of another name", "of other settings", "two that it can be"],
)
def test_where_its_arrays_are_is_not_guessed(
    before: list[dict[str, Any]], count: int, tmp_path: Path
) -> None:
    shared = {**dense(name="shared"), "shared_object_id": 8}
    earlier = [_inner(f"inner_{i}", one) for i, one in enumerate(before)]
    weights = {
        f"sequential{f'_{i}' if i else ''}/layers/dense": (
            numbers(2, one["config"]["units"]), numbers(one["config"]["units"]),
        )
        for i, one in enumerate(before)
    }  # fmt: skip
    model = _model(*earlier, _inner("last", shared))
    with pytest.raises(BundleMismatch) as caught:
        import_keras(write_keras(tmp_path / "m.keras", model, weights))
    assert "one earlier layer 'shared'" in str(caught.value)
    assert caught.value.found == count
