"""What takes longer than an answer may: done beside everything else, and told when it is done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.commands.request import Reply
from bot.commands.texts import escape
from bot.errors import CommandError, NotSent, PostError
from bot.language import gettext as _
from bot.language import speaking, spoken
from bot.waiting import side_by_side, unless_stopped, wait_for_any

logger = logging.getLogger(__name__)

AT_ONCE = 3
"""So many are done side by side."""

MOST_OPEN = 12
"""So many are under way or wait; who asks for more is asked to wait."""

TRIES = 4
PAUSE = 5.0
"""How often, and with how many seconds between, it is tried to tell what came of one."""

FAREWELL = 3.0
"""Seconds that may pass at the end to tell who still waits that there will be no answer."""

Work = Callable[[], Awaitable[Reply]]
"""Does it and returns what to tell; raises CommandError if it cannot be done."""

Send = Callable[[int, Reply], Awaitable[None]]
"""Sends a chat a message; raises PostError."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to do.

    Attributes:
        chat_id: the chat in which to tell what came of it.
        work: what is to be done.
        language: to tell it in: that of whoever asks.
    """

    chat_id: int
    work: Work
    language: str = field(default_factory=spoken)


class Errands:
    """What was asked for and is not done yet; a stop ends it all, and a restart knows nothing."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._open = 0
        self._waiting: asyncio.Queue[Errand] = asyncio.Queue()

    @property
    def are_many(self) -> bool:
        """Whether there are so many that no more should be asked for."""
        return self._open >= MOST_OPEN

    def ask(self, errand: Errand) -> None:
        """Let it be done soon, and told what comes of it."""
        self._open += 1
        self._waiting.put_nowait(errand)

    async def run(self, stop: asyncio.Event) -> None:
        """Do what is asked for until ``stop`` is set; then break off, and say so."""
        await side_by_side([self._serve(stop) for _number in range(AT_ONCE)], stop)

    async def work_off(self, stop: asyncio.Event) -> None:
        """Do what was asked for up to now, unless ``stop`` is set."""
        while not self._waiting.empty():
            await self._do(self._waiting.get_nowait(), stop)

    async def _serve(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            errand = await unless_stopped(stop, self._waiting.get())
            if errand is not None:
                await self._do(errand, stop)
        await self.work_off(stop)

    async def _do(self, errand: Errand, stop: asyncio.Event) -> None:
        with speaking(errand.language):
            reply = await unless_stopped(stop, _outcome(errand.work))
            self._open -= 1
            if reply is None:
                reply = Reply(_("I am being stopped before this is done: ask for it again."))
            await self._tell(errand.chat_id, reply, stop)

    async def _tell(self, chat_id: int, reply: Reply, stop: asyncio.Event) -> None:
        for left in reversed(range(TRIES)):
            pause = await self._try_to_tell(chat_id, reply, FAREWELL if stop.is_set() else None)
            if pause is None or not left or stop.is_set():
                return
            await wait_for_any(stop, timeout=pause)

    async def _try_to_tell(self, chat_id: int, reply: Reply, limit: float | None) -> float | None:
        """Send a message in so many seconds; return when to try again, None if not at all."""
        try:
            await asyncio.wait_for(self._send(chat_id, reply), limit)
        except (PostError, asyncio.TimeoutError) as error:
            logger.warning("%d was not told: %s", chat_id, error, extra={"action": "not_told"})
            return (error.retry_after or PAUSE) if isinstance(error, NotSent) else None
        return None


async def _outcome(work: Work) -> Reply:
    try:
        return await work()
    except CommandError as error:
        return Reply(escape(error.reply))
