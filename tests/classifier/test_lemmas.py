from __future__ import annotations

import re

import pytest

from classifier.text.lemmas import (
    REMEMBERED_WORDS,
    analyze,
    forms_of,
    lemma,
    lemmatizer_versions,
)


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


# One form, several forms, letters alone, with and without ё, not in any dictionary.
FORMS = re.findall(
    r"\S+",
    """
    мостами школьники красивейшую Открыли стали мыла дома дому банка лесу вина суда уже три а
    и я с в О Я все всё елка ёлка елки лет людей лучше шёл пошел деревня-то кто-нибудь
    криптовалютчиками роутерам бутявка экс-премьером 6-летнего суперлунию НЛО г руб
    """,
)


@pytest.mark.parametrize("word", FORMS)
def test_a_form_is_the_one_that_the_lemmatizer_gives(word: str) -> None:
    assert lemma(word) == analyze(word)


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


def test_the_forms_of_a_word_are_those_with_its_lemma() -> None:
    forms = forms_of("средств")
    assert {"средство", "средствами", "средств"} <= forms
    assert {lemma(form) for form in forms} == {"средство"}
    assert "стали" not in forms_of("сталь")  # it is read as a form of another word


def test_an_unknown_word_has_the_forms_it_would_have() -> None:
    assert {"крюкозубова", "крюкозубовым"} <= forms_of("Крюкозубов")


@pytest.mark.parametrize("word", ["covid", "19", "", "\U0001f600", "ы" * 100])
def test_a_word_that_is_not_russian_is_its_only_form(word: str) -> None:
    assert forms_of(word) == {word}
