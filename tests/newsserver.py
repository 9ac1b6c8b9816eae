"""News sites on loopback, well-behaved and otherwise.

async with NewsServer() as news:
    news.publish("/feed.xml", [Story("most", "Мост открыт", "…")])
    news.serve("/broken", status(500))
    ...                                     # fetch news.address("/feed.xml")
    await news.wait_for_request("/broken")
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import time
import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import format_datetime
from html import escape

from aiohttp import web

from tests.previews import post, preview_page, words
from tests.pulse import Pulse

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

HTML = "text/html; charset=utf-8"
XML = "application/xml"
RSS = "application/rss+xml; charset=utf-8"
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Story:
    """One invented piece of news; ``slug`` is the end of its address."""

    slug: str
    title: str
    text: str
    published: datetime = field(default_factory=lambda: datetime.now(timezone.utc))


@dataclass(frozen=True)
class Request:
    """What a site was asked for, header names in lower case; ``at``: see `emulator.Call`."""

    path: str
    headers: Mapping[str, str]
    at: float = field(default_factory=time.monotonic)


class NewsServer:
    """Serves answers by path; an async context manager.

    Attributes:
        requests: all that was asked, oldest first.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._answers: dict[str, Answer] = {}
        self._pulse = Pulse()
        self._port = 0

    async def __aenter__(self) -> NewsServer:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._runner.cleanup()

    def address(self, path: str) -> str:
        """Return the absolute address of a path."""
        return f"http://127.0.0.1:{self._port}{path}"

    def serve(self, path: str, answer: Answer) -> str:
        """Answer ``path`` this way from now on; return its address."""
        self._answers[path] = answer
        return self.address(path)

    def publish(self, path: str, stories: Iterable[Story]) -> str:
        """Serve an RSS feed of the stories, and their pages; return the feed's address."""
        told = tuple(stories)
        self._serve_articles(told)
        return self.serve(path, conditional(rss(told, self.address("")), RSS))

    def publish_listing(
        self, path: str, stories: Iterable[Story], *, encoding: str = "utf-8"
    ) -> str:
        """Serve a page that links to the stories, and their pages; return its address."""
        told = tuple(stories)
        self._serve_articles(told, encoding)
        content_type = f"text/html; charset={encoding}"
        return self.serve(path, page(listing_page(told).encode(encoding), content_type))

    def publish_sitemap(self, path: str, stories: Iterable[Story]) -> str:
        """Serve an index whose news sitemap lists the stories, and their pages; its address."""
        told = tuple(stories)
        self._serve_articles(told)
        news = self.serve("/sitemap-news.xml", page(news_sitemap(told, self.address("")), XML))
        index = f"<sitemapindex><sitemap><loc>{news}</loc></sitemap></sitemapindex>"
        return self.serve(path, conditional(index.encode(), XML))

    def publish_channel(self, path: str, stories: Iterable[Story]) -> str:
        """Serve the preview of a Telegram channel with a post for each story; its address."""
        posts = [
            post(
                number,
                words(f"<b>{escape(story.title)}</b><br/>{escape(story.text)}"),
                at=story.published,
            )
            for number, story in enumerate(stories, start=1)
        ]
        return self.serve(path, page(preview_page(posts)))

    def requests_of(self, path: str) -> list[Request]:
        """Return the requests for ``path`` so far."""
        return [request for request in self.requests if request.path == path]

    async def wait_for_request(self, path: str, *, count: int = 1) -> Request:
        """Return request number ``count`` for ``path``, once it has come."""
        found = await self._pulse.until(
            lambda: self.requests_of(path)[count - 1 : count], f"request {count} for {path}"
        )
        return found[0]

    def _serve_articles(self, stories: Iterable[Story], encoding: str = "utf-8") -> None:
        for story in stories:
            body = article_page(story).encode(encoding)
            self.serve(f"/{story.slug}", page(body, f"text/html; charset={encoding}"))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(Request(request.path, headers))
        self._pulse.beat()
        return await self._answers.get(request.path, status(404))(request)


# Answers of sites that work.


def page(body: bytes | str, content_type: str = HTML) -> Answer:
    """Answer 200 with this body and exactly this Content-Type."""
    raw = body.encode() if isinstance(body, str) else body

    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=raw, headers={"Content-Type": content_type})

    return answer


