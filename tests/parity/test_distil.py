"""The default model's students: what they learn, and that their export says the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from classifier import Classifier  # noqa: E402
from classifier.bundle import ModelBundle  # noqa: E402
from classifier.network import Array  # noqa: E402
from classifier.parity import compare  # noqa: E402
from classifier.saving import write_bundle  # noqa: E402
from classifier.text import TextPipeline, WordForms  # noqa: E402
from classifier.text.word_forms import SPECIAL_FORMS  # noqa: E402
from classifier.training.distil.calibration import Calibration  # noqa: E402
from classifier.training.distil.exported import Class, export, recorded  # noqa: E402
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
from classifier.training.distil.vocabulary import CLEANER, letter_pieces  # noqa: E402

pytestmark = pytest.mark.parity
OFFERS = ("скидка", "скидки", "~скидка")
WORDS = (*OFFERS, "мост", "мосты", "парк", "парки", "~мост", "ждем", "!")
ENTRIES = (*SPECIAL_FORMS, *WORDS)
FIRST, LENGTH = len(SPECIAL_FORMS), 12
COURSE = Course(epochs=12, batch_size=16, learning_rate=0.01, forgetting=0.1)
CALIBRATION = Calibration(np.array([0.8, 0.4, 0.5]), -0.3)
TEXTS = ("Скидка ждёт! Мост", "мосты", "", "ПАРКИ " * 30, "qwerty плюхандрий")


def test_the_export_says_what_the_students_say() -> None:
    ids, _ = _texts(64)
    students = _class()
    odds = np.stack([log_odds(student, ids) for student in students.named().values()], 1)
    network = export(students, CALIBRATION, length=LENGTH)
    np.testing.assert_allclose(network(ids)[:, 0], CALIBRATION.scores(odds), atol=1e-6)


def test_what_pytorch_answers_is_kept_beside_the_bundle_and_met(tmp_path: Path) -> None:
    students, text = _class(), TextPipeline(CLEANER, WordForms(ENTRIES, LENGTH))
    cases = recorded(students, CALIBRATION, text, TEXTS)
    network = export(students, CALIBRATION, length=LENGTH)
    loaded = write_bundle(ModelBundle("small", 0.5, network, text, "", cases), tmp_path / "small")
    assert loaded.parity is not None
    compared = list(compare(loaded.parity, loaded.network, loaded.text))
    assert {one.place for one in compared} == {"ids", "reader_1", "reader_2", "speller", "score"}
    assert all(one.close for one in compared)
    scores = [score.value for score in Classifier(loaded).score(TEXTS)]
    np.testing.assert_allclose(scores, cases.outputs["score"][:, 0], atol=1e-5)


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


def test_a_settled_student_says_nearly_the_same() -> None:
    ids, bad = _texts(100)
    for student in _students():
        learn(student, _lesson(ids, bad), COURSE, seed=3)
        before = log_odds(student, ids)
        student.settle()
        after = log_odds(student, ids)
        assert not np.array_equal(after, before)
        np.testing.assert_allclose(after, before, atol=0.2)


def test_a_rows_padding_changes_nothing() -> None:
    ids, _ = _texts(20)
    longer = np.pad(ids, ((0, 0), (0, 9)))
    for student in _students():
        np.testing.assert_allclose(log_odds(student, longer), log_odds(student, ids), atol=1e-5)


def _students() -> tuple[Student, Student]:
    torch.manual_seed(7)
    vectors = np.random.default_rng(0).normal(0, 0.3, (len(ENTRIES), WORD_WIDTH))
    return Reader(vectors), Speller(letter_pieces(ENTRIES))


def _class() -> Class:
    torch.manual_seed(8)
    vectors = np.random.default_rng(1).normal(0, 0.3, (len(ENTRIES), WORD_WIDTH))
    students = Class([Reader(vectors), Reader(vectors)], Speller(letter_pieces(ENTRIES)))
    for student in students.named().values():
        student.settle()
    return students


def _texts(rows: int, *, seed: int = 0) -> tuple[Array, Array]:
    """Rows of ids; bad are those with a discount in them, in whatever form."""
    random = np.random.default_rng(seed)
    offers = range(FIRST, FIRST + len(OFFERS))
    ids = random.integers(offers.stop, len(ENTRIES), (rows, LENGTH))
    tempting = random.random(rows) < 0.5
    ids[tempting, 3] = random.integers(offers.start, offers.stop, tempting.sum())
    for row, length in zip(ids, random.integers(4, LENGTH + 1, rows), strict=True):
        row[length:] = 0
    return ids, np.isin(ids, offers).any(axis=1)


def _lesson(ids: Array, bad: Array) -> Lesson:
    sentences = np.zeros((len(ids), 512), np.float32)
    sentences[:, 0] = 1
    return Lesson(ids, bad.astype(float), np.ones(len(ids)), sentences)
