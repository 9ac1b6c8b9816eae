"""One pass over a source: fetch, read, and tell what was found.

source ─▶ Client.get ─▶ feed ────▶ items
                    └─▶ listing ─▶ links ─▶ unseen ─▶ Client.get each ─▶ items
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from scrapers.address import canonical_url
from scrapers.article import extract_article
from scrapers.client import Client, Page, Validators
from scrapers.detect import detect_kind
from scrapers.errors import Blocked, FetchError, ParseError, ScrapeError
from scrapers.feed import read_feed
from scrapers.item import Item
from scrapers.listing import find_links
from scrapers.offload import TooBusyError, in_thread
from scrapers.source import Kind, Source

Unseen = Callable[[Sequence[str]], Awaitable[Collection[str]]]
"""Canonical addresses in, those not yet in the store out."""

_Result = TypeVar("_Result")

logger = logging.getLogger(__name__)

MAX_ARTICLES = 30
"""How many article pages one run over a listing fetches at most."""

_READ_SECONDS = 30.0
# An unexpected error may quote the page.
_LONGEST = 300
# A site that fails this often in a row is down; asking on would only keep others waiting.
_PATIENCE = 3


@dataclass(frozen=True, slots=True)
class Run:
    """What one pass over a source gave.

    Attributes:
        source: its name.
        items: what was found, the order of the source kept.
        validators: for the next conditional request.
        unchanged: the source says that nothing changed since the last one.
        failures: what could not be fetched or read beside the items.
        dead: canonical addresses of the pages among them that will not soon give more.
        complete: whether all that the source shows now is in; False while links of a listing
            are left over, or failed in a way that may pass.
        shown: how many articles the source showed, new or not: entries of a feed, links of a
            listing or a sitemap, posts of a channel; 0 if unchanged.
        kind: how it was read; None if unchanged and not declared.
        moved_to: the address that permanent redirects alone led to, or None.
    """

    source: str
    items: tuple[Item, ...]
    validators: Validators
    unchanged: bool = False
    failures: tuple[ScrapeError, ...] = ()
    dead: tuple[str, ...] = ()
    complete: bool = True
    shown: int = 0
    kind: Kind | None = None
    moved_to: str | None = None


async def fetch(
    source: Source, client: Client, *, unseen: Unseen, validators: Validators | None = None
) -> Run:
    """Return what ``source`` offers now: all entries of a feed, the unseen ones of a listing.

    Args:
        source: where to fetch from.
        client: fetches.
        unseen: tells which articles of a listing are worth fetching.
        validators: from the last run.

    Raises:
        ScrapeError: the source itself gives nothing.
    """
    known = validators or Validators()
    page = await client.get(source.url, validators=known, ca_file=source.ca_file)
    if page.unchanged:
        return Run(source.name, (), page.validators, unchanged=True)
    detect = partial(detect_kind, page.body, page.content_type)
    kind = source.kind or await _read(detect, page.url)
    if kind is Kind.FEED:
        return await _fetch_feed(source, page)
    return await _fetch_listing(source, page, client, unseen, known)


async def _fetch_feed(source: Source, page: Page) -> Run:
    read = partial(read_feed, page.body, page.url, page.content_type, zone=source.timezone)
    reading = await _read(read, page.url)
    if not reading.items and reading.failures:
        raise reading.failures[0]
    items: dict[str, Item] = {}
    for item in reading.items:
        items.setdefault(canonical_url(item.url), _named(source, item))
    failures = tuple(reading.failures)
    return Run(source.name, tuple(items.values()), page.validators, failures=failures)


async def _fetch_listing(
    source: Source, page: Page, client: Client, unseen: Unseen, known: Validators
) -> Run:
    selector = source.selectors.link
    find = partial(find_links, page.body, page.url, page.content_type, selector=selector)
    links = {canonical_url(link): link for link in await _read(find, page.url)}
    new = set(await unseen(list(links)))
    wanted = [link for identity, link in links.items() if identity in new]
    articles = _Articles(source, client)
    await articles.fetch(wanted)
    if not articles.items and articles.failures and len(wanted) == len(links):
        raise articles.failures[0]
    return Run(
        source=source.name,
        items=tuple(articles.items),
        # The old ones, if something is left to do: "not modified" would hide it next time.
        validators=known if articles.unfinished else page.validators,
        failures=tuple(articles.failures),
        dead=tuple(articles.dead),
        complete=not articles.unfinished,
    )


class _Articles:
    """Fetches the articles of a listing, one after the other.

    Attributes:
        items: what was read.
        failures: what was not.
        dead: canonical addresses of those that will not soon be.
        unfinished: whether another run may get more of the same links.
    """

    def __init__(self, source: Source, client: Client) -> None:
        self._source = source
        self._client = client
        self.items: list[Item] = []
        self.failures: list[ScrapeError] = []
        self.dead: list[str] = []
        self.unfinished = False

    async def fetch(self, links: Sequence[str]) -> None:
        self.unfinished = len(links) > MAX_ARTICLES
        patience = _PATIENCE
        for link in links[:MAX_ARTICLES]:
            try:
                self.items.append(await self._article(link))
            except ScrapeError as error:
                self.failures.append(error)
                if _may_pass(error):
                    self.unfinished = True
                    patience -= 1
                else:
                    self.dead.append(canonical_url(link))
            else:
                patience = _PATIENCE
            if patience == 0 or (self.failures and _asks_to_wait(self.failures[-1])):
                return

    async def _article(self, link: str) -> Item:
        page = await self._client.get(link, ca_file=self._source.ca_file)
        read = partial(
            extract_article,
            page.body,
            page.url,
            page.content_type,
            selectors=self._source.selectors,
            zone=self._source.timezone,
        )
        item = await _read(read, page.url)
        if not (item.title or item.text):
            raise ParseError(link, "neither title nor text")
        # The address as the listing has it: by that it is known again.
        return replace(_named(self._source, item), url=link)


def _named(source: Source, item: Item) -> Item:
    return replace(item, source=source.name, image=item.image if source.images else None)


def _may_pass(error: ScrapeError) -> bool:
    """Say whether the same request may succeed later."""
    if isinstance(error.__cause__, TooBusyError):
        return True
    if not isinstance(error, FetchError) or isinstance(error, Blocked):
        return False
    return error.status is None or error.status in (408, 429) or error.status >= 500


def _asks_to_wait(error: ScrapeError) -> bool:
    return isinstance(error, FetchError) and error.status == 429


async def _read(read: Callable[[], _Result], url: str) -> _Result:
    """Return what ``read`` returns, without stopping the event loop for it.

    What others publish is read here and nowhere else: whatever it does to a
    reader, it costs this page, not the process.

    Raises:
        ScrapeError: what ``read`` raises, as a ParseError if it is anything else.
        ParseError: it takes too long, or too many others do.
    """
    try:
        return await in_thread(read, seconds=_READ_SECONDS)
    except asyncio.TimeoutError as error:
        raise ParseError(url, f"not read within {_READ_SECONDS:g} s") from error
    except TooBusyError as error:
        raise ParseError(url, "too busy with pages that cannot be read") from error
    except ScrapeError:
        raise
    except Exception as error:
        failure = ParseError(url, f"cannot be read: {type(error).__name__}: {error}"[:_LONGEST])
        logger.exception("%s", failure, extra={"action": "unreadable_page", "page": failure.source})
        raise failure from error
