"""Records what Keras 2 answers: files and outputs in ``keras2/``.

The ``.h5`` files are of TensorFlow 2.6 (Python 3.8: ``pip install tensorflow-cpu==2.6.5
keras==2.6.0 "protobuf<3.21"``), the ``.keras`` files of TensorFlow 2.15 (Python 3.10: ``pip
install tensorflow-cpu==2.15.1``); run this with each of the two:

    python tests/recorded/make_keras2.py
"""

import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import numpy as np
import tensorflow as tf
from tensorflow import keras

LAYERS = keras.layers
FOLDER = Path(__file__).resolve().parent / "keras2"
RANDOM = np.random.RandomState(2)
IDS = np.array([
    [1, 2, 3, 4, 5, 6], [0, 0, 7, 8, 1, 2], [3, 0, 4, 0, 5, 0], [6, 7, 0, 0, 0, 0], [8] * 6,
    [0] * 6,
])  # fmt: skip
ROWS = len(IDS)


def filled(model):
    """Give ``model`` weights that reach the knees of its activations."""
    for weight in (weight for weight in model.weights if hasattr(weight, "shape")):
        values = RANDOM.normal(0, 0.6, weight.shape)
        weight.assign(values**2 if "variance" in weight.name else values)
    return model


def record(name, model, inputs, extension="h5", answering=None):
    """Write the model, and what its layers and its outputs are for ``inputs`` by name."""
    order = list(inputs) if len(inputs) == 1 else model.input_names
    given = [inputs[n] for n in order]
    outputs = (answering or model).predict(given if len(given) > 1 else given[0])
    outputs = outputs if isinstance(outputs, list) else [outputs]
    arrays = {"input/" + n: value for n, value in inputs.items()}
    arrays.update({"output/" + str(i): value for i, value in enumerate(outputs)})
    for layer in (answering or model).layers:
        own = [node for node in layer.inbound_nodes if node.layer is layer]
        shown = len(own) == 1 and not isinstance(layer, (keras.Model, LAYERS.InputLayer))
        if shown and not isinstance(layer.output, (list, tuple)):
            probe = keras.Model((answering or model).inputs, layer.output)
            arrays["layer/" + layer.name] = probe.predict(given if len(given) > 1 else given[0])
    model.save(str(FOLDER / (name + "." + extension)))
    np.savez_compressed(str(FOLDER / (name + ".npz")), **arrays)


def floats(*shape):
    return RANDOM.normal(0, 1, (ROWS, *shape)).astype("float32")


def average(extension="h5"):
    model = keras.Sequential([
        LAYERS.Embedding(9, 4, input_length=6), LAYERS.GlobalAveragePooling1D(),
        LAYERS.Dense(5, activation="relu"), LAYERS.Dropout(0.5),
        LAYERS.Dense(1, activation="sigmoid"),
    ])  # fmt: skip
    name = "average" if extension == "h5" else "average_late"
    record(name, filled(model), {"given": IDS}, extension)


def stacked_lstm():
    model = keras.Sequential([
        LAYERS.LSTM(15, return_sequences=True, input_shape=(7, 11)), LAYERS.LSTM(15),
        LAYERS.Dense(3, activation="softmax"),
    ])  # fmt: skip
    record("stacked_lstm", filled(model), {"given": floats(7, 11)})


def competition():
    ids, features = keras.Input((6,), name="ids"), keras.Input((3,), name="features")
    x = LAYERS.Embedding(9, 4, trainable=False)(ids)
    x = LAYERS.SpatialDropout1D(0.3)(x)
    x = LAYERS.Bidirectional(LAYERS.LSTM(3, return_sequences=True))(x)
    x, forward, backward = LAYERS.Bidirectional(
        LAYERS.GRU(2, return_sequences=True, return_state=True)
    )(x)
    pools = [LAYERS.GlobalAveragePooling1D()(x), LAYERS.GlobalMaxPooling1D()(x)]
    x = LAYERS.concatenate([*pools, forward, backward, features])
    x = LAYERS.Dropout(0.2)(LAYERS.Dense(4, activation="relu")(x))
    model = keras.Model([ids, features], LAYERS.Dense(1, activation="sigmoid")(x))
    record("competition", filled(model), {"ids": IDS, "features": floats(3)})


