"""What can go wrong on the way to Telegram and back, as values a test injects.

A fault stands between a request and the work it asks for: it may leave the work undone, do it
and lose the answer, or hold either back until the test lets go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

Work = Callable[[], Awaitable[web.Response]]
Fault = Callable[[web.Request, Work], Awaitable[web.StreamResponse]]


def error_response(status: int, description: str, **parameters: int) -> web.Response:
    """Return an error as the Bot API writes it."""
    body: dict[str, object] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=status)


def refuse(status: int, description: str, **parameters: int) -> Fault:
    """Answer with an error; the work is not done."""

    async def fault(_request: web.Request, _work: Work) -> web.StreamResponse:
        return error_response(status, description, **parameters)

    return fault


def bad_request(description: str) -> Fault:
    """400 with Telegram's words."""
    return refuse(400, f"Bad Request: {description}")


def unauthorized() -> Fault:
    """401: the token was revoked."""
    return refuse(401, "Unauthorized")


def forbidden(description: str = "bot was kicked from the channel chat") -> Fault:
    """403: the bot may not write here."""
    return refuse(403, f"Forbidden: {description}")


def not_found() -> Fault:
    """404: no such token or method."""
    return refuse(404, "Not Found")


def conflict() -> Fault:
    """409: another process polls with this token."""
    return refuse(
        409,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    )


def flood(seconds: int) -> Fault:
    """429: wait so many seconds."""
    return refuse(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def server_error(*, done: bool = False) -> Fault:
    """500; ``done``: after the work."""

    async def fault(_request: web.Request, work: Work) -> web.StreamResponse:
        if done:
            await work()
        return error_response(500, "Internal Server Error")

    return fault


def bad_gateway(*, done: bool = False) -> Fault:
    """502 with the proxy's own page in place of JSON; ``done``: after the work."""

    async def fault(_request: web.Request, work: Work) -> web.StreamResponse:
        if done:
            await work()
        page = "<html><body><h1>502 Bad Gateway</h1></body></html>"
        return web.Response(status=502, text=page, content_type="text/html")

    return fault


def drop_before() -> Fault:
    """Drop the connection; the work is not done."""

    async def fault(request: web.Request, _work: Work) -> web.StreamResponse:
        return _dropped(request)

    return fault


def drop_after() -> Fault:
    """Do the work and drop the connection before the answer."""

    async def fault(request: web.Request, work: Work) -> web.StreamResponse:
        await work()
        return _dropped(request)

    return fault


def truncate() -> Fault:
    """Do the work and answer 200 with half of the JSON."""

    async def fault(_request: web.Request, work: Work) -> web.StreamResponse:
        whole = (await work()).body
        assert isinstance(whole, bytes)
        return web.Response(body=whole[: len(whole) // 2], content_type="application/json")

    return fault


class Hold:
    """A fault that stops one request until the test lets go: a slow answer.

    Attributes:
        after: hold the answer back after the work (True), or the work itself (False: when the
            client gives up meanwhile, releasing makes a late commit).
        reached: set once a request is held.
    """

    def __init__(self, *, after: bool = True) -> None:
        self.after = after
        self.reached = asyncio.Event()
        self.finished = asyncio.Event()
        self._released = asyncio.Event()

    async def __call__(self, _request: web.Request, work: Work) -> web.StreamResponse:
        """Hold the request."""
        if not self.after:
            await self._wait()
        response = await work()
        if self.after:
            await self._wait()
        self.finished.set()
        return response

    def release(self) -> None:
        """Let the request go on."""
        self._released.set()

    async def _wait(self) -> None:
        self.reached.set()
        await self._released.wait()


def _dropped(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
