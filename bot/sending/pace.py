"""How soon a channel may be asked for the next thing."""

from __future__ import annotations

import asyncio
from datetime import datetime
from math import inf

from bot.clock import Clock
from bot.errors import ChannelClosed, PostError
from bot.sending.door import Door
from bot.sending.pauses import channel_pause
from bot.waiting import wait_for_any


class Pace:
    """The pace of one channel, of which others know nothing.

    Attributes:
        door: whether the channel lets the bot in.
    """

    def __init__(self, per_minute: float, now: Clock) -> None:
        self.door = Door()
        self._interval = 60 / per_minute
        self._now = now
        self._last_turn = -inf
        self._adopted = asyncio.Event()
        self._held_since = self._held_until = now()
        self._failures = 0

    def adopt(self, per_minute: float) -> None:
        """Keep another pace from now on, also in the wait that is under way."""
        self._interval = 60 / per_minute
        self._adopted.set()

    @property
    def held_until(self) -> datetime | None:
        """When the channel may be asked again; None if that is now."""
        # Before the pause began, the clock has been set back: nobody can tell how much is left.
        held = self._held_since <= self._now() < self._held_until
        return self._held_until if held else None

    def hold(self, error: PostError) -> datetime:
        """Leave the channel alone after a failure that is not a post's fault; return until when."""
        self._held_since = self._now()
        self._held_until = self._held_since + channel_pause(error, self._failures)
        self._failures += 1
        if isinstance(error, ChannelClosed):
            self.door.find_shut(str(error))
        return self._held_until

    def release(self) -> None:
        """Take note that the channel did what it was asked for."""
        self._failures = 0

    async def take_turn(self, stop: asyncio.Event) -> bool:
        """Wait for the next turn, or for ``stop``, and take it; tell whether there was a wait."""
        loop, waited = asyncio.get_running_loop(), False
        while not stop.is_set() and (left := self._last_turn + self._interval - loop.time()) > 0:
            waited = True
            self._adopted.clear()
            await wait_for_any(stop, self._adopted, timeout=left)
        self._last_turn = loop.time()
        return waited
