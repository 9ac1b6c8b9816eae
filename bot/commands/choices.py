"""The buttons that label an item: they count while its label is what it was on their card."""

from __future__ import annotations

from bot.commands.decisions import in_force, labelled
from bot.commands.desk import Desk, number
from bot.commands.labels import given, given_already
from bot.commands.request import Reply, Request
from bot.commands.texts import name_of
from bot.commands.twins import asked_again
from bot.language import gettext as _
from bot.model import Entry, Truth


async def good(desk: Desk, request: Request) -> Reply:
    """Label an item good; if the same text is seen already, ask whether that is meant."""
    entry, shown = await _pressed(desk, request)
    if in_force(entry) != shown:
        return _settled(entry, Truth.GOOD)
    question = await asked_again(desk, entry)
    return question or await _choose(desk, request, Truth.GOOD)


async def good_anyway(desk: Desk, request: Request) -> Reply:
    """Label an item good, even if readers have seen the same text already."""
    return await _choose(desk, request, Truth.GOOD)


async def bad(desk: Desk, request: Request) -> Reply:
    """Label an item bad: its posts are removed."""
    return await _choose(desk, request, Truth.BAD)


async def _pressed(desk: Desk, request: Request) -> tuple[Entry, int]:
    """Return the item of a card, and the label that was in force when the card was drawn.

    Cards of earlier versions name none: they had these buttons where there was no label.
    """
    item_id, shown = (*map(number, request.arguments), 0)[:2]
    return await desk.entry(item_id), shown


async def _choose(desk: Desk, request: Request, truth: Truth) -> Reply:
    entry, shown = await _pressed(desk, request)
    item_id = entry.recorded.id
    added = await desk.store.labels.choose(
        item_id,
        truth,
        request.operator,
        shown=shown,
        chats=desk.routing.chats(entry.recorded.sources),
        at=desk.now(),
        update_id=request.update_id,
    )
    desk.wake()
    now = await desk.entry(item_id)
    return _settled(now, truth) if added is None else given(now, truth)


def _settled(entry: Entry, truth: Truth) -> Reply:
    """Return the answer to a press that came too late: how things stand."""
    label = entry.label
    if label is None:
        told = _("This was settled meanwhile: nothing was done.")
        return labelled(entry, told, changed=False)
    if label.truth is truth:
        return given_already(entry, truth)
    by_another = {
        Truth.GOOD: _("Item {number} was labelled good by {operator} meanwhile: nothing was done."),
        Truth.BAD: _("Item {number} was labelled bad by {operator} meanwhile: nothing was done."),
    }
    told = by_another[label.truth].format(number=label.item_id, operator=name_of(label.operator))
    return labelled(entry, told, changed=False)
