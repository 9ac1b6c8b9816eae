"""Records what TextVectorization answers in TensorFlow itself: files in ``text_vectorization/``.

Each is a network from raw text to a score, written by Keras, with the ids and the scores of
TEXTS. Run this with each of the two, Python 3.10:

    pip install tensorflow-cpu==2.15.1                 # Keras 2.15: .keras and .h5
    pip install tensorflow-cpu==2.18.1 keras==3.8.0    # Keras 3.8: .keras
    python tests/recorded/make_text_vectorization.py
"""

import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf

LAYERS = keras.layers
FOLDER = Path(__file__).resolve().parent / "text_vectorization"
RANDOM = np.random.RandomState(5)
VERSION = keras.__version__.split(".")[0]

# As an adapted layer has them, one of each kind that a rule may or may not change.
WORDS = [
    *("мост", "дождь", "Скидка", "скидка", "dont", "don't", "rain", "Rain", "ab", "a-b", "кафе"),
    *("кафе\u0301", "каф\u00e9", "istanbul", "i\u0307stanbul", "🦔", "мост🦔", "«мост»", "—", "…"),
    *("100", "10000", "мо\u00adст", "мо\u200bст", "дождь\u00a0мост", "x1c\x1cx", "№5", "№", "C"),
]
TEXTS = [
    "мост дождь",
    "Мост, ДОЖДЬ! Скидка? скидка.",
    "Rain RAIN rain raiN",
    "don't DON'T don\u2019t a-b A-B a_b",
    "мост\tдождь\nмост\r\nдождь\x0bмост\x0cдождь",
    "дождь\u00a0мост",
    "мо\u200bст мо\u00adст \ufeffмост",
    "«мост» \u201eмост\u201c — … №5 № 5",
    "",
    " \t\n ",
    "!!! ... ---",
    "слов таких никто не знает",
    "мост " * 12,
    "дождь " * 3 + "мост",
    "кафе\u0301 каф\u00e9 кафe\u0301",
    "İstanbul ISTANBUL istanbul ıstanbul",
    "🦔 мост🦔 🦔мост 👩\u200d👧",
    "100% 10 000 10\u202f000 10,000",
    "x1c\x1cx мост\x85дождь мост\u2028дождь мост\u3000дождь",
    "<b>мост</b> &amp; C++ C# $C ^C `C` ~C |C|",
    "[UNK] UNK [unk]",
    "a\\b \"rain\" 'rain' (rain) [rain] {rain} @rain #rain rain=rain+rain;rain:rain*rain/rain",
]
SETTINGS = {
    "default": {"output_sequence_length": 6},
    "longest": {},
    "lower": {"standardize": "lower", "output_sequence_length": 6},
    "strip": {"standardize": "strip_punctuation", "output_sequence_length": 6},
    "untouched": {"standardize": None, "output_sequence_length": 6, "max_tokens": 40},
    "adapted": {"output_sequence_length": 4, "max_tokens": 12},
}
OLD = ("default", "longest", "untouched", "adapted")


def vectorizer(name):
    if name == "adapted":
        layer = LAYERS.TextVectorization(**SETTINGS[name])
        layer.adapt(TEXTS)
        return layer
    return LAYERS.TextVectorization(**SETTINGS[name], vocabulary=WORDS)


def network(layer):
    words = len(layer.get_vocabulary())
    model = keras.Sequential([
        keras.Input((1,), dtype="string"), layer, LAYERS.Embedding(words, 4),
        LAYERS.GlobalAveragePooling1D(), LAYERS.Dense(5, activation="relu"),
        LAYERS.Dense(1, activation="sigmoid"),
    ])  # fmt: skip
    for weight in (weight for weight in model.weights if hasattr(weight, "shape")):
        weight.assign(RANDOM.normal(0, 1.2, weight.shape))
    return model


def record(name, suffix):
    layer = vectorizer(name)
    model = network(layer)
    model.save(str(FOLDER / f"keras{VERSION}_{name}.{suffix}"))
    answers = {
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "texts": TEXTS,
        "vocabulary": layer.get_vocabulary(),
        "ids": layer(tf.constant(TEXTS)).numpy().tolist(),
        "alone": [layer(tf.constant([text])).numpy()[0].tolist() for text in TEXTS],
        "scores": model(tf.constant(TEXTS)[:, None]).numpy()[:, 0].tolist(),
    }
    told = json.dumps(answers, ensure_ascii=False, indent=None)
    (FOLDER / f"keras{VERSION}_{name}.json").write_text(told + "\n", encoding="utf-8")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    print(tf.__version__, keras.__version__)  # noqa: T201
    for name in SETTINGS if VERSION == "3" else OLD:
        record(name, "h5" if (VERSION, name) == ("2", "untouched") else "keras")
