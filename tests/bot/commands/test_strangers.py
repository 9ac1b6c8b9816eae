from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.commands import Cards
from bot.commands.answer import BUTTONS, COMMANDS
from bot.model import Reason
from bot.store import Store
from tests.bot.commands.samples import actions
from tests.emulator import (
    Chat,
    Emulator,
    User,
)
from tests.store.samples import (
    judged,
)


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_stranger_gets_nothing_done_with_a_command(
    bot: None,
    store: Store,
    stranger: User,
    command: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await judged(store, Reason.BAD)
    with caplog.at_level(logging.WARNING, "bot"):
        reply = await stranger.ask(f"/{command} 1")
    assert reply.text == "Sorry, I only work for the operators of this channel."
    entry = await store.ledger.entry(1)
    assert entry is not None
    assert entry.label is None
    refusal = (stranger.id, f"{command} 1", False, "refused: not an operator")
    assert actions(tmp_path) == [refusal]
    (logged,) = [vars(one) for one in caplog.records if vars(one).get("action")]
    assert (logged["action"], logged["operator"]) == ("stranger_refused", stranger.id)


@pytest.mark.parametrize("button", BUTTONS)
async def test_a_stranger_gets_nothing_done_with_a_button(
    bot: None, store: Store, stranger: User, cards: Cards, office: Chat, button: str
) -> None:
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    (card,) = office.visible
    pressed = stranger.call_back(card, f"{button}:1")
    assert "only work for the operators" in await pressed.answered()
    entry = await store.ledger.entry(1)
    assert entry is not None
    assert entry.label is None
    assert card.edit_date is None


async def test_a_stranger_in_a_group_is_not_answered(
    bot: None, telegram: Emulator, stranger: User, operator: User, tmp_path: Path
) -> None:
    group = telegram.add_group("discussion")
    stranger.say("/status", chat=group)
    reply = await operator.ask("/status", chat=group)
    assert group.from_bot == [reply]
    assert [(who, allowed) for who, _, allowed, _ in actions(tmp_path)] == [
        (stranger.id, False),
        (operator.id, True),
    ]


@pytest.mark.parametrize(
    "data", ["good:1 ", "good:1\n", "xgood:1", "good:", "good:-1", "drop:1", "start:1", "GOOD:1"]
)
async def test_data_that_no_button_carries_does_nothing(
    bot: None, store: Store, operator: User, cards: Cards, office: Chat, data: str
) -> None:
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    assert await operator.call_back(office.visible[0], data).answered() == ""
    assert len(await store.ledger.reviews()) == 1
