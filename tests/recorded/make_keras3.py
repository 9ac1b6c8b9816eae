"""Records what Keras 3 answers: files and outputs in ``keras3/``.

KERAS_BACKEND=torch python tests/recorded/make_keras3.py        # keras 3.15, torch
KERAS_BACKEND=torch python tests/recorded/make_keras3.py masks  # keras 3.3.3 and 3.6.0
KERAS_BACKEND=tensorflow python tests/recorded/make_keras3.py text  # keras 3.8, tensorflow
"""

import sys
from pathlib import Path

import keras
import numpy as np

LAYERS, OPS = keras.layers, keras.ops
FOLDER = Path(__file__).resolve().parent / "keras3"
RANDOM = np.random.RandomState(3)
IDS = np.array([
    [1, 2, 3, 4, 5, 6], [0, 0, 7, 8, 1, 2], [3, 0, 4, 0, 5, 0], [6, 7, 0, 0, 0, 0], [8] * 6,
    [0] * 6,
])  # fmt: skip
ROWS = len(IDS)
VERSION = "_".join(keras.__version__.split(".")[:2])


class Gate(LAYERS.Layer):
    """Of a custom activation: relu(x) · sigmoid(x)."""

    def call(self, x):
        return OPS.relu(x) * OPS.sigmoid(x)


class Scaled(LAYERS.Layer):
    """Of a custom layer with weights of its own."""

    def __init__(self, factor=2.0, **settings):
        super().__init__(**settings)
        self.factor = factor

    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), name="scale")
        self.shift = self.add_weight(shape=(shape[-1],), name="shift")

    def call(self, x):
        return (x * self.scale + self.shift) * self.factor

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


def filled(model):
    """Give ``model`` weights that reach the knees of its activations."""
    for weight in (weight for weight in model.weights if hasattr(weight, "shape")):
        values = RANDOM.normal(0, 0.6, weight.shape)
        weight.assign(values**2 if "variance" in weight.name else values)
    return model


def record(name, model, inputs, *extensions):
    """Write the model, and what its outputs are for ``inputs`` by name."""
    order = [tensor.name for tensor in model.inputs] if len(inputs) > 1 else list(inputs)
    given = [inputs[name] for name in order]
    outputs = model(given if len(given) > 1 else given[0])
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    arrays = {"input/" + n: value for n, value in inputs.items()}
    for i, value in enumerate(outputs):
        arrays["output/" + str(i)] = OPS.convert_to_numpy(value)
    for extension in extensions:
        model.save(str(FOLDER / (name + "." + extension)))
    np.savez_compressed(str(FOLDER / (name + ".npz")), **arrays)


def floats(*shape):
    return RANDOM.normal(0, 1, (ROWS, *shape)).astype("float32")


def average():
    model = keras.Sequential([
        keras.Input((6,), dtype="int32"), LAYERS.Embedding(9, 4), LAYERS.GlobalAveragePooling1D(),
        LAYERS.Dense(5, activation="relu"), LAYERS.Dropout(0.5),
        LAYERS.Dense(1, activation="sigmoid"),
    ])  # fmt: skip
    record("average", filled(model), {"given": IDS}, "keras", "h5")


def stacked_lstm():
    model = keras.Sequential([
        keras.Input((7, 11)), LAYERS.LSTM(15, return_sequences=True), LAYERS.LSTM(15),
        LAYERS.Dense(3, activation="softmax"),
    ])  # fmt: skip
    record("stacked_lstm", filled(model), {"given": floats(7, 11)}, "keras", "h5")


def competition():
    ids, features = keras.Input((6,), name="ids"), keras.Input((3,), name="features")
    x = LAYERS.Embedding(9, 4, trainable=False, mask_zero=True)(ids)
    x = LAYERS.SpatialDropout1D(0.3)(x)
    x = LAYERS.Bidirectional(LAYERS.LSTM(3, return_sequences=True))(x)
    x, forward, backward = LAYERS.Bidirectional(
        LAYERS.GRU(2, return_sequences=True, return_state=True)
    )(x)
    pools = [LAYERS.GlobalAveragePooling1D()(x), LAYERS.GlobalMaxPooling1D()(x)]
    x = LAYERS.Concatenate()([*pools, forward, backward, features])
    x = LAYERS.Dropout(0.2)(LAYERS.Dense(4, activation="relu")(x))
    model = keras.Model([ids, features], LAYERS.Dense(1, activation="sigmoid")(x))
    record("competition", filled(model), {"ids": IDS, "features": floats(3)}, "keras", "h5")


