"""The fast way of a text to its ids gives what the plain way gives."""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from classifier.text import Cleaner, TextPipeline, TextVectorization
from classifier.text.clean import Keep
from classifier.text.keras_tokenizer import KerasTokenizer, Side
from classifier.text.memory import PieceMemory
from classifier.text.text_vectorization import Standardize

WORDS = (
    *(
        "",
        "[UNK]",
        "дождь",
        "мост",
        "открыть",
        "новый",
        "в",
        "город",
        "дом",
        "0000",
        "2024",
        "дети",
    ),
    *(
        "ребенок",
        "ребёнок",
        "человек",
        "идти",
        "хороший",
        "@",
        ".",
        ",",
        "!",
        "«",
        "»",
        "-",
        "iphone",
    ),
)
# Whatever might make a piece depend on its neighbours: marks, signs that join, spaces of all kinds.
PARTS = (
    *("дождь", "Мост", "открыли", "НОВЫЙ", "в", "городе", "дома", "2024", "детей", "ребёнком"),
    *("пошёл", "лучше", "людьми", "iPhone", "мocт", "й", "\u0301", "и\u0306", "е\u0308", "\u00ad"),
    *("\u200b", "\ufeff", "\x00", "\x1c", "\x85", "\u2028", "\u2000", "\u00a0", "\u3000", "\ufe0f"),
    *("<b>", "</b>", "<", ">", "<!--", "-->", "<script>", "</script>", "&nbsp;", "&amp;lt;", "&"),
    *(
        "https://",
        "HTTP://",
        "www.",
        "WwW.",
        "t.me/",
        "@",
        "@name",
        "a@b.ru",
        "/",
        ".",
        ",",
        "-",
        "--",
    ),
    *(
        "!",
        "«",
        "»",
        '"',
        "'",
        "_",
        "🙂",
        "①",
        "²",
        "0",
        "7",
        "x",
        "\n",
        "\r\n",
        "\t",
        " ",
        " ",
        " ",
    ),
)
INDEX = {word: place for place, word in enumerate(WORDS[2:], 1)}
TOKENIZERS: list[dict[str, Any]] = [
    {},
    {"unknown": 99, "truncating": Side.POST},
    {"unknown": 99, "num_words": 8, "padding": Side.POST},
    {"lower": False, "filters": "абв"},
    {"split": "о"},
    {"char_level": True, "unknown": 99},
]
STORIES = (
    "В городе открыли новый мост.\nПо мосту, который строили 3 года, пошли первые пешеходы!",
    "<p>Дети&nbsp;посадили <b>120</b> деревьев</p> у школы №&nbsp;5 — «лучший двор» района.",
    "Скидка 50%! Пишите на shop@example.ru или @shop_bot, https://example.ru/a?b=1, www.example.ru",
    "Марка &amp;amp;lt;b&amp;amp;gt;мост, трижды записанная",
    "Дождь, дождь и ещё раз дождь… " * 40,
    "мocт и гopoд латинскими буквами, б\u0301олота с ударе\u0301нием, сло\u00adво с переносом",
)


def pipelines() -> list[TextPipeline]:
    switches = ("markup", "controls", "look_alikes", "lower", "lemmas", "yo", "marks", "stop_words")
    everything = Cleaner(**dict.fromkeys(switches, True))
    cleaners = [Cleaner(), everything, Cleaner(**dict.fromkeys(switches, False))]
    cleaners += [replace(everything, **{switch: False}) for switch in switches]
    cleaners += [
        replace(everything, addresses=addresses, numbers=numbers)
        for addresses, numbers in itertools.product(Keep, Keep)
    ]
    pipelines = [TextPipeline(cleaner, TextVectorization(WORDS, 12)) for cleaner in cleaners]
    for standardize in Standardize:
        for length in (1, 12, None):
            vectorizer = TextVectorization(WORDS, length, standardize)
            pipelines.append(TextPipeline(everything, vectorizer))
    pipelines += [
        TextPipeline(everything, KerasTokenizer(INDEX, 12, **settings)) for settings in TOKENIZERS
    ]
    return pipelines


def plain(pipeline: TextPipeline, texts: list[str]) -> list[list[int]]:
    return pipeline.vectorizer.ids([pipeline.words(text) for text in texts]).tolist()


@pytest.mark.parametrize("pipeline", pipelines())
def test_remembered_ids_are_those_of_the_plain_way(pipeline: TextPipeline) -> None:
    source = random.Random(3)
    texts = ["".join(source.choices(PARTS, k=source.randrange(40))) for _ in range(200)]
    texts += [*STORIES, "", " \n\u2003 "]
    expected = plain(pipeline, texts)
    assert pipeline.ids(texts).tolist() == expected
    assert pipeline.ids(texts).tolist() == expected, "and once they are remembered"


def test_no_more_words_of_an_endless_piece_are_cleaned_than_are_read() -> None:
    cleaned: list[str] = []

    class Counted(Cleaner):
        def words(self, text: str) -> Iterator[str]:
            for word in super().words(text):
                cleaned.append(word)
                yield word

    vectorizer = TextVectorization(WORDS, 3)
    pipeline = TextPipeline(Counted(marks=True), vectorizer)
    ids = pipeline.ids(["!" * 1000])
    assert len(cleaned) == 3
    assert ids.tolist() == plain(TextPipeline(Cleaner(marks=True), vectorizer), ["!" * 1000])


def test_a_piece_is_read_once() -> None:
    read: list[str] = []
    memory = PieceMemory(lambda piece: (read.append(piece), (len(piece),))[1], needed=None)
    assert memory.ids("дождь и мост") == memory.ids("мост\nи  дождь ")[::-1] == [5, 1, 4]
    assert read == ["дождь", "и", "мост"]


def test_only_the_pieces_that_count_are_read() -> None:
    read: list[str] = []
    memory = PieceMemory(lambda piece: (read.append(piece), (1,) * piece.count("я"))[1], needed=3)
    assert memory.ids("я - я - - - - яя я я") == [1, 1, 1]
    assert read == ["я", "-", "яя"], "the second «я» and «-» are known, the last two do not count"


def test_long_pieces_are_not_kept() -> None:
    read: list[str] = []
    memory = PieceMemory(lambda piece: (read.append(piece), (1,))[1], needed=None)
    for _ in range(2):
        memory.ids("я" * 1000)
    assert len(read) == 2


def test_a_full_memory_begins_anew() -> None:
    read: list[str] = []
    memory = PieceMemory(lambda piece: (read.append(piece), (1,))[1], needed=None, room=2)
    assert memory.ids("а б а в а") == [1] * 5
    assert read == ["а", "б", "в", "а"]


def test_a_text_that_gives_no_words_is_read_in_one_go() -> None:
    pipeline = TextPipeline(Cleaner(), TextVectorization(WORDS, 100))
    assert not pipeline.ids(["@name " * 200_000]).any()


def test_threads_share_a_memory() -> None:
    pipeline = TextPipeline(Cleaner(), TextVectorization(WORDS, 100))
    source = random.Random(5)
    texts = [" ".join(source.choices(PARTS, k=60)) for _ in range(100)]
    expected = np.array(plain(pipeline, texts))
    answers: list[bool] = []

    def score() -> None:
        answers.append(np.array_equal(pipeline.ids(texts), expected))

    threads = [threading.Thread(target=score) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 4
