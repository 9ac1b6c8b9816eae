"""A linear model over TF-IDF weights, as ``classifier.training.sklearn_export`` writes it.

scikit-learn itself keeps its models as pickles, which can run anything; that file is JSON:
the terms and their weights, the coefficients, and some of scikit-learn's own answers.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from classifier.bundle import ModelBundle, read_file, sha256
from classifier.documents import Document
from classifier.errors import BundleMismatch
from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network
from classifier.parity import ParityCases
from classifier.text import Cleaner, TextPipeline
from classifier.text.vectorizer_settings import tfidf_from_json

SCHEMA = "newsieve/sklearn-1"
LINKS = ("sigmoid", "sparse_sigmoid")
"""What makes a probability of the decision function; the second is that of modified_huber."""

_INPUT, _OUTPUT = "terms", "score"


def import_sklearn(
    path: str | Path, *, bad: object = 1, cleaner: Cleaner | None = None
) -> ModelBundle:
    """Return the model in an exported file as a bundle, scikit-learn's answers as its cases.

    Its score is what ``predict_proba`` says of the class ``bad``. A loss without probabilities
    (hinge and others) has the sigmoid of its decision function instead, which crosses 0.5 where
    the decision turns; the provenance says which.

    Args:
        path: the file.
        bad: which of the two classes is the bad one.
        cleaner: what is done to a raw text before; None: it is read as it is.

    Raises:
        BundleMissing: if the file is not there.
        BundleMismatch: naming what is missing or does not fit.
    """
    path = Path(path)
    data = read_file(path)
    document = Document.parse(data, path.name)
    if (schema := document.get("schema", str)) != SCHEMA:
        raise BundleMismatch(f"{path.name}: schema", SCHEMA, schema)
    vectorizer = tfidf_from_json(document.child("vectorizer"))
    model = document.child("classifier")
    sign, source = _sign(model, bad), sha256(data)
    return ModelBundle(
        name=path.stem,
        threshold=0.5,
        network=_network(model, vectorizer.length, sign),
        text=TextPipeline(cleaner, vectorizer),
        fingerprint=source,
        parity=_cases(document.child("cases"), vectorizer.length, sign, told=cleaner is None),
        provenance={
            "source": path.name,
            "source_sha256": source,
            "framework": document.string_map("framework"),
            "score": model.get("score", str),
        },
    )


def _network(document: Document, terms: int, sign: int) -> Network:
    coefficients = np.array(document.values("coefficients", float))
    if coefficients.shape != (terms,):
        raise BundleMismatch(f"{document.key}: coefficients", terms, len(coefficients))
    if (link := document.get("link", str)) not in LINKS:
        raise BundleMismatch(f"{document.key}: link", f"one of {', '.join(LINKS)}", link)
    tensors = {
        "kernel": sign * coefficients[:, None],
        "bias": np.array([sign * document.get("intercept", float)]),
    }
    spec = GraphSpec(
        inputs=(InputSpec(_INPUT, (terms,)),),
        layers=(
            LayerSpec(
                _OUTPUT,
                "Dense",
                (_INPUT,),
                {"activation": link},
                {role: role for role in tensors},
            ),
        ),
        outputs=(_OUTPUT,),
    )
    return Network(spec, tensors)


def _sign(document: Document, bad: object) -> int:
    """The coefficients speak for the second class: for the first one they are turned."""
    classes = document.get("classes", list)
    if len(classes) != 2 or bad not in classes:
        raise BundleMismatch(f"{document.key}: classes", f"two, one of them {bad!r}", classes)
    return 1 if classes[1] == bad else -1


def _cases(document: Document, terms: int, sign: int, *, told: bool) -> ParityCases:
    """Return scikit-learn's weights and scores; ``told``: the texts are read as it read them."""
    texts, rows = document.strings("texts"), document.children("weights")
    scores = np.array(document.values("scores", float), dtype=np.float32)
    if not len(texts) == len(rows) == len(scores):
        counts = [len(texts), len(rows), len(scores)]
        raise BundleMismatch(f"{document.key}: rows", "as many texts, weights and scores", counts)
    weights = np.zeros((len(rows), terms), dtype=np.float32)
    for line, row in zip(weights, rows, strict=True):
        _fill(line, row)
    bad = scores if sign > 0 else 1 - scores
    return ParityCases(
        texts if told else (None,) * len(texts), {_INPUT: weights}, {_OUTPUT: bad[:, None]}
    )


def _fill(line: Array, row: Document) -> None:
    columns, values = row.values("columns", int), row.values("values", float)
    if len(columns) != len(values) or any(not 0 <= i < len(line) for i in columns):
        raise BundleMismatch(f"{row.key}: columns", f"0 to {len(line) - 1}, one a value", columns)
    line[list(columns)] = values
