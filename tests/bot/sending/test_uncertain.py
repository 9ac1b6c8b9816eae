"""A post that may have arrived is looked for."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Bot

from bot.channel import Message
from bot.model import PostState, Reason
from bot.render import CAPTION_LIMIT, LIMIT
from bot.sending import Sender, recover
from bot.store import Store
from bot.telegram import Application, TelegramChannel
from bot.telegram.search import MISSING_RUN
from bot.telegram.wordings import as_plain_text, is_worded_as
from tests.bot.conftest import SetClock
from tests.bot.sending.conftest import Questions
from tests.bot.sending.samples import OPTIONS, UNCLEAR, state_of, titles
from tests.emulator import (
    Chat,
    Emulator,
    Fault,
    Hold,
    drop_after,
    drop_before,
    flood,
    server_error,
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


async def test_a_link_that_another_admin_shared_is_not_taken_for_our_post_and_operators_are_asked(
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
    telegram.inject("sendMessage", drop_before())
    await sender.drain()
    telegram.post_as_admin(channel, f"Рекомендуем: {item(2).title}\n{item(2).url}")
    clock.advance(seconds=90)
    await sender.drain()
    assert await state_of(store, post) is PostState.UNCERTAIN
    assert questions.asked == [post.id]


async def test_our_post_is_found_behind_a_link_that_another_admin_shared(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    await queued(store, 1)
    await sender.drain()
    telegram.post_as_admin(channel, f"Рекомендуем: {item(2).title}\n{item(2).url}")
    await queued(store, 2)
    telegram.inject("sendMessage", drop_after())
    await sender.drain()
    clock.advance(seconds=90)
    await sender.drain()
    found = await post_of(store, 2)
    assert (found.state, found.message_id) == (PostState.SENT, channel.last_id)


@pytest.mark.parametrize("limit", [LIMIT, CAPTION_LIMIT])
def test_a_post_that_went_out_without_markup_has_our_words(limit: int) -> None:
    message = Message(f"<b>Мост</b>\n\n{'слово ' * 650}", item(2).url)
    assert is_worded_as(as_plain_text(message, limit), message)


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


async def test_a_search_that_was_held_off_goes_on_where_it_stopped_and_holds_nothing_up(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    await queued(store, 1)
    await sender.drain()
    for number in range(5):
        telegram.post_as_admin(channel, f"объявление {number}")
    post = await queued(store, 2)
    telegram.inject("sendMessage", drop_after())
    await sender.drain()
    await queued(store, 3)
    fourth = "5"
    telegram.inject(
        "forwardMessage", flood(600), when=lambda call: str(call["message_id"]) == fourth
    )
    clock.advance(seconds=90)
    await sender.drain()
    assert await state_of(store, post) is PostState.UNCERTAIN
    assert titles(channel)[-1] == item(3).title
    clock.advance(seconds=600)
    await sender.drain()
    assert await state_of(store, post) is PostState.SENT
    looked_at = [int(call.parameters["message_id"]) for call in telegram.calls_of("forwardMessage")]
    assert looked_at == [2, 3, 4, 5, 5, 6, 7]


async def test_our_other_posts_are_never_looked_at(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    await queued(store, 1)
    await sender.drain()
    await queued(store, 2)
    telegram.inject("sendMessage", drop_before())
    await sender.drain()
    for number in range(3, 6):
        await queued(store, number)
    await sender.drain()
    clock.advance(seconds=90)
    await sender.drain()
    looked_at = {int(call.parameters["message_id"]) for call in telegram.calls_of("forwardMessage")}
    assert looked_at.isdisjoint({2, 3, 4})
    assert titles(channel)[-1] == item(2).title


async def test_a_server_that_loses_every_answer_does_not_bring_every_post_in_doubt(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    for number in range(1, 41):
        await queued(store, number)
    telegram.inject("sendMessage", server_error(), times=None)
    for _ in range(60):
        await sender.drain()
        clock.advance(seconds=1)
    assert 2 < len(telegram.calls_of("sendMessage")) < 8
    telegram.heal()
    while await store.posts.pending(CHANNEL):
        clock.advance(seconds=60)
        await sender.drain()
    assert sorted(titles(channel)) == sorted(item(number).title for number in range(1, 41))


async def test_a_sender_that_dies_in_the_quarantine_is_followed_by_one_that_waits_for_the_rest(
    application: Application,
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    scratch: Chat,
    clock: SetClock,
) -> None:
    await queued(store, 1)
    await sender.drain()
    await queued(store, 2)
    telegram.inject("sendMessage", drop_after())
    await sender.drain()
    for _ in range(3):
        clock.advance(seconds=29)
        assert await recover(store, OPTIONS, now=clock) == []
        target = TelegramChannel(application.bot, CHANNEL, scratch_chat=str(scratch.id))
        sender = Sender(target, store, OPTIONS, now=clock)
        await sender.drain()
        assert telegram.calls_of("forwardMessage") == []
    clock.advance(seconds=3)
    await sender.drain()
    assert titles(channel) == [item(1).title, item(2).title]
    assert await store.posts.pending(CHANNEL) == []


@pytest.mark.parametrize("breaks_off", [False, True])
async def test_a_post_is_found_behind_more_living_posts_of_others_than_ids_may_be_missing(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    breaks_off: bool,
) -> None:
    await queued(store, 1)
    await sender.drain()
    for number in range(MISSING_RUN + 5):
        telegram.post_as_admin(channel, f"объявление {number}")
    post = await queued(store, 2)
    telegram.inject("sendMessage", drop_after())
    await sender.drain()
    if breaks_off:
        its = str(channel.last_id)
        telegram.inject(
            "forwardMessage", flood(60), when=lambda call: str(call["message_id"]) == its
        )
    for _ in range(2):
        clock.advance(seconds=90)
        await sender.drain()
    assert titles(channel).count(item(2).title) == 1
    assert await state_of(store, post) is PostState.SENT
