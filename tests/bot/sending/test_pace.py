"""How fast posts go out, and what slows them down."""

from __future__ import annotations

import asyncio
import time

from bot.model import PostState, Truth
from bot.sending import Appearance, Sender, SenderOptions
from bot.store import Store
from bot.telegram import Application, TelegramChannel
from tests.bot.conftest import SetClock
from tests.bot.sending.samples import titles
from tests.emulator import (
    Chat,
    Emulator,
    flood,
)
from tests.store.samples import ANNA, CHANNEL, item, post_of, queued


async def test_a_flood_answer_holds_the_whole_channel_back_for_as_long_as_asked(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    await queued(store, 1)
    await queued(store, 2)
    telegram.inject("sendMessage", flood(30))
    await sender.drain()
    clock.advance(seconds=29)
    await sender.drain()
    assert len(telegram.calls_of("sendMessage")) == 1
    clock.advance(seconds=1)
    await sender.drain()
    assert titles(channel) == [item(1).title, item(2).title]


async def test_another_pace_counts_from_the_moment_on(
    application: Application, store: Store, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    slow = SenderOptions(per_minute=1)
    sender = Sender(TelegramChannel(application.bot, CHANNEL), store, slow, now=clock)
    await queued(store, 1)
    await queued(store, 2)
    sending = asyncio.create_task(sender.drain())
    await telegram.wait_for_call("sendMessage")
    sender.adopt(SenderOptions(per_minute=60_000), Appearance())
    await asyncio.wait_for(sending, 30)
    assert titles(channel) == [item(1).title, item(2).title]


async def test_requests_keep_the_pace_that_was_set(
    application: Application, store: Store, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    options = SenderOptions(per_minute=200)
    sender = Sender(TelegramChannel(application.bot, CHANNEL), store, options, now=clock)
    for number in (1, 2, 3):
        await queued(store, number)
    began = time.monotonic()
    await sender.drain()
    _, second, third = (call.at for call in telegram.calls_of("sendMessage"))
    # They leave 0.3 s apart; on the way each may be held up, so they are not compared.
    assert second - began > 0.29
    assert third - began > 0.59


async def test_looking_for_a_removed_post_and_posting_it_anew_keep_the_pace(
    application: Application, store: Store, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    options = SenderOptions(per_minute=200)
    sender = Sender(TelegramChannel(application.bot, CHANNEL), store, options, now=clock)
    await queued(store)
    began = time.monotonic()
    await sender.drain()
    await store.labels.add(1, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    await sender.drain()
    await store.labels.undo(ANNA, at=clock())
    await sender.drain()
    (looked,), (_, sent) = telegram.calls_of("editMessageText"), telegram.calls_of("sendMessage")
    # They leave 0.3 s apart, the first two are the post and its removal.
    assert looked.at - began > 0.59
    assert sent.at - began > 0.89


async def test_a_server_that_is_away_is_tried_again_ever_more_slowly(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    post = await queued(store)
    pauses = []
    async with telegram.offline():
        for _ in range(4):
            await sender.drain()
            waiting = await post_of(store, post.item_id)
            assert waiting.state is PostState.QUEUED
            assert waiting.not_before is not None
            pauses.append(waiting.not_before - clock())
            clock.advance(seconds=pauses[-1].total_seconds())
    assert pauses == sorted(pauses)
    assert pauses[-1] > pauses[0]
    await sender.drain()
    assert len(channel.visible) == 1
