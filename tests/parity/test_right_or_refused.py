"""What people put into Keras models besides: the same answer, or a refusal that names it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("keras")

import keras
from keras import layers, ops

from classifier import UnsupportedLayer
from classifier.importers import import_keras

_WORDS, _STEPS, _SIZE = 9, 5, 4


def _one(kind: Any, *arguments: Any, **settings: Any) -> Callable[[Any], Any]:
    """Return what adds a new layer of this kind."""

    def add(x: Any) -> Any:
        return kind(*arguments, **settings)(x)

    return add


def _cells(x: Any) -> Any:
    cells = [layers.LSTMCell(3), layers.GRUCell(2)]
    return layers.RNN(cells)(x)


def _normalized(x: Any) -> Any:
    dense = layers.Dense(2)
    return layers.SpectralNormalization(dense)(x)


def _activated(x: Any) -> Any:
    activation = layers.LeakyReLU(negative_slope=0.1)
    return layers.Dense(3, activation=activation)(x)


_REFUSED: dict[str, Callable[[Any], Any]] = {
    "Lambda": _one(layers.Lambda, lambda x: x * 2, output_shape=(_STEPS, _SIZE)),
    "MultiHeadAttention": lambda x: layers.MultiHeadAttention(2, 3)(x, x),
    "Attention": lambda x: layers.Attention()([x, x]),
    "AdditiveAttention": lambda x: layers.AdditiveAttention()([x, x]),
    "RNN": _cells,
    "SeparableConv1D": _one(layers.SeparableConv1D, 3, 2),
    "DepthwiseConv1D": _one(layers.DepthwiseConv1D, 2),
    "PReLU": _one(layers.PReLU),
    "GroupNormalization": _one(layers.GroupNormalization, 2),
    "LayerNormalization(rms_scaling=True)": _one(layers.LayerNormalization, rms_scaling=True),
    "SpectralNormalization": _normalized,
    "EinsumDense": _one(layers.EinsumDense, "abc,cd->abd", (None, 3)),
    "Dot": lambda x: layers.Dot(axes=-1)([ops.max(x, 1), ops.mean(x, 1)]),
    "Dropout, called with training=True": lambda x: layers.Dropout(0.5)(x, training=True),
    "Greater": lambda x: ops.where(x > 0, x, 0.0),
    "Einsum": lambda x: ops.einsum("bij->bj", x),
}
_RIGHT: dict[str, Callable[[Any], Any]] = {
    "a product with a constant": lambda x: x * 2.0 + 1.0,
    "a constant minus it": lambda x: 1.0 - x,
    "divided by it": lambda x: 1.0 / (x + 3.0),
    "its square": lambda x: x**2,
    "the mean of the steps": lambda x: ops.mean(x, axis=1),
    "a function of ops": ops.tanh,
    "joined by ops": lambda x: ops.concatenate([ops.mean(x, 1), ops.max(x, 1)], -1),
    "an activation layer inside Dense": _activated,
    "norms over other axes": lambda x: layers.LayerNormalization(axis=[1, 2])(
        layers.BatchNormalization(axis=1)(x)
    ),
    "a mask of its own on the way": lambda x: layers.LSTM(3)(
        layers.Masking(0.0)(layers.ReLU()(layers.Dense(3)(x)))
    ),
    "both directions apart": lambda x: layers.Concatenate()(
        layers.Bidirectional(layers.LSTM(3), merge_mode=None)(x)
    ),
    "states given to both directions": lambda x: layers.Bidirectional(layers.GRU(4))(
        x, initial_state=[layers.GlobalMaxPooling1D()(x), layers.GlobalMaxPooling1D()(-x)]
    ),
    "backwards twice": lambda x: layers.GRU(2, go_backwards=True)(
        layers.GRU(3, return_sequences=True, go_backwards=True)(x)
    ),
    "dropout inside recurrence, unrolled": _one(
        layers.LSTM, 3, dropout=0.2, recurrent_dropout=0.3, unroll=True
    ),
    "noise": lambda x: layers.GaussianDropout(0.2)(layers.GaussianNoise(0.1)(x)),
    "the largest of masked and masked": lambda x: layers.GlobalMaxPooling1D()(
        layers.Maximum()([x, layers.Dense(_SIZE)(x)])
    ),
    "three masks at once": lambda x: layers.Conv1D(2, 2)(
        layers.Minimum()([x, layers.Dense(_SIZE)(x), layers.Conv1D(_SIZE, 1)(x)])
    ),
    "steps cut another way": lambda x: layers.GRU(2)(layers.Reshape((-1, 2))(x)),
}


def _made(part: Callable[[Any], Any], mask_zero: bool) -> Any:
    keras.utils.clear_session(free_memory=False)
    ids = keras.Input((_STEPS,), dtype="int32", name="ids")
    model = keras.Model(ids, part(layers.Embedding(_WORDS, _SIZE, mask_zero=mask_zero)(ids)))
    random = np.random.default_rng(5)
    for variable in model.variables:
        if variable.dtype == "float32" and "variance" not in variable.path:
            variable.assign(random.normal(0, 0.5, variable.shape))
    return model


def _ids() -> Any:
    ids = np.random.default_rng(6).integers(1, _WORDS, (5, _STEPS))
    ids[1, :2] = ids[2, 3:] = ids[3, 1:3] = 0
    return ids.astype(np.int32)


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize("mask_zero", [False, True])
@pytest.mark.parametrize("name", _RIGHT)
def test_what_is_served_is_right(name: str, mask_zero: bool, suffix: str, tmp_path: Path) -> None:
    model = _made(_RIGHT[name], mask_zero)
    model.save(tmp_path / f"model{suffix}")
    found = import_keras(tmp_path / f"model{suffix}").network(_ids())
    expected = keras.ops.convert_to_numpy(model(_ids()))
    np.testing.assert_allclose(found, expected, 2e-5, 2e-5)


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize("name", _REFUSED)
def test_what_is_not_served_is_refused_by_name(name: str, suffix: str, tmp_path: Path) -> None:
    model = _made(_REFUSED[name], mask_zero=False)
    model.save(tmp_path / f"model{suffix}")
    with pytest.raises(UnsupportedLayer) as caught:
        import_keras(tmp_path / f"model{suffix}")
    assert caught.value.layer_class.startswith(name)
    assert caught.value.name
