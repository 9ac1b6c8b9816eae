"""A news site on loopback, and a client that may fetch from it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from scrapers import Client, ClientOptions

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """Answers by path and remembers what was asked."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}
        self.requests: list[web.Request] = []
        application = web.Application()
        application.router.add_get("/{path:.*}", self._answer)
        self.server = TestServer(application)

    def url(self, path: str) -> str:
        return str(self.server.make_url(path))

    def serve(self, path: str, body: bytes | str = b"", **options: Any) -> str:
        """Answer ``path`` with ``body``; options are those of `web.Response`."""
        raw = body.encode() if isinstance(body, str) else body

        async def handler(request: web.Request) -> web.StreamResponse:
            return web.Response(body=raw, **options)

        return self.handle(path, handler)

    def handle(self, path: str, handler: Handler) -> str:
        self._handlers[path] = handler
        return self.url(path)

    def asked(self) -> list[str]:
        return [request.path_qs for request in self.requests]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        handler = self._handlers.get(request.path)
        return await handler(request) if handler else web.Response(status=404)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    await site.server.start_server()
    yield site
    await site.server.close()


def local_options(**changes: Any) -> ClientOptions:
    """Return options for a site on loopback; robots.txt is not asked for unless wanted."""
    asked = {"host_delay": 0, "robots": False, **changes}
    return ClientOptions(allow_private_hosts=True, **asked)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client(local_options()) as client:
        yield client
