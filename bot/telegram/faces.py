"""What anybody may know of the channels: their titles and addresses."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram import Bot

from bot.clock import Clock, utc_now
from bot.errors import PostError
from bot.telegram.calls import chat_key, translated

logger = logging.getLogger(__name__)

KEPT = timedelta(hours=1)
"""Strangers may ask as often as they like: Telegram is asked once in this time."""


@dataclass(frozen=True, slots=True)
class Face:
    """A public channel as its readers know it."""

    title: str
    link: str


class Faces:
    """The channels that anybody may find; a private one is told to nobody."""

    def __init__(self, bot: Bot, chats: Sequence[str], *, now: Clock = utc_now) -> None:
        self._bot = bot
        self._chats = tuple(chats)
        self._now = now
        self._known: tuple[Face, ...] = ()
        self._asked_at: datetime | None = None

    async def shown(self) -> Sequence[Face]:
        """Return the public channels, in the order of the settings; as known if out of reach."""
        now = self._now()
        if self._asked_at is None or not self._asked_at <= now < self._asked_at + KEPT:
            self._asked_at = now
            try:
                faces = [await self._face(chat) for chat in self._chats]
            except PostError as error:
                logger.warning("channels not known: %s", error, extra={"action": "face_unknown"})
            else:
                self._known = tuple(face for face in faces if face is not None)
        return self._known

    async def _face(self, chat: str) -> Face | None:
        with translated():
            found = await self._bot.get_chat(chat_key(chat))
        return Face(found.title or chat, found.link) if found.link else None
