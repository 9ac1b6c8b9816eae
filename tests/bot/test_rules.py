"""Which texts a phrase rule speaks of, and how long it takes to find out."""

from __future__ import annotations

from time import process_time

import pytest

from bot.errors import CommandError
from bot.model import Decision
from bot.rulebook import Rulebook
from bot.rules import MOST_WORDS, Phrase, PhraseRule

LONG = 100_000


def book(*written: str, decision: Decision = Decision.REJECT) -> Rulebook:
    """Return a rule for each phrase, numbered from 1."""
    return Rulebook(
        PhraseRule(number, Phrase.parse(one), decision) for number, one in enumerate(written, 1)
    )


def speaks_of(written: str, text: str) -> bool:
    return book(written).find(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Объявлен сбор средств",
        "Сбору средств помогли соседи",
        "о СБОРАХ СРЕДСТВА, как пишут",
        "Сбор — средств!",
        "сбор\nсредств",
        "сбор\u00ad сре\u00adдств",
        "сбoр средств",  # with a Latin letter
    ],
)
def test_a_phrase_is_found_in_any_form_and_case(text: str) -> None:
    assert speaks_of("«сбор средств»", text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "сбор",
        "средств сбор",
        "сбор и средств",
        "автосбор средств",
        "сборная средств",
        "средства",
    ],
)
def test_a_phrase_is_found_where_all_its_words_stand_side_by_side(text: str) -> None:
    assert not speaks_of("«сбор средств»", text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("ёлка", "Елку нарядили"),
        ("елка", "Нарядили ёлку"),
        ("ребенок", "Детям и ребёнку"),
        ("Крюкозубов", "Дом Крюкозубова стоит у реки"),  # no dictionary has it
        ("covid-19", "Против COVID-19"),
        ("10 000", "10 000 рублей"),
    ],
)
def test_yo_is_ye_and_unknown_words_have_forms_too(phrase: str, text: str) -> None:
    assert speaks_of(phrase, text)


def test_a_word_is_known_by_its_most_frequent_reading_as_the_lemmatizer_has_it() -> None:
    assert not speaks_of("сталь", "Они стали чемпионами")
    assert speaks_of("стать", "Они стали чемпионами")


@pytest.mark.parametrize("written", ['"дети"', "=дети", "=«дети»"])
def test_an_exact_phrase_is_found_in_its_own_form_only(written: str) -> None:
    assert speaks_of(written, "Дети нашли щенка")
    assert not speaks_of(written, "У детей праздник")


def test_a_star_stands_for_up_to_three_words() -> None:
    phrase = "сбор * лечение"
    assert speaks_of(phrase, "сбор лечение")
    assert speaks_of(phrase, "объявлен сбор на лечение")
    assert speaks_of(phrase, "сбора денег на срочное лечение")
    assert not speaks_of(phrase, "сбор денег на очень срочное лечение")
    assert not speaks_of(phrase, "лечение и сбор")


def test_a_star_between_several_words_keeps_all_of_them() -> None:
    assert speaks_of('"в больнице * после аварии"', "в больнице трое после аварии")
    assert not speaks_of('"в больнице * после аварии"', "в больнице трое после сна")
    assert not speaks_of('"в больнице * после аварии"', "в больнице")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", "no words"),
        ("«—»", "no words"),
        ("*", "no words"),
        ("* дом", "both sides"),
        ("дом *", "both sides"),
        ("дом * в * лесу", "one *"),
        ("до* лес", "parts of a word"),
        ("дом*лес", "parts of a word"),
        ("дом *лес", "parts of a word"),
        ("дом** лес", "parts of a word"),
        ("слово " * (MOST_WORDS + 1), f"At most {MOST_WORDS} words"),
        ("с" * 4000, "letters"),
    ],
)
def test_what_is_no_phrase_is_refused_with_the_reason(written: str, told: str) -> None:
    with pytest.raises(CommandError) as refused:
        Phrase.parse(written)
    assert told in refused.value.reply


