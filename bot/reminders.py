"""What is wrong for long is told the operators once a day, however often newsieve starts."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.clock import Clock, utc_now
from bot.commands.notes import Notes
from bot.store import Store

AGAIN = timedelta(days=1)
"""After so long the same is told again, if it is still so."""


class Reminders:
    """Tells the operators what they would otherwise hear at each start."""

    def __init__(self, store: Store, notes: Notes, *, now: Clock = utc_now) -> None:
        self._notices = store.notices
        self._notes = notes
        self._now = now

    def tell(self, subject: str, text: str) -> None:
        """Tell ``text`` of ``subject`` soon, unless it was the last they heard of it."""
        self._notes.add(
            text, partial(self._record, subject, text), partial(self._is_news, subject, text)
        )

    async def _is_news(self, subject: str, text: str) -> bool:
        return not await self._notices.told_since(subject, text, self._now() - AGAIN)

    async def _record(self, subject: str, text: str) -> None:
        await self._notices.record(subject, text, at=self._now())
