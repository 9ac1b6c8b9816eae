"""The networks that people have, each from every format it comes in: imported, verified, scored.

What they must answer was recorded with their own frameworks: see ``tests/recorded``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from classifier import Classifier, ModelBundle, load_bundle
from classifier.importers import (
    import_keras,
    import_sklearn,
    import_text_dump,
    import_tokenizer,
    import_torch,
    import_weights_json,
)
from classifier.network import Array, Network
from classifier.parity import ParityCases, compare, first_divergence
from classifier.saving import write_bundle
from classifier.text import TextPipeline

RECORDED = Path(__file__).parents[1] / "recorded"
GATES = RECORDED / "gates.py"
SCORES = RECORDED / "scores"
TEXTS = RECORDED / "text_vectorization"

LSTM_SPEC = """
[[inputs]]
name = "vectors"
shape = [7, 11]

[[layers]]
kind = "LSTM"
return_sequences = true

[[layers]]
kind = "LSTM"

[[layers]]
kind = "Dense"
activation = "softmax"
"""


def _spec(folder: Path) -> Path:
    path = folder / "lstm.toml"
    path.write_text(LSTM_SPEC)
    return path


def _matrices() -> Iterator[tuple[str, list[tuple[str, Array]]]]:
    """Yield the layers of the true Keras 1 file, each with its matrices in their order."""
    with h5py.File(RECORDED / "keras1/stacked_lstm.h5") as file:
        root = file["model_weights"]
        for name in (one.decode() for one in root.attrs["layer_names"]):
            group = root[name]
            names = [one.decode() for one in group.attrs["weight_names"]]
            yield name, [(one, group[one][()]) for one in names]


def _named_folder(folder: Path) -> ModelBundle:
    texts = folder / "named"
    texts.mkdir()
    for i, (_, matrices) in enumerate(_matrices()):
        for name, matrix in matrices:
            np.savetxt(texts / f"{i}_{name}.txt", matrix)
    return import_text_dump(texts, _spec(folder))


def _numbered_folder(folder: Path) -> ModelBundle:
    texts = folder / "numbered"
    texts.mkdir()
    for i, (_, matrices) in enumerate(_matrices()):
        for number, (_, matrix) in enumerate(matrices):
            np.savetxt(texts / f"{i}_param_{number}.txt", matrix)
    return import_text_dump(texts, _spec(folder))


def _weights_only(folder: Path) -> ModelBundle:
    path = folder / "groups.h5"
    with h5py.File(path, "w") as file:
        for i, (_, matrices) in enumerate(_matrices()):
            for number, (_, matrix) in enumerate(matrices):
                file[f"layer_{i}/param_{number}"] = matrix
    return import_text_dump(path, _spec(folder))


def _one_file(folder: Path) -> ModelBundle:
    """The article's one file, with the weights of a network that TensorFlow has answered for."""
    source = import_keras(TEXTS / "keras3_untouched.keras")
    table, *dense = (source.network.tensors[name].tolist() for name in _in_order(source.network))
    assert source.text is not None
    words = list(source.text.vectorizer.vocabulary)
    names = ("dense_6_weights", "dense_6_bias", "weights_out", "bias_out")
    content = {
        "emb_weights": table,
        **dict(zip(names, dense, strict=True)),
        "vocab_size": len(words),
        "max_length": source.text.vectorizer.length,
        "vocal_dict": words,
    }
    path = folder / "config.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return import_weights_json(path)


def _in_order(network: Network) -> list[str]:
    return [
        layer.weights[role]
        for layer in network.spec.layers
        for role in ("table", "kernel", "bias")
        if role in layer.weights
    ]


def _keras(name: str) -> Callable[[Path], ModelBundle]:
    custom = GATES if "custom" in name else None
    return lambda _: import_keras(RECORDED / name, custom=custom)


def _torch(name: str) -> Callable[[Path], ModelBundle]:
    path = RECORDED / f"{name}.safetensors"
    return lambda _: import_torch(path, path.with_suffix(".toml"))


