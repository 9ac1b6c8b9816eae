"""What the default model's recipe decides without PyTorch."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.text.word_forms import LEMMA_MARK, SPECIAL_FORMS
from classifier.training.distil.calibration import Calibration
from classifier.training.distil.vocabulary import CLEANER, choose_vocabulary, letter_pieces

TEXTS = [
    "Мост открыли. Моста ждали, к мосту шли",
    "Мост открыли снова: мост, мост и мост",
    "Мосты строят. О мостах пишут",
]
SPECIAL = len(SPECIAL_FORMS)


def test_frequent_forms_and_all_lemmas_are_known() -> None:
    vocabulary = choose_vocabulary(TEXTS).vocabulary
    assert vocabulary[:SPECIAL] == SPECIAL_FORMS
    assert "мост" in vocabulary  # five times, however it is written
    assert "Мост" not in vocabulary
    assert "мосту" not in vocabulary  # once
    assert f"{LEMMA_MARK}мост" in vocabulary


def test_the_most_frequent_entries_are_kept() -> None:
    vocabulary = choose_vocabulary(TEXTS, entries=SPECIAL + 2).vocabulary
    assert vocabulary == (*SPECIAL_FORMS, f"{LEMMA_MARK}мост", "мост")


def test_words_of_other_texts_must_be_seen_more_often() -> None:
    others = ["Паром ходит", "Паром стоит", *["Баржа идёт"] * 10]
    vocabulary = choose_vocabulary(TEXTS[:1], others).vocabulary
    assert f"{LEMMA_MARK}открыть" in vocabulary  # once, but in a text that counts
    assert {f"{LEMMA_MARK}паром", "баржа"} <= set(vocabulary)
    assert not {f"{LEMMA_MARK}стоять", "паром"} & set(vocabulary)


def test_a_rare_form_is_read_as_its_lemma() -> None:
    vectorizer = choose_vocabulary(TEXTS)
    words = list(CLEANER.words("Мосту мостами"))
    assert [vectorizer.entry(word) for word in words] == [f"{LEMMA_MARK}мост"] * 2


def test_pieces_tell_letters_and_lemma() -> None:
    *special, pieces = letter_pieces((*SPECIAL_FORMS, "мосты"))
    assert special == [()] * SPECIAL
    assert {" м", "осты ", "мост", f"{LEMMA_MARK}мост"} <= set(pieces)
    assert all(2 <= len(piece) <= 5 for piece in pieces)


def test_the_entry_of_a_lemma_is_made_of_the_same_pieces_as_its_word() -> None:
    word, lemma = letter_pieces(("мост", f"{LEMMA_MARK}мост"))
    assert word == lemma


def test_calibration_finds_the_slopes_and_shift_that_made_the_labels() -> None:
    random = np.random.default_rng(5)
    odds = random.normal(size=(40_000, 2))
    chances = 1 / (1 + np.exp(-(odds @ [0.5, 1.5] - 1)))
    labels = (random.random(40_000) < chances).astype(float)
    found = Calibration.fit(odds, labels)
    np.testing.assert_allclose(found.slopes, [0.5, 1.5], atol=0.05)
    assert found.shift == pytest.approx(-1, abs=0.05)
    assert found.scores(odds).mean() == pytest.approx(labels.mean(), abs=1e-6)


def test_calibration_weighs_students_who_say_the_same_alike() -> None:
    random = np.random.default_rng(6)
    odds = random.normal(size=5000)
    labels = (random.random(5000) < 1 / (1 + np.exp(-odds))).astype(float)
    slopes = Calibration.fit(np.stack([odds, odds], 1), labels).slopes
    assert slopes[0] == pytest.approx(slopes[1])
    assert slopes.sum() == pytest.approx(1, abs=0.1)
