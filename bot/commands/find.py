"""/find: items by the words in their title and text, and the pages behind the first one."""

from __future__ import annotations

from bot.commands.desk import Desk
from bot.commands.request import Button, Reply, Request, data_of
from bot.commands.texts import escape, fitting, item_line
from bot.errors import CommandError
from bot.language import gettext as _
from bot.language import ngettext, pgettext
from bot.render import LIMIT, one_line
from bot.sought import MOST_LETTERS, Sought
from bot.store.search import Found

LINES = 15
NOTE_LENGTH = 200
"""UTF-16 units kept for the line that tells how far the search came."""

NEWEST = 0
"""In place of an item's id: the page begins with the newest."""


async def find(desk: Desk, request: Request) -> Reply:
    """Show the newest items with these words, in any form; in quotation marks, as they stand."""
    return await _page(desk, " ".join(request.arguments), NEWEST, request.update_id)


async def turn(desk: Desk, request: Request) -> Reply:
    """Show the page that a button names.

    It has no room for the words: they are looked up in what the command was recorded with.
    """
    before, update_id = (*map(int, request.arguments), 0)[:2]
    command, __, written = (await desk.store.operators.command(update_id) or "").partition(" ")
    if command != "find":
        told = _("This list is no longer there. /find with the words begins a new one.")
        raise CommandError(told)
    return await _page(desk, written, before, update_id)


async def _page(desk: Desk, written: str, before: int, update_id: int) -> Reply:
    found = await desk.store.search.find(Sought.parse(written), LINES, before=before or None)
    words = one_line(written, MOST_LETTERS)
    if not found.entries and found.rest is None and before == NEWEST:
        raise CommandError(_("Nothing was found: {words}.").format(words=words))
    opening = _opening(found).format(words=escape(words))
    lines = [opening, *map(item_line, found.entries)]
    told = fitting(lines, LIMIT - NOTE_LENGTH)
    # What did not fit stands on the next page; the last line then tells only how much that is.
    shown = found.entries[: len(told) - 1 if told == lines else len(told) - 2]
    older = found.rest if len(shown) == len(found.entries) else shown[-1].recorded.id
    buttons = []
    if before != NEWEST:
        buttons.append((pgettext("button", "Newest"), data_of(Button.FIND, NEWEST, update_id)))
    if older is not None:
        buttons.append((pgettext("button", "Older"), data_of(Button.FIND, older, update_id)))
    return Reply("\n".join([*told, *_how_far(found)]), buttons=tuple(buttons))


def _opening(found: Found) -> str:
    if found.entries:
        return _("The newest with {words}:")
    if found.rest is not None:
        return _("Nothing was found so far: {words}.")
    return _("Nothing is before that.")


def _how_far(found: Found) -> list[str]:
    if found.looked_through is None:
        return []
    told = ngettext(
        "I have looked through the newest {count} item only. “Older” goes on from there.",
        "I have looked through the newest {count} items only. “Older” goes on from there.",
        found.looked_through,
    )
    return [told.format(count=found.looked_through)]