ANSWERED: dict[str, tuple[Callable[[Path], ModelBundle], str]] = {
    **{f"lstm, {name}": (_keras(f"{name}/stacked_lstm.h5"), f"{name}/stacked_lstm") for name in
       ("keras1", "keras2", "keras3")},
    "lstm, .keras": (_keras("keras3/stacked_lstm.keras"), "keras3/stacked_lstm"),
    "lstm, weights alone": (_weights_only, "keras1/stacked_lstm"),
    "lstm, named matrices": (_named_folder, "keras1/stacked_lstm"),
    "lstm, numbered matrices": (_numbered_folder, "keras1/stacked_lstm"),
    **{f"custom, {name}{suffix}": (_keras(f"keras3/custom_{name}{suffix}"), f"keras3/custom_{name}")
       for name in ("registered", "unregistered") for suffix in (".keras", ".h5")},
    **{f"competition, {name}": (_keras(name), name.partition(".")[0]) for name in
       ("keras2/competition.h5", "keras3/competition.h5", "keras3/competition.keras")},
    **{f"{name}, PyTorch": (_torch(f"torch/{name}"), f"torch/{name}") for name in
       ("pooled", "last_state", "convolved", "competition")},
}  # fmt: skip
"""By name: how it is imported, and where the arrays it was given and answered are recorded."""


def _cases(bundle: ModelBundle, record: str) -> ParityCases:
    """Return the recorded arrays as cases; rows that the framework has no number for are out."""
    with np.load(RECORDED / f"{record}.npz") as file:
        arrays = {name.removeprefix("input/"): file[name] for name in file}
    outputs = [name for name in arrays if name.startswith(("output", "layer/"))]
    answer = arrays["output/0" if "output/0" in arrays else "output"]
    kept = np.isfinite(answer).all(axis=-1)
    inputs = {name: value[kept] for name, value in arrays.items() if name not in outputs}
    names = [given.name for given in bundle.network.spec.inputs]
    if len(names) == 1:
        inputs = {names[0]: next(iter(inputs.values()))}
    return ParityCases(
        (None,) * int(kept.sum()), inputs, {bundle.network.spec.outputs[0]: answer[kept]}
    )


@pytest.mark.parametrize("name", list(ANSWERED))
def test_a_saved_network_replays_what_its_framework_answered(name: str, tmp_path: Path) -> None:
    make, record = ANSWERED[name]
    bundle = make(tmp_path)
    cases = _cases(bundle, record)
    assert len(cases.texts) >= 3
    write_bundle(replace(bundle, parity=cases), tmp_path / "bundle")
    loaded = load_bundle(tmp_path / "bundle")
    assert loaded.parity is not None
    found = list(compare(loaded.parity, loaded.network, loaded.text))
    assert [comparison.place for comparison in found] == [loaded.network.spec.outputs[0]]
    assert all(comparison.close for comparison in found)


@pytest.mark.parametrize("name", list(ANSWERED))
def test_the_replay_finds_a_weight_that_is_off(name: str, tmp_path: Path) -> None:
    make, record = ANSWERED[name]
    bundle = make(tmp_path)
    tensors = dict(bundle.network.tensors)
    last = bundle.network.spec.layers[-1].weights.get("kernel") or next(iter(tensors))
    tensors[last] = tensors[last] * 1.01
    wrong = Network(bundle.network.spec, tensors)
    divergence = first_divergence(_cases(bundle, record), wrong, None)
    assert divergence is not None
    assert divergence.place == bundle.network.spec.outputs[0]


@pytest.mark.parametrize("name", ["log_loss", "modified_huber"])
def test_a_scikit_learn_pipeline_replays_its_own_cases_once_saved(
    name: str, tmp_path: Path
) -> None:
    write_bundle(import_sklearn(RECORDED / f"sklearn/{name}.json"), tmp_path / "bundle")
    bundle = load_bundle(tmp_path / "bundle")
    assert bundle.parity is not None
    assert first_divergence(bundle.parity, bundle.network, bundle.text) is None
    scores = [score.value for score in Classifier(bundle).score(_texts(bundle.parity))]
    expected = bundle.parity.outputs[bundle.network.spec.outputs[0]][:, 0].tolist()
    assert scores == pytest.approx(expected, abs=1e-6)


def _texts(cases: ParityCases) -> list[str]:
    return [text for text in cases.texts if text is not None]


