"""Waiting for what a server saw, instead of sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Pulse:
    """Wakes those who wait whenever something has happened."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def beat(self) -> None:
        """Say that something has happened."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

    async def next(self) -> None:
        """Return after the next beat."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            await waiter
        finally:
            self._waiting.discard(waiter)

    async def until(self, look: Callable[[], T | None], what: str, timeout: float = 100.0) -> T:
        """Return the first true answer of ``look``, asked again after every beat.

        Raises:
            AssertionError: naming ``what``, if it did not come within ``timeout`` seconds.
        """

        async def watch() -> T:
            while not (seen := look()):
                await self.next()
            return seen

        try:
            return await asyncio.wait_for(watch(), timeout)
        except asyncio.TimeoutError:
            raise AssertionError(f"waited {timeout:g} s in vain for {what}") from None
