"""scikit-learn pipelines without pickle; their own weights and scores stand in the files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import BundleMismatch, Classifier, ModelBundle, load_bundle
from classifier.importers import import_sklearn
from classifier.parity import first_divergence
from classifier.saving import write_bundle
from classifier.text import Cleaner

RECORDED = Path(__file__).parent.parent / "recorded" / "sklearn"
NAMES = sorted(path.stem for path in RECORDED.glob("*.json"))


def _file(name: str) -> dict[str, Any]:
    return dict(json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8")))


def _recorded(name: str) -> ModelBundle:
    bad = "bad" if name == "characters" else 1
    return import_sklearn(RECORDED / f"{name}.json", bad=bad)


@pytest.mark.parametrize("name", NAMES)
def test_weights_and_scores_are_those_of_scikit_learn(name: str) -> None:
    bundle = _recorded(name)
    assert bundle.parity is not None and len(bundle.parity.texts) == 6
    assert first_divergence(bundle.parity, bundle.network, bundle.text) is None


@pytest.mark.parametrize("name", NAMES)
def test_raw_texts_are_scored_from_the_saved_bundle(name: str, tmp_path: Path) -> None:
    cases, classes = _file(name)["cases"], _file(name)["classifier"]["classes"]
    scores = (
        np.array(cases["scores"]) if classes[1] in (1, "bad") else 1 - np.array(cases["scores"])
    )
    write_bundle(_recorded(name), tmp_path / "bundle")
    found = Classifier(load_bundle(tmp_path / "bundle")).score(cases["texts"])
    assert [score.value for score in found] == pytest.approx(list(scores), abs=1e-6)


def test_the_bundle_says_what_its_score_is() -> None:
    told = {name: _recorded(name).provenance["score"] for name in NAMES}
    assert told.pop("hinge") == "sigmoid of decision_function"
    assert set(told.values()) == {"predict_proba"}
    assert "sklearn" in _recorded("hinge").provenance["framework"]


def test_either_class_may_be_the_bad_one() -> None:
    path, texts = RECORDED / "log_loss.json", _file("log_loss")["cases"]["texts"]
    second, first = (Classifier(import_sklearn(path, bad=bad)).score(texts) for bad in (1, 0))
    assert [one.value + other.value for one, other in zip(first, second, strict=True)] == (
        pytest.approx([1] * len(texts))
    )
    turned = import_sklearn(path, bad=0)
    assert turned.parity is not None
    assert first_divergence(turned.parity, turned.network, turned.text) is None


def test_a_cleaner_may_stand_before_and_the_recorded_texts_then_count_no_more() -> None:
    bundle = import_sklearn(RECORDED / "log_loss.json", cleaner=Cleaner())
    assert bundle.parity is not None
    assert bundle.parity.texts == (None,) * 6
    assert first_divergence(bundle.parity, bundle.network, bundle.text) is None
    (cleaned,) = Classifier(bundle).score(["<b>Мост</b> открыли"])
    (plain,) = Classifier(bundle).score(["мост открыть"])
    assert cleaned.value == plain.value


def test_texts_of_no_use_have_the_score_of_an_empty_one() -> None:
    classifier = Classifier(_recorded("log_loss"))
    empty, unknown, huge = classifier.score(["", "qwzx", "ы " * 500_000])
    assert empty.value == unknown.value == huge.value


def _with(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        for parent in parents:
            content = content[parent]
        content[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_with("schema", "other"), "schema: expected newsieve/sklearn-1, found other"),
        (_with("vectorizer.vocabulary", ["а", "а"]), "vocabulary: expected every term once"),
        (_with("vectorizer.vocabulary", []), "vocabulary: expected every term once"),
        (_with("vectorizer.idf", [1.0]), "idf: expected .* finite numbers, found 1 values"),
        (_with("vectorizer.ngrams", [1]), "ngrams: expected two whole numbers"),
        (_with("vectorizer.ngrams", [2, 1]), "ngrams: expected from 1 on"),
        (_with("vectorizer.analyzer", "mine"), "analyzer: expected one of word, char, char_wb"),
        (_with("vectorizer.token_pattern", "("), "token_pattern: expected a regular expression"),
        (_with("vectorizer.token_pattern", "(a)(b)"), "token_pattern: expected at most one group"),
        (_with("vectorizer.tokenizer", "mine"), "vectorizer: tokenizer: expected one of"),
        (_with("classifier.coefficients", [1.0]), "coefficients: expected .*, found 1"),
        (_with("classifier.intercept", "0"), "intercept: expected a number"),
        (_with("classifier.link", "exp"), "link: expected one of sigmoid, sparse_sigmoid"),
        (_with("classifier.classes", [0, 1, 2]), "classes: expected two, one of them 1"),
        (_with("classifier.classes", ["bad", "good"]), "classes: expected two, one of them 1"),
        (_with("cases.scores", [0.5]), "cases: rows: expected as many"),
        (_with("cases.weights", [{"columns": [-1], "values": [1]}] * 6), "columns: expected 0 to"),
        (_with("cases.weights", [{"columns": [0], "values": []}] * 6), "columns: expected 0 to"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], message: str
) -> None:
    content = _file("log_loss")
    change(content)
    (tmp_path / "model.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BundleMismatch, match=message):
        import_sklearn(tmp_path / "model.json")
