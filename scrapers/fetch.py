"""One pass over a source: fetch, read, and tell what was found.

source ─▶ Client.get ─▶ feed ──────▶ items
                    ├─▶ telegram ──▶ posts ─▶ items ─▶ older pages while all is unseen
                    ├─▶ listing ──▶ links ─┬▶ unseen ─▶ Client.get each ─▶ items
                    └─▶ sitemap ──▶ links ─┘
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from scrapers.apart.aside import read_aside
from scrapers.detect import detect_kind
from scrapers.errors import Challenged, ParseError
from scrapers.feeds.telegram import preview_address
from scrapers.kinds import feed, listing, sitemap, telegram
from scrapers.kinds.articles import MAX_ARTICLES
from scrapers.kinds.visit import Reader, Visit
from scrapers.run import Run, Unseen
from scrapers.source import Kind, Source
from scrapers.web.challenge import find_challenge
from scrapers.web.client import Client, Page, Validators

__all__ = ["MAX_ARTICLES", "Run", "Unseen", "fetch"]

_READERS: Mapping[Kind, Reader] = {
    Kind.FEED: feed.read,
    Kind.LISTING: listing.read,
    Kind.SITEMAP: sitemap.read,
    Kind.TELEGRAM: telegram.read,
}


async def fetch(
    source: Source, client: Client, *, unseen: Unseen, validators: Validators | None = None
) -> Run:
    """Return what ``source`` offers now.

    That is all entries of a feed, the posts of a channel as far back as they are unseen, and
    the unseen articles of a listing or a sitemap.

    Args:
        source: where to fetch from.
        client: fetches.
        unseen: tells which articles are worth fetching.
        validators: from the last run.

    Raises:
        ScrapeError: the source itself gives nothing.
    """
    known = validators or Validators()
    url = preview_address(source.url) or source.url
    page = await client.get(url, validators=known, ca_file=source.ca_file)
    if page.unchanged:
        run = Run(source.name, (), page.validators, unchanged=True)
        return replace(run, kind=source.kind, moved_to=page.moved_to)
    return await read_page(source, client, page, unseen=unseen, validators=known)


async def read_page(
    source: Source,
    client: Client,
    page: Page,
    *,
    unseen: Unseen,
    validators: Validators | None = None,
) -> Run:
    """Return what ``source`` offers, as `fetch` does, where its address has answered already.

    Args:
        source: where it was fetched from.
        client: fetches the rest.
        page: the answer.
        unseen: tells which articles are worth fetching.
        validators: from the last run.

    Raises:
        ScrapeError: the source itself gives nothing.
    """
    kind = source.kind or await _detected(page)
    visit = Visit(source, page, client, unseen, validators or Validators())
    try:
        run = await _READERS[kind](visit)
    except ParseError as error:
        reason = find_challenge(page.body, page.url) if error.source == page.url else None
        if reason is None:
            raise
        raise Challenged(page.url, reason) from error
    return replace(run, kind=kind, moved_to=page.moved_to)


async def _detected(page: Page) -> Kind:
    return await read_aside(
        partial(detect_kind, page.body, page.content_type, url=page.url), page.url
    )
