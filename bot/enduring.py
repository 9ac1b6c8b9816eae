"""Works that outlast a database which cannot be used for a while."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.errors import StoreBusy
from bot.waiting import wait_for_any

logger = logging.getLogger(__name__)

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds after which the database is tried again: doubling from the one to the other."""

Work = Callable[[asyncio.Event], Awaitable[None]]
"""Goes on until the event is set; may be begun anew at any time."""


async def endure(work: Work, stop: asyncio.Event) -> None:
    """Do ``work`` until ``stop`` is set, and begin it anew when the database was busy or away.

    Raises:
        Exception: what else goes wrong in it.
    """
    loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
    while not stop.is_set():
        began = loop.time()
        try:
            await work(stop)
        except StoreBusy as error:
            if loop.time() - began > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            tell_busy(error, pause)
            await wait_for_any(stop, timeout=pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        else:
            return


def tell_busy(error: StoreBusy, pause: float) -> None:
    """Log that the database could not be used, and is tried again in ``pause`` seconds."""
    told = "the database cannot be used, trying again in %.0f s: %s"
    logger.warning(told, pause, error, extra={"action": "store_busy"})
