"""A word is looked up in lower case, then by its lemma, and by what it is made of; its capitals
are told before it."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest

from classifier import BundleMismatch
from classifier.documents import Document
from classifier.text import Cleaner, TextPipeline, WordForms
from classifier.text.clean import Keep
from classifier.text.settings import pipeline_from_json, pipeline_to_json
from classifier.text.vectorizers import MOST_IDS
from tests.classifier.test_memory import PARTS, STORIES

SPECIAL = ("", "[UNK]", "[LATIN]", "[TITLE]", "[UPPER]")
WORDS = (
    *SPECIAL,
    *("новости", "~новость", "мосты", "~мост", "город", "~еж", "nasa", "~~", "0", "!"),
)
PADDING, UNKNOWN, LATIN, TITLE, UPPER = range(5)
CLEANER = Cleaner(
    addresses=Keep.MARK,
    look_alikes=True,
    lower=False,
    lemmas=False,
    marks=True,
    numbers=Keep.MARK,
)


def vectorizer(length: int = 6) -> WordForms:
    return WordForms(WORDS, length)


@pytest.mark.parametrize(
    ("word", "entry"),
    [
        ("новости", "новости"),
        ("мосты", "мосты"),
        ("новостями", "~новость"),
        ("мосту", "~мост"),
        ("ежом", "~еж"),
        ("ёжик", "[UNK]"),
        ("городов", "[UNK]"),  # the form is known, its lemma is no entry
        ("снег", "[UNK]"),
        ("nasa", "nasa"),
        ("esa", "[LATIN]"),
        ("2024", "[LATIN]"),
        ("covid-вакцина", "[UNK]"),
        ("0", "0"),
        ("!", "!"),
        ("—", "[UNK]"),
    ],
)
def test_a_word_is_looked_up_ever_more_loosely(word: str, entry: str) -> None:
    assert vectorizer().entry(word) == entry
    assert vectorizer().look_up([word]) == (WORDS.index(entry),)


@pytest.mark.parametrize(
    ("word", "mark", "entry"),
    [
        ("Новости", TITLE, "новости"),
        ("НОВОСТИ", UPPER, "новости"),
        ("Новостью", TITLE, "~новость"),
        ("NASA", UPPER, "nasa"),
        ("iPhone", None, "[LATIN]"),
        ("Ёжик", TITLE, "[UNK]"),
        ("Я", TITLE, "[UNK]"),
        ("ГОСТ-2", UPPER, "[UNK]"),
        ("Санкт-Петербург", TITLE, "[UNK]"),
    ],
)
def test_capitals_are_told_before_the_word(word: str, mark: int | None, entry: str) -> None:
    assert vectorizer().entry(word) == entry
    before = () if mark is None else (mark,)
    assert vectorizer().look_up([word]) == (*before, WORDS.index(entry))


def test_a_lemma_has_no_dots_above_its_e() -> None:
    assert [vectorizer().entry(word) for word in ("ёж", "еж", "ежом")] == ["~еж"] * 3


@pytest.mark.parametrize(
    ("word", "entry"),
    [
        ("~новость", "[UNK]"),
        ("~мост", "[UNK]"),
        ("~Мост", "[UNK]"),
        ("~~", "[LATIN]"),
        ("[UNK]", "[LATIN]"),
        ("[LATIN]", "[LATIN]"),
        ("[TITLE]", "[LATIN]"),
        ("", "[LATIN]"),
    ],
)
def test_no_word_names_an_entry_that_stands_for_others(word: str, entry: str) -> None:
    assert vectorizer().entry(word) == entry


def test_short_rows_are_padded_and_long_ones_cut_at_the_end() -> None:
    ids = vectorizer(3).ids([["город"], [], ["город", "снег", "nasa", "город"], ["я", "ты", "Мы"]])
    assert ids.tolist() == [
        [WORDS.index("город"), PADDING, PADDING],
        [PADDING, PADDING, PADDING],
        [WORDS.index("город"), UNKNOWN, WORDS.index("nasa")],
        [UNKNOWN, UNKNOWN, TITLE],
    ]


def test_words_end_at_any_white_space_and_no_more_are_given_than_are_read() -> None:
    words = vectorizer(4).words(" Мост\u00a0и\n город у реки")
    assert words == ["Мост", "и", "город"], "the capital takes a place, too"
    assert vectorizer(4).words("мост и Город у реки") == ["мост", "и", "Город"]


def test_every_entry_has_an_id_below_the_count_of_ids() -> None:
    one = vectorizer()
    assert one.id_count == len(WORDS)
    rows = [entry.lstrip("~") for entry in WORDS]
    assert max(one.look_up(rows)) < one.id_count


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "vocabulary"),
        (("", "[UNK]", "мост"), "мост"),
        (("[UNK]", "", "[LATIN]", "[TITLE]", "[UPPER]"), "vocabulary"),
        ((*SPECIAL, "мост", "город", "мост"), "'мост' twice"),
        ((*SPECIAL, "[UNK]"), r"'\[UNK\]' twice"),
    ],
)
def test_a_vocabulary_that_gives_wrong_ids_is_refused(words: tuple[str, ...], told: str) -> None:
    with pytest.raises(BundleMismatch, match=told):
        WordForms(words, 4)


@pytest.mark.parametrize("length", [0, -1, MOST_IDS + 1])
def test_rows_that_cannot_be_made_are_refused(length: int) -> None:
    with pytest.raises(BundleMismatch, match="length"):
        WordForms(WORDS, length)


# -- in a bundle -----------------------------------------------------------------------


def written(pipeline: TextPipeline) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(json.dumps(pipeline_to_json(pipeline)))
    return content


def test_a_bundle_keeps_length_and_vocabulary() -> None:
    pipeline = TextPipeline(CLEANER, vectorizer())
    content = written(pipeline)
    assert content["vectorizer"] == {"kind": "word_forms", "length": 6, "vocabulary": list(WORDS)}
    assert pipeline_from_json(Document("text.json", content)) == pipeline


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"length": None}, "length"),
        ({"length": "6"}, "length"),
        ({"length": 0}, "length"),
        ({"vocabulary": ["", "[UNK]"]}, "vocabulary"),
        ({"vocabulary": [*SPECIAL, 3]}, "vocabulary"),
        ({"lower": True}, "lower"),
    ],
)
def test_a_bundle_that_was_tampered_with_is_refused(changed: dict[str, Any], told: str) -> None:
    content = written(TextPipeline(CLEANER, vectorizer()))
    content["vectorizer"] |= changed
    with pytest.raises(BundleMismatch, match=told):
        pipeline_from_json(Document("text.json", content))


# -- raw texts -------------------------------------------------------------------------


@pytest.mark.parametrize("length", [1, 12, 100])
@pytest.mark.parametrize(
    "cleaner", [CLEANER, Cleaner(), replace(CLEANER, marks=False, numbers=Keep.DROP), None]
)
def test_remembered_pieces_give_the_ids_of_the_plain_way(
    cleaner: Cleaner | None, length: int
) -> None:
    pipeline = TextPipeline(cleaner, vectorizer(length))
    source = random.Random(7)
    parts = [*PARTS, *WORDS, "Новостью", "МОСТАМИ", "~мост ", "[UNK] "]
    texts = ["".join(source.choices(parts, k=source.randrange(40))) for _ in range(200)]
    texts += [*STORIES, "", " \n\u2003 "]
    expected = pipeline.vectorizer.ids([pipeline.words(text) for text in texts]).tolist()
    assert pipeline.ids(texts).tolist() == expected
    assert pipeline.ids(texts).tolist() == expected, "and once they are remembered"


def test_the_case_of_a_raw_word_counts() -> None:
    ids = TextPipeline(CLEANER, vectorizer(4)).ids(["Новости, новости!", "<b>МОСТ</b> 12"])
    assert ids[0, :2].tolist() == [TITLE, WORDS.index("новости")]
    assert ids[1, :2].tolist() == [UPPER, WORDS.index("~мост")]
