"""The default model: labelled and unlabelled texts → teacher → students → bundle.

    labelled ─▶ teacher ─▶ its scores of unlabelled texts ─┐
        └──────────────────────────────────────────────────┴▶ students ─▶ calibrated ─▶ bundle

Run it as ``python -m classifier.training.distil DATA UNLABELLED -o DIR``; it takes about an hour
on one core. Calibration and threshold come from students that had not seen the texts, nor had
their teachers.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from itertools import compress
from pathlib import Path

import numpy as np
import torch

from classifier.bundle import ModelBundle, read_file, sha256
from classifier.importers.cases import baseline
from classifier.network import Array
from classifier.text import TextPipeline
from classifier.text.lemmas import lemmatizer_versions
from classifier.training.base import base_of
from classifier.training.dataset import Row, read_dataset
from classifier.training.distil.calibration import Calibration
from classifier.training.distil.exported import export
from classifier.training.distil.student import (
    READER_COURSE,
    SPELLER_COURSE,
    WORD_WIDTH,
    Course,
    Lesson,
    Reader,
    Speller,
    learn,
    log_odds,
)
from classifier.training.distil.teacher import Teacher
from classifier.training.distil.unlabelled import first_sentences, read_unlabelled
from classifier.training.distil.vectors import narrow_vectors
from classifier.training.distil.vocabulary import (
    CLEANER,
    ENTRIES,
    Entries,
    choose_vocabulary,
    spelt,
)
from classifier.training.report import Measures, best_threshold, measure_slices, measures_to_json
from classifier.training.split import assign_folds

logger = logging.getLogger(__name__)

REFERENCE_FOLDS = 10
"""One of so many folds is never learned from: it is the reference set, and what is reported."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How much of what the students learn from.

    Attributes:
        folds: for the scores that calibration and threshold are chosen by.
        posts: how many unlabelled texts, and as many of their first sentences.
        repeats: how often each labelled text is read for one time of an unlabelled one.
        teacher_weight: of what the teacher says, against a label.
    """

    folds: int = 5
    posts: int = 8000
    repeats: int = 3
    teacher_weight: float = 0.7
    entries: int = ENTRIES
    reader: Course = READER_COURSE
    speller: Course = SPELLER_COURSE
    seed: int = 1


class School:
    """Texts, their ids and what all students begin with."""

    def __init__(self, rows: Sequence[Row], unlabelled: Sequence[str], recipe: Recipe) -> None:
        texts = [row.text for row in rows]
        self.text = TextPipeline(CLEANER, choose_vocabulary([*texts, *unlabelled], recipe.entries))
        self.entries = Entries.of(tuple(self.text.vectorizer.vocabulary))
        self._rows = rows
        self._recipe = recipe
        chosen = np.random.default_rng(recipe.seed).permutation(len(unlabelled))[: recipe.posts]
        posts = [unlabelled[i] for i in np.sort(chosen)]
        self._heard = [*posts, *first_sentences(posts)]
        self._heard_ids = self.text.ids(self._heard)
        self._vectors = narrow_vectors([spelt(word) for word in self.entries.words], WORD_WIDTH)

    def students(self, rows: Sequence[Row]) -> tuple[Reader, Speller]:
        """Return both students, taught by a teacher who saw ``rows`` and their labels alone."""
        lesson = self._lesson(rows)
        seed = self._recipe.seed
        torch.manual_seed(seed)
        reader, speller = Reader(self.entries, self._vectors), Speller(self.entries)
        learn(reader, lesson, self._recipe.reader, seed=seed)
        learn(speller, lesson, self._recipe.speller, seed=seed)
        return reader, speller

    def odds(self, students: tuple[Reader, Speller], rows: Sequence[Row]) -> Array:
        """Return the mean of what both say: (rows,)."""
        ids = self.text.ids([row.text for row in rows])
        odds: Array = np.mean([log_odds(student, ids) for student in students], axis=0)
        return odds

    def _lesson(self, rows: Sequence[Row]) -> Lesson:
        texts, labels = [row.text for row in rows], _labels(rows)
        teacher = Teacher.fit(texts, labels, seed=self._recipe.seed, on_step=_log)
        told = teacher.scores(self._heard)
        times = self._recipe.repeats
        return Lesson(
            ids=np.concatenate([np.tile(self.text.ids(texts), (times, 1)), self._heard_ids]),
            targets=np.concatenate([np.tile(labels, times), told]),
            weights=np.concatenate(
                [np.ones(times * len(rows)), np.full(len(told), self._recipe.teacher_weight)]
            ),
            sentences=np.concatenate(
                [np.tile(teacher.encode(texts), (times, 1)), teacher.encode(self._heard)]
            ),
        )


def make_bundle(
    data: Path, unlabelled: Path, *, name: str, recipe: Recipe | None = None
) -> tuple[ModelBundle, dict[str, Measures]]:
    """Return the model, and its measures on the tenth of ``data`` that took no part.

    Args:
        data: labelled texts, see ``classifier.training.dataset``.
        unlabelled: more texts like those, as JSON lines with a ``text``.
        name: of the bundle.
        recipe: how much of what.

    Raises:
        ModelError: if the files cannot be used, or a package of newsieve[distil] is missing.
    """
    recipe = recipe or Recipe()
    rows = read_dataset(data)
    reference = np.array(assign_folds(rows, REFERENCE_FOLDS, recipe.seed)) == 0
    learned, held_out = list(compress(rows, ~reference)), list(compress(rows, reference))
    school = School(learned, read_unlabelled(unlabelled), recipe)
    odds = _unseen_odds(school, learned, recipe)
    calibration = Calibration.fit(odds, _labels(learned))
    threshold = best_threshold(_labels(learned), calibration.scores(odds))
    students = school.students(learned)
    scores = calibration.scores(school.odds(students, held_out))
    measures = measure_slices(held_out, scores, threshold)
    unseen = measure_slices(learned, calibration.scores(odds), threshold)
    bundle = ModelBundle(
        name=name,
        threshold=threshold,
        network=export(
            *students,
            length=school.text.vectorizer.length or 0,
            slope=calibration.slope,
            shift=calibration.shift,
        ),
        text=school.text,
        fingerprint="",
        provenance=_provenance(data, unlabelled, rows, recipe),
        metrics={"held_out": measures_to_json(measures), "out_of_fold": measures_to_json(unseen)},
        base=base_of(school.text, rows, reference),
    )
    return replace(bundle, parity=baseline(bundle)), measures


def _unseen_odds(school: School, rows: Sequence[Row], recipe: Recipe) -> Array:
    """Return what students say of texts that neither they nor their teachers had seen."""
    folds = np.array(assign_folds(rows, recipe.folds, recipe.seed))
    odds = np.zeros(len(rows))
    for fold in range(recipe.folds):
        students = school.students(list(compress(rows, folds != fold)))
        odds[folds == fold] = school.odds(students, list(compress(rows, folds == fold)))
        _log(f"fold {fold + 1} of {recipe.folds} scored")
    return odds


def _provenance(
    data: Path, unlabelled: Path, rows: Sequence[Row], recipe: Recipe
) -> dict[str, object]:
    return {
        "framework": {"torch": torch.__version__},
        "lemmatizer": lemmatizer_versions(),
        "data": {"name": data.name, "sha256": sha256(read_file(data)), "rows": len(rows)},
        "unlabelled": {"name": unlabelled.name, "sha256": sha256(read_file(unlabelled))},
        "seed": recipe.seed,
        "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def _labels(rows: Sequence[Row]) -> Array:
    return np.array([row.label for row in rows], dtype=np.float64)


def _log(step: str) -> None:
    logger.info("%s", step, extra={"action": "distil"})
