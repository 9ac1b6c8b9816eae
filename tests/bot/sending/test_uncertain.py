"""A post that may have arrived is looked for."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Bot

from bot.model import PostState, Reason
from bot.sending import Sender, recover
from bot.store import Store
from bot.telegram import TelegramChannel
from tests.bot.conftest import SetClock
from tests.bot.sending.samples import OPTIONS, UNCLEAR, state_of, titles
from tests.emulator import (
    Chat,
    Emulator,
    Fault,
    Hold,
    drop_after,
    drop_before,
)
from tests.store.samples import CHANNEL, item, post_of, queued, record, verdict


@pytest.mark.parametrize("fault", UNCLEAR.values(), ids=UNCLEAR.keys())
async def test_after_an_unclear_ending_a_post_is_looked_for_and_is_there_once(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    scratch: Chat,
    clock: SetClock,
    fault: Fault,
) -> None:
    await queued(store, 1)
    await sender.drain()
    post = await queued(store, 2)
    telegram.inject("sendMessage", fault)
    await sender.drain()
    assert await state_of(store, post) is PostState.UNCERTAIN
    clock.advance(seconds=89)
    await sender.drain()
    assert telegram.calls_of("forwardMessage") == []
    clock.advance(seconds=1)
    await sender.drain()
    assert titles(channel) == [item(1).title, item(2).title]
    assert await state_of(store, post) is PostState.SENT
    assert scratch.visible == []


async def test_a_commit_later_than_the_answer_was_awaited_is_found(
    store: Store,
    sender: Sender,
    hurried_bot: Bot,
    telegram: Emulator,
    channel: Chat,
    scratch: Chat,
    clock: SetClock,
) -> None:
    hurried = TelegramChannel(hurried_bot, CHANNEL, scratch_chat=str(scratch.id))
    await queued(store, 1)
    await sender.drain()
    post = await queued(store, 2)
    late = Hold(after=False)
    telegram.inject("sendMessage", late)
    await Sender(hurried, store, OPTIONS, now=clock).drain()
    assert await state_of(store, post) is PostState.UNCERTAIN
    late.release()
    await late.finished.wait()
    clock.advance(seconds=90)
    await sender.drain()
    assert titles(channel) == [item(1).title, item(2).title]


async def test_a_post_is_found_behind_other_admins_posts_and_deleted_ones(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    await queued(store, 1)
    await sender.drain()
    gone = [telegram.post_as_admin(channel, f"объявление {n}") for n in range(15)]
    telegram.post_as_admin(channel, "объявление, которое остаётся")
    post = await queued(store, 2)
    telegram.inject("sendMessage", drop_after())
    await sender.drain()
    for message in gone:
        telegram.delete_by_hand(message)
    clock.advance(seconds=90)
    await sender.drain()
    assert titles(channel).count(item(2).title) == 1
    assert await state_of(store, post) is PostState.SENT


async def test_the_same_words_by_another_admin_are_not_taken_for_our_post(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    await queued(store, 1)
    await sender.drain()
    post = await queued(store, 2)
    telegram.inject("sendMessage", drop_before())
    await sender.drain()
    telegram.post_as_admin(channel, item(2).title)
    clock.advance(seconds=90)
    await sender.drain()
    found = await post_of(store, post.item_id)
    assert channel.messages[found.message_id or 0].links == [item(2).url]


@pytest.mark.parametrize("url", ["https://газета.example", "https://gazeta.example/новость?x=а б"])
async def test_a_link_that_telegram_rewrote_is_recognised(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock, url: str
) -> None:
    await queued(store, 1)
    await sender.drain()
    url = url.replace(" ", "%20")
    (item_id,) = await record(store, item(2, url=url))
    await store.ledger.record_verdict(item_id, verdict(Reason.GOOD), [CHANNEL], at=clock())
    telegram.inject("sendMessage", drop_after())
    await sender.drain()
    clock.advance(seconds=90)
    await sender.drain()
    assert len(channel.visible) == 2
    assert (await post_of(store, item_id)).state is PostState.SENT


async def test_a_post_left_half_sent_by_a_dead_process_is_found(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    await queued(store, 1)
    await sender.drain()
    post = await queued(store, 2)
    killed = Hold()
    telegram.inject("sendMessage", killed)
    sending = asyncio.create_task(sender.drain())
    await killed.reached.wait()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    killed.release()
    assert await state_of(store, post) is PostState.SENDING

    assert [found.id for found in await recover(store, OPTIONS, now=clock)] == [post.id]
    await sender.drain()
    assert await state_of(store, post) is PostState.UNCERTAIN
    clock.advance(seconds=90)
    await sender.drain()
    assert titles(channel) == [item(1).title, item(2).title]
