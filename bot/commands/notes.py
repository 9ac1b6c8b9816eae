"""Short notes to the operators, from parts that cannot wait for Telegram."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Bot
from telegram.constants import ParseMode

from bot.commands.texts import escape, fitting
from bot.errors import NotSent, PostError
from bot.telegram.calls import chat_key, translated
from bot.waiting import wait_for_any

logger = logging.getLogger(__name__)

GATHER = 1.0
"""Seconds that the first of them is held back: what comes with it is told with it."""

PAUSE = 60.0
"""Seconds after which they are told again that certainly did not arrive."""


Record = Callable[[], Awaitable[None]]
"""Records that a note was told."""

IsNews = Callable[[], Awaitable[bool]]
"""Tells, just before it is told, whether a note says anything new."""


@dataclass(frozen=True, slots=True)
class _Note:
    text: str
    record: Record | None
    is_news: IsNews | None


class Notes:
    """What is to be told in the operators' chat, once each; all of it stands in the log as well."""

    def __init__(self, bot: Bot, chat: str, *, gather: float = GATHER) -> None:
        self._bot = bot
        self._chat = chat
        self._gather = gather
        self._waiting: list[_Note] = []
        self._woken = asyncio.Event()

    def add(self, text: str, record: Record | None = None, is_news: IsNews | None = None) -> None:
        """Let ``text``, which is plain, be told soon; ``record`` is called once it was.

        It is dropped if by then ``is_news`` says no.
        """
        self._waiting.append(_Note(text, record, is_news))
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Tell what is added, until ``stop`` is set; may be run again after a failure."""
        if self._waiting:
            self._woken.set()
        while not stop.is_set():
            await wait_for_any(stop, self._woken)
            self._woken.clear()
            await wait_for_any(stop, timeout=self._gather)
            try:
                await self.tell()
            except NotSent as error:
                self._woken.set()
                await wait_for_any(stop, timeout=error.retry_after or PAUSE)

    async def tell(self) -> None:
        """Tell what waits, in one message; what Telegram does not take is only in the log.

        Raises:
            NotSent: if it certainly did not arrive; it waits on.
            StoreError: if what was told cannot be read or recorded.
        """
        added = list(self._waiting)
        waiting = [note for note in added if note.is_news is None or await note.is_news()]
        # What was added meanwhile waits for the next message.
        del self._waiting[: len(added)]
        if not waiting:
            return
        lines = [escape(line) for note in waiting for line in note.text.split("\n")]
        told = "\n".join(fitting(lines))
        try:
            with translated():
                await self._bot.send_message(chat_key(self._chat), told, parse_mode=ParseMode.HTML)
        except PostError as error:
            logger.warning("%s was not told: %s", self._chat, error, extra={"action": "not_told"})
            if isinstance(error, NotSent):
                self._waiting = waiting + self._waiting
                raise
            return
        for note in waiting:
            if note.record is not None:
                await note.record()