def conditional(body: bytes, content_type: str = HTML) -> Answer:
    """Answer with validators, and 304 to who already has this body."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'

    async def answer(request: web.Request) -> web.StreamResponse:
        headers = {"ETag": etag, "Last-Modified": "Mon, 01 Jan 2024 10:00:00 GMT"}
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, headers={**headers, "Content-Type": content_type})

    return answer


def gzipped(body: bytes, content_type: str = HTML, *, layers: int = 1) -> Answer:
    """Answer with the body compressed once, or more often than any browser would undo."""
    packed = body
    for _ in range(layers):
        packed = gzip.compress(packed)

    async def answer(_request: web.Request) -> web.StreamResponse:
        headers = {
            "Content-Type": content_type,
            "Content-Encoding": ", ".join(["gzip"] * layers),
        }
        return web.Response(body=packed, headers=headers)

    return answer


def in_turn(*answers: Answer) -> Answer:
    """Give each answer once, and the last one from then on."""
    left = list(answers)

    async def answer(request: web.Request) -> web.StreamResponse:
        chosen = left.pop(0) if len(left) > 1 else left[0]
        return await chosen(request)

    return answer


# Answers of sites that do not.


def status(code: int, *, retry_after: str | None = None) -> Answer:
    """Answer with an error and a page that says so."""

    async def answer(_request: web.Request) -> web.StreamResponse:
        headers = {"Retry-After": retry_after} if retry_after else {}
        text = f"<html><body><h1>Ошибка {code}</h1></body></html>"
        return web.Response(status=code, text=text, content_type="text/html", headers=headers)

    return answer


def login_page() -> Answer:
    """Answer 200 with a form that asks who you are."""
    return page(
        "<html><head><title>Вход</title></head><body><h1>Войдите, чтобы читать</h1>"
        '<form action="/login" method="post"><input name="login">'
        '<input type="password" name="password"><button>Войти</button></form></body></html>'
    )


def empty() -> Answer:
    """Answer 200 and nothing."""
    return page(b"")


def huge(size: int = 50 * MEGABYTE) -> Answer:
    """Stream a page of so many bytes without saying its length beforehand."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": HTML})
        await response.prepare(request)
        for _ in range(size // MEGABYTE):
            await response.write(b"<p>" + b"x" * (MEGABYTE - 3))
        return response

    return answer


def bomb(size: int = 200 * MEGABYTE) -> Answer:
    """Answer with a few kilobytes that inflate to so many bytes."""
    packer = zlib.compressobj(9, wbits=31)
    block = bytes(MEGABYTE)
    packed = b"".join(packer.compress(block) for _ in range(size // MEGABYTE)) + packer.flush()

    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=packed, headers={"Content-Type": HTML, "Content-Encoding": "gzip"})

    return answer


def binary(content_type: str = "application/octet-stream") -> Answer:
    """Answer with the beginning of a picture and noise."""
    noise = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(64))
    return page(b"\x89PNG\r\n\x1a\n" + noise, content_type)


def redirect(target: str) -> Answer:
    """Send the visitor elsewhere; to its own address it is a loop."""

    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": target})

    return answer


def drop() -> Answer:
    """Drop the connection without an answer."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    return answer


def hang(begin: bytes = b"") -> Answer:
    """Never answer; with ``begin``: send that much of the body, then nothing more."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": HTML})
        if begin:
            await response.prepare(request)
            await response.write(begin)
        await asyncio.Event().wait()
        return response

    return answer


# Pages.


def rss(stories: Iterable[Story], site: str, *, encoding: str = "utf-8") -> bytes:
    """Return an RSS 2.0 feed of the stories."""
    entries = "".join(
        f"<item><title>{escape(story.title)}</title><link>{site}/{story.slug}</link>"
        f"<description>{escape(story.text)}</description>"
        f"<pubDate>{format_datetime(story.published)}</pubDate></item>"
        for story in stories
    )
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>'
    channel = f"<title>Вести</title><link>{site}/</link><description>Вести</description>{entries}"
    return f'{declaration}<rss version="2.0"><channel>{channel}</channel></rss>'.encode(encoding)


def news_sitemap(stories: Iterable[Story], site: str) -> bytes:
    """Return a news sitemap of the stories."""
    entries = "".join(
        f"<url><loc>{site}/{story.slug}</loc><news:news><news:title>{escape(story.title)}"
        f"</news:title><news:publication_date>{story.published.isoformat()}"
        "</news:publication_date></news:news></url>"
        for story in stories
    )
    space = "http://www.google.com/schemas/sitemap-news/0.9"
    return f'<urlset xmlns:news="{space}">{entries}</urlset>'.encode()


def listing_page(stories: Iterable[Story]) -> str:
    """Return a page with a headline for each story, in ``.news a``."""
    links = "".join(
        f'<li class="news"><a href="/{story.slug}">{escape(story.title)}</a></li>'
        for story in stories
    )
    return (
        "<html><head><title>Городские вести</title></head><body>"
        f'<nav><a href="/about">О нас</a></nav><ul>{links}</ul></body></html>'
    )


def article_page(story: Story) -> str:
    """Return the page of a story: ``h1``, ``time`` and ``.text``."""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in story.text.splitlines())
    moment = story.published.isoformat()
    return (
        f"<html><head><title>{escape(story.title)}</title></head><body><article>"
        f'<h1>{escape(story.title)}</h1><time datetime="{moment}">{moment}</time>'
        f'<div class="text">{paragraphs}</div></article></body></html>'
    )
