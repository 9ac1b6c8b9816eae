"""A pause between two requests to one host."""

from __future__ import annotations

import asyncio


class Pace:
    """Hands out turns: two turns of one host are at least ``delay`` seconds apart."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._free_at: dict[str, float] = {}

    async def turn(self, host: str) -> None:
        """Return when it is polite to send the next request to ``host``."""
        now = asyncio.get_running_loop().time()
        starts_at = max(now, self._free_at.get(host, now))
        # Taken before waiting, so that those who come meanwhile queue up behind.
        self._free_at[host] = starts_at + self._delay
        if starts_at > now:
            await asyncio.sleep(starts_at - now)
