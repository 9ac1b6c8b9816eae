"""/stats in chat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest

from bot.commands import Desk, add_handlers
from bot.model import Reason
from bot.routing import Routing
from bot.store import Store
from bot.telegram import Application, poll
from tests.bot.conftest import SetClock
from tests.emulator import Emulator, User
from tests.emulator.photos import size_of
from tests.store.samples import CHANNEL, judged

ROUTING = Routing(tags={"gazeta": frozenset({"gazeta"})}, wanted={CHANNEL: None})


def nobody() -> None:
    """Wake nobody."""


@pytest.fixture
def operator(telegram: Emulator) -> User:
    return telegram.add_user(7001, "operator one")


@pytest.fixture
async def bot(
    application: Application, store: Store, operator: User, clock: SetClock
) -> AsyncIterator[None]:
    zone = ZoneInfo("Asia/Vladivostok")
    add_handlers(
        application, Desk(store, frozenset({operator.id}), ROUTING, nobody, clock, zone=zone)
    )
    stop = asyncio.Event()
    polling = asyncio.create_task(poll(application, stop))
    yield
    stop.set()
    await polling


async def test_the_answer_is_a_picture_with_the_main_figures_below(
    bot: None, store: Store, operator: User
) -> None:
    await judged(store, Reason.GOOD, 1)
    await judged(store, Reason.BAD, 2)
    reply = await operator.ask("/stats")
    assert reply.photo is not None
    assert size_of(reply.photo) == (1080, 1500)
    assert "Items: 2\nAccepted: 1\nRejected: 1 (bad 1)\nPosts: 0" in reply.text
    assert "Threshold: 0.50" in reply.text


async def test_days_are_those_of_the_channel_s_zone_and_may_be_asked_for(
    bot: None, store: Store, operator: User
) -> None:
    await judged(store, Reason.GOOD)
    # 13:30 in London is half past eleven in the evening in Vladivostok.
    assert (await operator.ask("/stats 1")).text.startswith("March 9, 2024\nItems: 1")
    assert (await operator.ask("/stats 90")).text.startswith("Dec 11, 2023 – Mar 9, 2024")


async def test_moments_are_told_in_the_channel_s_zone(bot: None, operator: User) -> None:
    await operator.ask("/stats 1")
    # The clock of the tests stands at half past one in London.
    assert "9 Mar 23:30 · " in (await operator.ask("/log all")).text


async def test_without_any_news_there_is_a_picture_all_the_same(bot: None, operator: User) -> None:
    reply = await operator.ask("/stats")
    assert reply.photo
    assert "Items: 0" in reply.text


@pytest.mark.parametrize("words", ["0", "91", "7 8", "-1", "week", "1" * 4000])
async def test_what_makes_no_sense_is_answered_in_words(
    bot: None, operator: User, words: str
) -> None:
    reply = await operator.ask(f"/stats {words}")
    assert reply.photo is None
    assert reply.text


async def test_a_group_without_pictures_gets_the_words(
    bot: None, telegram: Emulator, operator: User
) -> None:
    office = telegram.add_group("office", takes_photos=False)
    reply = await operator.ask("/stats", chat=office)
    assert reply.photo is None
    assert "Items: 0" in reply.text


async def test_the_answer_is_in_the_language_of_who_asks(bot: None, telegram: Emulator) -> None:
    telegram.world.chats.pop(7001)
    russian = telegram.add_user(7001, "оператор", language="ru")
    assert "Новостей: 0" in (await russian.ask("/stats")).text


async def test_strangers_get_no_figures(bot: None, telegram: Emulator) -> None:
    stranger = telegram.add_user(666, "stranger")
    reply = await stranger.ask("/stats")
    assert reply.photo is None
    assert "Items" not in reply.text
