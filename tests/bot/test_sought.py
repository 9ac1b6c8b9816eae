"""Words are found in any form, whatever their case, and nothing written is a wildcard."""

from __future__ import annotations

import pytest

from bot.errors import CommandError
from bot.sought import MOST_LETTERS, Sought

TEXT = "В Заречье открыли НОВЫЙ мост. Ёлки посадили вдоль 12-го шоссе, 100% готово."


@pytest.mark.parametrize(
    "written",
    ["мост", "Мосты", "моста", "новые мосты", "елка", "ёлок", "зареч", "12", "100", "мост мост"],
)
def test_what_is_there_in_some_form_is_found(written: str) -> None:
    assert Sought.parse(written).finder()(TEXT)


@pytest.mark.parametrize("written", ["беда", "мост беда", "остров", "речье", "паром"])
def test_what_is_not_there_is_not_found(written: str) -> None:
    assert not Sought.parse(written).finder()(TEXT)


@pytest.mark.parametrize(
    ("written", "is_found"),
    [
        ("«открыли новый мост»", True),
        ('"Открыли  новый мост. елки"', True),
        ("«новые мосты»", False),
        ("«мост новый»", False),
        ("«100%»", True),
        ("«1__%»", False),
    ],
)
def test_what_is_quoted_is_found_as_it_stands(written: str, is_found: bool) -> None:
    assert Sought.parse(written).finder()(TEXT) is is_found


@pytest.mark.parametrize("written", ["", "%", "_ __", "«»", "…", "а " * 200, " ".join("абвгдежзи")])
def test_what_has_no_words_or_too_many_is_refused(written: str) -> None:
    with pytest.raises(CommandError):
        Sought.parse(written)


def test_no_pattern_has_a_wildcard_that_was_written() -> None:
    for found in Sought.parse("100%_готово\\").patterns():
        for pattern in found:
            assert pattern.startswith("%")
            assert pattern.endswith("%")
            assert "%" not in pattern[1:-1]
            assert "\\" not in pattern


def test_the_longest_word_is_looked_for_like_any_other() -> None:
    assert Sought.parse("щ" * MOST_LETTERS).finder()("щ" * MOST_LETTERS)
