"""/good, /bad and /undo."""

from __future__ import annotations

from bot.commands.desk import Desk, only_number
from bot.commands.request import Reply, Request
from bot.commands.texts import brief, escape, labelled, truth_of
from bot.errors import CommandError
from bot.language import gettext as _
from bot.model import Truth


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
        told = _("This was undone already.") if before == "done" else before
        return Reply(escape(told), brief(told))
    item_id = await _item_to_undo(desk, request)
    label = await desk.store.labels.undo(
        request.operator, at=desk.now(), item_id=item_id, update_id=request.update_id
    )
    if label is None:
        raise CommandError(_nothing_to_undo(item_id))
    desk.wake()
    entry = await desk.entry(label.item_id)
    no_longer = {
        Truth.GOOD: _("Item {number} is no longer labelled good."),
        Truth.BAD: _("Item {number} is no longer labelled bad."),
    }
    return labelled(entry, no_longer[label.truth].format(number=label.item_id))


def _nothing_to_undo(item_id: int | None) -> str:
    if item_id is None:
        return _("There is no label to take back.")
    return _("There is no label about item {number} to take back.").format(number=item_id)


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
        return labelled(entry, _already(truth).format(number=item_id))
    if added is None:
        return labelled(entry, _("This was done already."))
    return labelled(entry, _now(truth).format(number=item_id))


def _now(truth: Truth) -> str:
    return {
        Truth.GOOD: _("Item {number} is labelled good now."),
        Truth.BAD: _("Item {number} is labelled bad now."),
    }[truth]


def _already(truth: Truth) -> str:
    return {
        Truth.GOOD: _("Item {number} is labelled good already."),
        Truth.BAD: _("Item {number} is labelled bad already."),
    }[truth]
