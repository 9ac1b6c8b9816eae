from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import BundleMismatch, Classifier, ModelError, load_bundle
from classifier.importers import import_weights_json
from classifier.text import Cleaner

_WORDS = ["", "[UNK]", "дождь", "мост", "Скидка", "год", "!"]
_LENGTH = 8
_TEXTS = [
    "",
    "мост",
    "дождь\u00a0мост \n неизвестное слово год",
    "Скидка скидка ! !",
    "[UNK] дождь",
    "мост " * 20,
]


def _config(seed: int = 3) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    shapes = {
        "emb_weights": (len(_WORDS), 4),
        "dense_6_weights": (4, 6),
        "dense_6_bias": (6,),
        "weights_out": (6, 1),
        "bias_out": (1,),
    }
    weights = {key: random.normal(scale=2, size=shape).tolist() for key, shape in shapes.items()}
    return {**weights, "vocab_size": len(_WORDS), "max_length": _LENGTH, "vocal_dict": _WORDS}


def _write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def _by_hand(config: dict[str, Any], text: str) -> float:
    """Score by one-hot matrices, with nothing taken from the classifier."""
    ids = [_WORDS.index(word) if word in _WORDS else 1 for word in text.split()[:_LENGTH]]
    one_hot = np.zeros((_LENGTH, len(_WORDS)))
    for step, i in enumerate(ids + [0] * (_LENGTH - len(ids))):
        one_hot[step, i] = 1
    mean = (one_hot @ np.array(config["emb_weights"])).mean(axis=0)
    hidden = mean @ np.array(config["dense_6_weights"]) + np.array(config["dense_6_bias"])
    hidden = hidden * (hidden > 0)
    logit = hidden @ np.array(config["weights_out"]) + config["bias_out"][0]
    return float(1 / (1 + np.exp(-logit[0])))


@pytest.mark.parametrize("seed", range(5))
def test_scores_are_those_of_a_straightforward_reimplementation(tmp_path: Path, seed: int) -> None:
    config = _config(seed)
    scores = Classifier(load_bundle(_write(tmp_path / "config.json", config))).score(_TEXTS)
    expected = [_by_hand(config, text) for text in _TEXTS]
    assert [score.value for score in scores] == pytest.approx(expected, abs=1e-9)


def test_the_file_gives_name_identity_and_threshold(tmp_path: Path) -> None:
    bundle = load_bundle(_write(tmp_path / "config.json", _config()))
    assert (bundle.name, bundle.threshold) == ("config", 0.5)
    assert bundle.provenance["source_sha256"] == bundle.fingerprint
    other = load_bundle(_write(tmp_path / "config.json", _config(4)))
    assert other.fingerprint != bundle.fingerprint


def test_words_beyond_the_vocabulary_size_are_unknown(tmp_path: Path) -> None:
    config = {**_config(), "vocal_dict": [*_WORDS, "лишнее"]}
    classifier = Classifier(load_bundle(_write(tmp_path / "config.json", config)))
    extra, unknown = classifier.score(["лишнее", "чужое"])
    assert extra.value == unknown.value


def test_a_cleaner_may_stand_before_it(tmp_path: Path) -> None:
    path = _write(tmp_path / "config.json", _config())
    classifier = Classifier(import_weights_json(path, cleaner=Cleaner()))
    assert classifier.lemmas("<b>Мостами</b>") == ["мост"]


@pytest.mark.parametrize("key", list(_config()))
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    config = _config()
    del config[key]
    with pytest.raises(BundleMismatch, match=key) as caught:
        load_bundle(_write(tmp_path / "config.json", config))
    assert caught.value.path == tmp_path / "config.json"


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("emb_weights", [[1.0, 2.0]], "emb_weights"),
        ("emb_weights", [[1.0], [1.0, 2.0]], "emb_weights"),
        ("emb_weights", "many", "emb_weights"),
        ("dense_6_weights", [[1.0] * 6] * 3, "dense_6"),
        ("dense_6_bias", [0.0] * 5, "dense_6: bias"),
        ("dense_6_bias", [None] * 6, "dense_6_bias"),
        ("weights_out", [1.0] * 6, "weights_out"),
        ("weights_out", [[1.0, 2.0]] * 6, "out: bias"),
        ("bias_out", [10**400], "bias_out"),
        ("bias_out", [1e300], "bias_out: expected numbers that float32 can hold, found 1e"),
        ("bias_out", [-1e300], "bias_out: expected numbers that float32 can hold, found 1e"),
        ("bias_out", [True], "bias_out: expected rows of numbers, found True"),
        ("bias_out", ["0.5"], "bias_out: expected rows of numbers, found '0.5'"),
        ("bias_out", [[0.5]], "bias_out: expected rows of numbers"),
        ("emb_weights", [[True] * 4] * 7, "emb_weights: expected rows of numbers, found True"),
        ("emb_weights", [[0.5] * 3 + [False]] * 7, "emb_weights.*found False"),
        ("emb_weights", [0.5] * 7, "emb_weights: expected a list, found 0.5"),
        ("vocab_size", True, "vocab_size"),
        ("vocab_size", 10**12, "emb_weights: expected 1000000000000 rows"),
        ("vocab_size", 6, "emb_weights"),
        ("vocab_size", "7", "vocab_size"),
        ("max_length", 0, "max_length"),
        ("max_length", 8.5, "max_length"),
        ("max_length", True, "max_length"),
        ("max_length", 10**9, "max_length: expected 1 to 65536, found 1000000000"),
        ("max_length", 10**400, "max_length: expected 1 to 65536"),
        ("vocal_dict", {"мост": 3}, "vocal_dict"),
        ("vocal_dict", ["мост", *_WORDS[1:]], "vocabulary"),
    ],
)
def test_a_value_that_does_not_fit_is_named(
    tmp_path: Path, key: str, value: object, named: str
) -> None:
    with pytest.raises(BundleMismatch, match=named):
        load_bundle(_write(tmp_path / "config.json", {**_config(), key: value}))


def test_numbers_that_json_does_not_have_are_refused(tmp_path: Path) -> None:
    config = _config()
    config["bias_out"] = [float("nan")]
    with pytest.raises(BundleMismatch, match="NaN"):
        load_bundle(_write(tmp_path / "config.json", config))
    path = tmp_path / "far.json"
    path.write_text(json.dumps(_config()).replace('"bias_out": [', '"bias_out": [1e999, '))
    with pytest.raises(BundleMismatch, match="bias"):
        load_bundle(path)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"\x80\x04", pickle.dumps(_config()), b"PK\x03\x04", b"[" * 10**6]
)
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "model.json").write_bytes(data)
    with pytest.raises(ModelError, match=r"model\.json"):
        load_bundle(tmp_path / "model.json")
