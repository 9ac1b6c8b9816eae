"""Many invented news sites on loopback, each on a port of its own, each answer after a while.

A process of its own, so that what it takes is not counted: it prints the ports, serves until its
standard input ends, then prints how long it was left alone between two requests.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from math import inf
from typing import cast

from bot.bench.invented import PLACEHOLDER, article, front_page

LATENCY = 0.05
"""Seconds from a request to its answer."""

_POOL = 60
_ROBOTS = b"User-agent: *\nAllow: /\n"


@dataclass(slots=True)
class _Site:
    """One site; ``pause`` is the shortest time between an answer and the next request."""

    number: int
    articles: int
    pages: list[bytes]
    pause: float = inf
    answered_at: float = field(default=-inf)

    def answer(self, path: str) -> bytes:
        if path == "/robots.txt":
            return _ROBOTS
        if path == "/":
            first = self.number * self.articles
            return front_page(self.number, map(_path, range(first, first + self.articles)))
        number = int(path.rsplit("/", 1)[-1].removesuffix(".html"))
        # As long as the placeholder, which stands for it in any encoding.
        shown = str(number).rjust(len(PLACEHOLDER), "0").encode()
        return self.pages[number % len(self.pages)].replace(PLACEHOLDER.encode(), shown)


class _Visitor(asyncio.Protocol):
    """One connection: requests come one after the other."""

    def __init__(self, site: _Site, latency: float) -> None:
        self._site = site
        self._latency = latency
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Those of a server of sockets can be written to.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._received.endswith(b"\r\n\r\n"):
            return
        path = self._received.split(b" ", 2)[1].decode()
        self._received = b""
        site = self._site
        site.pause = min(site.pause, time.monotonic() - site.answered_at)
        asyncio.get_running_loop().call_later(self._latency, self._answer, path)

    def _answer(self, path: str) -> None:
        body = self._site.answer(path)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
        # Before it: whoever is held up behind it would find the pause too short.
        self._site.answered_at = time.monotonic()
        self._transport.write(head.encode() + body)


def main(sites: int, articles: int, latency: float) -> None:
    """Serve so many sites with so many articles each, until standard input ends."""
    asyncio.run(_serve(sites, articles, latency))


async def _serve(count: int, articles: int, latency: float) -> None:
    loop = asyncio.get_running_loop()
    pages = [article(number) for number in range(_POOL)]
    sites = [_Site(number, articles, pages) for number in range(count)]
    servers = [
        await loop.create_server(partial(_Visitor, site, latency), "127.0.0.1", 0) for site in sites
    ]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    _tell({"ports": ports})
    await asyncio.to_thread(sys.stdin.read)
    _tell({"pause": min(site.pause for site in sites)})


def _path(number: int) -> str:
    return f"/news/2024/{number}.html"


def _tell(facts: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()
