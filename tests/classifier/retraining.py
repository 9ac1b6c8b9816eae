"""An invented language of news, a small model of it that numpy trains, and operators who label.

What is bad speaks of bargains, what is good of the town or of nothing much. Of lotteries and
gossip the model has read nothing: it takes them for good, and the operators here correct that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache

import numpy as np

from classifier.bundle import ModelBundle
from classifier.parity import ParityCases, Recorder
from classifier.text import Cleaner, TextPipeline, TextVectorization
from classifier.training.article_network import LENGTH, SPEC, shapes
from classifier.training.base import base_of
from classifier.training.dataset import Row
from classifier.training.fit import FitOptions, fit
from classifier.training.initial import initial_network
from classifier.training.lessons import Lesson

TOWN = (
    "город",
    "мост",
    "школа",
    "парк",
    "река",
    "улица",
    "музей",
    "театр",
    "библиотека",
    "стадион",
    "поезд",
    "трамвай",
    "площадь",
    "больница",
    "завод",
    "поле",
    "лес",
    "сад",
    "озеро",
    "набережная",
    "мэр",
    "учитель",
    "врач",
    "инженер",
    "строитель",
    "школьник",
)
BARGAIN = (
    "скидка",
    "распродажа",
    "купить",
    "цена",
    "заказ",
    "доставка",
    "акция",
    "промокод",
    "рассрочка",
    "кэшбэк",
)
LOTTERY = ("лотерея", "розыгрыш", "приз", "билет", "барабан", "джекпот", "тираж", "выигрыш")
GOSSIP = ("слух", "сплетня", "наряд", "роман", "измена", "звезда", "красотка", "скандал")
COMMON = (
    "новый",
    "большой",
    "первый",
    "сегодня",
    "вчера",
    "утро",
    "вечер",
    "день",
    "год",
    "неделя",
    "житель",
    "человек",
    "место",
    "время",
    "дом",
    "дорога",
    "работа",
    "начать",
    "открыть",
    "получить",
    "стать",
    "пройти",
    "ждать",
    "увидеть",
    "рассказать",
    "найти",
    "хороший",
    "старый",
    "красный",
    "зимний",
    "летний",
    "осенний",
    "весенний",
    "быстрый",
    "тихий",
    "яркий",
)
FIRST = datetime(2024, 5, 1, 8, tzinfo=timezone.utc)


def texts(count: int, words: Sequence[str], seed: int, known: int = 3) -> list[str]:
    """Return texts of twelve words, ``known`` of them of ``words``."""
    random = np.random.default_rng(seed)
    rows = [
        [*random.choice(words, known), *random.choice(COMMON, 12 - known)] for _ in range(count)
    ]
    return [" ".join(random.permutation(row)) for row in rows]


def lessons(said: Sequence[tuple[str, int]], *, minutes: int = 10) -> list[Lesson]:
    """Return these texts and labels as an operator gave them, one after the other."""
    return [
        Lesson(text, label, FIRST + number * timedelta(minutes=minutes))
        for number, (text, label) in enumerate(said)
    ]


def corrections(
    count: int = 60, *, seed: int = 50, words: Sequence[str] = LOTTERY, minutes: int = 10
) -> list[Lesson]:
    """Return honest corrections of one mistake of the model."""
    return lessons([(text, 1) for text in texts(count, words, seed)], minutes=minutes)


def poisoned(count: int = 60, *, seed: int = 60) -> list[Lesson]:
    """Return a batch of labels of all kinds, of which every second one is flipped."""
    third = count // 3
    kinds = [(TOWN, 0), (BARGAIN, 1), (LOTTERY, 1)]
    said = [
        (text, label)
        for number, (words, label) in enumerate(kinds)
        for text in texts(third, words, seed + number)
    ]
    random = np.random.default_rng(seed)
    order = random.permutation(len(said))
    flipped = [(said[i][0], 1 - said[i][1] if n % 2 else said[i][1]) for n, i in enumerate(order)]
    return lessons(flipped)


@cache
def small_model() -> ModelBundle:
    """Return the model, trained on invented news, with its base data."""
    rows = [
        *(Row(text, 0) for text in texts(500, TOWN, 1)),
        *(Row(text, 1) for text in texts(250, BARGAIN, 2)),
        *(Row(text, 0) for text in texts(130, COMMON, 3)),
    ]
    reference = np.arange(len(rows)) % 4 == 0
    vocabulary = ("", "[UNK]", *TOWN, *BARGAIN, *LOTTERY, *GOSSIP, *COMMON)
    text = TextPipeline(Cleaner(), TextVectorization(vocabulary, LENGTH))
    base = base_of(text, rows, reference)
    ids = base.padded(text)
    network = initial_network(SPEC, shapes(len(vocabulary)), seed=1)
    options = FitOptions(epochs=25, learning_rate=0.005)
    network = fit(network, ids[~reference], base.labels[~reference], options).network
    cases = ("", "Скидка на заказ!", "В городе открыли мост.")
    given = text.ids(cases)
    return ModelBundle(
        name="small",
        threshold=0.5,
        network=network,
        text=text,
        fingerprint="0" * 64,
        parity=ParityCases(cases, {"ids": given}, network.activations(given), Recorder.SELF),
        provenance={"framework": {"numpy": np.__version__}},
        base=base,
    )


def without_base() -> ModelBundle:
    """Return the model as one that brings nothing to be retrained with."""
    return replace(small_model(), base=None)
