"""Posts that Telegram keeps: a person is asked to remove them."""

from __future__ import annotations

import pytest

from bot.model import Post, PostState, Truth
from bot.outlets import Operators, Outlets
from bot.sending import Sender
from bot.sending.carrier import MOST_REMOVALS
from bot.store import Store
from bot.telegram import Application, TelegramChannel
from config import ChannelSettings, Settings
from scrapers import Client
from tests.bot.conftest import SetClock
from tests.bot.sending.samples import accepted, state_of, titles
from tests.emulator import Chat, Emulator, bad_request, drop_after
from tests.store.samples import ANNA, CHANNEL, item, queued

KEPT = {
    "deleteMessage": "message can't be deleted",
    "editMessageText": "message can't be edited",
}


def keep(telegram: Emulator) -> None:
    """Let Telegram remove and edit nothing."""
    for method, words in KEPT.items():
        telegram.inject(method, bad_request(words), times=None)


def listening(sender: Sender) -> list[int]:
    told: list[int] = []
    sender.tell_by_hand(lambda post, _entry: told.append(post.id))
    return told


async def posted_and_unwanted(store: Store, sender: Sender, clock: SetClock) -> Post:
    post = await queued(store, 1)
    await sender.drain()
    await store.labels.add(post.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    return post


@pytest.mark.parametrize("words", ["message can't be edited", "not enough rights to edit it"])
async def test_a_post_that_telegram_keeps_is_to_be_removed_by_hand(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock, words: str
) -> None:
    told = listening(sender)
    post = await posted_and_unwanted(store, sender, clock)
    telegram.inject("deleteMessage", bad_request("message can't be deleted"), times=None)
    telegram.inject("editMessageText", bad_request(words), times=None)
    for _ in range(22 * 12):
        await sender.drain()
        clock.advance(minutes=5)
    assert told == [post.id]
    assert len(telegram.calls_of("deleteMessage")) == MOST_REMOVALS
    telegram.delete_by_hand(channel.visible[0])
    telegram.heal()
    clock.advance(hours=3)
    await sender.drain()
    assert told == [post.id]
    assert await state_of(store, post) is PostState.REMOVED
    assert await store.posts.pending(CHANNEL) == []


async def test_a_post_that_was_never_removed_is_not_sent_again_when_it_is_wanted_again(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    post = await posted_and_unwanted(store, sender, clock)
    keep(telegram)
    await sender.drain()
    await store.labels.undo(ANNA, at=clock())
    clock.advance(minutes=5)
    await sender.drain()
    assert titles(channel) == [item(1).title]
    assert await state_of(store, post) is PostState.SENT


async def test_a_label_that_is_given_again_is_acted_on_at_once(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    post = await posted_and_unwanted(store, sender, clock)
    keep(telegram)
    for _ in range(MOST_REMOVALS):
        await sender.drain()
        clock.advance(minutes=5)
    telegram.heal()
    await store.labels.undo(ANNA, at=clock())
    await store.labels.add(post.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    await sender.drain()
    assert channel.visible == []


async def test_a_post_whose_number_nobody_knows_is_to_be_removed_by_hand_and_told_of_once(
    store: Store, blind_sender: Sender, telegram: Emulator, clock: SetClock
) -> None:
    told = listening(blind_sender)
    post = await queued(store, 1)
    telegram.inject("sendMessage", drop_after())
    await blind_sender.drain()
    attempt = (await store.posts.pending(CHANNEL))[0].sending_at
    assert await store.posts.record_seen(post.id, attempt=attempt, at=clock())
    await store.labels.add(post.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    for _ in range(50):
        await blind_sender.drain()
        clock.advance(hours=1)
    assert told == [post.id]


async def test_the_operators_are_told_which_post_and_where_it_is(
    application: Application, store: Store, telegram: Emulator, channel: Chat
) -> None:
    notes: list[str] = []
    settings = Settings(channel=(ChannelSettings(chat=CHANNEL),))
    channels = [TelegramChannel(application.bot, CHANNEL)]
    async with Client() as client:
        (sender,) = Outlets(settings, store, client, channels, Operators(note=notes.append)).senders
        post = await accepted(store, 1)
        assert await store.posts.begin_sending(post.id, at=post.queued_at, floor_id=None)
        assert await store.posts.record_sent(post.id, 41, at=post.queued_at)
        await store.labels.add(1, Truth.BAD, ANNA, chats=[CHANNEL], at=post.queued_at)
        for _ in range(MOST_REMOVALS - 1):
            await store.posts.delay(
                post.id, state=PostState.SENT, not_before=post.queued_at, error="kept"
            )
        keep(telegram)
        await sender.drain()
    assert notes == [
        f"I cannot remove this from {CHANNEL}. Please remove it by hand: {item(1).title}\n"
        "https://t.me/good_news/41"
    ]
