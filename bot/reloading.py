"""The settings, read again while newsieve runs; with a mistake in them all stays as it was."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from config import ConfigError, Settings, require_runnable
from config.changes import Changes, changes, usable_now

logger = logging.getLogger(__name__)

Read = Callable[[], Settings]
"""Reads the settings as they are written now; raises ConfigError."""

Adopt = Callable[[Settings], Awaitable[Sequence[str]]]
"""Lets all parts work by other settings, and returns the keys that name files which say something
else than before; raises ConfigError before anything has changed."""


class Reloader:
    """Reads the settings again, one reading at a time.

    Attributes:
        listeners: are told of the new settings when they have taken effect.
    """

    def __init__(self, settings: Settings, read: Read, adopt: Adopt) -> None:
        self._settings = settings
        self._read = read
        self._adopt = adopt
        self._turn = asyncio.Lock()
        self.listeners: list[Callable[[Settings], None]] = []

    async def reload(self) -> Changes:
        """Let what is written now take effect, as far as that takes no restart; return what it is.

        Raises:
            ConfigError: with every mistake; all is as before.
        """
        async with self._turn:
            try:
                found = await self._reload()
            except ConfigError as error:
                for problem in error.problems:
                    told = "the settings stay as they were: %s"
                    logger.error(told, problem, extra={"action": "settings_refused"})
                raise
        logger.info(
            "settings read again: %s", _summary(found), extra={"action": "settings_reloaded"}
        )
        return found

    async def _reload(self) -> Changes:
        written = await asyncio.to_thread(self._read)
        now = usable_now(self._settings, written)
        for settings in (written, now):
            require_runnable(settings)
        found = changes(self._settings, now, written)
        files = await self._adopt(now)
        self._settings = now
        for listener in self.listeners:
            listener(now)
        return replace(found, keys=tuple(dict.fromkeys((*found.keys, *files))))


def _summary(found: Changes) -> str:
    told = [
        *found.keys,
        *(f"source {name!r} added" for name in found.added),
        *(f"source {name!r} removed" for name in found.removed),
        *(f"source {name!r} changed" for name in found.altered),
        *(f"{key} takes effect at the next start only" for key in found.waiting),
    ]
    return ", ".join(told) or "nothing has changed"
