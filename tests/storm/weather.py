"""What is in the air at random: trouble on the way to Telegram, and news."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.emulator import (
    Fault,
    bad_gateway,
    conflict,
    drop_after,
    drop_before,
    flood,
    server_error,
    truncate,
)
from tests.newsserver import Story

FAULTS: tuple[Callable[[], Fault], ...] = (
    drop_before,
    drop_after,
    truncate,
    server_error,
    lambda: server_error(done=True),
    bad_gateway,
    lambda: bad_gateway(done=True),
    lambda: flood(1),
    conflict,
)
WORDS = """
школа мост сад библиотека ярмарка дорога парк музей театр стадион больница вокзал пристань площадь
фонтан каток бассейн оркестр выставка фестиваль урожай яблоня пекарня мастерская трамвай автобус
велосипед набережная лодка маяк телескоп планетарий зоопарк заповедник журавль лосось бобёр косуля
пчела медведь ребёнок учитель врач пожарный садовник плотник художник музыкант архитектор инженер
студент ветеран сосед гость деревня город район область остров берег озеро родник лес роща поле луг
гора перевал открыть построить посадить починить вырастить подарить собрать спасти найти вернуть
украсить осветить праздник юбилей конкурс победа рекорд медаль премия книга картина песня спектакль
"""
METHODS = (
    *("sendMessage",) * 6,
    "getMe",
    "getUpdates",
    "deleteMessage",
    "forwardMessage",
    "getChat",
    "answerCallbackQuery",
)


def story(number: int, chance: Random) -> Story:
    """Return a story that is like no other: a reprint would not be posted."""
    text = " ".join(chance.sample(WORDS.split(), 16))
    return Story(f"novost-{number}", f"Новость {number}: {text[:40]}", text)
