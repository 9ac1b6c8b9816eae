"""The first post ever: no earlier message is known."""

from __future__ import annotations

from bot.model import PostState
from bot.sending import Sender
from bot.store import Store
from tests.bot.conftest import SetClock
from tests.bot.sending.conftest import Questions
from tests.bot.sending.samples import state_of, titles
from tests.emulator import (
    Chat,
    Emulator,
    drop_after,
    drop_before,
)
from tests.store.samples import item, queued


async def test_the_first_post_ever_is_found_before_the_next_one(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    for n in range(100):
        telegram.post_as_admin(channel, f"до нас {n}")
    first = await queued(store, 1)
    telegram.inject("sendMessage", drop_after())
    await sender.drain()
    await queued(store, 2)
    await sender.drain()
    clock.advance(seconds=90)
    await sender.drain()
    assert await state_of(store, first) is PostState.SENT
    assert titles(channel)[100:] == [item(1).title, item(2).title]


async def test_the_first_post_ever_is_not_sent_again_if_it_is_not_found(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    clock: SetClock,
    questions: Questions,
) -> None:
    first = await queued(store, 1)
    telegram.inject("sendMessage", drop_before())
    await sender.drain()
    clock.advance(seconds=90)
    await sender.drain()
    assert questions.asked == [first.id]
    assert len(telegram.calls_of("sendMessage")) == 1


async def test_in_a_new_channel_nobody_is_asked_about_the_first_post_once_there_is_another(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    questions: Questions,
) -> None:
    first = await queued(store, 1)
    telegram.inject("sendMessage", drop_before())
    await sender.drain()
    await queued(store, 2)
    await sender.drain()
    clock.advance(seconds=90)
    await sender.drain()
    assert questions.asked == []
    assert await state_of(store, first) is PostState.SENT
    assert titles(channel) == [item(2).title, item(1).title]


async def test_in_a_channel_with_a_past_somebody_is_asked_about_the_first_post(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    questions: Questions,
) -> None:
    for number in range(100):
        telegram.post_as_admin(channel, f"до нас {number}")
    first = await queued(store, 1)
    telegram.inject("sendMessage", drop_before())
    await sender.drain()
    await queued(store, 2)
    await sender.drain()
    clock.advance(seconds=90)
    await sender.drain()
    assert questions.asked == [first.id]
    assert titles(channel)[100:] == [item(2).title]
