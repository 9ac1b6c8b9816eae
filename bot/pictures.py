"""Pictures of items: fetched as politely and guardedly as pages, and looked at first."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from bot.channel import Message
from scrapers import Client, ScrapeError

logger = logging.getLogger(__name__)

LARGEST = 10_000_000
"""Bytes of a photo that Telegram takes."""

PATIENCE = 30.0
"""Seconds that a post waits for its picture."""

_JPEG = b"\xff\xd8\xff"
_PNG = b"\x89PNG\r\n\x1a\n"


def picture_problem(body: bytes) -> str | None:
    """Return why Telegram would not take ``body`` as a photo, or None if it may."""
    if not body:
        return "it is empty"
    if len(body) > LARGEST:
        return f"it is larger than {LARGEST} bytes"
    # What a server says of the type is often wrong; the first bytes are not.
    if body.startswith((_JPEG, _PNG)) or (body[:4], body[8:12]) == (b"RIFF", b"WEBP"):
        return None
    return "it is no JPEG, PNG or WebP"


class Pictures:
    """Fetches the pictures of posts, one after the other as they go out."""

    def __init__(self, client: Client, *, patience: float = PATIENCE) -> None:
        self._client = client
        self._patience = patience
        # A post that Telegram puts off asks for its picture again.
        self._last: tuple[str, bytes | None] | None = None

    async def illustrate(self, message: Message) -> Message:
        """Return ``message`` with its picture, if it has one that can be had; never fails."""
        if message.image is None or message.caption is None:
            return message
        if self._last is None or self._last[0] != message.image:
            self._last = message.image, await self._fetched(message.image)
        return replace(message, photo=self._last[1])

    async def _fetched(self, address: str) -> bytes | None:
        try:
            page = await asyncio.wait_for(self._client.get(address), self._patience)
        except ScrapeError as error:
            problem: str | None = error.reason
        except asyncio.TimeoutError:
            problem = f"it did not come in {self._patience:g} s"
        else:
            problem = picture_problem(page.body)
        if problem is None:
            return page.body
        told = "the picture %s is left out: %s"
        logger.warning(told, address, problem, extra={"action": "picture_left_out"})
        return None
