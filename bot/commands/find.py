"""/find: items by the words in their title and text."""

from __future__ import annotations

from bot.commands.desk import Desk
from bot.commands.request import Reply, Request
from bot.commands.texts import escape, fitting, item_line
from bot.errors import CommandError
from bot.language import gettext as _
from bot.render import one_line
from bot.sought import MOST_LETTERS, Sought

LINES = 15


async def find(desk: Desk, request: Request) -> Reply:
    """Show the newest items with these words, in any form; in quotation marks, as they stand."""
    written = " ".join(request.arguments)
    found = await desk.store.search.find(Sought.parse(written), LINES)
    words = escape(one_line(written, MOST_LETTERS))
    if not found.entries:
        raise CommandError(_("Nothing was found: {words}.").format(words=written))
    opening = _("The newest with {words}:").format(words=words)
    lines = [opening, *map(item_line, found.entries)]
    if found.is_cut:
        lines.append(_("There may be more: with one more word there is less to look through."))
    return Reply("\n".join(fitting(lines)))
