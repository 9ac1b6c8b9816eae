from __future__ import annotations

from bot.commands import Desk, Request, answer
from bot.commands.answer import COMMANDS
from bot.model import Operator, Reason
from bot.store import Store
from tests.emulator import (
    Chat,
    Emulator,
    User,
)
from tests.store.samples import (
    judged,
)


async def test_a_command_delivered_twice_is_done_once_and_answered_twice(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await judged(store, Reason.BAD, 1)
    await judged(store, Reason.BAD, 2)
    for number in (1, 2):
        await operator.ask(f"/good {number}")
    answered = await operator.ask("/undo")
    assert "Item 2 is no longer" in answered.text
    await telegram.wait_until_confirmed()
    telegram.redeliver(telegram.world.confirmed[-1]["update_id"])
    again = await telegram.wait_for_message(operator.chat, after=answered.id)
    assert again.text == "This was undone already."
    entry = await store.ledger.entry(1)
    assert entry is not None
    assert entry.label is not None


async def test_a_label_delivered_again_after_it_was_undone_is_not_given_again(
    store: Store, desk: Desk
) -> None:
    await judged(store, Reason.BAD)
    anna = Operator(7001, "operator one")
    given = Request(500, anna, 7001, "good", ("1",))
    await answer(desk, given, COMMANDS)
    await answer(desk, Request(501, anna, 7001, "undo"), COMMANDS)
    reply = await answer(desk, given, COMMANDS)
    assert "This was done already." in reply.html
    assert "no label" in reply.html