def masked():
    model = keras.Sequential([
        LAYERS.Embedding(9, 4, mask_zero=True, input_length=6),
        LAYERS.LSTM(3, return_sequences=True, recurrent_activation="hard_sigmoid"),
        LAYERS.Bidirectional(LAYERS.LSTM(2, return_sequences=True), merge_mode="ave"),
        LAYERS.TimeDistributed(LAYERS.Dense(3, activation="swish")),
        LAYERS.GRU(3, reset_after=False, return_sequences=True, go_backwards=True),
        LAYERS.Bidirectional(LAYERS.SimpleRNN(2), merge_mode="mul",
                             backward_layer=LAYERS.SimpleRNN(2, activation="relu",
                                                             go_backwards=True)),
    ])  # fmt: skip
    record("masked", filled(model), {"given": IDS})


def functional():
    ids, features = keras.Input((6,), name="ids"), keras.Input((6, 3), name="features")
    x = LAYERS.Embedding(9, 3, mask_zero=True, name="embedding")(ids)
    y = LAYERS.Masking(0.5, name="masking")(features)
    inner_input = keras.Input((3,))
    inner = LAYERS.Dense(3, activation="hard_sigmoid", name="first")(inner_input)
    inner = LAYERS.BatchNormalization(name="norm")(inner)
    inner = keras.Model(inner_input, LAYERS.Dense(3, name="second")(inner), name="inner")
    shared = LAYERS.LSTM(3, name="shared")
    one, other = inner(shared(x)), inner(shared(y))
    both = LAYERS.Add(name="add")([x, y])  # masked where either is
    both = LAYERS.GRU(2, return_state=False, name="both")(both)
    wide = LAYERS.Concatenate(name="wide")([x, LAYERS.Conv1D(2, 3, padding="causal")(features)])
    wide = LAYERS.LSTM(2, name="of_wide")(wide)
    long = LAYERS.Concatenate(axis=1, name="long")([x, y])
    long = LAYERS.SimpleRNN(2, name="of_long")(long)
    joined = LAYERS.concatenate([one, other, both, wide, long])
    joined = 1 - tf.nn.relu(joined * 2 + 0.5)
    joined = LAYERS.LayerNormalization()(joined)
    joined = LAYERS.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.2)(joined)
    joined = LAYERS.LeakyReLU()(joined)
    model = keras.Model([ids, features], [LAYERS.Dense(2, activation="softmax")(joined), one])
    values = floats(6, 3)
    values[1, :2] = values[2, 3] = values[3, 4:] = 0.5
    record("functional", filled(model), {"ids": IDS, "features": values})


def convolution():
    given = keras.Input((9, 4), name="given")
    x = LAYERS.Conv1D(6, 3, strides=2, padding="same", activation="elu")(given)
    y = LAYERS.Conv1D(4, 2, dilation_rate=2, padding="causal", activation="gelu")(given)
    x = LAYERS.Flatten()(LAYERS.MaxPooling1D(2, padding="same")(x))
    y = LAYERS.Flatten()(LAYERS.AveragePooling1D(3, strides=2)(y))
    z = LAYERS.Reshape((36,))(given)
    model = keras.Model(given, LAYERS.Dense(2)(LAYERS.Concatenate()([x, y, z])))
    record("convolution", filled(model), {"given": floats(9, 4)})


def cudnn():
    """The layers for graphics cards cannot run here: the common ones answer with their weights."""
    late, early = keras.Sequential(), keras.Sequential()
    for kinds, model in (("CuDNN", late), ("", early)):
        source = tf.compat.v1.keras.layers if kinds else LAYERS
        model.add(keras.Input((5, 3)))
        model.add(getattr(source, kinds + "LSTM")(4, return_sequences=True))
        model.add(getattr(source, kinds + "GRU")(2))
    path = FOLDER / "weights.h5"
    filled(late).save_weights(str(path))
    early.load_weights(str(path))
    path.unlink()
    record("cudnn", late, {"given": floats(5, 3)}, answering=early)


def text():
    words = ["дождь", "мост", "Скидка", "don't", "year"]
    vectorizer = LAYERS.TextVectorization(output_sequence_length=5)
    vectorizer.adapt([" ".join(words[:i]) for i in range(1, 6)])
    model = keras.Sequential([
        keras.Input((1,), dtype="string"), vectorizer, LAYERS.Embedding(7, 4, mask_zero=True),
        LAYERS.GlobalAveragePooling1D(), LAYERS.Dense(1, activation="sigmoid"),
    ])  # fmt: skip
    texts = ["дождь мост", "Скидка, скидка! year.", "DON'T don\u00a0t", "мост " * 9, "a-b дождь"]
    record("text", filled(model), {"given": np.array(texts)[:, None]}, "keras")


if __name__ == "__main__":
    print(tf.__version__)  # noqa: T201
    if tf.__version__.startswith("2.6"):
        for make in (average, stacked_lstm, competition, masked, functional, convolution, cudnn):
            make()
    else:
        average("keras")
        text()
