"""Waiting for whichever comes first."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


async def wait_for_any(*events: asyncio.Event, timeout: float | None = None) -> None:
    """Return when one of ``events`` is set, or after ``timeout`` seconds."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


async def unless_stopped(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Return what ``work`` returns; None, with the work cut off, if ``stop`` is set before."""
    task = asyncio.ensure_future(work)
    stopped = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return await task if task.done() else None
    finally:
        task.cancel()
        stopped.cancel()
        await asyncio.gather(task, stopped, return_exceptions=True)


async def side_by_side(works: Sequence[Coroutine[Any, Any, None]], stop: asyncio.Event) -> None:
    """Run works that end when ``stop`` is set; the end of any one of them sets it.

    Raises:
        Exception: the first failure, once all others have ended.
    """

    async def until_the_end(work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        finally:
            stop.set()

    outcomes = await asyncio.gather(*map(until_the_end, works), return_exceptions=True)
    for outcome in outcomes:
        if outcome is not None:
            raise outcome
