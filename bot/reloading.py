"""The settings, read again while newsieve runs: all that has changed takes effect, or nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from config import ConfigError, Settings, require_runnable
from config.changes import Changes, changes

logger = logging.getLogger(__name__)

Read = Callable[[], Settings]
"""Reads the settings as they are written now; raises ConfigError."""

Adopt = Callable[[Settings], Awaitable[None]]
"""Lets all parts work by other settings; raises ConfigError before anything has changed."""


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

    async def read(self) -> Settings:
        """Return the settings as they are written now; nothing changes.

        Raises:
            ConfigError: with every mistake in them.
        """
        return await asyncio.to_thread(self._read)

    async def reload(self) -> Changes:
        """Let what is written now take effect, and return what has changed.

        Raises:
            ConfigError: with every mistake, and every key that takes a restart; all is as before.
        """
        async with self._turn:
            try:
                return await self._reload()
            except ConfigError as error:
                for problem in error.problems:
                    told = "the settings stay as they were: %s"
                    logger.error(told, problem, extra={"action": "settings_refused"})
                raise

    async def _reload(self) -> Changes:
        wanted = await self.read()
        require_runnable(wanted)
        found = changes(self._settings, wanted)
        if found.locked:
            told = "takes effect at the next start only: restart newsieve, or take the change back"
            raise ConfigError([f"{key}: {told}" for key in found.locked])
        if found:
            await self._adopt(wanted)
            self._settings = wanted
            for listener in self.listeners:
                listener(wanted)
        logger.info(
            "settings read again: %s", _summary(found), extra={"action": "settings_reloaded"}
        )
        return found


def _summary(found: Changes) -> str:
    sources = [
        *(f"source {name!r} added" for name in found.added),
        *(f"source {name!r} removed" for name in found.removed),
        *(f"source {name!r} changed" for name in found.altered),
    ]
    return ", ".join([*found.keys, *sources]) or "nothing has changed"
