"""Where students learn from a teacher: all of it that folds have in common."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from classifier.network import Array
from classifier.text import TextPipeline
from classifier.training.dataset import Row
from classifier.training.distil.exported import Class
from classifier.training.distil.pretrained import encode, pretrained
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
from classifier.training.distil.unlabelled import first_sentences
from classifier.training.distil.vectors import narrow_vectors
from classifier.training.distil.vocabulary import (
    CLEANER,
    ENTRIES,
    choose_vocabulary,
    letter_pieces,
    spelt,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How much of what the students learn from.

    Attributes:
        folds: for the scores that calibration and threshold are chosen by.
        posts: how many unlabelled texts, and as many of their first sentences.
        repeats: how often each labelled text is read for one time of any other.
        teacher_weight: of what the teacher says, against a label.
        invented_weight: of an invented text, against a labelled one.
        entries: of the vocabulary.
        readers: how many of them, from different seeds.
        reader: their course.
        speller: the speller's course.
        seed: of all that is drawn.
        workers: how many processes teach at once.
        vectors: file in which sentence vectors are kept from one time to the next.
    """

    folds: int = 5
    posts: int = 8000
    repeats: int = 3
    teacher_weight: float = 0.7
    invented_weight: float = 0.3
    entries: int = ENTRIES
    readers: int = 2
    reader: Course = READER_COURSE
    speller: Course = SPELLER_COURSE
    seed: int = 1
    workers: int = 1
    vectors: Path | None = None


class School:
    """Texts, their ids and what all students begin with.

    Attributes:
        text: raw text → ids.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        invented: Sequence[Row],
        unlabelled: Sequence[str],
        recipe: Recipe,
        *,
        headlines: Sequence[str] = (),
    ) -> None:
        """Choose the vocabulary, and the unlabelled texts to learn from.

        Args:
            rows: labelled texts.
            invented: more of them; nothing is measured on these.
            unlabelled: more texts like those, of which some are heard.
            recipe: how much of what.
            headlines: texts written to be heard, all of them.
        """
        texts = [row.text for row in (*rows, *invented)]
        vocabulary = choose_vocabulary([*texts, *headlines], unlabelled, entries=recipe.entries)
        self.text = TextPipeline(CLEANER, vocabulary)
        entries = tuple(self.text.vectorizer.vocabulary)
        self._pieces = letter_pieces(entries)
        self._vectors = narrow_vectors([spelt(entry) for entry in entries], WORD_WIDTH)
        self._invented = list(invented)
        self._recipe = recipe
        chosen = np.random.default_rng(recipe.seed).permutation(len(unlabelled))[: recipe.posts]
        posts = [unlabelled[i] for i in np.sort(chosen)]
        self._heard = [*posts, *first_sentences(posts), *headlines]
        self._heard_ids = self.text.ids(self._heard)
        _encode([*texts, *self._heard], recipe.vectors)

    def classes(self, groups: Sequence[Sequence[Row]]) -> list[Class]:
        """Return students for each of ``groups`` of labelled texts, who saw no other."""
        with tempfile.TemporaryDirectory() as folder:
            vectors = Path(folder, "vectors.npz")
            pretrained().keep(vectors)
            teach = partial(_taught, self, vectors)
            with ProcessPoolExecutor(self._recipe.workers, get_context("spawn")) as workers:
                return list(workers.map(teach, groups))

    def odds(self, students: Class, rows: Sequence[Row]) -> Array:
        """Return what each of the students says: (rows, students)."""
        ids = self.text.ids([row.text for row in rows])
        return np.stack([log_odds(student, ids) for student in students.named().values()], axis=1)

    def students(self, rows: Sequence[Row]) -> Class:
        """Return students taught by a teacher who saw ``rows`` and the invented texts alone."""
        lesson = self._lesson(rows)
        readers = [self._reader(lesson, place) for place in range(self._recipe.readers)]
        torch.manual_seed(self._recipe.seed)
        speller = Speller(self._pieces)
        learn(speller, lesson, self._recipe.speller, seed=self._recipe.seed)
        speller.settle()
        return Class(readers, speller)

    def _reader(self, lesson: Lesson, place: int) -> Reader:
        seed = self._recipe.seed + place
        torch.manual_seed(seed)
        reader = Reader(self._vectors)
        learn(reader, lesson, self._recipe.reader, seed=seed)
        reader.settle()
        return reader

    def _lesson(self, rows: Sequence[Row]) -> Lesson:
        texts, labels = [row.text for row in rows], labels_of(rows)
        more, more_labels = [row.text for row in self._invented], labels_of(self._invented)
        times, invented = self._recipe.repeats, self._recipe.invented_weight
        teacher = Teacher.fit(
            [*texts, *more],
            np.concatenate([labels, more_labels]),
            weights=np.concatenate([np.ones(len(rows)), np.full(len(more), invented)]),
            seed=self._recipe.seed,
            on_step=_log,
        )
        told = teacher.scores(self._heard)
        _log("unlabelled texts scored")
        return Lesson(
            ids=np.concatenate(
                [np.tile(self.text.ids(texts), (times, 1)), self.text.ids(more), self._heard_ids]
            ),
            targets=np.concatenate([np.tile(labels, times), more_labels, told]),
            weights=np.concatenate(
                [
                    np.ones(times * len(rows)),
                    np.full(len(more), times * invented),
                    np.full(len(told), self._recipe.teacher_weight),
                ]
            ),
            sentences=np.concatenate(
                [np.tile(encode(texts), (times, 1)), encode(more), encode(self._heard)]
            ),
        )


def labels_of(rows: Sequence[Row]) -> Array:
    """Return the labels of ``rows``, as numbers to compute with."""
    return np.array([row.label for row in rows], dtype=np.float64)


def _encode(texts: Sequence[str], kept: Path | None) -> None:
    """Ask for the vectors of all ``texts`` now: from here on they are remembered."""
    if kept is not None and kept.exists():
        pretrained().recall(kept)
    encode(texts)
    if kept is not None:
        pretrained().keep(kept)
    _log(f"sentence vectors of {len(texts)} texts")


def _taught(school: School, vectors: Path, rows: Sequence[Row]) -> Class:
    """Teach in a process of its own."""
    torch.set_num_threads(1)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(message)s")
    pretrained().recall(vectors)
    return school.students(rows)


def _log(step: str) -> None:
    logger.info("%s", step, extra={"action": "distil"})
