"""What live Keras writes of shared layers and of ``x[:, …]``, read back here."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier.importers import import_keras
from classifier.importers.keras import record_keras
from classifier.parity import compare

os.environ["KERAS_BACKEND"] = "torch"
keras = pytest.importorskip("keras")

pytestmark = [pytest.mark.parity, pytest.mark.filterwarnings("ignore")]

layers = keras.layers
X = np.random.default_rng(5).normal(size=(6, 4, 3)).astype(np.float32)


def _filled(model: Any) -> Any:
    random = np.random.default_rng(3)
    for variable in model.variables:
        variable.assign(random.normal(0, 0.7, variable.shape) ** 2)
    return model


def _layer_shared() -> Any:
    shared = layers.GRU(3, return_sequences=True)
    one = keras.Sequential([keras.Input((4, 3)), shared, layers.Dense(3)])
    other = keras.Sequential([keras.Input((4, 3)), layers.Dense(3), shared])
    given = keras.Input((4, 3))
    return keras.Model(given, layers.Add()([one(given), other(given), shared(given)]))


def _model_shared() -> Any:
    shared = keras.Sequential(
        [keras.Input((4, 3)), layers.Dense(3), layers.Dropout(0.5), layers.BatchNormalization()]
    )
    first, second = keras.Input((4, 3)), keras.Input((4, 3))
    one = keras.Model(first, layers.Dense(3)(shared(first)))
    other = keras.Model(second, shared(layers.Dense(3)(second)))
    given = keras.Input((4, 3))
    return keras.Model(given, layers.Add()([other(given), one(given), shared(given)]))


@pytest.mark.parametrize("build", [_layer_shared, _model_shared])
def test_what_models_share_is_found_where_keras_itself_does_not(
    build: Callable[[], Any], tmp_path: Path
) -> None:
    model, path = _filled(build()), tmp_path / "m.keras"
    model.save(path)
    expected = keras.ops.convert_to_numpy(model(X))
    network = import_keras(path).network
    np.testing.assert_allclose(network(X), expected, rtol=2e-5, atol=2e-5)
    weights = [variable for variable in model.variables if "seed" not in variable.path]
    assert len(network.tensors) == len(weights)


@pytest.mark.parametrize("extension", ["keras", "h5"])
@pytest.mark.parametrize(
    "pick",
    [
        lambda x: x[:, -1], lambda x: x[:, 1, :], lambda x: x[:, :, 2], lambda x: x[:, 1:3],
        lambda x: x[:, ::2, -2:], lambda x: x[:, 3, :1], lambda x: x[:, -3:-1, 1],
    ],
)  # fmt: skip
def test_picking_is_recorded_as_keras_does_it(
    pick: Callable[[Any], Any], extension: str, tmp_path: Path
) -> None:
    given = keras.Input((4, 3), name="given")
    model = _filled(keras.Model(given, pick(layers.Dense(3, name="dense")(given))))
    path = tmp_path / f"m.{extension}"
    model.save(path)
    bundle = import_keras(path)
    np.testing.assert_allclose(
        bundle.network(X), keras.ops.convert_to_numpy(model(X)), rtol=1e-5, atol=1e-5
    )
    if extension == "keras":  # live Keras cannot read operations in an .h5
        cases = record_keras(path, bundle).parity
        assert cases is not None
        assert all(one.close for one in compare(cases, bundle.network, None))
