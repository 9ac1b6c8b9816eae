"""Masks that reach ``TimeDistributed``: carried along, refused where it is not known how."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from classifier import UnsupportedLayer
from classifier.importers import import_keras
from classifier.network import Network
from tests.classifier.keras_made import (
    DENSE,
    EMBEDDING,
    LSTM,
    VERSION,
    Weights,
    call,
    called,
    dense,
    embedding,
    functional,
    given,
    layer,
    lstm,
    sequential,
    tensor,
    write_keras,
)


def _network(
    tmp_path: Path, model: dict[str, Any], weights: Weights, version: str = VERSION
) -> Network:
    path = write_keras(tmp_path / "made.keras", model, weights, version=version)
    return import_keras(path).network


def _refused(
    tmp_path: Path, model: dict[str, Any], weights: Weights, version: str = VERSION
) -> str:
    with pytest.raises(UnsupportedLayer) as caught:
        _network(tmp_path, model, weights, version)
    return caught.value.layer_class


def test_what_later_versions_do_with_masks_at_every_step_is_not_guessed(tmp_path: Path) -> None:
    per_step = layer("TimeDistributed", "steps", layer=dense())
    weights = {**EMBEDDING, "time_distributed/layer": DENSE["dense"]}
    ids = given(3, dtype="int32")
    model = sequential(ids, embedding(mask_zero=True), per_step)
    named = _refused(tmp_path, model, weights, "3.16.0")
    assert named == "TimeDistributed (with a mask, of Keras 3.16)"
    assert _network(tmp_path, model, weights)
    assert _network(tmp_path, sequential(ids, embedding(), per_step), weights, "3.16.0")


def test_a_mask_that_is_told_to_a_reader_at_every_step_is_refused(tmp_path: Path) -> None:
    per_step = layer("TimeDistributed", "steps", layer=lstm())
    model = functional(
        given(4, 3, 2),
        given(4, 3, name="counts"),
        called(per_step, call(tensor("given"), mask=tensor("counts"))),
        inputs=("given", "counts"),
        outputs=[("steps", 0, 0)],
    )
    weights = {"time_distributed/layer/cell": LSTM["lstm/cell"]}
    assert _refused(tmp_path, model, weights) == "TimeDistributed(LSTM, masked)"
