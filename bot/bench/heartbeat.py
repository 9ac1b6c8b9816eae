"""How long the event loop is kept from its work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import perf_counter, process_time

_BEAT = 0.005


class Heartbeat:
    """Wakes up again and again, and notes how late it does.

    Attributes:
        longest: the longest delay in seconds, by the clock.
        own: the longest of which this process had the processor, also in a thread that holds the
            interpreter: what is beyond is the machine's.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self.own = 0.0

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Note it for the body of the context."""
        task = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _beat(self) -> None:
        while True:
            began, busy = perf_counter(), process_time()
            await asyncio.sleep(_BEAT)
            late = perf_counter() - began - _BEAT
            self.longest = max(self.longest, late)
            self.own = max(self.own, min(late, process_time() - busy))
