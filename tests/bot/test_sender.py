from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.errors import NotSent
from bot.model import Entry, Post, PostState, Reason, Truth
from bot.sender import REMINDER, Sender, SenderOptions, recover
from bot.store import Store
from bot.telegram import Application, TelegramChannel
from tests.bot.conftest import SetClock
from tests.emulator import (
    Chat,
    Emulator,
    Fault,
    Hold,
    Message,
    bad_gateway,
    bad_request,
    drop_after,
    drop_before,
    flood,
    forbidden,
    server_error,
    truncate,
)
from tests.store.samples import ANNA, CHANNEL, item, judged, post_of, queued, record, verdict

OPTIONS = SenderOptions(per_minute=60_000, quarantine=timedelta(seconds=90))


@dataclass
class Questions:
    """Operators who are asked whether a post is there."""

    asked: list[int] = field(default_factory=list)
    trouble: NotSent | None = None

    async def __call__(self, post: Post, _entry: Entry) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.asked.append(post.id)


@pytest.fixture
def channel(telegram: Emulator) -> Chat:
    return telegram.add_channel(CHANNEL)


@pytest.fixture
def scratch(telegram: Emulator) -> Chat:
    return telegram.add_group("scratch")


@pytest.fixture
def questions() -> Questions:
    return Questions()


@pytest.fixture
def sender(
    application: Application,
    store: Store,
    clock: SetClock,
    channel: Chat,
    scratch: Chat,
    questions: Questions,
) -> Sender:
    """A sender that can look for its posts by way of a scratch chat."""
    target = TelegramChannel(application.bot, CHANNEL, scratch_chat=str(scratch.id))
    return Sender(target, store, OPTIONS, ask=questions, now=clock)


@pytest.fixture
def blind_sender(
    application: Application, store: Store, clock: SetClock, channel: Chat, questions: Questions
) -> Sender:
    """A sender without a scratch chat."""
    target = TelegramChannel(application.bot, CHANNEL)
    return Sender(target, store, OPTIONS, ask=questions, now=clock)


@pytest.fixture
async def hurried_bot(telegram: Emulator) -> AsyncIterator[Bot]:
    """A bot that soon gives up waiting for an answer."""
    request = HTTPXRequest(read_timeout=0.2, httpx_kwargs={"trust_env": False})
    yield Bot(telegram.token, f"{telegram.url}/bot", request=request)
    await request.shutdown()


async def state_of(store: Store, post: Post) -> PostState:
    return (await post_of(store, post.item_id)).state


def titles(channel: Chat) -> list[str]:
    return [message.text.partition("\n")[0] for message in channel.visible]


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


async def test_a_refused_post_fails_and_the_next_one_goes_out(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat
) -> None:
    refused, other = await queued(store, 1), await queued(store, 2)
    telegram.inject("sendMessage", bad_request("can't parse entities"))
    await sender.drain()
    assert await state_of(store, refused) is PostState.FAILED
    assert "parse entities" in (await post_of(store, refused.item_id)).error
    assert await state_of(store, other) is PostState.SENT


async def test_an_item_whose_address_cannot_be_linked_fails_and_the_next_one_goes_out(
    store: Store, sender: Sender, channel: Chat, clock: SetClock
) -> None:
    (odd,) = await record(store, item(1, url="https://gazeta.example/a b"))
    await store.ledger.record_verdict(odd, verdict(Reason.GOOD), [CHANNEL], at=clock())
    await queued(store, 2)
    await sender.drain()
    assert (await post_of(store, odd)).state is PostState.FAILED
    assert titles(channel) == [item(2).title]


@pytest.mark.parametrize(
    "fault", [forbidden(), bad_request("need administrator rights in the channel chat")]
)
async def test_a_closed_channel_loses_no_post(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    fault: Fault,
) -> None:
    await queued(store, 1)
    await queued(store, 2)
    telegram.inject("sendMessage", fault)
    await sender.drain()
    assert [post.state for post in await store.posts.pending(CHANNEL)] == [PostState.QUEUED] * 2
    assert len(telegram.calls_of("sendMessage")) == 1
    clock.advance(minutes=6)
    await sender.drain()
    assert len(channel.visible) == 2


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


UNCLEAR = {
    "dropped before the work": drop_before(),
    "dropped after the work": drop_after(),
    "500 without the work": server_error(),
    "500 after the work": server_error(done=True),
    "502 without the work": bad_gateway(),
    "502 after the work": bad_gateway(done=True),
    "half an answer": truncate(),
}


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


