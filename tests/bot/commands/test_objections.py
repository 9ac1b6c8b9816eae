"""Why an item is bad: behind the command, or on a button."""

from __future__ import annotations

import asyncio

import pytest

from bot.commands import Desk, Reply, Request, answer
from bot.commands.answer import BUTTONS, COMMANDS
from bot.commands.request import Button, data_of
from bot.model import Label, Objection, Operator, Reason, Truth
from bot.store import Store
from tests.emulator import Chat, Emulator, Message, User
from tests.store.samples import judged

ANNA = Operator(7001, "operator one")


async def label_of(store: Store, item_id: int) -> Label | None:
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    return entry.label


async def objection_to(store: Store, item_id: int) -> Objection | None:
    label = await label_of(store, item_id)
    return None if label is None else label.objection


async def said_with_reasons(operator: User) -> Message:
    """Label item 1 bad; return the answer with its buttons."""
    return await operator.ask("/bad 1")


@pytest.mark.parametrize(
    ("said", "objection"),
    [
        ("/bad 1 ad", Objection.AD),
        ("/bad #1 OFF-TOPIC", Objection.OFF_TOPIC),
        ("/bad 1 duplicate", Objection.DUPLICATE),
        ("/bad 1 old.", Objection.OLD),
        ("/bad 1 other", Objection.OTHER),
        ("/bad 1", None),
    ],
)
async def test_a_reason_behind_the_id_is_kept_with_the_label(
    bot: None, store: Store, operator: User, said: str, objection: Objection | None
) -> None:
    await judged(store, Reason.GOOD)
    told = (await operator.ask(said)).text
    assert "Item 1 is labelled bad now." in told
    assert await objection_to(store, 1) is objection
    assert objection is None or f"({objection.value})" in told


async def test_a_reason_may_be_written_as_the_russian_buttons_say_it(
    store: Store, desk: Desk
) -> None:
    await judged(store, Reason.GOOD)
    asked = Request(1, ANNA, 7001, "bad", ("1", "Не", "по", "теме"), language="ru")
    assert "не по теме" in (await answer(desk, asked, COMMANDS)).html
    assert await objection_to(store, 1) is Objection.OFF_TOPIC


async def test_a_reply_to_a_card_needs_the_reason_only(
    bot: None, store: Store, operator: User
) -> None:
    await judged(store, Reason.GOOD)
    card = await operator.ask("/good 1")
    assert "(ad)" in (await operator.ask("/bad ad", reply_to=card)).text
    assert await objection_to(store, 1) is Objection.AD


async def test_a_reason_may_follow_the_label_and_be_put_right(
    bot: None, store: Store, operator: User
) -> None:
    await judged(store, Reason.GOOD)
    await operator.ask("/bad 1")
    before = await label_of(store, 1)
    assert "the reason is kept: old." in (await operator.ask("/bad 1 old")).text
    assert "the reason is kept: ad." in (await operator.ask("/bad 1 ad")).text
    assert "labelled bad already" in (await operator.ask("/bad 1")).text
    label = await label_of(store, 1)
    assert before is not None
    assert label is not None
    assert (label.id, label.objection) == (before.id, Objection.AD)


@pytest.mark.parametrize(
    "said", ["/bad 1 spam", "/bad 1 2", "/bad 1 ad old", "/bad 1 " + "a" * 3900]
)
async def test_what_is_no_reason_is_refused_and_nothing_is_labelled(
    bot: None, store: Store, operator: User, said: str
) -> None:
    await judged(store, Reason.GOOD)
    told = (await operator.ask(said)).text
    assert told == (
        "One item at a time, and behind it at most a reason: ad, off-topic, duplicate, old, other."
    )
    assert await label_of(store, 1) is None


async def test_a_good_item_takes_no_reason(bot: None, store: Store, operator: User) -> None:
    await judged(store, Reason.BAD)
    assert "nothing behind it" in (await operator.ask("/good 1 ad")).text
    assert await label_of(store, 1) is None


