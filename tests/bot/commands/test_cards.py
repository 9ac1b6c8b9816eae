from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands import Cards, Desk, Reply, Request, answer
from bot.commands.answer import BUTTONS
from bot.errors import PostError
from bot.model import Operator, Reason, Truth
from bot.store import Store
from bot.telegram import Application
from tests.bot.conftest import SetClock
from tests.emulator import (
    Chat,
    Emulator,
    User,
    flood,
)
from tests.store.samples import (
    ANNA,
    CHANNEL,
    NOW,
    judged,
)


async def test_an_item_for_review_gets_one_card_and_a_press_posts_it(
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
    await cards.show_reviews()
    (card,) = office.visible
    assert list(card.buttons) == ["Good", "Bad", "Skip", "Why?"]
    assert await operator.press(card, "Good").answered() == "Item 1 is labelled good now."
    await telegram.wait_for_post(channel)
    await telegram.wait_until_edited(card)
    assert "labelled good by operator <one>" in card.text
    assert list(card.buttons) == ["Undo"]


async def test_a_card_takes_its_own_label_back(
    bot: None, store: Store, telegram: Emulator, office: Chat, operator: User, cards: Cards
) -> None:
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    (card,) = office.visible
    await operator.press(card, "Bad").answered()
    await telegram.wait_until_edited(card)
    assert "no longer labelled bad" in await operator.press(card, "Undo").answered()
    assert len(await store.ledger.reviews()) == 1


async def test_a_reply_to_a_card_means_its_item(
    bot: None, store: Store, office: Chat, operator: User, cards: Cards
) -> None:
    await judged(store, Reason.BAD, 1)
    await judged(store, Reason.UNSURE, 2)
    await cards.show_reviews()
    (card,) = office.visible
    reply = await operator.ask("/bad", chat=office, reply_to=card)
    assert "Item 2 is labelled bad now." in reply.text


async def test_a_press_is_answered_even_if_the_card_is_as_it_was(
    bot: None, store: Store, office: Chat, operator: User, cards: Cards
) -> None:
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    (card,) = office.visible
    answers = [await operator.call_back(card, "bad:1").answered() for _ in range(3)]
    assert answers == ["Item 1 is labelled bad now.", *["Item 1 is labelled bad already."] * 2]


async def test_an_old_card_changes_nothing_that_another_operator_has_decided(
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
    old = await operator.ask("/why 1")
    await store.labels.add(1, Truth.GOOD, ANNA, chats=[CHANNEL], at=NOW)
    told = await operator.press(old, "Bad").answered()
    assert told == "Item 1 was labelled good by operator one meanwhile: nothing was done."
    await telegram.wait_until_edited(old)
    assert "labelled good by operator one" in old.text
    assert list(old.buttons) == ["Undo"]
    # Cards of earlier versions do not say what the label was: there was none.
    (card,) = office.visible
    assert "nothing was done" in await operator.call_back(card, "bad:1").answered()
    assert await operator.press(card, "Good").answered() == "Item 1 is labelled good already."
    entry = await store.ledger.entry(1)
    assert entry is not None
    assert entry.label is not None
    assert (entry.label.truth, entry.label.operator) == (Truth.GOOD, ANNA)


async def test_two_operators_who_press_different_buttons_at_once_leave_the_first_label(
    store: Store, desk: Desk
) -> None:
    await judged(store, Reason.UNSURE)
    both = replace(desk, operators=frozenset({7001, 7002}))

    def pressed(number: int, button: str) -> Awaitable[Reply]:
        who = Operator(number, f"operator {number}")
        return answer(both, Request(number, who, who.id, button, ("1", "0")), BUTTONS)

    replies = await asyncio.gather(pressed(7001, "good"), pressed(7002, "bad"))
    given = sorted("nothing was done" in reply.html for reply in replies)
    labels, _ = await store.labels.texts()
    assert (given, len(labels)) == ([False, True], 1)


async def test_cards_that_were_not_taken_are_shown_later(
    store: Store, telegram: Emulator, office: Chat, cards: Cards
) -> None:
    for number in (1, 2, 3):
        await judged(store, Reason.UNSURE, number)
    telegram.inject("sendMessage", flood(1))
    with pytest.raises(PostError):
        await cards.show_reviews()
    await cards.show_reviews()
    assert len(office.visible) == 3


async def test_running_cards_show_what_comes_and_go_on_after_trouble(
    store: Store, telegram: Emulator, office: Chat, cards: Cards
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(cards.run(stop))
    await judged(store, Reason.UNSURE)
    telegram.inject("sendMessage", flood(1))
    cards.wake()
    await telegram.wait_for_post(office)
    stop.set()
    await running


async def test_of_many_only_some_have_a_card_and_one_message_tells_of_the_rest(
    bot: None, store: Store, application: Application, office: Chat, operator: User
) -> None:
    async def show_some() -> None:
        # As each pass of a process of its own would.
        cards = Cards(application.bot, str(office.id), store, pace=0, most_open=2, now=lambda: NOW)
        await cards.show_reviews()

    for number in range(1, 6):
        await judged(store, Reason.UNSURE, number)
    await show_some()
    await show_some()
    first, second, summary = office.visible
    assert summary.text.startswith("3 more items wait for review.")
    # What is fresh does not wait behind what is old.
    assert ("#4 ·" in first.text, "#5 ·" in second.text) == (True, True)
    await operator.press(first, "Good").answered()
    await operator.press(second, "Skip").answered()
    await show_some()
    assert len(office.visible) == 5
    assert [list(card.buttons) for card in office.visible[3:]] == [
        ["Good", "Bad", "Skip", "Why?"]
    ] * 2
    assert summary.text.startswith("1 more item waits for review.")
    await operator.press(office.visible[3], "Skip").answered()
    await show_some()
    assert summary.text == "All that waits for review has a card."


async def test_cards_that_nobody_answers_for_a_day_hold_up_no_others(
    store: Store, application: Application, office: Chat
) -> None:
    for number in range(1, 4):
        await judged(store, Reason.UNSURE, number)
    moment = [NOW]
    few = Cards(application.bot, str(office.id), store, pace=0, most_open=2, now=lambda: moment[0])
    await few.show_reviews()
    moment[0] += timedelta(days=2)
    await few.show_reviews()
    assert [list(message.buttons) != [] for message in office.visible] == [True, True, False, True]


async def test_the_limit_holds_for_items_that_were_judged_days_ago(
    store: Store, application: Application, office: Chat
) -> None:
    for number in range(1, 6):
        await judged(store, Reason.UNSURE, number)
    later = NOW + timedelta(days=2)
    few = Cards(application.bot, str(office.id), store, pace=0, most_open=2, now=lambda: later)
    await few.show_reviews()
    assert [list(message.buttons) != [] for message in office.visible] == [True, True, False]


async def test_a_label_taken_back_elsewhere_brings_the_item_a_new_card(
    bot: None,
    store: Store,
    telegram: Emulator,
    application: Application,
    office: Chat,
    operator: User,
    clock: SetClock,
) -> None:
    cards = Cards(application.bot, str(office.id), store, pace=0, now=clock)
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    (card,) = office.visible
    await operator.press(card, "Good").answered()
    await telegram.wait_until_confirmed()
    clock.advance(seconds=1)
    await operator.ask("/undo")
    for _ in range(2):
        await cards.show_reviews()
    assert len(office.visible) == 2
    assert list(office.visible[1].buttons) == ["Good", "Bad", "Skip", "Why?"]


async def test_a_card_that_took_its_own_label_back_is_not_followed_by_another(
    bot: None,
    store: Store,
    telegram: Emulator,
    application: Application,
    office: Chat,
    operator: User,
    clock: SetClock,
) -> None:
    cards = Cards(application.bot, str(office.id), store, pace=0, now=clock)
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    (card,) = office.visible
    for button in ("Good", "Undo"):
        clock.advance(seconds=1)
        await operator.press(card, button).answered()
        await telegram.wait_until_confirmed()
    await cards.show_reviews()
    assert office.visible == [card]


async def test_why_is_told_below_the_card_and_the_question_stays(
    bot: None, store: Store, telegram: Emulator, office: Chat, operator: User, cards: Cards
) -> None:
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    (card,) = office.visible
    asked = card.text
    await operator.press(card, "Why?").answered()
    told = await telegram.wait_for_message(office, after=card.id)
    assert "Decided" in told.text
    assert list(told.buttons) == ["Good", "Bad", "Skip"]
    assert (card.text, list(card.buttons)) == (asked, ["Good", "Bad", "Skip", "Why?"])
    reply = await operator.ask("/bad", chat=office, reply_to=told)
    assert "Item 1 is labelled bad now." in reply.text


async def test_a_refused_press_is_answered_and_the_card_stays(
    bot: None, store: Store, telegram: Emulator, office: Chat, operator: User, cards: Cards
) -> None:
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    (card,) = office.visible
    asked = card.text
    assert await operator.call_back(card, "source:1:7").answered() == (
        "This source is no longer in the settings."
    )
    await telegram.wait_until_confirmed()
    assert (card.text, list(card.buttons)) == (asked, ["Good", "Bad", "Skip", "Why?"])
