"""What the default model's recipe decides without PyTorch."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.text.word_forms import LEMMA_MARK, SPECIAL_FORMS
from classifier.training.distil.calibration import Calibration
from classifier.training.distil.vocabulary import CLEANER, Entries, Shape, choose_vocabulary

TEXTS = [
    "Мост открыли. Моста ждали, к мосту шли",
    "Мост открыли снова: мост, мост и мост",
    "Мосты строят. О мостах пишут",
]


def test_frequent_forms_and_all_lemmas_are_known() -> None:
    vocabulary = choose_vocabulary(TEXTS).vocabulary
    assert vocabulary[:3] == SPECIAL_FORMS
    assert "мост" in vocabulary  # in lower case five times
    assert "мосту" not in vocabulary  # once
    assert f"{LEMMA_MARK}мост" in vocabulary


def test_the_most_frequent_entries_are_kept() -> None:
    vocabulary = choose_vocabulary(TEXTS, entries=5).vocabulary
    assert vocabulary == (*SPECIAL_FORMS, f"{LEMMA_MARK}мост", "мост")


def test_a_rare_form_is_read_as_its_lemma() -> None:
    vectorizer = choose_vocabulary(TEXTS)
    words = list(CLEANER.words("Мосту мостами"))
    assert [vectorizer.entry(word) for word in words] == [f"{LEMMA_MARK}мост"] * 2


@pytest.mark.parametrize(
    ("word", "shape"),
    [("мост", Shape.LOWER), ("Мост", Shape.TITLE), ("А", Shape.TITLE), ("МОСТ", Shape.UPPER)],
)
def test_shapes(word: str, shape: Shape) -> None:
    assert Shape.of(word) is shape


def test_two_ways_to_write_a_word_share_the_word_and_differ_in_shape() -> None:
    entries = Entries.of((*SPECIAL_FORMS, "Мост", "мост", f"{LEMMA_MARK}мост"))
    assert entries.word_of[3] == entries.word_of[4] != entries.word_of[5]
    assert entries.shape_of.tolist()[3:] == [Shape.TITLE, Shape.LOWER, Shape.LOWER]


def test_pieces_tell_letters_word_lemma_and_shape() -> None:
    entries = Entries.of((*SPECIAL_FORMS, "Мосты"))
    assert entries.pieces[:3] == ((), (), ())
    assert {" М", "осты ", "=мосты", f"{LEMMA_MARK}мост", "^TITLE"} <= set(entries.pieces[3])


def test_calibration_finds_the_slope_and_shift_that_made_the_labels() -> None:
    random = np.random.default_rng(5)
    odds = random.normal(size=40_000)
    labels = (random.random(40_000) < 1 / (1 + np.exp(-(0.5 * odds - 1)))).astype(float)
    found = Calibration.fit(odds, labels)
    assert found.slope == pytest.approx(0.5, abs=0.05)
    assert found.shift == pytest.approx(-1, abs=0.05)
    assert found.scores(odds).mean() == pytest.approx(labels.mean(), abs=1e-6)
