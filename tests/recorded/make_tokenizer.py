"""Records what Keras's ``Tokenizer`` and ``pad_sequences`` answer, in ``tokenizer/``.

pip install keras torch
KERAS_BACKEND=torch python tests/recorded/make_tokenizer.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
from keras.src.legacy.preprocessing.text import Tokenizer

FOLDER = Path(__file__).parent / "tokenizer"
FITTED = [
    "Дождь прошёл, дождь кончился. Мост открыт!",
    "Мост стоит; дождь идёт -- мост мокнет",
    "Rain fell on the bridge, the rain stopped\tat night\nand the bridge dried",
]
ASKED = [
    "",
    "!!! ---",
    "дождь и снег над мостом",
    "ДОЖДЬ, Мост; мост! дождь_мост",
    "rain\tRAIN\nbridge\u00a0rain a-b",
    "мост дождь стоит открыт прошёл кончился мокнет rain the bridge fell",
    "<unk> нет такого слова",
]
TOKENIZERS: dict[str, dict[str, Any]] = {
    "plain": {},
    "unknown": {"oov_token": "<UNK>"},
    "few": {"num_words": 5},
    "few_unknown": {"num_words": 5, "oov_token": "<unk>"},
    "kept": {"lower": False, "filters": "!", "split": " "},
    "split": {"split": "_", "oov_token": "?"},
    "characters": {"char_level": True, "oov_token": "¤", "num_words": 12},
    "characters_kept": {"char_level": True, "lower": False},
}
PADS: list[dict[str, Any]] = [
    {},
    {"maxlen": 4},
    {"maxlen": 4, "padding": "post"},
    {"maxlen": 4, "truncating": "post"},
    {"maxlen": 9, "padding": "post", "truncating": "post", "value": 7},
]

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, flags in TOKENIZERS.items():
        tokenizer = Tokenizer(**flags)
        tokenizer.fit_on_texts(FITTED)
        (FOLDER / f"{name}.json").write_text(tokenizer.to_json(), encoding="utf-8")
        sequences = tokenizer.texts_to_sequences(ASKED)
        answers = [
            {"pad": pad, "ids": keras.utils.pad_sequences(sequences, **pad).tolist()}
            for pad in PADS
        ]
        told = {"texts": ASKED, "sequences": sequences, "answers": answers}
        path = FOLDER / f"{name}.answers.json"
        path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