async def test_a_relabelled_post_is_removed_and_comes_back_when_the_label_is_undone(
    store: Store, sender: Sender, channel: Chat, clock: SetClock
) -> None:
    post = await queued(store)
    await sender.drain()
    await store.labels.add(post.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    await sender.drain()
    assert channel.visible == []
    assert await state_of(store, post) is PostState.REMOVED
    await store.labels.undo(ANNA, at=clock())
    await sender.drain()
    assert titles(channel) == [item(1).title]


async def test_a_post_labelled_bad_before_it_was_sent_stays_away(
    store: Store, sender: Sender, channel: Chat, clock: SetClock
) -> None:
    post = await queued(store)
    await store.labels.add(post.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    await sender.drain()
    assert channel.messages == {}


async def test_a_post_that_telegram_does_not_delete_is_blanked(
    store: Store, sender: Sender, channel: Chat, clock: SetClock
) -> None:
    post = await queued(store)
    await sender.drain()
    channel.can_delete = False
    await store.labels.add(post.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    await sender.drain()
    (message,) = channel.visible
    assert item(1).title not in message.text
    assert message.links == []
    assert await state_of(store, post) is PostState.REMOVED


async def blanked(store: Store, sender: Sender, channel: Chat, clock: SetClock) -> Message:
    """Let a post be removed that Telegram does not delete, then want it again; return it."""
    await queued(store)
    await sender.drain()
    (message,) = channel.visible
    channel.can_delete = False
    await store.labels.add(1, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    await sender.drain()
    assert item(1).title not in message.text
    await store.labels.undo(ANNA, at=clock())
    return message


async def test_a_blanked_post_that_is_wanted_again_comes_back_in_its_place(
    store: Store, sender: Sender, channel: Chat, clock: SetClock
) -> None:
    message = await blanked(store, sender, channel, clock)
    await sender.drain()
    assert channel.visible == [message]
    assert titles(channel) == [item(1).title]
    assert message.links == [item(1).url]
    post = await post_of(store, 1)
    assert (post.state, post.message_id) == (PostState.SENT, message.id)


@pytest.mark.parametrize("fault", [drop_after(), drop_before(), flood(3), server_error()])
async def test_bringing_a_blanked_post_back_is_tried_until_it_is_done(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    fault: Fault,
) -> None:
    message = await blanked(store, sender, channel, clock)
    telegram.inject("editMessageText", fault)
    await sender.drain()
    assert (await post_of(store, 1)).state is PostState.REMOVED
    clock.advance(minutes=1)
    await sender.drain()
    assert channel.visible == [message]
    assert titles(channel) == [item(1).title]
    assert (await post_of(store, 1)).state is PostState.SENT


async def test_a_post_that_may_have_come_back_is_removed_once_no_longer_wanted(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    message = await blanked(store, sender, channel, clock)
    telegram.inject("editMessageText", drop_after())
    await sender.drain()
    assert titles(channel) == [item(1).title]
    await store.labels.add(1, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    clock.advance(minutes=1)
    await sender.drain()
    assert item(1).title not in message.text
    assert (await post_of(store, 1)).state is PostState.REMOVED
    assert await store.posts.pending(CHANNEL) == []


async def test_a_blanked_post_that_cannot_be_edited_any_more_is_posted_anew(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    message = await blanked(store, sender, channel, clock)
    telegram.inject("editMessageText", bad_request("message can't be edited"))
    await sender.drain()
    assert titles(channel)[1:] == [item(1).title]
    assert (await post_of(store, 1)).message_id == message.id + 1


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


async def test_a_post_that_an_admin_deleted_counts_as_removed(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    post = await queued(store)
    await sender.drain()
    telegram.delete_by_hand(channel.visible[0])
    await store.labels.add(post.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    await sender.drain()
    assert await state_of(store, post) is PostState.REMOVED


@pytest.mark.parametrize("fault", [drop_after(), drop_before(), flood(3), server_error()])
async def test_a_removal_that_failed_is_made_again(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    fault: Fault,
) -> None:
    post = await queued(store)
    await sender.drain()
    await store.labels.add(post.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    telegram.inject("deleteMessage", fault)
    await sender.drain()
    clock.advance(minutes=1)
    await sender.drain()
    assert channel.visible == []
    assert await state_of(store, post) is PostState.REMOVED


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


async def test_a_running_sender_sends_when_woken_and_ends_what_it_began(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await queued(store, 1)
    sender.wake()
    await telegram.wait_for_post(channel)
    post = await queued(store, 2)
    slow = Hold()
    telegram.inject("sendMessage", slow)
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
    sender = Sender(TelegramChannel(application.bot, CHANNEL), store, OPTIONS)
    await queued(store)
    telegram.inject("sendMessage", flood(1))
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await telegram.wait_for_post(channel)
    stop.set()
    await running
    assert len(telegram.calls_of("sendMessage")) == 2


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
