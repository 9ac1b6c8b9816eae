"""Skipping a card, and cards of premoderated channels."""

from __future__ import annotations

import asyncio

from bot.commands import Cards, Desk, Request, answer
from bot.commands.answer import BUTTONS
from bot.model import Operator, Reason, Truth
from bot.store import Store
from tests.emulator import Chat, Emulator, User
from tests.store.samples import CHANNEL, judged

ANNA = Operator(7001, "operator one")


async def test_what_is_to_be_posted_comes_as_a_card_and_goes_out_by_a_press(
    bot: None,
    store: Store,
    telegram: Emulator,
    channel: Chat,
    office: Chat,
    operator: User,
    cards: Cards,
) -> None:
    await store.premoderation.set([CHANNEL])
    await judged(store, Reason.GOOD)
    await cards.show_reviews()
    (card,) = office.visible
    assert card.text.startswith(f"To be posted in {CHANNEL}, if you say good:")
    assert channel.visible == []
    await operator.press(card, "Good").answered()
    await telegram.wait_for_post(channel)


async def test_a_skipped_card_keeps_its_buttons_and_posts_nothing(
    bot: None,
    store: Store,
    telegram: Emulator,
    channel: Chat,
    office: Chat,
    operator: User,
    cards: Cards,
) -> None:
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    (card,) = office.visible
    data = card.buttons["Skip"]
    assert "Item 1 is skipped" in await operator.press(card, "Skip").answered()
    await telegram.wait_until_edited(card)
    assert list(card.buttons) == ["Good", "Bad"]
    assert "Item 1 is skipped" in await operator.call_back(card, data).answered()
    assert (await store.ledger.reviews(), channel.visible) == ([], [])
    await operator.press(card, "Good").answered()
    await telegram.wait_for_post(channel)
    assert "has its label already" in await operator.call_back(card, data).answered()


async def test_one_skips_while_the_other_labels_and_the_label_counts(
    store: Store, desk: Desk
) -> None:
    await judged(store, Reason.UNSURE)
    both = Desk(store, frozenset({7001, 7002}), desk.routing, desk.wake, desk.now)
    boris = Operator(7002, "operator two")
    await asyncio.gather(
        answer(both, Request(1, ANNA, 7001, "good", ("1",)), BUTTONS),
        answer(both, Request(2, boris, 7002, "skip", ("1",)), BUTTONS),
    )
    entry = await store.ledger.entry(1)
    assert entry is not None
    assert entry.label is not None
    assert entry.label.truth is Truth.GOOD


async def test_a_stranger_skips_nothing(
    bot: None, store: Store, office: Chat, stranger: User, cards: Cards
) -> None:
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    (card,) = office.visible
    await stranger.call_back(card, card.buttons["Skip"]).answered()
    assert len(await store.ledger.reviews()) == 1


async def test_an_unknown_item_is_not_skipped(
    bot: None, store: Store, office: Chat, operator: User, cards: Cards
) -> None:
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    (card,) = office.visible
    assert "no item 99" in await operator.call_back(card, "skip:99").answered()
    assert len(await store.ledger.reviews()) == 1
