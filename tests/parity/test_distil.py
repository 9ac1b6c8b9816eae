"""The default model's students: what they learn, and that their export says the same."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from classifier.network import Array  # noqa: E402
from classifier.text.word_forms import SPECIAL_FORMS  # noqa: E402
from classifier.training.distil.exported import export  # noqa: E402
from classifier.training.distil.student import (  # noqa: E402
    WORD_WIDTH,
    Course,
    Lesson,
    Reader,
    Speller,
    Student,
    learn,
    log_odds,
)
from classifier.training.distil.vocabulary import Entries  # noqa: E402

pytestmark = pytest.mark.parity
WORDS = ("Скидка", "скидка", "скидки", "мост", "мосты", "парк", "парки", "~мост", "ЖДЁМ", "!")
ENTRIES = Entries.of((*SPECIAL_FORMS, *WORDS))
COURSE = Course(epochs=12, batch_size=16, learning_rate=0.01, forgetting=0.1)


def test_the_export_says_what_the_students_say() -> None:
    ids, _ = _texts(64)
    students = _students()
    odds = np.mean([log_odds(student, ids) for student in students], axis=0)
    network = export(*students, length=ids.shape[1], slope=1.7, shift=-0.3)
    expected = 1 / (1 + np.exp(-(1.7 * odds - 0.3)))
    np.testing.assert_allclose(network(ids)[:, 0], expected, atol=3e-4)  # half precision


def test_the_students_learn_what_makes_a_text_bad() -> None:
    (ids, bad), (unseen, expected) = _texts(300, seed=1), _texts(100, seed=2)
    for student in _students():
        learn(student, _lesson(ids, bad), COURSE, seed=3)
        assert ((log_odds(student, unseen) > 0) == expected).mean() > 0.95


def test_the_same_seed_gives_the_same_students() -> None:
    ids, bad = _texts(60)
    first, second = _students(), _students()
    for students in (first, second):
        for student in students:
            learn(student, _lesson(ids, bad), Course(epochs=2), seed=3)
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(log_odds(one, ids), log_odds(other, ids))


def test_a_rows_padding_changes_nothing() -> None:
    ids, _ = _texts(20)
    longer = np.pad(ids, ((0, 0), (0, 9)))
    for student in _students():
        np.testing.assert_allclose(log_odds(student, longer), log_odds(student, ids), atol=1e-5)


def _students() -> tuple[Student, Student]:
    torch.manual_seed(7)
    vectors = np.random.default_rng(0).normal(0, 0.3, (len(ENTRIES.words), WORD_WIDTH))
    return Reader(ENTRIES, vectors), Speller(ENTRIES)


def _texts(rows: int, *, seed: int = 0) -> tuple[Array, Array]:
    """Rows of ids; bad are those with a discount in them, in whatever form."""
    random = np.random.default_rng(seed)
    ids = random.integers(6, 3 + len(WORDS), (rows, 12))
    offers = random.random(rows) < 0.5
    ids[offers, 3] = random.integers(3, 6, offers.sum())
    for row, length in zip(ids, random.integers(4, 13, rows), strict=True):
        row[length:] = 0
    return ids, np.isin(ids, (3, 4, 5)).any(axis=1)


def _lesson(ids: Array, bad: Array) -> Lesson:
    sentences = np.zeros((len(ids), 512), np.float32)
    sentences[:, 0] = 1
    return Lesson(ids, bad.astype(float), np.ones(len(ids)), sentences)
