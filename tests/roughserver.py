"""Sites on loopback that break the rules of HTTP, or keep to them and mean harm.

async with RoughServer() as rough:
    address = await rough.open(dripping)      # each site on a port of its own
    ...                                       # fetch it

`tests.newsserver` has the sites that a web framework can play; these write what they like.
"""

from __future__ import annotations

import asyncio
import gzip
import itertools
import zlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial

from tests.newsserver import MEGABYTE, RSS

Write = Callable[[bytes], Awaitable[None]]
Manner = Callable[[str, Write], Awaitable[None]]
"""Answers the request for a path by writing what it likes; the connection ends with it."""

HTML = "text/html; charset=utf-8"


class RoughServer:
    """Serves rough sites; an async context manager."""

    def __init__(self) -> None:
        self._servers: list[asyncio.Server] = []
        self._visits: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> RoughServer:
        return self

    async def __aexit__(self, *_error: object) -> None:
        for server in self._servers:
            server.close()
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)

    async def open(self, manner: Manner) -> str:
        """Open a site that answers in this manner; return its address."""
        server = await asyncio.start_server(partial(self._visit, manner), "127.0.0.1", 0)
        self._servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"

    async def _visit(
        self, manner: Manner, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        visit = asyncio.current_task()
        assert visit is not None
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)

        async def write(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        # Whoever has had enough of it hangs up.
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            await manner(head.split(b" ")[1].decode(), write)
        writer.close()


# Sites that would be good, if they kept to the rules.


def answering(
    body: bytes, *, status: str = "200 OK", headers: Mapping[str, str] | None = None
) -> Manner:
    """Answer everything but robots.txt with exactly these headers besides a type and a length."""
    told = {"Content-Type": HTML, "Content-Length": str(len(body)), **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    answer = f"HTTP/1.1 {status}\r\nConnection: close\r\n{lines}\r\n".encode() + body
    return _behind_robots(lambda _path, write: write(answer))


def serving(pages: Mapping[str, bytes]) -> Manner:
    """Answer each path with its page."""
    return _behind_robots(lambda path, write: answering(pages[path])(path, write))


def flapping(pages: Mapping[str, bytes]) -> Manner:
    """Answer every other request with 500."""
    turns = itertools.count()

    async def answer(path: str, write: Write) -> None:
        fails = next(turns) % 2
        status = "500 Oops" if fails else "200 OK"
        body = b"" if fails else pages[path]
        await answering(body, status=status)(path, write)

    return _behind_robots(answer)


# Slow and dead ones.


async def dripping(_path: str, write: Write) -> None:
    """Send a page letter by letter without end, never silent for long."""
    await write(f"HTTP/1.1 200 OK\r\nContent-Type: {HTML}\r\n\r\n<html>".encode())
    while True:
        await write(b".")
        await asyncio.sleep(0.2)


async def dripping_headers(_path: str, write: Write) -> None:
    """Send headers letter by letter without end."""
    await write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        await write(b".")
        await asyncio.sleep(0.2)


async def silent(_path: str, _write: Write) -> None:
    """Listen, and say nothing."""
    await asyncio.Event().wait()


async def hanging_up(_path: str, _write: Write) -> None:
    """Close the connection without an answer."""


async def babbling(_path: str, write: Write) -> None:
    """Answer in no language that a web browser knows."""
    await write(b"220 mail.example ESMTP\r\n" * 20)


async def endless_headers(_path: str, write: Write) -> None:
    """Send header after header."""
    await write(b"HTTP/1.1 200 OK\r\n")
    while True:
        await write(b"X-More: " + b"a" * 1000 + b"\r\n")


# Enormous ones.


def endless() -> Manner:
    """Send a page that never ends, as fast as it goes."""
    return _behind_robots(_endless)


def announcing_200_megabytes() -> Manner:
    """Say how large the page will be, and let one wait for it."""
    return _behind_robots(_announcing_200_megabytes)


async def _endless(_path: str, write: Write) -> None:
    await write(f"HTTP/1.1 200 OK\r\nContent-Type: {HTML}\r\n\r\n".encode())
    while True:
        await write(b"<p>more</p>" * 10_000)


async def _announcing_200_megabytes(_path: str, write: Write) -> None:
    await write(f"HTTP/1.1 200 OK\r\nContent-Type: {HTML}\r\n".encode())
    await write(f"Content-Length: {200 * MEGABYTE}\r\n\r\n<html>".encode())
    await asyncio.Event().wait()


def gzip_bomb(megabytes: int = 1000) -> Manner:
    """Send a megabyte or two that inflate to a thousand."""
    packer = zlib.compressobj(9, wbits=31)
    block = b"<p>x</p>" * (MEGABYTE // 8)
    first, again = (packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    # A block stands alone after a full flush. The checksum is of two only, but it comes last.
    packed = first + again * (megabytes - 1) + packer.flush()
    return answering(packed, headers={"Content-Encoding": "gzip"})


# Redirecting ones.


def redirecting(target: str) -> Manner:
    """Send everybody to ``target``."""
    return answering(b"", status="302 Found", headers={"Location": target})


def chain(path: str, write: Write) -> Awaitable[None]:
    """Send everybody one further, without end."""
    further = f"/{int(path.strip('/') or 0) + 1}" if path != "/robots.txt" else path
    return redirecting(further)(path, write)


# Hostile pages.


def xml_bomb() -> bytes:
    """Return a feed whose entities would be a gigabyte of laughs."""
    entities = '<!ENTITY a0 "ха-ха ">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    item = "<item><title>&a9;</title><link>/1</link><description>&a9;</description></item>"
    return f"<!DOCTYPE rss [{entities}]><rss><channel>{item}</channel></rss>".encode()


def xml_file(path: str = "/etc/passwd") -> bytes:
    """Return a feed that asks its reader for a file."""
    item = "<item><title>Файл: &file;</title><link>/1</link></item>"
    entity = f'<!ENTITY file SYSTEM "file://{path}">'
    return f"<!DOCTYPE rss [{entity}]><rss><channel>{item}</channel></rss>".encode()


def deep(tag: str = "div", depth: int = 100_000) -> bytes:
    """Return a page that opens elements only."""
    return f"<html><body>{f'<{tag}>' * depth}текст".encode()


def bewildering(size: int = 2 * MEGABYTE) -> bytes:
    """Return a page of what expressions go astray on: gaps, half dates, half tags, one line."""
    scraps = (" " * 5000, "1." * 3000, "12 мая " * 900, "<a " * 2000, "&#1" * 2000, "-" * 5000)
    filler = "".join(scraps)
    return f"<html><title>{'а ' * 20_000}</title><body>{filler * (size // len(filler))}".encode()


def crowded(count: int = 100_000) -> bytes:
    """Return a page of links."""
    links = "".join(f'<p><a href="/news/{n}">Новость номер {n}</a></p>' for n in range(count))
    return f"<html><body>{links}".encode()


def half_gzip(body: bytes) -> bytes:
    """Return gzip that breaks off in the middle."""
    packed = gzip.compress(body)
    return packed[: len(packed) // 2]


def feed_type(body: bytes) -> Manner:
    """Answer with this feed."""
    return answering(body, headers={"Content-Type": RSS})


_NO_ROBOTS = b"HTTP/1.1 404 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def _behind_robots(manner: Manner) -> Manner:
    """Have no robots.txt, and answer the rest in this manner."""

    async def answer(path: str, write: Write) -> None:
        await (write(_NO_ROBOTS) if path == "/robots.txt" else manner(path, write))

    return answer
