"""Live Keras: what it answers becomes the parity cases, layer by layer."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import ModelBundle, ModelError
from classifier.importers.keras import import_keras, record_keras
from classifier.parity import compare
from classifier.saving import write_bundle

keras = pytest.importorskip("keras")
layers, ops = keras.layers, keras.ops

RECORDED = Path(__file__).parents[1] / "recorded"
GATES = """
from classifier.network import register_layer


class Gate:
    def shape(self, shapes):
        return (shapes[0],)

    def __call__(self, inputs, mask):
        return (inputs[0] * 3.0,)


register_layer("TripledGate", lambda spec, weights: Gate())

import keras


class TripledGate(keras.layers.Layer):
    def call(self, x):
        return x * 3.0
"""


def _verified(bundle: ModelBundle, tmp_path: Path) -> set[str]:
    """Return the layers whose answers were compared, all of them equal."""
    written = write_bundle(bundle, tmp_path / "bundle")
    assert written.parity is not None
    found = list(compare(written.parity, written.network, written.text))
    assert found
    assert [one.place for one in found if not one.close] == []
    return {one.place for one in found}


def _saved(model: Any, path: Path) -> Path:
    for variable in model.variables:
        variable.assign(np.random.default_rng(5).normal(0, 0.5, variable.shape) ** 2)
    model.save(path)
    return path


@pytest.mark.parametrize(
    "name", ["average", "stacked_lstm", "competition", "functional", "masks_3_15"]
)
def test_every_layer_that_keras_shows_is_recorded(name: str, tmp_path: Path) -> None:
    path = RECORDED / "keras3" / f"{name}.keras"
    bundle = record_keras(path, import_keras(path))
    compared = _verified(bundle, tmp_path)
    unseen = {one.name for one in bundle.network.spec.layers} - compared
    assert all("/" in one for one in unseen), "only masks and what is inside a model"


def test_operations_and_second_calls_are_recorded(tmp_path: Path) -> None:
    given = keras.Input((3,), name="given")
    dense = layers.Dense(3, name="dense")
    x = dense(ops.relu(dense(given)) * 2 + 1)
    path = _saved(keras.Model(given, x), tmp_path / "m.keras")
    compared = _verified(record_keras(path, import_keras(path)), tmp_path)
    assert compared == {"dense", "relu", "multiply", "add", "dense@1"}


def test_a_row_that_keras_has_no_number_for_is_left_out(tmp_path: Path) -> None:
    path = RECORDED / "keras3" / "competition.keras"
    bundle = record_keras(path, import_keras(path))
    assert bundle.parity is not None
    ids = bundle.parity.inputs["ids"]
    assert len(ids) > 4
    assert ids.any(axis=1).all()


def test_layers_of_ones_own_answer_in_keras_if_the_custom_file_has_them(tmp_path: Path) -> None:
    custom = tmp_path / "gates.py"
    custom.write_text(GATES)
    gate = type("TripledGate", (layers.Layer,), {"call": lambda self, x: x * 3.0})
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2), gate(name="gate")])
    path = _saved(model, tmp_path / "m.keras")
    bundle = import_keras(path, custom=custom)
    with pytest.raises(ModelError, match="Keras cannot read it"):
        record_keras(path, bundle)
    assert "gate" in _verified(record_keras(path, bundle, custom=custom), tmp_path)


@pytest.mark.parametrize("name", ["keras1/average.h5", "keras2/masked.h5"])
def test_a_newer_keras_does_not_answer_for_an_older_one(name: str) -> None:
    with pytest.raises(ModelError, match="does not answer for it"):
        record_keras(RECORDED / name, import_keras(RECORDED / name))


def test_what_keras_cannot_read_itself_is_told(tmp_path: Path) -> None:
    path = RECORDED / "keras3" / "functional.h5"
    with pytest.raises(ModelError, match="Keras cannot read it"):
        record_keras(path, import_keras(path))


def _frozen_inside() -> Any:
    inner = keras.Sequential([
        keras.Input((3,)), layers.Dense(3), layers.BatchNormalization(), layers.Dense(3),
        layers.BatchNormalization(scale=False),
    ])  # fmt: skip
    inner.layers[0].trainable = False
    given = keras.Input((3,))
    return keras.Model(given, layers.Dense(2)(inner(given)))


def _deep() -> Any:
    innermost = keras.Sequential([keras.Input((3,)), layers.Dense(3), layers.LayerNormalization()])
    given = keras.Input((3,))
    middle = keras.Model(given, innermost(innermost(given)))
    outer = keras.Input((3,))
    return keras.Model(outer, middle(layers.Dense(3)(middle(outer))))


def _shared_between_models() -> Any:
    shared = layers.Dense(3)
    one = keras.Sequential([keras.Input((3,)), shared, layers.Dense(3)])
    other = keras.Sequential([keras.Input((3,)), layers.Dense(3), shared])
    given = keras.Input((3,))
    return keras.Model(given, layers.Add()([one(given), other(given)]))


def _masked_inside() -> Any:
    inner = keras.Sequential([
        keras.Input((None,)), layers.Embedding(6, 3, mask_zero=True), layers.Dropout(0.1),
        layers.LSTM(3, return_sequences=True),
    ])  # fmt: skip
    given = keras.Input((5,))
    return keras.Model(
        given, layers.GlobalAveragePooling1D()(layers.GRU(2, return_sequences=True)(inner(given)))
    )


@pytest.mark.parametrize(
    ("build", "extension"),
    [*product((_frozen_inside, _deep, _masked_inside, _shared_between_models), ("keras", "h5"))],
)
def test_models_inside_models_have_their_own_weights(
    build: Callable[[], Any], extension: str, tmp_path: Path
) -> None:
    model = build()
    random = np.random.default_rng(3)
    for variable in model.variables:
        variable.assign(random.normal(0, 0.7, variable.shape) ** 2)
    path = tmp_path / f"m.{extension}"
    model.save(path)
    shape = (6, *model.inputs[0].shape[1:])
    x = random.integers(0, 6, shape) if build is _masked_inside else random.normal(size=shape)
    x = x.astype(np.float32)
    x[:, -1] = x[:, -1] if x.shape[1] == 3 else 1  # so that no row is all padding
    expected = ops.convert_to_numpy(model(x))
    np.testing.assert_allclose(import_keras(path).network(x), expected, rtol=2e-5, atol=2e-5)
