"""Pipelines of scikit-learn, exported and imported: the same answers, whatever their settings."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

import joblib
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer
from sklearn.feature_extraction.text import TfidfVectorizer as Tfidf
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

from classifier import Classifier, UnsupportedLayer
from classifier.importers import import_sklearn
from classifier.training.sklearn_export import export_sklearn

WORDS = [
    "дождь", "мост", "Ёлка", "скидка", "купить", "и", "на", "парк", "дождя", "don't", "rain",
    "élan", "10", "a-b", "🦔", "школа",
]  # fmt: skip
ODD = ["", " \t\n ", "🦔", "мост" * 9, "\u0301 é é", "а\u00a0б  в", "İ ß Ǆ", "мост, " * 300]


def _texts(random: np.random.Generator, count: int) -> list[str]:
    lengths = random.integers(1, 12, count)
    return [" ".join(random.choice(WORDS, size=length)) for length in lengths]


def _pipeline(random: np.random.Generator) -> Pipeline:
    def pick(*choices: Any) -> Any:
        return choices[random.integers(len(choices))]

    fewest = int(random.integers(1, 3))
    analyzer = pick("word", "word", "char", "char_wb")
    counting = {
        "analyzer": analyzer,
        "ngram_range": (fewest, fewest + int(random.integers(0, 2))),
        "lowercase": pick(True, False),
        "strip_accents": pick(None, "ascii", "unicode"),
        "binary": pick(False, True),
        "max_features": pick(None, 15),
        "stop_words": pick(None, ["и", "на"]) if analyzer == "word" else None,
    }
    if analyzer == "word":
        counting["token_pattern"] = pick(r"(?u)\b\w\w+\b", r"\S+", r"(\w)\w*")
    weighing = {
        "norm": pick("l2", "l1", None),
        "use_idf": pick(True, False),
        "smooth_idf": pick(True, False),
        "sublinear_tf": pick(False, True),
    }
    counters = pick(
        [Tfidf(**counting, **weighing)],
        [CountVectorizer(**counting), TfidfTransformer(**weighing)],
        [CountVectorizer(**counting)],
    )
    model = pick(
        SGDClassifier(loss="log_loss", random_state=0),
        SGDClassifier(loss="modified_huber", random_state=0),
        SGDClassifier(loss="hinge", random_state=0),
        LogisticRegression(),
        LinearSVC(),
    )
    return make_pipeline(*counters, model)


@pytest.mark.parametrize("seed", range(60))
def test_a_random_pipeline_answers_the_same(seed: int, tmp_path: Path) -> None:
    random = np.random.default_rng(seed)
    pipeline = _pipeline(random).fit(_texts(random, 40), random.integers(0, 2, 40))
    asked = [*_texts(random, 20), *ODD]
    export_sklearn(pipeline, tmp_path / "model.json", texts=asked)
    bundle = import_sklearn(tmp_path / "model.json")
    weights = pipeline[:-1].transform(asked).toarray()
    assert bundle.text is not None
    np.testing.assert_allclose(bundle.text.ids(asked), weights, rtol=1e-6, atol=1e-7)
    found = [score.value for score in Classifier(bundle).score(asked)]
    assert found == pytest.approx(list(_theirs(pipeline, asked)), abs=1e-5)


def _theirs(pipeline: Pipeline, texts: list[str]) -> Any:
    if hasattr(pipeline, "predict_proba"):
        return pipeline.predict_proba(texts)[:, 1]
    return 1 / (1 + np.exp(-pipeline.decision_function(texts)))


def _fitted(*steps: Any, classes: int = 2) -> Pipeline:
    texts = _texts(np.random.default_rng(0), 30)
    return make_pipeline(*steps).fit(texts, np.arange(30) % classes)


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: _fitted(HashingVectorizer(), SGDClassifier()), "HashingVectorizer"),
        (lambda: _fitted(Tfidf(), MultinomialNB()), "MultinomialNB"),
        (lambda: _fitted(Tfidf(), TruncatedSVD(), LinearSVC()), "TruncatedSVD"),
        (lambda: _fitted(Tfidf(), SGDClassifier(), classes=3), "SGDClassifier of 3 classes"),
        (lambda: _fitted(Tfidf(tokenizer=str.split, token_pattern=None), LinearSVC()), "tokenizer"),
        (lambda: _fitted(Tfidf(preprocessor=str.lower), LinearSVC()), "preprocessor"),
        (lambda: _fitted(Tfidf(analyzer=str.split), LinearSVC()), "analyzer"),
        (lambda: _fitted(Tfidf(strip_accents=str.lower), LinearSVC()), "strip_accents"),
    ],
)
def test_what_cannot_be_told_in_numbers_is_refused_by_name(
    tmp_path: Path, build: Callable[[], Pipeline], named: str
) -> None:
    with pytest.raises(UnsupportedLayer) as caught:
        export_sklearn(build(), tmp_path / "model.json")
    assert named in str(caught.value)


def _export(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "classifier.training.sklearn_export", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_exports_what_joblib_saved(tmp_path: Path) -> None:
    joblib.dump(_fitted(Tfidf(), SGDClassifier(loss="log_loss")), tmp_path / "model.joblib")
    done = _export(tmp_path / "model.joblib", "-o", tmp_path / "model.json")
    assert (done.returncode, done.stderr) == (0, "")
    (score,) = Classifier(import_sklearn(tmp_path / "model.json")).score(["дождь"])
    assert 0 <= score.value <= 1


@pytest.mark.parametrize("content", [None, b"", b"nonsense", [1, 2]])
def test_the_command_says_in_one_line_what_is_wrong(tmp_path: Path, content: object) -> None:
    path = tmp_path / "model.joblib"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        joblib.dump(content, path)
    done = _export(path, "-o", tmp_path / "model.json")
    assert done.returncode == 1
    assert "model.joblib" in done.stderr and len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "model.json").exists()
