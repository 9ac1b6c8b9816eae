"""A clock that is set back while something waits."""

from __future__ import annotations

import pytest

from bot.model import PostState
from bot.sending import Sender
from bot.store import Store
from bot.telegram import Application, TelegramChannel
from tests.bot.conftest import SetClock
from tests.bot.sending.samples import OPTIONS, state_of, titles
from tests.emulator import Chat, Emulator, drop_after, flood
from tests.store.samples import CHANNEL, item, queued

YEARS = 24 * 365 * 10


async def test_a_flood_limit_of_a_wrong_clock_does_not_last_for_years(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    clock.advance(hours=20)
    await queued(store)
    telegram.inject("sendMessage", flood(30))
    await sender.drain()
    clock.advance(hours=-20)
    await sender.drain()
    assert channel.visible == []
    clock.advance(hours=20, seconds=30)
    await sender.drain()
    assert titles(channel) == [item(1).title]


async def test_the_quarantine_of_a_wrong_clock_begins_anew(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    await queued(store, 1)
    await sender.drain()
    clock.advance(hours=YEARS)
    post = await queued(store, 2)
    await store.posts.begin_sending(post.id, at=clock(), floor_id=1)
    await store.posts.recover(not_before=clock())
    clock.advance(seconds=-1)
    await store.posts.delay(
        post.id, state=PostState.UNCERTAIN, not_before=clock(), error="no answer"
    )
    clock.advance(hours=-YEARS)
    await sender.drain()
    assert telegram.calls_of("forwardMessage") == []
    clock.advance(seconds=91)
    await sender.drain()
    assert titles(channel) == [item(1).title, item(2).title]
    assert await state_of(store, post) is PostState.SENT


async def test_a_clock_set_back_in_the_quarantine_doubles_nothing(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    await queued(store, 1)
    await sender.drain()
    post = await queued(store, 2)
    telegram.inject("sendMessage", drop_after())
    await sender.drain()
    clock.advance(hours=-1)
    await sender.drain()
    assert telegram.calls_of("forwardMessage") == []
    clock.advance(hours=1, seconds=90)
    await sender.drain()
    assert titles(channel) == [item(1).title, item(2).title]
    assert await state_of(store, post) is PostState.SENT


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_clock_that_is_a_day_ahead_for_a_while_gives_nothing_up(
    application: Application,
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    restarted: bool,
) -> None:
    await queued(store)
    telegram.inject("sendMessage", flood(60))
    await sender.drain()
    clock.advance(hours=25)
    await sender.drain()
    assert channel.visible == []
    clock.advance(hours=-25, minutes=10)
    if restarted:
        sender = Sender(TelegramChannel(application.bot, CHANNEL), store, OPTIONS, now=clock)
    await sender.drain()
    assert titles(channel) == [item(1).title]
