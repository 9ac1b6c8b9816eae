"""Connections that are kept between requests, and the cookies that go with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import httpx

from scrapers.web.guard import open_transport
from scrapers.web.inflate import ACCEPTED
from scrapers.web.options import ClientOptions
from scrapers.web.trust import trusted

# A site may set as many as it likes, and servers take no more than this in a request.
_MOST_COOKIES = 2000
_LONGEST_COOKIES = 4000


class Sessions:
    """An HTTP session for each set of certificates."""

    def __init__(self, options: ClientOptions, transport: httpx.AsyncBaseTransport | None) -> None:
        self._options = options
        self._transport = transport
        self._sessions: dict[Path | None, httpx.AsyncClient] = {}
        self._opening = asyncio.Lock()

    async def of(self, ca_file: Path | None) -> httpx.AsyncClient:
        """Return the session that trusts ``ca_file`` besides the public certificates.

        Raises:
            FetchError: there are no certificates in it.
        """
        if ca_file not in self._sessions:
            # Whoever comes meanwhile waits for the same one.
            async with self._opening:
                if ca_file not in self._sessions:
                    self._sessions[ca_file] = await self._opened(ca_file)
        return self._sessions[ca_file]

    async def _opened(self, ca_file: Path | None) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=self._transport or await self._guarded(ca_file),
            timeout=httpx.Timeout(self._options.timeout, pool=None),
            headers={
                "User-Agent": self._options.user_agent,
                "Accept": "*/*",
                "Accept-Encoding": ACCEPTED,
            },
            trust_env=False,
        )

    async def _guarded(self, ca_file: Path | None) -> httpx.AsyncBaseTransport:
        # Connections need that part of anyio which is for this loop, and would load it within it.
        await asyncio.to_thread(anyio.run, anyio.sleep, 0)
        return open_transport(self._options, await trusted(ca_file))

    async def aclose(self) -> None:
        """Close all connections."""
        while self._sessions:
            await self._sessions.popitem()[1].aclose()


@asynccontextmanager
async def sent(session: httpx.AsyncClient, request: httpx.Request) -> AsyncIterator[httpx.Response]:
    """Send ``request``; the answer is open for the body of the context, redirects are not."""
    if len(request.headers.get("cookie", "")) > _LONGEST_COOKIES:
        del request.headers["cookie"]
    response = await session.send(request, stream=True)
    try:
        if "set-cookie" in response.headers and len(session.cookies.jar) > _MOST_COOKIES:
            session.cookies.clear()
        yield response
    finally:
        await response.aclose()
