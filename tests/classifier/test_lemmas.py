from __future__ import annotations

import pytest

from classifier.text.lemmas import REMEMBERED_WORDS, lemma, lemmatizer_versions


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("мостами", "мост"),
        ("Открыли", "открыть"),
        ("красивую", "красивый"),
        ("2021", "2021"),
        ("bridges", "bridges"),
        ("!", "!"),
        ("", ""),
    ],
)
def test_a_word_becomes_its_dictionary_form(word: str, form: str) -> None:
    assert lemma(word) == form


def test_a_word_longer_than_any_is_left_alone() -> None:
    assert lemma("мостами" * 10) == "мостами" * 10


def test_a_word_with_a_letter_without_a_name_is_left_alone() -> None:
    assert lemma("мостами\U00018000") == "мостами\U00018000"


def test_memory_for_words_is_bounded() -> None:
    assert lemma.cache_parameters()["maxsize"] == REMEMBERED_WORDS


def test_lemmatizer_and_dictionary_are_named_with_their_versions() -> None:
    versions = lemmatizer_versions()
    assert len(versions) == 2
    assert all(name.startswith("pymorphy") and version for name, version in versions.items())
