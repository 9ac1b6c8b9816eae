"""What waits for an operator's word in one channel, and is seen in another without it."""

from __future__ import annotations

import pytest

from bot.commands import Desk, Reply, Request, answer
from bot.commands.answer import BUTTONS
from bot.commands.decisions import review_card
from bot.model import Operator, PostState, Reason
from bot.routing import Routing
from bot.sending import Sender
from bot.store import Store
from tests.emulator import Chat
from tests.store.samples import CHANNEL, judged

CHILDREN = "@children_news"
ANNA = Operator(7001, "operator one")


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.routing = Routing(desk.routing.tags, {CHANNEL: None, CHILDREN: None})
    return desk


@pytest.fixture
async def held(desk: Desk, store: Store, channel: Chat, sender: Sender) -> int:
    """An item that is posted in one channel and waits for another."""
    await store.premoderation.set([CHILDREN])
    item_id = await judged(store, Reason.GOOD, chats=(CHANNEL, CHILDREN))
    await sender.drain()
    assert len(channel.visible) == 1
    return item_id


async def pressed(desk: Desk, reply: Reply, caption: str, update_id: int) -> Reply:
    (data,) = (data for told, data in reply.buttons if told == caption)
    word, *numbers = data.split(":")
    return await answer(desk, Request(update_id, ANNA, 7001, word, tuple(numbers)), BUTTONS)


async def card_of(store: Store, item_id: int) -> Reply:
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    return review_card(entry)


async def states(store: Store, item_id: int) -> dict[str, PostState]:
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    return {post.chat: post.state for post in entry.posts}


async def test_the_card_says_what_bad_would_remove_elsewhere(
    store: Store, channel: Chat, held: int
) -> None:
    card = await card_of(store, held)
    assert card.html.startswith(f"To be posted in {CHILDREN}, if you say good:")
    (message,) = channel.visible
    link = f'<a href="https://t.me/good_news/{message.id}">{CHANNEL}</a>'
    assert f"Posted already in {link}: “Bad” removes it there, too." in card.html


async def test_what_is_not_for_one_channel_stays_in_the_other_without_a_label(
    desk: Desk, store: Store, channel: Chat, sender: Sender, held: int
) -> None:
    barred = await pressed(desk, await card_of(store, held), f"Not for {CHILDREN}", 1)
    assert barred.html.startswith(f"Item {held} is not for {CHILDREN}.")
    assert "no label" in barred.html
    await sender.drain()
    assert len(channel.visible) == 1
    assert await store.ledger.waiting() == 0
    allowed = await pressed(desk, barred, f"For {CHILDREN} after all", 2)
    assert f"To be posted in {CHILDREN}, if you say good:" in allowed.html
    assert await store.ledger.waiting() == 1


async def test_good_does_not_post_where_the_item_is_barred(
    desk: Desk, store: Store, held: int
) -> None:
    barred = await pressed(desk, await card_of(store, held), f"Not for {CHILDREN}", 1)
    good = await pressed(desk, barred, "Good", 2)
    assert f">{CHILDREN}</a>" in good.html
    entry = await store.ledger.entry(held)
    assert entry is not None
    assert [(post.chat, post.wanted) for post in entry.posts] == [
        (CHANNEL, True),
        (CHILDREN, False),
    ]
    await pressed(desk, good, f"For {CHILDREN} after all", 3)
    entry = await store.ledger.entry(held)
    assert entry is not None
    assert all(post.wanted for post in entry.posts)


async def test_an_old_card_bars_nothing_that_is_called_good_meanwhile(
    desk: Desk, store: Store, held: int
) -> None:
    card = await card_of(store, held)
    await pressed(desk, card, "Good", 1)
    late = await pressed(desk, card, f"Not for {CHILDREN}", 2)
    assert late.html.startswith("This was settled meanwhile: nothing was done.")
    assert "queued for" in late.html


@pytest.mark.parametrize("first", ["Good", "Bad"])
async def test_what_is_taken_back_waits_again_with_its_question_and_skip(
    desk: Desk, store: Store, held: int, first: str
) -> None:
    card = await card_of(store, held)
    labelled = await pressed(desk, card, first, 1)
    undone = await pressed(desk, labelled, "Undo", 2)
    assert f"To be posted in {CHILDREN}, if you say good:" in undone.html
    assert "waits for your word for" in undone.html
    assert [told for told, _ in undone.buttons] == [told for told, _ in card.buttons]
    assert await store.premoderation.waiting() == {CHILDREN: 1}


async def test_what_was_posted_by_a_wrong_good_waits_again_once_it_is_removed(
    desk: Desk, store: Store, sender: Sender, channel: Chat
) -> None:
    await store.premoderation.set([CHANNEL])
    item_id = await judged(store, Reason.GOOD)
    good = await pressed(desk, await card_of(store, item_id), "Good", 1)
    await sender.drain()
    await pressed(desk, good, "Undo", 2)
    await sender.drain()
    assert (await states(store, item_id))[CHANNEL] is PostState.REMOVED
    assert await store.ledger.waiting() == 1
    card = await card_of(store, item_id)
    assert "Skip" in dict(card.buttons)
    await pressed(desk, card, "Good", 3)
    await sender.drain()
    assert len(channel.visible) == 1


async def test_a_rejected_item_called_good_by_mistake_does_not_wait(
    desk: Desk, store: Store
) -> None:
    await store.premoderation.set([CHANNEL])
    item_id = await judged(store, Reason.BAD)
    good = await answer(desk, Request(1, ANNA, 7001, "good", (str(item_id),)), BUTTONS)
    await pressed(desk, good, "Undo", 2)
    assert await store.ledger.waiting() == 0
    assert await store.premoderation.waiting() == {}
