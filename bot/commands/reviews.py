"""The button that leaves an item for review as it is."""

from __future__ import annotations

from bot.commands.decisions import labelled
from bot.commands.desk import Desk, only_number
from bot.commands.request import Reply, Request
from bot.language import gettext as _


async def skip(desk: Desk, request: Request) -> Reply:
    """Leave an item without a label: it is not asked about again, and stays where it is."""
    entry = await desk.entry(only_number(request))
    item_id = entry.recorded.id
    if entry.label is not None:
        told = _("Item {number} has its label already.")
        return labelled(entry, told.format(number=item_id), changed=False)
    await desk.store.premoderation.skip(item_id, request.operator, at=desk.now())
    desk.wake()
    told = _("Item {number} is skipped: it stays as it is.").format(number=item_id)
    return labelled(await desk.entry(item_id), told)
