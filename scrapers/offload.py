"""Heavy reading away from the event loop, and for a limited time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

_Result = TypeVar("_Result")


async def in_thread(work: Callable[[], _Result], *, seconds: float) -> _Result:
    """Return what ``work`` returns, or raise what it raises.

    Raises:
        asyncio.TimeoutError: it takes longer than ``seconds``. A thread cannot be stopped:
            it goes on until it is done, but holds up neither the loop nor the end of the process.
    """
    future: Future[_Result] = Future()
    # A daemon, unlike the threads of an executor, which are waited for at the end.
    Thread(target=_settle, args=(future, work), name="reading", daemon=True).start()
    return await asyncio.wait_for(asyncio.wrap_future(future), seconds)


def _settle(future: Future[_Result], work: Callable[[], _Result]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except BaseException as error:
        future.set_exception(error)
