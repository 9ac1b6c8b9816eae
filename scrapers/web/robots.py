"""What hosts ask of robots (RFC 9309), asked for once a day.

url ─▶ robots.txt of its origin: fetched, or as remembered ─▶ Leave: may it be fetched, how often

A large robots.txt is read by the process that reads pages: it can be as hostile as they are.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial

from protego import Protego

from scrapers.apart.offload import offload
from scrapers.errors import Blocked, FetchError
from scrapers.web.options import ROBOT

MAX_BYTES = 500 * 1024
"""So much of a robots.txt counts, as the RFC has it."""

# Reading takes time that grows with the square of the size; so much is milliseconds.
_SMALL = 2000

_DAY = 86_400.0
# Rules that cannot be asked for again hold so long after that.
_STALE = 30 * _DAY
# A server that has failed is asked again after this.
_REFUSAL = 300.0
_MOST_ORIGINS = 5000
_LONGEST = 200

Ask = Callable[[str], Awaitable[bytes | None]]
"""The address of a robots.txt in, its body out; None: there is none. Raises FetchError."""


@dataclass(frozen=True, slots=True)
class Leave:
    """What a robots.txt says of one address: whether it may be fetched, seconds between two."""

    granted: bool = True
    delay: float = 0.0


def leave(body: bytes, url: str) -> Leave:
    """Return what the robots.txt ``body`` says of ``url``."""
    rules = _parsed(body)
    return Leave(rules.can_fetch(url, ROBOT), rules.crawl_delay(ROBOT) or 0.0)


# Pages of one site are asked for one after the other.
@lru_cache(maxsize=32)
def _parsed(body: bytes) -> Protego:
    return Protego.parse(body.decode("utf-8-sig", "replace"))


@dataclass(slots=True)
class _File:
    """The robots.txt of one origin, as far as it is known."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    body: bytes | None = None
    told_at: float | None = None
    good_until: float = 0.0
    refusal: FetchError | None = None


class Robots:
    """Remembers the robots.txt of each origin; in memory, so that a start asks again.

    Args:
        read_seconds: how long reading one may take.
        now: a clock, in seconds.
    """

    def __init__(
        self, *, read_seconds: float = 5.0, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._read_seconds = read_seconds
        self._now = now
        self._files: dict[str, _File] = {}

    async def leave(self, origin: str, url: str, ask: Ask) -> Leave:
        """Return whether ``url`` may be fetched, and how often.

        Args:
            origin: scheme, host and port of ``url``, as in ``https://gorod.example``.
            url: a web address.
            ask: fetches the robots.txt.

        Raises:
            Blocked: the robots.txt cannot be read.
            FetchError: it cannot be fetched, so nothing may be.
        """
        file = self._file(origin)
        async with file.lock:
            if file.good_until <= self._now():
                await self._renew(file, f"{origin}/robots.txt", ask)
        if file.refusal is not None:
            raise _same(file.refusal, url)
        return await self._read(file, file.body, url) if file.body else Leave()

    def _file(self, origin: str) -> _File:
        # The oldest goes first; if it is still in use, it is asked for once more.
        while origin not in self._files and len(self._files) >= _MOST_ORIGINS:
            del self._files[next(iter(self._files))]
        return self._files.setdefault(origin, _File())

    async def _renew(self, file: _File, address: str, ask: Ask) -> None:
        try:
            body = await ask(address)
        except FetchError as error:
            self._remember_failure(file, error)
        else:
            file.body, file.refusal = body, None
            file.told_at = self._now()
            file.good_until = file.told_at + _DAY

    def _remember_failure(self, file: _File, error: FetchError) -> None:
        now = self._now()
        known = file.told_at is not None and now < file.told_at + _STALE
        if not known and error.status is None:
            # Nobody is there: the next one who tries may find somebody.
            raise error
        if not known:
            file.refusal = error
        file.good_until = now + min(error.retry_after or _REFUSAL, _REFUSAL)

    async def _read(self, file: _File, body: bytes, url: str) -> Leave:
        try:
            if len(body) <= _SMALL:
                return leave(body, url)
            return await offload(partial(leave, body, url), seconds=self._read_seconds)
        except Exception as error:
            # Whatever it made its reader raise is told, but not done again for every page.
            detail = f"cannot be read: {type(error).__name__} {error}"[:_LONGEST]
            if isinstance(error, asyncio.TimeoutError):
                detail = f"takes more than {self._read_seconds:g} s to read"
            file.refusal = Blocked(url, f"its robots.txt {detail}")
            file.good_until = self._now() + _REFUSAL
            raise file.refusal from error


def _same(refusal: FetchError, url: str) -> FetchError:
    """Return the error of ``url`` that says what ``refusal`` says."""
    status, wait = refusal.status, refusal.retry_after
    return type(refusal)(url, refusal.reason, status=status, retry_after=wait)
