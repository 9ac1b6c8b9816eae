"""Heavy reading away from the event loop, and for a limited time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any, TypeVar

_Result = TypeVar("_Result")

MAX_ABANDONED = 4
"""How many readings that were given up may still be running when another one begins."""

_abandoned: list[Future[Any]] = []


class TooBusyError(Exception):
    """Too many readings were given up and still go on: they cannot be stopped."""


async def in_thread(work: Callable[[], _Result], *, seconds: float) -> _Result:
    """Return what ``work`` returns, or raise what it raises.

    Raises:
        asyncio.TimeoutError: it takes longer than ``seconds``. A thread cannot be stopped:
            it goes on until it is done, but holds up neither the loop nor the end of the process.
        TooBusyError: `MAX_ABANDONED` such threads go on already.
    """
    _abandoned[:] = [future for future in _abandoned if not future.done()]
    if len(_abandoned) >= MAX_ABANDONED:
        raise TooBusyError
    future: Future[_Result] = Future()
    # A daemon, unlike the threads of an executor, which are waited for at the end.
    Thread(target=_settle, args=(future, work), name="reading", daemon=True).start()
    try:
        return await asyncio.wait_for(asyncio.wrap_future(future), seconds)
    finally:
        if not future.done():
            _abandoned.append(future)


def _settle(future: Future[_Result], work: Callable[[], _Result]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except BaseException as error:
        future.set_exception(error)
