"""A post that nobody sees the end of again and again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channel import Message
from bot.model import PostState, Truth
from bot.sending import Appearance, Sender
from bot.sending.carrier import MOST_DOUBTS, MOST_PICTURES
from bot.store import Store
from bot.telegram import Application, TelegramChannel
from tests.bot.conftest import SetClock
from tests.bot.sending.conftest import Questions
from tests.bot.sending.samples import OPTIONS, state_of, titles
from tests.emulator import Chat, Emulator, Fault, bad_gateway, drop_before, server_error
from tests.emulator.photos import PNG
from tests.store.samples import ANNA, CHANNEL, item, post_of, queued


async def illustrate(message: Message, _source: str) -> Message:
    return replace(message, photo=PNG, caption=message.html)


@pytest.fixture
def sender(
    application: Application,
    store: Store,
    clock: SetClock,
    channel: Chat,
    scratch: Chat,
    questions: Questions,
) -> Sender:
    """A sender of posts that all have a picture."""
    target = TelegramChannel(application.bot, CHANNEL, scratch_chat=str(scratch.id))
    looks = Appearance(illustrate=illustrate)
    return Sender(target, store, OPTIONS, appearance=looks, ask=questions, now=clock)


async def let_pass(sender: Sender, clock: SetClock, *, times: int) -> None:
    for _ in range(times):
        await sender.drain()
        clock.advance(minutes=10)


@pytest.mark.parametrize("fault", [server_error(), bad_gateway(), drop_before()])
async def test_a_picture_that_never_arrives_does_not_cost_the_post(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock, fault: Fault
) -> None:
    await queued(store, 1)
    await sender.drain()
    post = await queued(store, 2)
    telegram.calls.clear()
    telegram.inject("sendPhoto", fault, times=None)
    await let_pass(sender, clock, times=2 * MOST_PICTURES + 1)
    assert titles(channel) == [item(1).title, item(2).title]
    assert len(telegram.calls_of("sendPhoto")) == MOST_PICTURES
    assert await state_of(store, post) is PostState.SENT
    telegram.heal()
    await queued(store, 3)
    await sender.drain()
    assert channel.visible[-1].photo == PNG


async def test_a_post_that_never_arrives_is_asked_about_at_last(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    questions: Questions,
) -> None:
    await queued(store, 1)
    await sender.drain()
    post = await queued(store, 2)
    for method in ("sendPhoto", "sendMessage"):
        telegram.inject(method, server_error(), times=None)
    telegram.calls.clear()
    await let_pass(sender, clock, times=3 * MOST_DOUBTS)
    sent = telegram.calls_of("sendPhoto") + telegram.calls_of("sendMessage")
    assert len(sent) == MOST_DOUBTS
    assert questions.asked == [post.id]
    telegram.heal()
    attempt = (await post_of(store, post.item_id)).sending_at
    assert await store.posts.send_again(post.id, attempt=attempt, at=clock())
    await sender.drain()
    assert titles(channel) == [item(1).title, item(2).title]


async def test_a_process_that_dies_with_each_picture_sends_the_text_at_last(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    await queued(store, 1)
    await sender.drain()
    post = await queued(store, 2)
    for _ in range(MOST_PICTURES):
        assert await store.posts.begin_sending(post.id, at=clock(), floor_id=1)
        assert await store.posts.recover(not_before=clock())
        assert await store.posts.requeue(post.id)
    await sender.drain()
    assert [message.photo for message in channel.visible] == [PNG, None]


async def test_labelling_a_post_that_failed_good_gives_it_its_picture_again(
    store: Store, sender: Sender, channel: Chat, clock: SetClock
) -> None:
    post = await queued(store, 1)
    for _ in range(MOST_PICTURES):
        assert await store.posts.begin_sending(post.id, at=clock(), floor_id=0)
        assert await store.posts.recover(not_before=clock())
        assert await store.posts.requeue(post.id)
    await store.posts.record_failed(post.id, "refused")
    await store.labels.add(1, Truth.GOOD, ANNA, chats=[CHANNEL], at=clock())
    await sender.drain()
    assert [message.photo for message in channel.visible] == [PNG]
