"""/good, /bad and /undo."""

from __future__ import annotations

from bot.commands.desk import Desk, only_number
from bot.commands.request import Reply, Request
from bot.commands.texts import brief, escape, labelled, truth_of
from bot.errors import CommandError
from bot.model import Truth

_ALREADY = {"done": "This was undone already."}
"""What to say to a command that is delivered again, by what came of it the first time."""


async def good(desk: Desk, request: Request) -> Reply:
    """Label an item good: it is queued for its channels."""
    return await _label(desk, request, Truth.GOOD)


async def bad(desk: Desk, request: Request) -> Reply:
    """Label an item bad: its posts are removed."""
    return await _label(desk, request, Truth.BAD)


async def undo(desk: Desk, request: Request) -> Reply:
    """Take back the newest label of an item, or of the operator if no item is named."""
    before = await desk.store.operators.outcome(request.update_id)
    if before is not None:
        return Reply(_ALREADY.get(before, escape(before)), brief(_ALREADY.get(before, before)))
    item_id = await _item_to_undo(desk, request)
    label = await desk.store.labels.undo(
        request.operator, at=desk.now(), item_id=item_id, update_id=request.update_id
    )
    if label is None:
        about = "" if item_id is None else f" about item {item_id}"
        raise CommandError(f"There is no label{about} to take back.")
    desk.wake()
    entry = await desk.entry(label.item_id)
    return labelled(entry, f"Item {label.item_id} is no longer labelled {_word(label.truth)}.")


async def _item_to_undo(desk: Desk, request: Request) -> int | None:
    if request.arguments:
        return only_number(request)
    return (await desk.entry_of(request)).recorded.id if request.targets else None


async def _label(desk: Desk, request: Request, truth: Truth) -> Reply:
    entry = await desk.entry_of(request)
    item_id = entry.recorded.id
    added = await desk.store.labels.add(
        item_id,
        truth,
        request.operator,
        chats=desk.routing.chats(entry.recorded.sources),
        at=desk.now(),
        update_id=request.update_id,
    )
    desk.wake()
    entry = await desk.entry(item_id)
    if added is None and truth_of(entry) is truth:
        return labelled(entry, f"Item {item_id} is labelled {_word(truth)} already.")
    if added is None:
        return labelled(entry, "This was done already.")
    return labelled(entry, f"Item {item_id} is labelled {_word(truth)} now.")


def _word(truth: Truth) -> str:
    return truth.name.lower()
