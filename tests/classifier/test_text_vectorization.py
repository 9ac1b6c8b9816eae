"""Networks from raw text to a score, as TensorFlow itself answered: see ``tests/recorded``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from classifier import Classifier, load_bundle
from classifier.explain import explain
from classifier.importers import import_keras
from classifier.saving import write_bundle
from classifier.text import TextPipeline, TextVectorization

RECORDED = Path(__file__).parents[1] / "recorded" / "text_vectorization"
_FILES = sorted(path for path in RECORDED.iterdir() if path.suffix != ".json")
_recorded = pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)


def _answers(path: Path) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return answers


def _text(path: Path) -> TextPipeline:
    text = import_keras(path).text
    assert text is not None
    return text


def test_both_versions_every_file_format_and_every_rule_are_recorded() -> None:
    names = {path.stem for path in _FILES}
    rules = {"default", "longest", "lower", "strip", "untouched", "adapted"}
    assert {f"keras3_{rule}" for rule in rules} < names
    assert {path.suffix for path in _FILES if path.name.startswith("keras2")} == {".keras", ".h5"}


@_recorded
def test_words_have_the_ids_that_tensorflow_gives_them(path: Path) -> None:
    answers = _answers(path)
    ids = _text(path).ids(answers["texts"]).tolist()
    for text, ours, theirs in zip(answers["texts"], ids, answers["ids"], strict=True):
        assert ours == theirs, text


@_recorded
def test_a_text_alone_has_the_ids_that_tensorflow_gives_it(path: Path) -> None:
    # Where TensorFlow gives a row of no ids at all, it is one of padding here.
    answers, text = _answers(path), _text(path)
    for one, theirs in zip(answers["texts"], answers["alone"], strict=True):
        assert text.ids([one]).tolist() == [theirs or [0]], one


@_recorded
def test_the_vocabulary_is_that_of_the_layer(path: Path) -> None:
    assert list(_text(path).vectorizer.vocabulary) == _answers(path)["vocabulary"]


@_recorded
def test_raw_texts_have_the_scores_of_tensorflow(path: Path, tmp_path: Path) -> None:
    answers = _answers(path)
    write_bundle(import_keras(path), tmp_path / "bundle")
    scores = Classifier(load_bundle(tmp_path / "bundle")).score(answers["texts"])
    assert [score.value for score in scores] == pytest.approx(answers["scores"], abs=1e-6)
    assert len({round(score.value, 6) for score in scores}) > 10, "a test that tells them apart"


@_recorded
def test_a_score_is_explained_by_the_words_that_tensorflow_reads(path: Path) -> None:
    bundle, answers = import_keras(path), _answers(path)
    for text, row in zip(answers["texts"], answers["alone"], strict=True):
        explanation = explain(bundle, text)
        known = bundle.text.vectorizer.vocabulary if bundle.text else ()
        ids = [list(known).index(p.word) if p.word in known else 1 for p in explanation.pushes]
        assert explanation.exact
        assert ids == [i for i in row if i]


@pytest.mark.parametrize("length", [None, 6])
def test_texts_are_cut_at_the_length_of_the_layer_if_it_has_one(length: int | None) -> None:
    name = "keras3_longest.keras" if length is None else "keras3_default.keras"
    vectorizer = _text(RECORDED / name).vectorizer
    assert isinstance(vectorizer, TextVectorization)
    assert vectorizer.length == length
    assert len(vectorizer.words("мост " * 12)) == (length or 12)
