"""Pictures of items: fetched as politely and guardedly as pages, and looked at first."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from bot.channel import Message
from scrapers import Client, ScrapeError

logger = logging.getLogger(__name__)

LARGEST = 10_000_000
"""Bytes of a photo that Telegram takes."""

PATIENCE = 10.0
"""Seconds that a post waits for its picture, and all that is due in its channel with it."""

SLOW = 5.0
REST = 600.0
"""Seconds for which a host is asked for no picture that kept a post waiting for nothing so long."""

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
    """Fetches the pictures of posts, one after the other as they go out.

    Attributes:
        ca_files: by the names of sources, certificates to trust besides the public ones.
    """

    def __init__(
        self, client: Client, *, patience: float = PATIENCE, clock: Callable[[], float] = monotonic
    ) -> None:
        self.ca_files: Mapping[str, Path] = {}
        self._client = client
        self._patience = patience
        self._clock = clock
        # By host, until when.
        self._resting: dict[str, float] = {}
        # A post that Telegram puts off asks for its picture again.
        self._last: tuple[str, bytes | None] | None = None

    async def illustrate(self, message: Message, source: str) -> Message:
        """Return a message of a source with its picture, if it has one that can be had.

        Never fails.
        """
        if message.image is None or message.caption is None:
            return message
        if self._last is None or self._last[0] != message.image:
            self._last = message.image, await self._fetched(message.image, source)
        return replace(message, photo=self._last[1])

    async def _fetched(self, address: str, source: str) -> bytes | None:
        found = await self._asked_for(address, self.ca_files.get(source))
        if isinstance(found, bytes):
            return found
        told = "the picture %s is left out: %s"
        logger.warning(told, address, found, extra={"action": "picture_left_out"})
        return None

    async def _asked_for(self, address: str, ca_file: Path | None) -> bytes | str:
        """Return a picture, or why there is none."""
        host, began = urlsplit(address).netloc, self._clock()
        if self._resting.get(host, 0.0) > began:
            return "its host kept another post waiting for nothing"
        try:
            coming = self._client.get(address, ca_file=ca_file)
            page = await asyncio.wait_for(coming, self._patience)
        except ScrapeError as error:
            if self._clock() - began >= SLOW:
                self._leave_alone(host)
            return error.reason
        except asyncio.TimeoutError:
            self._leave_alone(host)
            return f"it did not come in {self._patience:g} s"
        return picture_problem(page.body) or page.body

    def _leave_alone(self, host: str) -> None:
        now = self._clock()
        self._resting = {one: until for one, until in self._resting.items() if until > now}
        self._resting[host] = now + REST