async def test_a_button_below_the_answer_says_why(
    bot: None, store: Store, telegram: Emulator, operator: User
) -> None:
    await judged(store, Reason.GOOD)
    card = await said_with_reasons(operator)
    assert list(card.buttons) == ["Ad", "Off-topic", "Duplicate", "Old", "Other", "Undo"]
    assert "the reason is kept: duplicate." in await operator.press(card, "duplicate").answered()
    assert await objection_to(store, 1) is Objection.DUPLICATE
    await telegram.world.pulse.until(lambda: list(card.buttons) == ["Undo"], "the reasons to go")


async def test_the_same_button_twice_is_harmless(bot: None, store: Store, operator: User) -> None:
    await judged(store, Reason.GOOD)
    card = await said_with_reasons(operator)
    data = card.buttons["Ad"]
    for _ in range(2):
        told = await operator.call_back(card, data).answered()
        assert "the reason is kept: ad." in told
    assert await objection_to(store, 1) is Objection.AD


async def test_a_press_delivered_again_does_not_overrule_what_came_after_it(
    store: Store, desk: Desk
) -> None:
    await judged(store, Reason.GOOD)
    await answer(desk, Request(1, ANNA, 7001, "bad", ("1",)), COMMANDS)
    first = Request(2, ANNA, 7001, "because", ("1", "1"))
    await answer(desk, first, BUTTONS)
    await answer(desk, Request(3, ANNA, 7001, "because", ("1", "4")), BUTTONS)
    await answer(desk, first, BUTTONS)
    assert await objection_to(store, 1) is Objection.OLD


async def test_an_old_button_says_nothing_of_a_newer_label(
    bot: None, store: Store, operator: User
) -> None:
    await judged(store, Reason.GOOD)
    card = await said_with_reasons(operator)
    data = card.buttons["Ad"]
    await operator.ask("/undo")
    assert "another label" in await operator.call_back(card, data).answered()
    await operator.ask("/bad 1")
    assert "another label" in await operator.call_back(card, data).answered()
    await operator.ask("/good 1")
    assert "another label" in await operator.call_back(card, data).answered()
    assert await objection_to(store, 1) is None


@pytest.mark.parametrize("data", ["because:99:1", "because:1:0", "because:1:6", "because:1"])
async def test_invented_data_says_nothing(
    bot: None, store: Store, operator: User, data: str
) -> None:
    await judged(store, Reason.GOOD)
    card = await said_with_reasons(operator)
    assert "no such" in await operator.call_back(card, data).answered()
    assert await objection_to(store, 1) is None


def test_the_data_of_the_buttons_fits_whatever_the_label() -> None:
    assert len(data_of(Button.BECAUSE, 2**31 - 1, 5).encode()) <= 64


async def test_two_operators_at_once_leave_one_label_and_one_reason(
    store: Store, desk: Desk
) -> None:
    await judged(store, Reason.GOOD)
    both = Desk(store, frozenset({7001, 7002}), desk.routing, desk.wake, desk.now)
    words = ("ad", "old")

    def asked(number: int) -> asyncio.Future[Reply]:
        who = Operator(7001 + number, "operator")
        asks = Request(10 + number, who, who.id, "bad", ("1", words[number]))
        return asyncio.ensure_future(answer(both, asks, COMMANDS))

    await asyncio.gather(*map(asked, range(2)))
    given, _ = await store.labels.texts()
    assert len(given) == 1
    assert given[0].objection in (Objection.AD, Objection.OLD)
    label = await label_of(store, 1)
    assert label is not None
    assert label.truth is Truth.BAD
    assert await store.labels.undo(ANNA, at=desk.now(), item_id=1)
    assert await label_of(store, 1) is None


async def test_a_stranger_explains_nothing(
    bot: None, store: Store, operator: User, stranger: User, channel: Chat
) -> None:
    await judged(store, Reason.GOOD)
    card = await said_with_reasons(operator)
    await stranger.call_back(card, card.buttons["Ad"]).answered()
    assert await objection_to(store, 1) is None
