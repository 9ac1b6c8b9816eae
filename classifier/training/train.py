"""``train``: labelled texts → a bundle with the article's network.

    rows ─▶ folds: one is held out ─▶ others: scored out of fold ─▶ threshold for the aim
                      │                  └▶ vocabulary, network
                      └▶ measured; reference set of the base data

Which engine fits the network makes no difference here: it is scored by numpy.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np

from classifier.bundle import ModelBundle, read_file, sha256
from classifier.errors import BundleMismatch, ModelError
from classifier.network import Array
from classifier.parity import ParityCases, first_divergence
from classifier.saving import expect_replaceable, write_bundle
from classifier.text import TextPipeline, TextVectorization
from classifier.text.lemmas import lemmatizer_versions
from classifier.training.article_network import LENGTH
from classifier.training.base import base_of
from classifier.training.card import Told, write_card
from classifier.training.cleaner import CLEANER
from classifier.training.contradictions import contradiction_notes
from classifier.training.curves import LEARNING_CURVES, curves_svg
from classifier.training.dataset import NAMES, Row, expect_enough, read_dataset
from classifier.training.engine import Engine, open_engine
from classifier.training.fit import Epoch
from classifier.training.intervals import figures_to_json, slice_intervals
from classifier.training.orders import FEWEST_WORDS, OnEpoch, Trained, TrainOptions
from classifier.training.overwriting import expect_kept
from classifier.training.report import measure_slices
from classifier.training.rows import Rows
from classifier.training.split import assign_folds
from classifier.training.train_report import TrainReport
from classifier.training.vocabulary import most_frequent

logger = logging.getLogger(__name__)

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Step:
    """How far a training is.

    Attributes:
        name: what is being fitted.
        done: epochs of all networks so far.
        total: epochs of all networks in the end.
        loss: of the last epoch.
    """

    name: str
    done: int
    total: int
    loss: float


OnStep = Callable[[Step], None]


def train(
    data: Path,
    out: Path,
    options: TrainOptions | None = None,
    *,
    on_step: OnStep | None = None,
) -> TrainReport:
    """Train on the labelled texts in ``data`` and write a bundle to ``out``.

    A fifth of the texts is held out and measured. The threshold is chosen for the aim on
    the others, each scored by a network that had not seen it.

    Args:
        data: JSON lines or CSV, see ``classifier.training.dataset``.
        out: folder of the bundle; one that is there already is replaced, in one step at the end.
        options: how.
        on_step: called after each epoch; what it raises ends the training.

    Raises:
        ModelError: if the data cannot be used, the engine is not installed, the aim cannot be
            reached, or ``out`` cannot be written. Nothing is left half-written.
    """
    options, out = options or TrainOptions(), out.resolve()
    expect_replaceable(out)
    expect_kept([data], out)
    rows = read_dataset(data)
    folds = _dealt(rows, data, options.seed)
    study = _Study(open_engine(options.engine), options, rows, on_step)
    learned, held_out = list(compress(rows, folds != 0)), list(compress(rows, folds == 0))
    scores = study.unseen_scores(learned, folds[folds != 0])
    threshold = options.aim.threshold(_labels(learned), scores)
    text, trained = study.fit(learned, "the network", held_out)
    notes = (*contradiction_notes(rows), *_vocabulary_notes(text, options.words))
    told = _told(
        rows, held_out, study.scores(text, trained, held_out), threshold, options.seed, notes
    )
    bundle = ModelBundle(
        name=out.name,
        threshold=threshold,
        network=trained.network,
        text=text,
        fingerprint="",
        provenance=_provenance(study, data, rows, text),
        metrics={"held_out": figures_to_json(told.measures, told.between)},
        base=base_of(text, rows, folds == 0),
    )
    bundle = replace(bundle, parity=_recorded(trained, bundle))
    written = write_bundle(
        bundle,
        out,
        card=write_card(bundle, told),
        pictures={LEARNING_CURVES: curves_svg(trained.history)},
    )
    logger.debug("trained %s", written.identity, extra={"action": "train"})
    return TrainReport(
        out, written.identity, options, threshold, len(learned), told.measures, told.between, notes
    )


class _Study:
    """One network after the other, all fitted alike; each text is cleaned once for all of them."""

    def __init__(
        self, engine: Engine, options: TrainOptions, rows: Sequence[Row], on_step: OnStep | None
    ) -> None:
        self.engine = engine
        self.options = options
        self._words = {row.text: tuple(CLEANER.words(row.text)) for row in rows}
        self._on_step = on_step
        self._done = 0

    def unseen_scores(self, rows: Sequence[Row], folds: Array) -> Array:
        """Score each row by a network fitted to the other folds."""
        scores = np.zeros(len(rows))
        for fold in np.unique(folds):
            others = list(compress(rows, folds != fold))
            text, trained = self.fit(others, f"out of fold, {fold} of {FOLDS - 1}")
            own = folds == fold
            scores[own] = self.scores(text, trained, list(compress(rows, own)))
        return scores

    def scores(self, text: TextPipeline, trained: Trained, rows: Sequence[Row]) -> Array:
        """Return the score of each row: (rows,)."""
        found: Array = trained.network(self._ids(text, rows))[:, 0].astype(np.float64)
        return found

    def fit(
        self, rows: Sequence[Row], name: str, held_out: Sequence[Row] | None = None
    ) -> tuple[TextPipeline, Trained]:
        """Return the vocabulary of ``rows`` and a network fitted to them."""
        vocabulary = most_frequent((self._words[row.text] for row in rows), self.options.words)
        if len(vocabulary) < FEWEST_WORDS:
            raise ModelError("the texts have no words to learn from")
        text = TextPipeline(CLEANER, TextVectorization(vocabulary, LENGTH))
        trained = self.engine.fit(
            self._read(text, rows),
            len(vocabulary),
            self.options,
            held_out=None if held_out is None else self._read(text, held_out),
            on_epoch=self._listener(name),
        )
        logger.debug("fitted: %s", name, extra={"action": "network_fitted"})
        return text, trained

    def _read(self, text: TextPipeline, rows: Sequence[Row]) -> Rows:
        return Rows({"ids": self._ids(text, rows)}, _labels(rows), np.ones(len(rows)))

    def _ids(self, text: TextPipeline, rows: Sequence[Row]) -> Array:
        return text.vectorizer.ids([self._words[row.text] for row in rows])

    def _listener(self, name: str) -> OnEpoch:
        def hear(epoch: Epoch) -> None:
            self._done += 1
            if self._on_step is not None:
                self._on_step(Step(name, self._done, FOLDS * self.options.epochs, epoch.loss))

        return hear


def _dealt(rows: Sequence[Row], data: Path, seed: int) -> Array:
    """Return the fold of each row; the first one is held out.

    Raises:
        ModelError: if there are too few rows of a label, or only copies of a few.
    """
    expect_enough(rows, data)
    folds = np.array(assign_folds(rows, FOLDS, seed))
    for label, name in enumerate(NAMES):
        dealt = set(folds[_labels(rows) == label].tolist())
        if 0 not in dealt or len(dealt) < 3:  # to learn from, for the threshold, to measure on
            raise ModelError(
                f"the {name} rows are copies of each other: too few to learn from some and "
                "measure on others",
                path=data,
            )
    return folds


def _told(
    rows: Sequence[Row],
    held_out: Sequence[Row],
    scores: Array,
    threshold: float,
    seed: int,
    notes: tuple[str, ...],
) -> Told:
    measures = measure_slices(held_out, scores, threshold)
    between = slice_intervals(held_out, scores, threshold, seed=seed)
    return Told(len(rows), sum(row.label for row in rows), measures, between, notes)


def _labels(rows: Sequence[Row]) -> Array:
    return np.array([row.label for row in rows], dtype=np.float64)


def _recorded(trained: Trained, bundle: ModelBundle) -> ParityCases | None:
    """Return the cases of ``bundle`` as its engine answers them; ours must be the same answers."""
    cases = trained.record(bundle)
    if cases is not None and (found := first_divergence(cases, bundle.network, bundle.text)):
        raise BundleMismatch(found.place, "what the engine answers", found.difference)
    return cases


def _provenance(
    study: _Study, data: Path, rows: Sequence[Row], text: TextPipeline
) -> dict[str, Any]:
    return {
        "framework": dict(study.engine.versions()),
        "numpy": np.__version__,
        "lemmatizer": lemmatizer_versions(),
        "data": {"name": data.name, "sha256": sha256(read_file(data)), "rows": len(rows)},
        "licences": dict(Counter(row.licence for row in rows).most_common()),
        **study.options.as_json(),
        "words": text.vectorizer.id_count,
        "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def _vocabulary_notes(text: TextPipeline, asked: int) -> tuple[str, ...]:
    found = text.vectorizer.id_count
    if found is None or found >= asked:
        return ()
    return (f"the texts have {found:,} words, {asked:,} were asked for",)
