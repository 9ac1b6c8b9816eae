"""How fast hosts are asked: one after the other, with a pause, and not while they want none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

# Links lead to any number of hosts; those that nobody waits for are forgotten.
_MOST_HOSTS = 2000


class LeftAloneError(Exception):
    """A host asked not to be visited for a while.

    Attributes:
        seconds: how long still.
        status: what it answered then.
    """

    def __init__(self, seconds: float, status: int) -> None:
        super().__init__(f"its host asked to be left alone for another {seconds:.0f} s")
        self.seconds = seconds
        self.status = status


@dataclass(slots=True)
class _Host:
    places: asyncio.Semaphore
    free_at: float = 0.0
    paused_until: float = 0.0
    status: int = 0
    visitors: int = 0

    def is_idle(self, now: float) -> bool:
        return not self.visitors and max(self.free_at, self.paused_until) <= now


class Pace:
    """Hands out turns.

    Args:
        delay: seconds between the end of a request to a host and the next one.
        at_host: requests to one host at a time.
        at_once: requests to all hosts at a time.
        longest_pause: seconds; a host that wants to be left alone for longer is asked then.
    """

    def __init__(
        self,
        delay: float,
        *,
        at_host: int = 1,
        at_once: int = 16,
        longest_pause: float = 3600.0,
    ) -> None:
        self._delay = delay
        self._at_host = at_host
        self._places = asyncio.Semaphore(at_once)
        self._longest_pause = longest_pause
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, *, delay: float = 0.0) -> AsyncIterator[None]:
        """Wait until it is polite to send a request to ``host``; the body is that request.

        Args:
            host: whom to ask; the same server has the same name.
            delay: seconds between its requests, if more than usual.

        Raises:
            LeftAloneError: it wants no requests now.
        """
        place = self._host(host)
        delay = max(delay, self._delay)
        place.visitors += 1
        try:
            async with place.places:
                await _wait(place, delay)
                async with self._places:
                    try:
                        yield
                    finally:
                        place.free_at = max(place.free_at, _now() + delay)
        finally:
            place.visitors -= 1

    def pause(self, host: str, seconds: float, status: int) -> None:
        """Send nothing to ``host`` for so long, which answered ``status``."""
        place = self._host(host)
        until = _now() + min(seconds, self._longest_pause)
        if until > place.paused_until:
            place.paused_until, place.status = until, status

    def _host(self, host: str) -> _Host:
        if host not in self._hosts and len(self._hosts) >= _MOST_HOSTS:
            now = _now()
            self._hosts = {name: it for name, it in self._hosts.items() if not it.is_idle(now)}
        return self._hosts.setdefault(host, _Host(asyncio.Semaphore(self._at_host)))


async def _wait(place: _Host, delay: float) -> None:
    now = _now()
    if place.paused_until > now:
        raise LeftAloneError(place.paused_until - now, place.status)
    starts_at = max(now, place.free_at)
    # Taken before waiting, for those who may come meanwhile.
    place.free_at = starts_at + delay
    if starts_at > now:
        await asyncio.sleep(starts_at - now)


def _now() -> float:
    return asyncio.get_running_loop().time()
