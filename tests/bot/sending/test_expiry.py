"""What could not be posted for too long is given up, and can be asked for again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.states import state_line
from bot.model import PostState, Truth
from bot.sending import Appearance, Sender
from bot.store import Store
from bot.telegram import Application, TelegramChannel
from tests.bot.conftest import SetClock
from tests.bot.sending.conftest import Questions
from tests.bot.sending.samples import OPTIONS, accepted, state_of, titles
from tests.emulator import Chat, Emulator, drop_after, forbidden
from tests.store.samples import ANNA, CHANNEL, NOW, item, post_of, queued


async def test_a_post_that_waited_too_long_is_given_up_and_the_fresh_one_goes_out(
    store: Store, sender: Sender, channel: Chat, clock: SetClock
) -> None:
    old = await queued(store, 1)
    clock.advance(hours=24)
    fresh = await accepted(store, 2, at=clock())
    await sender.drain()
    clock.advance(hours=1)
    await sender.drain()
    assert titles(channel) == [item(2).title]
    assert await state_of(store, old) is PostState.EXPIRED
    assert await state_of(store, fresh) is PostState.SENT
    entry = await store.ledger.entry(1)
    assert entry is not None
    assert "could not be posted for 24 hours" in state_line(entry)


async def test_posts_are_given_up_also_while_the_channel_is_closed(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    await queued(store)
    telegram.inject("sendMessage", forbidden(), times=None)
    for _ in range(30):
        await sender.drain()
        clock.advance(hours=1)
    assert (await post_of(store, 1)).state is PostState.EXPIRED
    assert len(telegram.calls_of("sendMessage")) <= 24


async def test_nothing_that_was_sent_or_may_have_been_is_given_up(
    store: Store, blind_sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    sent = await queued(store, 1)
    await blind_sender.drain()
    doubtful = await queued(store, 2)
    telegram.inject("sendMessage", drop_after())
    await blind_sender.drain()
    clock.advance(hours=100)
    await blind_sender.drain()
    assert await state_of(store, sent) is PostState.SENT
    assert await state_of(store, doubtful) is PostState.UNCERTAIN


async def test_a_post_that_an_operator_sends_again_is_new(
    store: Store,
    blind_sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    questions: Questions,
) -> None:
    post = await queued(store)
    telegram.inject("sendMessage", drop_after())
    await blind_sender.drain()
    telegram.delete_by_hand(channel.visible[0])
    clock.advance(hours=100)
    await blind_sender.drain()
    assert questions.asked == [post.id]
    attempt = (await post_of(store, 1)).sending_at
    assert await store.posts.send_again(post.id, attempt=attempt, at=clock())
    await blind_sender.drain()
    assert titles(channel) == [item(1).title]


@pytest.mark.parametrize("labelled_before", [False, True])
async def test_labelling_it_good_brings_a_given_up_post_back(
    store: Store, sender: Sender, channel: Chat, clock: SetClock, labelled_before: bool
) -> None:
    await queued(store)
    if labelled_before:
        await store.labels.add(1, Truth.GOOD, ANNA, chats=[CHANNEL], at=clock())
    clock.advance(hours=48)
    for _ in range(2):
        await sender.drain()
        clock.advance(hours=1)
    assert (await post_of(store, 1)).state is PostState.EXPIRED
    assert channel.visible == []
    await store.labels.add(1, Truth.GOOD, ANNA, chats=[CHANNEL], at=clock())
    await sender.drain()
    assert titles(channel) == [item(1).title]


async def test_the_days_in_which_a_post_was_unwanted_do_not_count(
    store: Store, sender: Sender, channel: Chat, clock: SetClock
) -> None:
    await queued(store)
    await store.labels.add(1, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    clock.advance(hours=48)
    await sender.drain()
    assert (await post_of(store, 1)).state is PostState.QUEUED
    await store.labels.undo(ANNA, at=clock())
    await sender.drain()
    assert titles(channel) == [item(1).title]


async def test_without_a_limit_everything_is_posted(
    application: Application, store: Store, channel: Chat, clock: SetClock
) -> None:
    options = replace(OPTIONS, expire=None)
    sender = Sender(TelegramChannel(application.bot, CHANNEL), store, options, now=clock)
    await queued(store)
    clock.advance(hours=24 * 365)
    await sender.drain()
    assert titles(channel) == [item(1).title]


async def test_posts_that_become_too_old_during_a_long_drain_are_given_up(
    application: Application, store: Store, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    options = replace(OPTIONS, expire=timedelta(minutes=5))
    sender = Sender(TelegramChannel(application.bot, CHANNEL), store, options, now=clock)
    at = clock()
    await accepted(store, 1, at=at)
    await accepted(store, 2, at=at, published=NOW - timedelta(hours=3))
    telegram.world.pulse.beat()
    original = telegram.world.add

    def slowly(message: object) -> object:
        clock.advance(minutes=6)
        return original(message)  # type: ignore[arg-type]

    telegram.world.add = slowly  # type: ignore[method-assign, assignment]
    await sender.drain()
    assert titles(channel) == [item(1).title]
    clock.advance(hours=1)
    await sender.drain()
    assert titles(channel) == [item(1).title]
    assert (await post_of(store, 2)).state is PostState.EXPIRED


async def test_a_limit_that_is_lifted_lets_out_what_was_about_to_be_given_up(
    store: Store, sender: Sender, channel: Chat, clock: SetClock
) -> None:
    await queued(store)
    clock.advance(hours=25)
    await sender.drain()
    assert channel.visible == []
    sender.adopt(replace(OPTIONS, expire=None), Appearance())
    await sender.drain()
    assert titles(channel) == [item(1).title]
