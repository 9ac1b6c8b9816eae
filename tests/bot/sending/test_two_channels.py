"""Channels do not hear of each other's troubles."""

from __future__ import annotations

import asyncio

import pytest

from bot.model import PostState
from bot.sending import Sender, recover
from bot.store import Store
from bot.telegram import Application, TelegramChannel
from tests.bot.conftest import SetClock
from tests.bot.sending.samples import OPTIONS, accepted, titles
from tests.emulator import Chat, Emulator, Hold, drop_after, flood
from tests.store.samples import CHANNEL, item

OTHER = "@other_news"
BOTH = (CHANNEL, OTHER)


@pytest.fixture
def other(telegram: Emulator) -> Chat:
    return telegram.add_channel(OTHER)


@pytest.fixture
def senders(
    application: Application, store: Store, clock: SetClock, channel: Chat, scratch: Chat
) -> list[Sender]:
    """The senders of two channels that look for their posts in the same chat."""
    targets = (TelegramChannel(application.bot, c, scratch_chat=str(scratch.id)) for c in BOTH)
    return [Sender(target, store, OPTIONS, now=clock) for target in targets]


async def test_a_flood_limit_of_one_channel_is_not_the_others(
    store: Store, senders: list[Sender], telegram: Emulator, channel: Chat, other: Chat
) -> None:
    for number in (1, 2, 3):
        await accepted(store, number, chats=BOTH)
    telegram.inject("sendMessage", flood(600), when=lambda call: call["chat_id"] == CHANNEL)
    await asyncio.gather(*(sender.drain() for sender in senders))
    assert channel.visible == []
    assert len(other.visible) == 3


async def test_a_slow_answer_in_one_channel_does_not_hold_up_the_other(
    store: Store, senders: list[Sender], telegram: Emulator, channel: Chat, other: Chat
) -> None:
    for number in (1, 2):
        await accepted(store, number, chats=BOTH)
    slow = Hold()
    telegram.inject("sendMessage", slow, when=lambda call: call["chat_id"] == CHANNEL)
    first = asyncio.create_task(senders[0].drain())
    await slow.reached.wait()
    await senders[1].drain()
    assert len(other.visible) == 2
    slow.release()
    await first
    assert len(channel.visible) == 2


async def test_never_are_two_requests_on_their_way_to_one_channel(
    store: Store, senders: list[Sender], telegram: Emulator, channel: Chat, other: Chat
) -> None:
    for number in range(1, 6):
        await accepted(store, number, chats=BOTH)
    slow = Hold()
    telegram.inject("sendMessage", slow, when=lambda call: call["chat_id"] == CHANNEL)
    draining = asyncio.gather(*(sender.drain() for sender in senders))
    await slow.reached.wait()
    senders[0].wake()
    await telegram.wait_for_post(other, count=5)
    sent = [c for c in telegram.calls_of("sendMessage") if c.parameters["chat_id"] == CHANNEL]
    assert len(sent) == 1
    slow.release()
    await draining


async def test_what_both_were_sending_when_the_process_died_is_found_in_each(
    store: Store,
    senders: list[Sender],
    telegram: Emulator,
    channel: Chat,
    other: Chat,
    clock: SetClock,
) -> None:
    await accepted(store, 1, chats=BOTH)
    for sender in senders:
        await sender.drain()
    telegram.post_as_admin(other, "объявление")
    await accepted(store, 2, chats=BOTH)
    telegram.inject("sendMessage", drop_after(), times=2)
    await asyncio.gather(*(sender.drain() for sender in senders))
    assert await recover(store, OPTIONS, now=clock) == []
    clock.advance(seconds=90)
    await asyncio.gather(*(sender.drain() for sender in senders))
    assert titles(channel) == [item(1).title, item(2).title]
    assert titles(other) == [item(1).title, "объявление", item(2).title]
    entry = await store.ledger.entry(2)
    assert entry is not None
    assert [(p.state, p.message_id) for p in entry.posts] == [
        (PostState.SENT, 2),
        (PostState.SENT, 3),
    ]
