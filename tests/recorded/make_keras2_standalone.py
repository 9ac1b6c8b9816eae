"""Records what Keras 2 answers as a package of its own, on Theano: files in ``keras2/``.

Run with Python 3.7:

    pip install "pip<22" && pip install --prefer-binary \
        keras==2.2.5 "theano<1.1" pyyaml "h5py<3" "numpy<1.20" scipy
    KERAS_BACKEND=theano python tests/recorded/make_keras2_standalone.py
"""

import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "theano")

import keras
import numpy as np
import theano.ifelse  # noqa: F401  Keras reaches for it without importing it
from keras import layers

FOLDER = Path(__file__).resolve().parent / "keras2"
RANDOM = np.random.RandomState(5)
IDS = np.array([
    [1, 2, 3, 4, 5, 6], [0, 0, 7, 8, 1, 2], [3, 0, 4, 0, 5, 0], [6, 7, 0, 0, 0, 0], [8] * 6,
])  # fmt: skip


def record(name, model, inputs):
    """Write the model, and what its outputs are for ``inputs`` by name."""
    model.set_weights([RANDOM.normal(0, 0.6, weight.shape) for weight in model.get_weights()])
    order = list(inputs) if len(inputs) == 1 else model.input_names
    outputs = model.predict([inputs[n] for n in order])
    outputs = outputs if isinstance(outputs, list) else [outputs]
    arrays = {"input/" + n: value for n, value in inputs.items()}
    arrays.update({"output/" + str(i): value for i, value in enumerate(outputs)})
    model.save(str(FOLDER / (name + ".h5")))
    np.savez_compressed(str(FOLDER / (name + ".npz")), **arrays)


def masked():
    """Masked steps show the output before them, in both directions."""
    model = keras.Sequential([
        layers.Embedding(9, 4, mask_zero=True, input_length=6),
        layers.Bidirectional(layers.LSTM(2, return_sequences=True), merge_mode="sum"),
        layers.TimeDistributed(layers.Dense(3, activation="softsign")),
    ])  # fmt: skip
    record("standalone_masked", model, {"given": IDS})


def convolution():
    """Theano turns the kernels."""
    model = keras.Sequential([
        layers.Conv1D(3, 2, input_shape=(6, 3), padding="causal", dilation_rate=2),
        layers.MaxPooling1D(2), layers.Flatten(), layers.Dense(2),
    ])  # fmt: skip
    record("standalone_convolution", model, {"given": RANDOM.normal(0, 1, (5, 6, 3))})


def states():
    """States are inputs among others, and a nested model counts its calls from 1."""
    ids, features = layers.Input((6,), name="ids"), layers.Input((3,), name="features")
    inner_input = layers.Input((3,))
    inner = keras.Model(inner_input, layers.Dense(3, activation="hard_sigmoid")(inner_input))
    x = layers.Embedding(9, 4, mask_zero=True)(ids)
    state = inner(inner(features))
    decoded = layers.GRU(3, return_sequences=True, return_state=True)(x, initial_state=state)
    x = layers.SimpleRNN(2)(decoded[0])
    model = keras.Model([ids, features], [x, decoded[1]])
    record("standalone_states", model, {"ids": IDS, "features": RANDOM.normal(0, 1, (5, 3))})


if __name__ == "__main__":
    print(keras.__version__, keras.backend.backend())  # noqa: T201
    for make in (masked, convolution, states):
        make()
