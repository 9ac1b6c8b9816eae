"""Records what whole networks answer to raw texts, by their own frameworks: files in ``scores/``.

The texts go through Keras's ``Tokenizer`` and ``pad_sequences``, then through a network that the
scripts beside this one have written, or through the text network with layers of one's own.

pip install keras==3.15.1 torch safetensors
KERAS_BACKEND=torch python tests/recorded/make_scores.py
"""

import json
from pathlib import Path

import keras
import make_keras3
import make_torch
import numpy as np
import torch
from keras.src.legacy.preprocessing.text import tokenizer_from_json
from safetensors.torch import load_file, save_file
from torch import nn

LAYERS = keras.layers
HERE = Path(__file__).resolve().parent
FOLDER = HERE / "scores"
TEXTS = [
    "Дождь прошёл, дождь кончился. Мост открыт!",
    "мост",
    "МОСТ; мост! the rain-bridge\tночью",
    "слова, которых не знает никто",
    "дождь мост " * 5 + "the",
    "rain\u00a0rain don't İstanbul 🦔",
    "дождь",
    "",
]
CLASSES = {
    "pooled": make_torch.Pooled,
    "convolved": make_torch.Convolved,
    "competition": make_torch.Competition,
}


class Remembering(nn.Module):
    """Embedding → LSTM → its last state → two dense layers."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(21, 4)
        self.lstm = nn.LSTM(4, 5, batch_first=True)
        self.hidden = nn.Linear(5, 4)
        self.out = nn.Linear(4, 2)

    def forward(self, ids):
        _, (states, _) = self.lstm(self.embedding(ids))
        return torch.softmax(self.out(torch.relu(self.hidden(states[-1]))), dim=1)


def ids_of(tokenizer, **padding):
    text = (HERE / "tokenizer" / f"{tokenizer}.json").read_text(encoding="utf-8")
    sequences = tokenizer_from_json(text).texts_to_sequences(TEXTS)
    return keras.utils.pad_sequences(sequences, **padding)


def write(name, tokenizer, padding, answer, features=None):
    """Write what ``answer`` gives for the ids of the texts, and how they came about."""
    ids = ids_of(tokenizer, **padding)
    given = [ids] if features is None else [ids, features]
    content = {
        "tokenizer": tokenizer,
        "padding": padding,
        "texts": TEXTS,
        "ids": ids.tolist(),
        **({} if features is None else {"features": features.tolist()}),
        # JSON has no NaN: null is where the framework divided by zero.
        "outputs": [row if np.isfinite(row).all() else None for row in answer(*given).tolist()],
    }
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


def by_torch(name):
    model = CLASSES[name]()
    model.load_state_dict(load_file(HERE / "torch" / f"{name}.safetensors"))
    return answering(model)


def remembering():
    torch.manual_seed(7)
    model = Remembering()
    with torch.no_grad():
        for tensor in model.state_dict().values():
            tensor.copy_(torch.randn(tensor.shape) * 0.9)
    path = FOLDER / "remembering.safetensors"
    save_file(model.state_dict(), path)
    path.chmod(0o644)
    return answering(model)


def answering(model):
    model.eval()

    def answer(ids, *features):
        with torch.no_grad():
            given = [torch.from_numpy(one) for one in features]
            return model(torch.from_numpy(ids).long(), *given).numpy()

    return answer


def by_keras(model):
    def answer(ids, *features):
        given = [ids, *features] if features else ids
        return keras.ops.convert_to_numpy(model(given))

    return answer


def custom_text():
    """Embedding → average → layers of one's own, without and with weights → score."""
    model = keras.Sequential([
        keras.Input((6,), dtype="int32"), LAYERS.Embedding(21, 4), LAYERS.GlobalAveragePooling1D(),
        LAYERS.Dense(5), make_keras3.Gate(), make_keras3.Scaled(3.0),
        LAYERS.Dense(1, activation="sigmoid"),
    ])  # fmt: skip
    make_keras3.filled(model)
    for suffix in ("keras", "h5"):
        model.save(str(FOLDER / f"custom_text.{suffix}"))
    return model


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    print(keras.__version__, torch.__version__)  # noqa: T201
    random = np.random.RandomState(6)
    six = {"maxlen": 6}
    write("custom_text", "unknown", six, by_keras(custom_text()))
    write("pooled", "few_unknown", six, by_torch("pooled"))
    write("remembering", "unknown", {}, remembering())
    write("convolved", "few_unknown", {**six, "truncating": "post"}, by_torch("convolved"))
    numbers = random.normal(0, 1, (len(TEXTS), 3)).astype("float32")
    write("competition_torch", "few_unknown", six, by_torch("competition"), numbers[:, :2])
    keras3 = keras.models.load_model(HERE / "keras3" / "competition.keras")
    both = {**six, "padding": "post"}
    write("competition_keras", "few_unknown", both, by_keras(keras3), numbers)
