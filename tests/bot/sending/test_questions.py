"""What nobody can find out is asked."""

from __future__ import annotations

import pytest

from bot.errors import NotSent
from bot.model import PostState
from bot.sending import REMINDER, Sender
from bot.store import Store
from bot.telegram import Application, TelegramChannel
from tests.bot.conftest import SetClock
from tests.bot.sending.conftest import Questions
from tests.bot.sending.samples import OPTIONS, accepted, state_of, titles
from tests.emulator import (
    Chat,
    Emulator,
    bad_request,
    drop_after,
    server_error,
)
from tests.store.samples import item, queued


async def test_without_a_scratch_chat_the_operators_are_asked_and_nothing_is_sent_again(
    store: Store,
    blind_sender: Sender,
    telegram: Emulator,
    clock: SetClock,
    questions: Questions,
) -> None:
    post = await queued(store)
    telegram.inject("sendMessage", drop_after())
    await blind_sender.drain()
    assert questions.asked == []
    for _ in range(5):
        clock.advance(seconds=90)
        await blind_sender.drain()
    assert questions.asked == [post.id]
    clock.advance(seconds=REMINDER.total_seconds())
    await blind_sender.drain()
    assert questions.asked == [post.id, post.id]
    assert await state_of(store, post) is PostState.UNCERTAIN
    assert len(telegram.calls_of("sendMessage")) == 1


async def test_a_question_that_did_not_reach_the_operators_is_asked_later(
    store: Store,
    blind_sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    questions: Questions,
) -> None:
    post = await queued(store, 1)
    telegram.inject("sendMessage", drop_after())
    await blind_sender.drain()
    questions.trouble = NotSent("no connection")
    clock.advance(seconds=90)
    await queued(store, 2)
    await blind_sender.drain()
    assert len(channel.visible) == 2
    clock.advance(seconds=90)
    await blind_sender.drain()
    questions.trouble = None
    clock.advance(minutes=1)
    await blind_sender.drain()
    assert questions.asked == [post.id]


async def test_a_channel_that_protects_its_posts_is_not_probed(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    questions: Questions,
) -> None:
    channel.protected = True
    await queued(store, 1)
    await sender.drain()
    post = await queued(store, 2)
    telegram.inject("sendMessage", drop_after())
    await sender.drain()
    clock.advance(seconds=90)
    await sender.drain()
    assert questions.asked == [post.id]
    assert telegram.calls_of("forwardMessage") == []


async def test_messages_that_cannot_be_looked_at_are_never_taken_for_missing(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    clock: SetClock,
    questions: Questions,
) -> None:
    await queued(store, 1)
    await sender.drain()
    post = await queued(store, 2)
    telegram.inject("sendMessage", drop_after())
    await sender.drain()
    telegram.inject("forwardMessage", bad_request("message can't be forwarded"))
    clock.advance(seconds=90)
    await sender.drain()
    assert questions.asked == [post.id]
    assert len(telegram.calls_of("sendMessage")) == 2


async def test_probes_that_keep_failing_end_in_a_question(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    clock: SetClock,
    questions: Questions,
) -> None:
    await queued(store, 1)
    await sender.drain()
    post = await queued(store, 2)
    telegram.inject("sendMessage", drop_after())
    await sender.drain()
    telegram.inject("forwardMessage", server_error(), times=None)
    for _ in range(10):
        clock.advance(hours=1)
        await sender.drain()
    assert questions.asked == [post.id]
    assert 1 < len(telegram.calls_of("forwardMessage")) < 10


@pytest.mark.parametrize("kind", ["supergroup", "group", "private"])
async def test_in_a_chat_that_is_no_channel_nothing_is_looked_for_and_nothing_sent_twice(
    application: Application,
    store: Store,
    telegram: Emulator,
    scratch: Chat,
    clock: SetClock,
    questions: Questions,
    kind: str,
) -> None:
    group = telegram.add_group("Новости района")
    group.type = kind
    target = TelegramChannel(application.bot, str(group.id), scratch_chat=str(scratch.id))
    sender = Sender(target, store, OPTIONS, ask=questions, now=clock)
    await accepted(store, 1, chats=(str(group.id),))
    await sender.drain()
    post = await accepted(store, 2, chats=(str(group.id),))
    telegram.inject("sendMessage", drop_after())
    await sender.drain()
    for _ in range(3):
        clock.advance(seconds=90)
        await sender.drain()
    assert titles(group) == [item(1).title, item(2).title]
    assert questions.asked == [post.id]
    assert telegram.calls_of("forwardMessage") == []
