"""/stats: the figures of the last days as a picture."""

from __future__ import annotations

import asyncio

from bot.commands.desk import Desk, is_id, number
from bot.commands.request import Reply, Request
from bot.errors import CommandError
from bot.figures import Figures, stretches
from bot.language import gettext as _

DAYS = 7
MOST_DAYS = 90


async def stats(desk: Desk, request: Request) -> Reply:
    """Show the figures of the last days, today included, in the days of the channel's zone."""
    span = stretches(_days(request), desk.now(), desk.zone)
    figures = await desk.store.statistics.figures(span, desk.zone)
    return await asyncio.to_thread(_told, figures)


def _told(figures: Figures) -> Reply:
    # They load matplotlib and Babel, which takes a second: only who asks for figures pays it.
    from bot.caption import caption  # noqa: PLC0415
    from bot.charts import draw  # noqa: PLC0415

    return Reply(caption(figures), picture=draw(figures))


def _days(request: Request) -> int:
    if not request.arguments:
        return DAYS
    first, *more = request.arguments
    if more or not is_id(first) or not 1 <= (asked := number(first)) <= MOST_DAYS:
        raise CommandError(_("I can show 1 to {most} days: /stats 30.").format(most=MOST_DAYS))
    return asked
