from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from bot.kinship import is_reprint, read_words
from tests.kinship.texts import (
    BRIDGE,
    CHANGES,
    LIBRARY,
    NEWS,
    SERIES,
    STORY,
    Told,
    shortened,
    signed,
    with_lead,
)


def reprinted(older: Told, newer: Told, *, one_source: bool = False) -> bool:
    return is_reprint(read_words(*older), read_words(*newer), one_source=one_source)


@pytest.mark.parametrize("told", NEWS, ids=lambda told: told.title)
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_changed_reprint_is_one_whichever_came_first(
    told: Told, change: Callable[[Told], Told]
) -> None:
    assert reprinted(told, change(told))
    assert reprinted(change(told), told)


@pytest.mark.parametrize("told", [BRIDGE, LIBRARY], ids=lambda told: told.title)
def test_a_reprint_may_be_changed_in_several_ways_at_once(told: Told) -> None:
    assert reprinted(told, signed(with_lead(shortened(told))))


@pytest.mark.parametrize(("one", "other"), list(permutations(NEWS, 2)))
def test_another_piece_of_news_is_no_reprint(one: Told, other: Told) -> None:
    assert not reprinted(one, other)


@pytest.mark.parametrize(("one", "other"), SERIES, ids=lambda told: told.title)
@pytest.mark.parametrize("one_source", [True, False])
def test_the_same_words_with_other_numbers_or_names_are_no_reprint(
    one: Told, other: Told, one_source: bool
) -> None:
    assert not reprinted(one, other, one_source=one_source)
    assert not reprinted(other, one, one_source=one_source)


@pytest.mark.parametrize(("one", "_"), SERIES, ids=lambda told: told.title)
def test_a_reprint_of_a_bulletin_is_one(one: Told, _: Told) -> None:
    assert reprinted(one, signed(one))


@pytest.mark.parametrize(("one", "other"), STORY, ids=lambda told: told.title)
def test_another_text_on_the_same_event_is_no_reprint(one: Told, other: Told) -> None:
    assert not reprinted(one, other)


def test_a_source_that_goes_on_with_its_own_text_tells_something_new() -> None:
    told = NEWS[0]
    sequel = Told(told.title, told.text[:350] + " Вечером мост снова закрыли: лопнула труба. " * 3)
    assert not reprinted(told, sequel, one_source=True)
    assert reprinted(told, Told(f"{told.title} (обновлено)", told.text), one_source=True)


def test_a_digest_that_holds_an_earlier_text_tells_more() -> None:
    sentences = [sentence for told in NEWS[1:] for sentence in told.text.split(". ")]
    digest = Told("Что случилось за неделю", ". ".join([*sentences, shortened(NEWS[0]).text]))
    assert not reprinted(shortened(NEWS[0]), digest)
    assert reprinted(digest, shortened(NEWS[0]))


@pytest.mark.parametrize("text", ["", "Фото дня", "Смотрите видео на нашем канале прямо сейчас"])
def test_a_text_of_a_few_words_is_never_nearly_the_same(text: str) -> None:
    assert not reprinted(Told("", text), Told("", text))


def test_one_corrected_number_in_a_long_text_makes_no_other_news() -> None:
    told = NEWS[0]
    corrected = Told(told.title, told.text.replace("62 фонаря", "64 фонаря"))
    numbers = Told("", " ".join(f"На улице номер {i} посадили {i * 3} лип." for i in range(9)))
    longer, corrected_longer = (
        Told(t.title, f"{t.text} {numbers.text}") for t in (told, corrected)
    )
    assert reprinted(longer, corrected_longer)