def _told(name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((SCORES / f"{name}.json").read_text(encoding="utf-8"))
    return told


def _tokenizer(told: dict[str, Any], _: Path) -> TextPipeline:
    path = RECORDED / f"tokenizer/{told['tokenizer']}.json"
    return import_tokenizer(path, **told["padding"])


def _dictionary(told: dict[str, Any], folder: Path) -> TextPipeline:
    """The words of the same tokenizer as other programs keep them: unknown ones are 1."""
    path = RECORDED / f"tokenizer/{told['tokenizer']}.json"
    config = json.loads(path.read_text(encoding="utf-8"))["config"]
    known = json.loads(config["word_index"])
    kept = {word: i for word, i in known.items() if i < (config["num_words"] or len(known) + 1)}
    plain = folder / "words.json"
    plain.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    return import_tokenizer(plain, **told["padding"])


Read = Callable[[dict[str, Any], Path], TextPipeline]
TEXT_NETWORKS: dict[str, tuple[str, str]] = {
    "custom layers, .keras": ("custom_text", "scores/custom_text.keras"),
    "custom layers, .h5": ("custom_text", "scores/custom_text.h5"),
    "pooled, PyTorch": ("pooled", "torch/pooled.safetensors"),
    "LSTM, PyTorch": ("remembering", "scores/remembering.safetensors"),
    "convolution, PyTorch": ("convolved", "torch/convolved.safetensors"),
    "competition, PyTorch": ("competition_torch", "torch/competition.safetensors"),
    "competition, .keras": ("competition_keras", "keras3/competition.keras"),
    "competition, .h5": ("competition_keras", "keras3/competition.h5"),
}
"""By name: the record of its scores, and its file."""


def _text_network(file: str, text: TextPipeline) -> ModelBundle:
    path = RECORDED / file
    if path.suffix == ".safetensors":
        return import_torch(path, path.with_suffix(".toml"), text=text)
    return import_keras(path, text=text, custom=GATES if "custom" in file else None)


@pytest.mark.parametrize("read", [_tokenizer, _dictionary], ids=["tokenizer", "dictionary"])
@pytest.mark.parametrize("name", list(TEXT_NETWORKS))
def test_raw_texts_have_the_scores_of_the_framework(name: str, read: Read, tmp_path: Path) -> None:
    record, file = TEXT_NETWORKS[name]
    told = _told(record)
    bundle = _text_network(file, read(told, tmp_path))
    write_bundle(bundle, tmp_path / "bundle")
    loaded = load_bundle(tmp_path / "bundle")
    assert loaded.text is not None
    assert loaded.text.ids(told["texts"]).tolist() == told["ids"]

    features = np.array(told["features"], np.float32) if "features" in told else None
    scores = Classifier(loaded).score(told["texts"], features=features)
    for text, score, theirs in zip(told["texts"], scores, told["outputs"], strict=True):
        if theirs is None:  # the mean over no word at all: there it is not a number
            assert 0 <= score.value <= 1, text
        else:
            assert score.value == pytest.approx(theirs[-1], abs=2e-6), text


@pytest.mark.parametrize("name", list(TEXT_NETWORKS))
def test_the_recorded_texts_tell_right_scores_from_wrong_ones(name: str) -> None:
    outputs = [tuple(row) for row in _told(TEXT_NETWORKS[name][0])["outputs"] if row is not None]
    assert len(set(outputs)) >= 6
    assert max(row[-1] for row in outputs) - min(row[-1] for row in outputs) > 0.05


def test_the_one_file_json_scores_as_tensorflow_does_with_its_weights(tmp_path: Path) -> None:
    told = json.loads((TEXTS / "keras3_untouched.json").read_text(encoding="utf-8"))
    write_bundle(_one_file(tmp_path), tmp_path / "bundle")
    classifiers = (
        Classifier(load_bundle(tmp_path / "config.json")),
        Classifier(load_bundle(tmp_path / "bundle")),
    )
    # Its own predictor ends words at any white space, TensorFlow at that of ASCII alone.
    same = [i for i, text in enumerate(told["texts"]) if text.split() == _ascii_words(text)]
    assert len(same) > 15
    expected = [told["scores"][i] for i in same]
    for classifier in classifiers:
        scores = classifier.score([told["texts"][i] for i in same])
        assert [score.value for score in scores] == pytest.approx(expected, abs=1e-6)


def _ascii_words(text: str) -> list[str]:
    return [word.decode() for word in text.encode().split()]
