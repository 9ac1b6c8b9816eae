from __future__ import annotations

import pytest

from classifier.text import Cleaner
from classifier.text.clean import Keep
from tests.scrapers.growth import assert_grows_with_length

_BARE = Cleaner(lemmas=False)


def _words(cleaner: Cleaner, text: str) -> list[str]:
    return list(cleaner.words(text))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("<p>Новый<br>мост</p>", ["новый", "мост"]),
        ("мост<script>alert('дождь')</script> открыт", ["мост", "открыт"]),
        ("<style>p {color: red}</style>мост", ["мост"]),
        ("мост<!-- дождь --> открыт", ["мост", "открыт"]),
        ("«мост»&nbsp;&laquo;открыт&raquo;", ["мост", "открыт"]),
        ("&amp;lt;b&amp;gt;мост", ["мост"]),
        ("&lt;b&gt;мост&lt;/b&gt;", ["мост"]),
        ("дождь <script> и мост", ["дождь", "и", "мост"]),
        ("5 < 7 и 9 > 8", ["5", "7", "и", "9", "8"]),
    ],
)
def test_markup_goes_and_the_text_stays(raw: str, words: list[str]) -> None:
    assert _words(_BARE, raw) == words


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/a?b=1#в",
        "www.example.com",
        "t.me/example",
        "news@example.com",
        "@example_bot",
    ],
)
def test_addresses_go_are_marked_or_stay(address: str) -> None:
    text = f"мост {address} дождь"
    assert _words(_BARE, text) == ["мост", "дождь"]
    marked = Cleaner(lemmas=False, marks=True, addresses=Keep.MARK)
    assert _words(marked, text) == ["мост", "@", "дождь"]
    assert len(_words(Cleaner(addresses=Keep.WHOLE), text)) > 2


def test_control_and_invisible_characters_go() -> None:
    assert _words(_BARE, "мо\u00adст\x00до\u200bждь\ufeff\x1fве\u0301тер") == [
        "мост",
        "дождь",
        "ветер",
    ]


def test_letters_written_in_two_parts_are_joined() -> None:
    assert _words(_BARE, "и\u0306од ё\u0301лка е\u0308лка") == ["йод", "елка", "елка"]


def test_lower_case_and_yo_are_flags() -> None:
    assert _words(Cleaner(lemmas=False), "Ёлка") == ["елка"]
    assert _words(Cleaner(lemmas=False, yo=False), "Ёлка") == ["ёлка"]
    assert _words(Cleaner(lemmas=False, lower=False), "Ёлка") == ["Елка"]
    assert _words(Cleaner(lemmas=False, lower=False, yo=False), "Ёлка") == ["Ёлка"]


def test_lemmas_are_a_flag() -> None:
    assert _words(Cleaner(), "Открыли новые мосты") == ["открыть", "новый", "мост"]
    assert _words(_BARE, "Открыли новые мосты") == ["открыли", "новые", "мосты"]


def test_the_yo_that_a_lemma_brings_is_folded_too() -> None:
    assert _words(Cleaner(), "шел") == _words(Cleaner(), "шёл")


def test_marks_are_words_only_if_wanted() -> None:
    text = "Дождь? Да, 100%! 😀"
    assert _words(Cleaner(marks=True), text) == [
        *("дождь", "?", "да", ",", "100", "%", "!", "😀"),
    ]
    assert _words(Cleaner(), text) == ["дождь", "да", "100"]


def test_numbers_are_kept_told_by_their_length_or_dropped() -> None:
    text = "в 2021 году 7 мостов"
    assert _words(Cleaner(lemmas=False), text) == ["в", "2021", "году", "7", "мостов"]
    assert _words(Cleaner(lemmas=False, numbers=Keep.MARK), text) == [
        *("в", "0000", "году", "0", "мостов"),
    ]
    assert _words(Cleaner(lemmas=False, numbers=Keep.DROP), text) == ["в", "году", "мостов"]


def test_latin_letters_that_hide_in_russian_words_are_found() -> None:
    disguised = "Зapaбoтoк"  # half of its letters are Latin
    assert not disguised.isascii()
    assert _words(Cleaner(look_alikes=True), disguised) == ["заработок"]
    assert _words(Cleaner(), disguised) != ["заработок"]


def test_foreign_words_are_not_taken_for_a_disguise() -> None:
    cleaner = Cleaner(lemmas=False, look_alikes=True)
    assert _words(cleaner, "cat iPhone-а") == ["cat", "iphone-а"]


def test_stop_words_are_a_flag() -> None:
    text = "Мост и дождь над ними"
    assert _words(Cleaner(stop_words=True), text) == ["мост", "дождь"]
    assert "и" in _words(Cleaner(), text)


def test_words_with_a_hyphen_stay_whole() -> None:
    assert _words(_BARE, "онлайн-игра - это") == ["онлайн-игра", "это"]


@pytest.mark.parametrize(
    "piece",
    [
        *("<", "</", "< ", "<a", "<a ", "&#", "&", "<script></script ", "a.", "a@b."),
        *("<script>", "<!--", "<a href=", "&amp;", "a@", "слово", "https://", "-а", "</script"),
        *("а" + "\u0301" * 50, "😀", "—"),
    ],
)
def test_a_megabyte_of_anything_is_cleaned_in_time_that_grows_with_its_length(piece: str) -> None:
    assert_grows_with_length(lambda count: Cleaner().clean(piece * count), 500_000 // len(piece))


@pytest.mark.parametrize("digits", ["9" * 10_000, "0" * 10_000 + "65", "9" * 100])
def test_an_endless_number_of_a_character_is_no_character(digits: str) -> None:
    assert _words(_BARE, f"мост&#{digits}; &#{digits}дождь") == ["мост", "дождь"]
    assert _words(_BARE, "&#1084;&#x43e;ст") == ["мост"]


@pytest.mark.parametrize("marks", ["\u0301", "\u0591", "\U0001e8d0", "\u0301\u0316", "\u302e"])
def test_marks_on_one_letter_are_cleaned_in_time_that_grows_with_their_number(marks: str) -> None:
    text = "а" + marks * (60_000 // len(marks))
    assert_grows_with_length(lambda count: Cleaner().clean(text[:count]), 30_000)


def test_as_many_marks_as_any_language_needs_stay() -> None:
    letter = "\u05d1" + "\u05b0\u05bc\u0591" * 10
    assert len(_BARE.clean(letter)) == len(letter)
    assert len(_BARE.clean(letter + "\u0591" * 50)) == len(letter)


def test_emoji_and_dashes_in_a_row_are_no_marks() -> None:
    assert _BARE.clean("—" * 100 + "😀" * 100) == "—" * 100 + "😀" * 100
