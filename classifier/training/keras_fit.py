"""``train``: labelled texts → a bundle with the article's network, fitted by Keras."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timezone
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np

from classifier.bundle import ModelBundle, read_file, sha256
from classifier.classifier import Classifier
from classifier.errors import BundleMismatch, ModelError
from classifier.network import Array
from classifier.parity import ParityCases, first_divergence
from classifier.saving import write_bundle
from classifier.text import Cleaner, TextPipeline, TextVectorization
from classifier.text.clean import Keep
from classifier.text.lemmas import lemmatizer_versions
from classifier.training import keras_network
from classifier.training.card import write_card
from classifier.training.dataset import Row, read_dataset
from classifier.training.report import (
    TrainReport,
    best_threshold,
    measure_slices,
    measures_to_json,
)
from classifier.training.split import assign_folds
from classifier.training.vocabulary import most_frequent

logger = logging.getLogger(__name__)

# Chosen by cross-validation: marks give a listicle away, and of a number only its length counts.
CLEANER = Cleaner(marks=True, numbers=Keep.MARK, look_alikes=True)
PARITY_TEXTS = (
    "",
    "В городском парке посадили двести молодых лип, помогали школьники.",
    "СКИДКИ до 70%!!! Успей купить, звони прямо сейчас: http://example.com/sale",
    "<p>Гороскоп&nbsp;на завтра: что ждёт Овнов?</p>",
    "qwzx vbnm плюхандрий",
    "10 причин, почему ёжики лучше всех 🦔",
    "Новый мост через реку открыли для движения. " * 30,
)
_FOLDS = 5
_FEWEST = 2 * _FOLDS


def train(data: Path, out: Path, *, seed: int = 1) -> TrainReport:
    """Train on the labelled texts in ``data`` and write a bundle to ``out``.

    A fifth of the texts is held out and measured. The threshold is the one with
    the highest F1 on the others, each scored by a network that had not seen it.

    Args:
        data: JSON lines or CSV, see ``classifier.training.dataset``.
        out: folder of the bundle; one that is there already is replaced.
        seed: of the split, the first weights and the order of the rows.

    Raises:
        ModelError: if the data cannot be used, Keras is not installed, or
            ``out`` cannot be written. Nothing is left half-written.
    """
    rows = read_dataset(data)
    _expect_enough(rows, data)
    keras = keras_network.import_keras()
    folds = np.array(assign_folds(rows, _FOLDS, seed))
    held_out, learned = list(compress(rows, folds == 0)), list(compress(rows, folds != 0))
    threshold = best_threshold(
        _labels(learned), _unseen_scores(keras, learned, folds[folds != 0], seed)
    )
    text, model = _fit(keras, learned, seed)
    measures = measure_slices(held_out, _predict(model, text, held_out), threshold)
    bundle = ModelBundle(
        name=out.name,
        threshold=threshold,
        network=keras_network.to_network(model),
        text=text,
        fingerprint="",
        parity=_record_parity(keras, model, text, seed),
        provenance=_provenance(keras, data, rows, seed),
        metrics={"held_out": measures_to_json(measures)},
    )
    _expect_parity(bundle)
    card = write_card(bundle, keras_network.ARCHITECTURE, rows, measures)
    written = write_bundle(bundle, out, card=card)
    logger.info("trained %s", out, extra={"action": "train"})
    return TrainReport(out, Classifier(written).model, threshold, len(learned), measures)


def _unseen_scores(keras: Any, rows: Sequence[Row], folds: Array, seed: int) -> Array:
    """Score each row by a network fitted to the other folds."""
    scores = np.zeros(len(rows))
    for fold in np.unique(folds):
        text, model = _fit(keras, list(compress(rows, folds != fold)), seed)
        scores[folds == fold] = _predict(model, text, list(compress(rows, folds == fold)))
        logger.info("fold %d scored", fold, extra={"action": "train"})
    return scores


def _fit(keras: Any, rows: Sequence[Row], seed: int) -> tuple[TextPipeline, Any]:
    texts = [row.text for row in rows]
    vocabulary = most_frequent(texts, CLEANER, keras_network.WORDS)
    text = TextPipeline(CLEANER, TextVectorization(vocabulary, keras_network.LENGTH))
    ids = text.ids(texts)
    return text, keras_network.fit(keras, ids, _labels(rows), seed)


def _predict(model: Any, text: TextPipeline, rows: Sequence[Row]) -> Array:
    return keras_network.predict(model, text.ids([row.text for row in rows]))


def _labels(rows: Sequence[Row]) -> Array:
    return np.array([row.label for row in rows], dtype=np.float64)


def _record_parity(keras: Any, model: Any, text: TextPipeline, seed: int) -> ParityCases:
    """Ask Keras itself: for invented texts, and for ids that no text of theirs gives."""
    words = keras_network.WORDS
    scattered = np.random.default_rng(seed).integers(0, words, keras_network.LENGTH)
    largest = np.full(keras_network.LENGTH, words - 1)
    ids = np.concatenate([text.ids(PARITY_TEXTS), [scattered, largest]])
    outputs = keras_network.layer_outputs(keras, model, ids)
    return ParityCases((*PARITY_TEXTS, None, None), {"ids": ids}, outputs)


def _expect_parity(bundle: ModelBundle) -> None:
    if bundle.parity is None:
        return
    if divergence := first_divergence(bundle.parity, bundle.network, bundle.text):
        raise BundleMismatch(divergence.place, "what Keras answers", divergence.difference)


def _provenance(keras: Any, data: Path, rows: Sequence[Row], seed: int) -> dict[str, Any]:
    return {
        "framework": keras_network.keras_versions(keras),
        "numpy": np.__version__,
        "lemmatizer": lemmatizer_versions(),
        "data": {"name": data.name, "sha256": sha256(read_file(data)), "rows": len(rows)},
        "licences": dict(Counter(row.licence for row in rows).most_common()),
        "seed": seed,
        "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def _expect_enough(rows: Sequence[Row], data: Path) -> None:
    for label, count in sorted(Counter(row.label for row in rows).items()):
        if count < _FEWEST:
            name = "bad" if label else "good"
            raise ModelError(f"{count} {name} rows: at least {_FEWEST} are needed", path=data)
