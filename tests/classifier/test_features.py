"""A network with two inputs: the ids of the text, and features of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import BundleMismatch, Classifier, ModelBundle, load_bundle
from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network
from classifier.parity import Comparison, ParityCases, first_divergence
from classifier.saving import write_bundle
from classifier.text import TextPipeline, TextVectorization

_WORDS = ("", "[UNK]", "мост", "школа", "скидка")
_TEXTS = ["мост школа", "скидка", "", "школа " * 9]
_FEATURES = np.array([[0.0, 1.0], [2.0, -1.0], [0.5, 0.5], [1.0, 0.0]])


def _network(*names: str) -> Network:
    joined = LayerSpec("joined", "Concatenate", ("mean", *names))
    spec = GraphSpec(
        inputs=(*(InputSpec(name, (2,)) for name in names), InputSpec("words", (4,), "int")),
        layers=(
            LayerSpec("vectors", "Embedding", ("words",), {}, {"table": "table"}),
            LayerSpec("mean", "GlobalAveragePooling1D", ("vectors",)),
            joined,
            LayerSpec("score", "Dense", ("joined",), {"activation": "sigmoid"}, {"kernel": "k"}),
        ),
        outputs=("score",),
    )
    random = np.random.default_rng(5)
    size = 3 + 2 * len(names)
    return Network(spec, {"table": random.normal(size=(5, 3)), "k": random.normal(size=(size, 1))})


def _bundle(*names: str, takes: str | None = "words") -> ModelBundle:
    text = TextPipeline(None, TextVectorization(_WORDS, 4), takes)
    return ModelBundle("two", 0.5, _network(*names), text, "0" * 64)


def _expected(features: Array) -> list[float]:
    bundle = _bundle("features")
    table, kernel = bundle.network.tensors["table"], bundle.network.tensors["k"]
    scores = []
    for text, row in zip(_TEXTS, features, strict=True):
        ids = [_WORDS.index(word) for word in text.split()][:4]
        mean = table[ids + [0] * (4 - len(ids))].mean(axis=0)
        scores.append(1 / (1 + np.exp(-np.concatenate([mean, row]) @ kernel[:, 0])))
    return scores


@pytest.mark.parametrize("features", [_FEATURES, {"features": _FEATURES}], ids=["array", "named"])
def test_a_score_takes_features_beside_the_text(features: Any) -> None:
    scores = Classifier(_bundle("features")).score(_TEXTS, features=features)
    assert [score.value for score in scores] == pytest.approx(_expected(_FEATURES), abs=1e-6)


def test_each_text_keeps_its_features_over_many_portions() -> None:
    scores = Classifier(_bundle("features")).score(
        _TEXTS * 150, features=np.tile(_FEATURES, (150, 1))
    )
    expected = _expected(_FEATURES) * 150
    assert [score.value for score in scores] == pytest.approx(expected, abs=1e-6)


def test_several_inputs_of_features_come_by_name() -> None:
    classifier = Classifier(_bundle("a", "b"))
    named = classifier.score(_TEXTS, features={"b": _FEATURES + 1, "a": _FEATURES})
    swapped = classifier.score(_TEXTS, features={"b": _FEATURES, "a": _FEATURES + 1})
    assert named != swapped
    with pytest.raises(BundleMismatch, match="features"):
        classifier.score(_TEXTS, features=_FEATURES)


@pytest.mark.parametrize(
    "features",
    [
        None,
        _FEATURES[:3],
        _FEATURES[:, :1],
        {"other": _FEATURES},
        {"features": _FEATURES, "words": np.zeros((4, 4))},
        {},
        1.0,
    ],
)
def test_features_that_the_network_does_not_read_are_refused(features: Any) -> None:
    with pytest.raises(BundleMismatch, match="features"):
        Classifier(_bundle("features")).score(_TEXTS, features=features)


def test_features_for_a_network_of_text_alone_are_refused() -> None:
    with pytest.raises(BundleMismatch, match="features: expected none"):
        Classifier(_bundle()).score(_TEXTS, features=_FEATURES)
    assert len(Classifier(_bundle(takes=None)).score(_TEXTS)) == 4


@pytest.mark.parametrize(
    ("names", "takes"), [(["features"], None), (["features"], "ids"), ([], "x")]
)
def test_the_text_part_names_the_input_that_it_feeds(names: list[str], takes: str | None) -> None:
    with pytest.raises(BundleMismatch, match="graph: inputs"):
        _bundle(*names, takes=takes)


def test_features_are_not_what_the_text_is_fed_to() -> None:
    with pytest.raises(BundleMismatch, match="features"):
        _bundle("features", takes="features")


@pytest.fixture
def recorded() -> ModelBundle:
    bundle = _bundle("features")
    assert bundle.text is not None
    inputs = {"features": _FEATURES, "words": bundle.text.ids(_TEXTS)}
    outputs = bundle.network.activations(inputs)
    return replace(bundle, parity=ParityCases(tuple(_TEXTS), inputs, outputs))


def test_a_bundle_of_two_inputs_is_read_as_it_was_written(
    recorded: ModelBundle, tmp_path: Path
) -> None:
    read = write_bundle(recorded, tmp_path / "two")
    assert load_bundle(tmp_path / "two").text == recorded.text
    assert read.parity is not None
    assert list(read.parity.inputs) == ["features", "words"]
    assert first_divergence(read.parity, read.network, read.text) is None
    scores = Classifier(read).score(_TEXTS, features=_FEATURES)
    assert [score.value for score in scores] == pytest.approx(_expected(_FEATURES), abs=1e-6)


def test_other_ids_of_a_text_diverge_at_its_input(recorded: ModelBundle) -> None:
    other = TextPipeline(None, TextVectorization((*_WORDS[:2], *_WORDS[:1:-1]), 4), "words")
    assert recorded.parity is not None
    found = first_divergence(recorded.parity, recorded.network, other)
    assert found == Comparison("words", 2.0, close=False)


def test_layers_that_a_framework_does_not_show_may_be_missing_from_a_record(
    recorded: ModelBundle, tmp_path: Path
) -> None:
    assert recorded.parity is not None
    shown = {name: recorded.parity.outputs[name] for name in ("mean", "score")}
    written = write_bundle(
        replace(recorded, parity=replace(recorded.parity, outputs=shown)), tmp_path / "two"
    )
    assert written.parity is not None
    assert list(written.parity.outputs) == ["mean", "score"]
    wrong = replace(written.parity, outputs={**shown, "mean": shown["mean"] + 0.5})
    found = first_divergence(wrong, written.network, None)
    assert found is not None
    assert found.place == "mean"
    assert found.difference == pytest.approx(0.5, abs=1e-6)


def test_a_record_without_the_output_is_refused(recorded: ModelBundle, tmp_path: Path) -> None:
    assert recorded.parity is not None
    shown = {"mean": recorded.parity.outputs["mean"]}
    with pytest.raises(BundleMismatch, match="layers"):
        write_bundle(
            replace(recorded, parity=replace(recorded.parity, outputs=shown)), tmp_path / "two"
        )
