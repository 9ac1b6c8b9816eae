"""The usual way of a post."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.model import PostState, Reason
from bot.sending import Sender
from bot.store import Store
from bot.telegram import Application, TelegramChannel
from tests.bot.sending.samples import OPTIONS, state_of, titles
from tests.emulator import (
    Chat,
    Emulator,
    Hold,
    flood,
)
from tests.store.samples import CHANNEL, item, judged, post_of, queued


async def test_an_accepted_item_is_posted_with_a_link_to_it(
    store: Store, sender: Sender, channel: Chat
) -> None:
    post = await queued(store)
    await sender.drain()
    (message,) = channel.visible
    assert message.links == [item(1).url]
    sent = await post_of(store, post.item_id)
    assert (sent.state, sent.message_id) == (PostState.SENT, message.id)


async def test_nothing_but_accepted_items_is_posted(
    store: Store, sender: Sender, channel: Chat
) -> None:
    await judged(store, Reason.BAD, 1)
    await judged(store, Reason.UNSURE, 2)
    await sender.drain()
    assert channel.visible == []


async def test_posts_go_out_in_the_order_they_were_accepted(
    store: Store, sender: Sender, channel: Chat
) -> None:
    for number in (1, 2, 3):
        await queued(store, number)
    await sender.drain()
    assert titles(channel) == [item(number).title for number in (1, 2, 3)]


async def test_the_intent_is_recorded_before_the_request_leaves(
    store: Store, sender: Sender, telegram: Emulator
) -> None:
    await queued(store, 1)
    await sender.drain()
    post = await queued(store, 2)
    slow = Hold()
    telegram.inject("sendMessage", slow)
    sending = asyncio.create_task(sender.drain())
    await slow.reached.wait()
    meanwhile = await post_of(store, post.item_id)
    assert (meanwhile.state, meanwhile.floor_id) == (PostState.SENDING, 1)
    slow.release()
    await sending
    assert await state_of(store, post) is PostState.SENT


async def test_a_running_sender_sends_when_woken_and_ends_what_it_began(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await sender.resting.wait()
    await queued(store, 1)
    sender.wake()
    await sender.resting.wait()
    assert titles(channel) == [item(1).title]
    slow = Hold()
    telegram.inject("sendMessage", slow)
    post = await queued(store, 2)
    await queued(store, 3)
    sender.wake()
    await slow.reached.wait()
    stop.set()
    slow.release()
    await running
    assert await state_of(store, post) is PostState.SENT
    assert len(channel.visible) == 2


async def test_a_running_sender_goes_on_by_itself_when_a_post_is_due_again(
    application: Application, store: Store, telegram: Emulator, channel: Chat
) -> None:
    # By the clock on the wall, what was accepted long ago is too old.
    options = replace(OPTIONS, expire=None)
    sender = Sender(TelegramChannel(application.bot, CHANNEL), store, options)
    await queued(store)
    telegram.inject("sendMessage", flood(1))
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await telegram.wait_for_post(channel)
    stop.set()
    await running
    assert len(telegram.calls_of("sendMessage")) == 2
