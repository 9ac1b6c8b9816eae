"""``python -m classifier.training.sklearn_export``: a scikit-learn pipeline → one JSON file.

It runs where scikit-learn is and the pipeline was trained. The pipeline counts words and
weighs them (``TfidfVectorizer``, or ``CountVectorizer`` with or without ``TfidfTransformer``),
then decides with one linear model of two classes. The file can be read anywhere and holds
nothing that could run.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from classifier.errors import ModelError, UnsupportedLayer
from classifier.importers.cases import TEXTS
from classifier.importers.sklearn import SCHEMA
from classifier.text import TfIdf
from classifier.text.tfidf import TOKEN_PATTERN, Accents, Analyzer, Norm
from classifier.text.vectorizer_settings import tfidf_to_json

_COUNTERS = ("CountVectorizer", "TfidfVectorizer")
_LINKS = {"log_loss": "sigmoid", "log": "sigmoid", "modified_huber": "sparse_sigmoid"}
_LINEAR = ("SGDClassifier", "LogisticRegression", "LinearSVC")


def export_sklearn(pipeline: Any, path: str | Path, *, texts: Sequence[str] = TEXTS) -> None:
    """Write a fitted pipeline to ``path``.

    Args:
        pipeline: scikit-learn's.
        path: the JSON file.
        texts: what the pipeline is asked, so that its answers can be checked elsewhere.

    Raises:
        UnsupportedLayer: for a step or a setting of one that cannot be told in numbers.
    """
    content = pipeline_to_json(pipeline, texts)
    Path(path).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def pipeline_to_json(pipeline: Any, texts: Sequence[str] = TEXTS) -> dict[str, Any]:
    """Return the content of the file for a fitted pipeline; see ``export_sklearn``."""
    (_, counter), *between, (_, model) = pipeline.steps
    weigher = between[0][1] if between else None
    if len(between) > 1 or (weigher and type(weigher).__name__ != "TfidfTransformer"):
        raise UnsupportedLayer(between[-1][0], type(between[-1][1]).__name__)
    return {
        "schema": SCHEMA,
        "framework": {"sklearn": import_module("sklearn").__version__},
        "vectorizer": tfidf_to_json(_tfidf(counter, weigher)),
        "classifier": _linear(model),
        "cases": _cases(pipeline, texts),
    }


def _tfidf(counter: Any, weigher: Any) -> TfIdf:
    kind = type(counter).__name__
    if kind not in _COUNTERS:
        raise UnsupportedLayer("vectorizer", kind)
    for setting in ("preprocessor", "tokenizer"):
        if getattr(counter, setting) is not None:
            raise UnsupportedLayer("vectorizer", f"{kind}({setting}=…)")
    if counter.input != "content" or not isinstance(counter.analyzer, str):
        raise UnsupportedLayer("vectorizer", f"{kind}(input, analyzer=…)")
    if callable(counter.strip_accents):
        raise UnsupportedLayer("vectorizer", f"{kind}(strip_accents=…)")
    terms = sorted(counter.vocabulary_, key=counter.vocabulary_.__getitem__)
    weighing = counter if kind == "TfidfVectorizer" else weigher
    weighted = weighing is not None
    return TfIdf(
        vocabulary=tuple(terms),
        idf=tuple(weighing.idf_.tolist()) if weighted and weighing.use_idf else None,
        analyzer=Analyzer(counter.analyzer),
        ngrams=tuple(counter.ngram_range),
        lower=bool(counter.lowercase),
        accents=Accents(counter.strip_accents or "keep"),
        token_pattern=counter.token_pattern or TOKEN_PATTERN,
        stop_words=frozenset(counter.get_stop_words() or ()),
        binary=bool(counter.binary),
        sublinear=bool(weighted and weighing.sublinear_tf),
        norm=Norm((weighted and weighing.norm) or "none"),
    )


def _linear(model: Any) -> dict[str, Any]:
    kind = type(model).__name__
    if kind not in _LINEAR:
        raise UnsupportedLayer("classifier", kind)
    if len(model.classes_) != 2:
        raise UnsupportedLayer("classifier", f"{kind} of {len(model.classes_)} classes")
    coefficients = model.coef_.toarray() if hasattr(model.coef_, "toarray") else model.coef_
    loss = "log_loss" if kind == "LogisticRegression" else str(model.loss)
    sure = loss in _LINKS
    return {
        "class": kind,
        "loss": loss,
        "classes": np.asarray(model.classes_).tolist(),
        "coefficients": coefficients[0].tolist(),
        "intercept": float(np.ravel(model.intercept_)[0]),
        "link": _LINKS.get(loss, "sigmoid"),
        "score": "predict_proba" if sure else "sigmoid of decision_function",
    }


def _cases(pipeline: Any, texts: Sequence[str]) -> dict[str, Any]:
    """Return what scikit-learn makes of ``texts``, and how sure it is of its second class."""
    rows = pipeline[:-1].transform(texts).tocsr()
    rows.sort_indices()
    return {
        "texts": list(texts),
        "weights": [{"columns": row.indices.tolist(), "values": row.data.tolist()} for row in rows],
        "scores": _scores(pipeline, texts).tolist(),
    }


def _scores(pipeline: Any, texts: Sequence[str]) -> Any:
    if hasattr(pipeline, "predict_proba"):
        return pipeline.predict_proba(texts)[:, 1]
    return 1 / (1 + np.exp(-pipeline.decision_function(texts)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 done, 1 failed, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="python -m classifier.training.sklearn_export")
    parser.add_argument(
        "pipeline", type=Path, help="what joblib.dump wrote; only your own: it is run"
    )
    parser.add_argument("-o", "--out", type=Path, required=True, help="the JSON file")
    given = parser.parse_args(arguments)
    try:
        export_sklearn(_load(given.pipeline), given.out)
    except (ModelError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _load(path: Path) -> Any:
    try:
        joblib = import_module("joblib")
    except ImportError as error:
        raise ModelError(
            f"this needs scikit-learn: pip install 'newsieve[train]' ({error})"
        ) from error
    try:
        pipeline = joblib.load(path)
    except (pickle.UnpicklingError, ValueError, KeyError, EOFError, ImportError) as error:
        raise ModelError(f"joblib cannot load it: {error}", path=path) from error
    if type(pipeline).__name__ != "Pipeline":
        raise ModelError(f"a Pipeline expected, found {type(pipeline).__name__}", path=path)
    return pipeline


if __name__ == "__main__":
    sys.exit(main())
