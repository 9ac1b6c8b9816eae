"""Posts that are removed, and come back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channel import Message as Shown
from bot.model import PostState, Reason, Truth
from bot.sending import Sender
from bot.sending.appearance import Appearance
from bot.store import Store
from bot.whereabouts import Whereabouts, whereabouts
from tests.bot.conftest import SetClock
from tests.bot.sending.conftest import Questions
from tests.bot.sending.samples import OPTIONS, state_of, titles
from tests.emulator import (
    Chat,
    Emulator,
    Fault,
    Message,
    bad_request,
    drop_after,
    drop_before,
    flood,
    server_error,
)
from tests.emulator.photos import PNG
from tests.store.samples import (
    ANNA,
    CHANNEL,
    item,
    post_of,
    queued,
    record,
    reprinted,
    verdict,
)


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
    entry = await store.ledger.entry(post.item_id)
    assert entry is not None
    assert whereabouts(entry, *entry.posts) is Whereabouts.STRUCK_OUT


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


async def test_a_blanked_picture_comes_back_with_its_post(
    store: Store, sender: Sender, channel: Chat, clock: SetClock
) -> None:
    async def illustrate(message: Shown, _source: str) -> Shown:
        return replace(message, photo=PNG)

    sender.adopt(OPTIONS, Appearance(illustrate=illustrate))
    (item_id,) = await record(store, item(1, image="https://gazeta.example/1.png"))
    await store.ledger.record_verdict(item_id, verdict(Reason.GOOD), [CHANNEL], at=clock())
    await sender.drain()
    channel.can_delete = False
    await store.labels.add(item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    await sender.drain()
    (message,) = channel.visible
    assert message.photo not in (None, PNG)
    await store.labels.undo(ANNA, at=clock())
    await sender.drain()
    assert channel.visible == [message]
    assert (message.photo, titles(channel)) == (PNG, [item(1).title])


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


async def removed_perhaps(
    store: Store, sender: Sender, telegram: Emulator, clock: SetClock, fault: Fault
) -> None:
    """Lose the answer to a removal, refuse all that follows, and want the post again."""
    await queued(store)
    await sender.drain()
    await store.labels.add(1, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    telegram.inject("deleteMessage", fault)
    await sender.drain()
    clock.advance(minutes=1)
    for method in ("deleteMessage", "editMessageText"):
        telegram.inject(method, bad_request("message can't be changed"), times=2)
    await sender.drain()
    await store.labels.undo(ANNA, at=clock())
    await sender.drain()
    telegram.heal()
    assert await store.posts.due(CHANNEL, clock()) is None


@pytest.mark.parametrize("fault", [drop_after(), drop_before()])
async def test_a_removal_without_an_answer_is_looked_into_before_the_post_is_sent_again(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    fault: Fault,
) -> None:
    await removed_perhaps(store, sender, telegram, clock, fault)
    for _ in range(25):
        telegram.post_as_admin(channel, "Объявление от редакции")
    clock.advance(seconds=90)
    await sender.drain()
    assert titles(channel).count(item(1).title) == 1
    assert (await post_of(store, 1)).state is PostState.SENT
    assert len(telegram.calls_of("forwardMessage")) == 1


async def test_the_operators_are_asked_where_nobody_can_look(
    store: Store,
    blind_sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    questions: Questions,
) -> None:
    await removed_perhaps(store, blind_sender, telegram, clock, drop_before())
    clock.advance(seconds=90)
    await blind_sender.drain()
    assert questions.asked == [1]
    assert titles(channel) == [item(1).title]
    asked = await post_of(store, 1)
    assert await store.posts.record_seen(1, attempt=asked.sending_at, at=clock())
    await store.labels.add(1, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    await blind_sender.drain()
    assert channel.visible == []


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


async def test_a_right_that_a_removal_lacks_holds_up_no_post(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    told: list[str | None] = []
    sender.door.told = told.append
    post = await queued(store, 1)
    await sender.drain()
    await store.labels.add(post.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    for method in ("deleteMessage", "editMessageText"):
        telegram.inject(method, bad_request("not enough rights to change it"), times=None)
    for number in (2, 3):
        await queued(store, number)
        await sender.drain()
        clock.advance(minutes=5)
    assert titles(channel) == [item(number).title for number in (1, 2, 3)]
    telegram.heal()
    await sender.drain()
    assert titles(channel) == [item(number).title for number in (2, 3)]
    assert told == []


@pytest.mark.parametrize("method", ["editMessageText", "deleteMessage"])
async def test_what_a_channel_that_takes_no_posts_lets_be_changed_does_not_open_it(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock, method: str
) -> None:
    await queued(store, 1)
    await sender.drain()
    told: list[str | None] = []
    sender.door.told = told.append
    channel.can_post = False
    await queued(store, 2)
    await sender.drain()
    if method == "deleteMessage":
        await store.labels.add(1, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    else:
        await reprinted(store, 1, 7)
        await store.labels.add(2, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    clock.advance(minutes=5)
    await sender.drain()
    assert len(telegram.calls_of(method)) == 1
    assert len(told) == 1
