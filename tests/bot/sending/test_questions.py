"""What nobody can find out is asked."""

from __future__ import annotations

from bot.errors import NotSent
from bot.model import PostState
from bot.sending import REMINDER, Sender
from bot.store import Store
from tests.bot.conftest import SetClock
from tests.bot.sending.conftest import Questions
from tests.bot.sending.samples import state_of
from tests.emulator import (
    Chat,
    Emulator,
    bad_request,
    drop_after,
    server_error,
)
from tests.store.samples import queued


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
