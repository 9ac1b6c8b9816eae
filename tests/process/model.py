"""A model whose judgement a test can foresee, in the article's own one-file form.

A text with the word «беда» scores 0.99, one with «сомнение» once 0.5, any other 0.01.
"""

from __future__ import annotations

import json
from pathlib import Path

_VOCABULARY = ["", "[UNK]", "беда", "сомнение"]
_WIDTH, _HIDDEN, _WINDOW = 40, 6, 100
_BIAS = -4.5


def write_model(path: Path, *, worry: float = 1.0) -> Path:
    """Write the model and return where it is.

    With a ``worry`` below 1 it minds the words less, with 0 not at all.
    """
    weight_of = {"беда": 2 * -_BIAS * worry, "сомнение": -_BIAS * worry}
    # The average runs over the whole window, so one word in it counts a hundredth.
    embedding = [
        [weight_of.get(word, 0.0) * _WINDOW, *[0.0] * (_WIDTH - 1)] for word in _VOCABULARY
    ]
    first_alone = [1.0, *[0.0] * (_HIDDEN - 1)]
    nothing = [[0.0] * _HIDDEN for _ in range(_WIDTH - 1)]
    weights = {
        "emb_weights": embedding,
        "dense_6_weights": [first_alone, *nothing],
        "dense_6_bias": [0.0] * _HIDDEN,
        "weights_out": [[weight] for weight in first_alone],
        "bias_out": [_BIAS],
        "vocab_size": len(_VOCABULARY),
        "max_length": _WINDOW,
        "vocal_dict": _VOCABULARY,
    }
    path.write_text(json.dumps(weights, ensure_ascii=False), encoding="utf-8")
    return path
