"""Records what Keras 1 answers: files and outputs in ``keras1/``.

Run where Keras 1 still runs, with Python 3.6:

    pip install "pip<22" && pip install --only-binary pyyaml,h5py,numpy,scipy \
        keras==1.2.2 "theano<1.1" pyyaml "h5py<3" numpy scipy
    KERAS_BACKEND=theano python tests/recorded/make_keras1.py
"""

import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "theano")

import keras
import numpy as np
import theano.ifelse  # noqa: F401  Keras reaches for it without importing it
from keras import backend
from keras.layers import (
    ELU,
    GRU,
    LSTM,
    Activation,
    BatchNormalization,
    Bidirectional,
    Convolution1D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    Input,
    LeakyReLU,
    Masking,
    MaxPooling1D,
    RepeatVector,
    Reshape,
    SimpleRNN,
    ThresholdedReLU,
    TimeDistributed,
    merge,
)
from keras.models import Model, Sequential

FOLDER = Path(__file__).resolve().parent / "keras1"
RANDOM = np.random.RandomState(1)
IDS = np.array([
    [1, 2, 3, 4, 5, 6], [0, 0, 7, 8, 1, 2], [3, 0, 4, 0, 5, 0], [6, 7, 0, 0, 0, 0], [8] * 6,
    [0] * 6,
])  # fmt: skip
ROWS = len(IDS)


def filled(model):
    """Give ``model`` weights that reach the knees of its activations."""
    weights = [weight for layer in model.layers for weight in layer.weights]
    values = [RANDOM.normal(0, 0.6, one.shape) for one in model.get_weights()]
    model.set_weights([values[i] ** (2 if "std" in one.name else 1)
                       for i, one in enumerate(weights)])  # fmt: skip
    return model


def record(name, model, inputs):
    """Write the model, and what its layers and its outputs are for ``inputs`` by name."""
    order = list(inputs) if len(inputs) == 1 else model.input_names
    given = [inputs[n] for n in order]
    outputs = model.predict(given)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    arrays = {"input/" + n: value for n, value in inputs.items()}
    arrays.update({"output/" + str(i): value for i, value in enumerate(outputs)})
    for layer in model.layers:
        if len(layer.inbound_nodes) == 1 and layer.name not in order:
            answer = backend.function([*model.inputs, backend.learning_phase()], [layer.output])
            arrays["layer/" + layer.name] = answer([*given, 0])[0]
    model.save(str(FOLDER / (name + ".h5")))
    np.savez_compressed(str(FOLDER / (name + ".npz")), **arrays)


def floats(*shape):
    return RANDOM.normal(0, 1, (ROWS, *shape)).astype("float32")


def average():
    model = Sequential([
        Embedding(9, 4, input_length=6), GlobalAveragePooling1D(), Dense(5, activation="relu"),
        Dropout(0.5), Dense(1, activation="sigmoid"),
    ])  # fmt: skip
    record("average", filled(model), {"given": IDS})


def stacked_lstm():
    model = Sequential([
        LSTM(15, return_sequences=True, input_shape=(7, 11)), LSTM(15),
        Dense(3, activation="softmax"),
    ])  # fmt: skip
    record("stacked_lstm", filled(model), {"given": floats(7, 11)})


def masked():
    model = Sequential([
        Embedding(9, 4, mask_zero=True, input_length=6),
        Bidirectional(GRU(3, return_sequences=True, consume_less="mem"), merge_mode="sum"),
        Bidirectional(LSTM(2, return_sequences=True, consume_less="gpu")),
        TimeDistributed(Dense(3, activation="softplus")),
        GRU(4, consume_less="gpu", return_sequences=True, go_backwards=True,
            inner_activation="sigmoid"),
        SimpleRNN(3),
    ])  # fmt: skip
    record("masked", filled(model), {"given": IDS})


def functional():
    ids, features = Input((6,), dtype="int32", name="ids"), Input((6, 3), name="features")
    inner_input = Input((3,))
    inner = Model(inner_input, Dense(3, activation="hard_sigmoid")(inner_input), name="inner")
    shared = Dense(3, activation="softsign", name="shared")
    x = Embedding(9, 3, name="embedding")(ids)
    y = Masking(0.5)(features)
    z = SimpleRNN(3, activation="tanh", return_sequences=False)(y)
    pooled = [inner(shared(GlobalMaxPooling1D()(x))), inner(shared(z))]
    joined = [merge(pooled, mode=mode) for mode in ("sum", "mul", "ave", "max", "concat")]
    joined = merge(joined, mode="concat", concat_axis=1)
    joined = BatchNormalization()(joined)
    joined = ThresholdedReLU(0.3)(LeakyReLU(0.2)(ELU(0.7)(joined)))
    joined = Flatten()(Reshape((3, 6))(joined))
    again = LSTM(2, return_sequences=False)(RepeatVector(2)(Activation("tanh")(joined)))
    model = Model([ids, features], [again, Dense(2, activation="softmax")(joined)])
    values = floats(6, 3)
    values[1, :2] = values[2, 3] = values[3, 4:] = 0.5
    record("functional", filled(model), {"ids": IDS, "features": values})


def convolution():
    model = Sequential([
        Convolution1D(3, 3, input_shape=(6, 3), border_mode="same"), Convolution1D(4, 2),
        MaxPooling1D(2), Flatten(), Dense(1),
    ])  # fmt: skip
    record("convolution", filled(model), {"given": floats(6, 3)})


if __name__ == "__main__":
    print(keras.__version__, backend.backend())  # noqa: T201
    for make in (average, stacked_lstm, masked, functional, convolution):
        make()