@pytest.mark.parametrize(
    "written", ["Сбор, средств!", "«сбор * ёлок»", '"Он сказал"', "=стали", "погиб* * дороге"]
)
def test_a_phrase_reads_its_own_text_back(written: str) -> None:
    phrase = Phrase.parse(written)
    assert Phrase.parse(phrase.text, exact=phrase.exact) == phrase
    assert Phrase.parse(str(phrase)) == phrase


def test_of_several_rules_one_that_rejects_decides_and_then_the_oldest() -> None:
    accept, reject = Decision.ACCEPT, Decision.REJECT
    rules = [
        PhraseRule(1, Phrase.parse("урожай"), accept),
        PhraseRule(3, Phrase.parse("сбор урожая"), reject),
        PhraseRule(2, Phrase.parse('"сбор"'), reject),
    ]
    found = Rulebook(rules)
    text = "Начался сбор урожая"
    assert [rule.id for rule in found.matching(text)] == [1, 2, 3]
    assert found.find(text) == rules[2]
    assert found.find("Урожай убрали") == rules[0]
    assert found.find("Ничего") is None


def test_a_book_without_rules_speaks_of_nothing() -> None:
    assert Rulebook().find("Любой текст") is None


def five_hundred() -> list[str]:
    """Return phrases of every kind that share their words with each other."""
    words = ["сбор", "дом", "река", "мост", "город", "школа", "беда", "сад", "хлеб", "лес"]
    pairs = [(one, other) for one in words for other in words]
    return [
        *(f"{one} {other}" for one, other in pairs),
        *(f"{one} * {other} {one}" for one, other in pairs),
        *(f'"{one} {other} * {other}"' for one, other in pairs),
        *(f"{one} {one} {one} {one} {other} {one} {one} {other}" for one, other in pairs),
        *(f"{one} {other} {one} * {one} {one} {one} {other}" for one, other in pairs),
    ]


@pytest.mark.parametrize(
    "piece",
    [
        "сбор ",  # every word begins a hundred phrases, and most of them go on
        "сбор дом река мост ",
        "дом дом дом дом дом дом дом мост ",
        "а",  # one word
        "* ",
        "сбор\u0301",
        "\u0301",
        "<",
        "&#1089;",
        "ъэщюфжвы щъэыфюя ",  # what no dictionary has
    ],
)
def test_five_hundred_rules_on_a_hundred_thousand_characters_take_bounded_time(
    piece: str,
) -> None:
    found = book(*five_hundred())
    text = (piece * LONG)[:LONG]
    found.find("разогрев")
    began = process_time()
    found.find(text)
    assert process_time() - began < 3


def test_many_different_unknown_words_cost_no_lemmatizing() -> None:
    text = " ".join(f"щъэ{number:x}фю" for number in range(LONG // 8)).translate(
        str.maketrans("0123456789abcdef", "абвгдежзиклмнопр")
    )
    found = book(*five_hundred())
    began = process_time()
    assert found.find(text) is None
    assert process_time() - began < 1


@pytest.mark.parametrize("text", ["Погибший солдат", "ПОГИБЛИ двое", "погиб", "Нашли погибшего"])
@pytest.mark.parametrize("written", ["погиб*", "«погиб*»", "=погиб*"])
def test_a_stem_stands_for_every_word_that_begins_so(written: str, text: str) -> None:
    assert speaks_of(written, text)


def test_a_stem_stands_beside_other_words_and_at_no_other_place_of_a_word() -> None:
    assert speaks_of("авари* * погиб*", "Авария на мосту: погибших нет")
    assert not speaks_of("авари* погиб*", "Авария на мосту: погибших нет")
    assert not speaks_of("гиб*", "Погибших нет")


def test_the_words_that_a_rule_speaks_of_are_quoted() -> None:
    assert book("«стали»").quote("Чемпионом он скоро станет") == "станет"
    assert book("=мост * день", "река").quote("Мост на реку; день") == "мост на реку день"
    assert book("дорога").quote("Ничего такого") == ""
