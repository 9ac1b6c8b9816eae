"""A channel as an RSS file, for readers without Telegram.

It holds what is in the channel now: what is removed there leaves the file.
"""

from __future__ import annotations

import asyncio
import html
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone, tzinfo
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.chat_links import chat_link
from bot.errors import PageError
from bot.model import Entry, Post, PostState
from bot.pages import write_whole
from bot.render import NAME_LENGTH, TITLE_LENGTH, one_line, plain, trim, without_title
from bot.store import Store
from bot.waiting import wait_for_any

logger = logging.getLogger(__name__)

SHOWN = 50
"""The newest posts; feed readers fetch again within hours."""

PAUSE = 5.0
"""Of a thousand posts that go out one after the other, not each is a new file."""

# XML knows more characters that may stand nowhere than Unicode calls control characters.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """Which channel is written where, and how.

    Attributes:
        chat: the channel, as configured.
        path: the file.
        text_length: how much of an item's text is shown, in UTF-16 units; 0 shows none.
        zone: of the times in it.
    """

    chat: str
    path: Path
    text_length: int = 800
    zone: tzinfo = timezone.utc


@dataclass(frozen=True, slots=True)
class _News:
    title: str
    url: str
    source: str
    sent_at: datetime
    html: str


class NewsFeed:
    """The file of one channel, written when the channel has changed.

    Args:
        options: None: there is no file.
        pause: seconds between two writings at least.
    """

    def __init__(self, store: Store, options: FeedOptions | None, *, pause: float = PAUSE) -> None:
        self._store = store
        self._options = options
        self._pause = pause
        self._title: str | None = None
        self._written: str | None = None
        self._woken = asyncio.Event()
        # The older of two readings must not be the last one to be written.
        self._writing = asyncio.Lock()

    def adopt(self, options: FeedOptions | None) -> None:
        """Write another file, or otherwise, or none from now on; an earlier one stays there."""
        self._options, self._written = options, None
        self.wake()

    def name(self, title: str) -> None:
        """Call the channel so from now on."""
        self._title = title
        self.wake()

    def wake(self) -> None:
        """Say that the channel may have changed."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Look after the file at once and whenever woken, until ``stop`` is set."""
        while not stop.is_set():
            self._woken.clear()
            await self.refresh()
            await wait_for_any(stop, timeout=self._pause)
            await wait_for_any(stop, self._woken)

    async def refresh(self) -> None:
        """Write the file anew if the channel has changed, or the file is not there."""
        async with self._writing:
            options = self._options
            if options is None:
                return
            entries = await self._store.ledger.posted(SHOWN, chat=options.chat)
            feed = feed_of(entries, options, self._title)
            try:
                await asyncio.to_thread(self._write, feed, options.path)
            except PageError as error:
                # The file only shows what the store holds: nothing else need wait for it.
                logger.error("channel.feed: %s", error, extra={"action": "feed_not_written"})

    def _write(self, feed: str, path: Path) -> None:
        if feed == self._written and path.exists():
            return
        write_whole(path, feed)
        self._written = feed


def feed_of(entries: Sequence[Entry], options: FeedOptions, title: str | None = None) -> str:
    """Return the RSS of these posted items, in their order, which is the newest one first.

    Args:
        entries: the posted items.
        options: of the channel.
        title: what the channel is called; None: that is not known.
    """
    news = [_news(entry, post, options) for entry in entries if (post := _seen(entry, options))]
    called = _xml(title or "") or _title(options.chat)
    # RSS wants an address also where there is none.
    address = chat_link(options.chat) or "about:blank"
    return _FEED.render(title=called, link=address, news=news)


def _seen(entry: Entry, options: FeedOptions) -> Post | None:
    """Return the item's post in the channel, if it is to stay there."""
    posts = (post for post in entry.posts if post.chat == options.chat)
    seen = (post for post in posts if post.state is PostState.SENT and post.wanted)
    return next(seen, None)


def _news(entry: Entry, post: Post, options: FeedOptions) -> _News:
    item = entry.recorded.item
    title = one_line(item.title, TITLE_LENGTH)
    text = trim(without_title(plain(item.text), title), options.text_length)
    paragraphs = (f"<p>{html.escape(line, quote=False)}</p>" for line in text.splitlines() if line)
    source = (entry.recorded.sources or (item.source,))[0]
    return _News(
        title=_xml(title or one_line(text, TITLE_LENGTH) or item.url),
        url=_xml(item.url),
        source=_xml(one_line(source, NAME_LENGTH)),
        sent_at=(post.sent_at or entry.decided_at).astimezone(options.zone),
        html=_xml("".join(paragraphs)),
    )


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)


def _title(chat: str) -> str:
    return f"Хорошие новости · {chat}" if chat.startswith("@") else "Хорошие новости"


def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["rfc822"] = format_datetime
    return environment


_FEED = _templates().get_template("feed.xml.j2")
