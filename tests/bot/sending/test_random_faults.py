"""Whatever fails at random, every item is there once."""

from __future__ import annotations

import random

import pytest

from bot.model import Truth
from bot.sending import Sender
from bot.store import Store
from tests.bot.conftest import SetClock
from tests.bot.sending.conftest import Questions
from tests.bot.sending.samples import UNCLEAR, titles
from tests.emulator import (
    Chat,
    Emulator,
    bad_request,
    conflict,
    flood,
    forbidden,
    unauthorized,
)
from tests.store.samples import ANNA, CHANNEL, item, post_of, queued

ANYWHERE = [
    *UNCLEAR.values(),
    flood(2),
    conflict(),
    forbidden(),
    unauthorized(),
    bad_request("chat not found"),
    bad_request("can't parse entities"),
]
METHODS = ["sendMessage", "sendMessage", "forwardMessage", "deleteMessage", "editMessageText"]


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_fails_wherever_the_channel_shows_what_is_wanted_once(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    seed: int,
) -> None:
    chance = random.Random(seed)
    await queued(store, 1)
    await sender.drain()
    channel.can_delete = seed % 2 == 0
    for number in range(2, 12):
        await queued(store, number)
        for _ in range(chance.randrange(3)):
            telegram.inject(chance.choice(METHODS), chance.choice(ANYWHERE))
        if chance.random() < 0.4:
            labelled = chance.randrange(1, number + 1)
            await store.labels.add(labelled, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
        if chance.random() < 0.3:
            await store.labels.undo(ANNA, at=clock())
        await sender.drain()
        clock.advance(seconds=chance.choice([1, 30, 100]))
    telegram.heal()
    for _ in range(20):
        clock.advance(seconds=400)
        await sender.drain()
    assert await store.posts.pending(CHANNEL) == []
    posts = [await post_of(store, number) for number in range(1, 12)]
    seen = [link for message in channel.visible for link in message.links]
    assert sorted(seen) == sorted(item(post.item_id).url for post in posts if post.wanted)


@pytest.mark.parametrize("seed", range(3))
async def test_through_random_failures_every_item_is_there_exactly_once(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    questions: Questions,
    seed: int,
) -> None:
    chance = random.Random(seed)
    await queued(store, 1)
    await sender.drain()
    for number in range(2, 16):
        await queued(store, number)
        fault = chance.choice([*UNCLEAR.values(), flood(2), None, None])
        if fault is not None:
            telegram.inject(chance.choice([*["sendMessage"] * 5, "forwardMessage"]), fault)
        await sender.drain()
        clock.advance(seconds=chance.choice([1, 30, 100]))
    for _ in range(40):
        clock.advance(seconds=100)
        await sender.drain()
    assert await store.posts.pending(CHANNEL) == []
    assert sorted(titles(channel)) == sorted(item(number).title for number in range(1, 16))
    assert questions.asked == []