def functional():
    """Layers shared and nested, states handed on, operations between layers."""
    ids, features = keras.Input((6,), name="ids"), keras.Input((6, 3), name="features")
    inner_input = keras.Input((3,))
    inner = LAYERS.Dense(3, activation="hard_sigmoid", name="first")(inner_input)
    inner = LAYERS.BatchNormalization(name="norm")(inner)
    inner = keras.Model(inner_input, LAYERS.Dense(3, name="second")(inner), name="inner")
    tagger = keras.Sequential([keras.Input((6, 3)), LAYERS.Dense(3)], name="tagger")
    x = LAYERS.Embedding(9, 3, mask_zero=True, name="embedding")(ids)
    y = LAYERS.Conv1D(3, 2, padding="causal", groups=3)(features)
    shared = LAYERS.GRU(3, name="shared", return_state=True)
    (one, state), (other, _) = shared(tagger(x)), shared(y)
    decoded = LAYERS.GRU(3)(x, initial_state=state)
    joined = OPS.concatenate([inner(one), inner(other), decoded], axis=-1)
    joined = 1 - OPS.leaky_relu(joined * 2 + 0.5, 0.3) / 3
    joined = OPS.maximum(-joined, 0.1) + OPS.gelu(joined, approximate=True) ** 2
    joined = joined + np.linspace(-1, 1, 9).astype("float32")
    joined = OPS.concatenate([joined, OPS.max(y, axis=1), OPS.mean(y, axis=1)], axis=-1)
    outputs = [LAYERS.Dense(2, activation="softmax")(joined), inner(one), state]
    model = keras.Model([ids, features], outputs)
    record("functional", filled(model), {"ids": IDS, "features": floats(6, 3)}, "keras", "h5")


def masks():
    """Masks merged in each way; versions differ in how they merge them and what they write."""
    ids, features = keras.Input((6,), name="ids"), keras.Input((6, 3), name="features")
    x = LAYERS.Embedding(9, 3, mask_zero=True)(ids)
    y = LAYERS.Masking(0.5)(features)
    bare = LAYERS.Conv1D(3, 1)(features)
    merged = [
        LAYERS.Add()([x, y]), LAYERS.Multiply()([y, LAYERS.Dense(3)(x)]), LAYERS.Add()([x, bare]),
    ]  # fmt: skip
    if VERSION != "3_6":  # which cannot run what it makes of these
        merged += [LAYERS.Concatenate()([x, y]), LAYERS.Concatenate(axis=1)([x, y]),
                   LAYERS.Concatenate()([x, bare])]  # fmt: skip
    states = [LAYERS.SimpleRNN(2)(one) for one in merged]
    states.append(LAYERS.GlobalAveragePooling1D()(LAYERS.TimeDistributed(LAYERS.Dense(2))(y)))
    model = keras.Model([ids, features], states)
    values = floats(6, 3)
    values[1, :2] = values[2, 3] = values[3, 4:] = 0.5
    record("masks_" + VERSION, filled(model), {"ids": IDS, "features": values}, "keras")


def custom():
    for registered in (False, True):
        gate, scaled = Gate, Scaled
        if registered:
            gate, scaled = (keras.saving.register_keras_serializable("own")(one)
                            for one in (gate, scaled))  # fmt: skip
        given = keras.Input((3,))
        inner = keras.Sequential([keras.Input((3,)), scaled(3.0), LAYERS.Dense(3), scaled(0.5)])
        model = keras.Model(given, gate()(scaled()(inner(given))))
        name = "custom_registered" if registered else "custom_unregistered"
        record(name, filled(model), {"given": floats(3)}, "keras", "h5")


def text():
    words = ["дождь", "мост", "Скидка", "don't", "year"]
    vectorizer = LAYERS.TextVectorization(output_sequence_length=5)
    vectorizer.adapt([" ".join(words[:i]) for i in range(1, 6)])
    model = keras.Sequential([
        keras.Input((1,), dtype="string"), vectorizer, LAYERS.Embedding(7, 4, mask_zero=True),
        LAYERS.GlobalAveragePooling1D(), LAYERS.Dense(1, activation="sigmoid"),
    ])  # fmt: skip
    texts = ["дождь мост", "Скидка, скидка! year.", "DON'T don\u00a0t", "мост " * 9, "a-b дождь"]
    filled(model)
    path = str(FOLDER / "text")
    model.save(path + ".keras")
    answers = model.predict(keras.ops.convert_to_tensor([[one] for one in texts], dtype="string"))
    arrays = {"input/given": np.array(texts)[:, None], "output/0": answers}
    np.savez_compressed(path + ".npz", **arrays)


if __name__ == "__main__":
    print(keras.__version__, keras.backend.backend())  # noqa: T201
    every = (average, stacked_lstm, competition, functional, masks, custom)
    for make in {"masks": (masks,), "text": (text,)}.get("".join(sys.argv[1:]), every):
        make()
