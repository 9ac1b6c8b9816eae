"""A Telegram channel: each post is an item, as far back as nothing of it is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from functools import partial

from scrapers.address import canonical_url
from scrapers.apart.aside import read_aside
from scrapers.errors import ScrapeError
from scrapers.feeds.telegram import Preview, read_preview
from scrapers.item import Item
from scrapers.kinds.visit import Visit
from scrapers.run import Run
from scrapers.web.client import Page

MAX_PAGES = 5
"""How many pages of a channel one run fetches at most."""

_REACH = timedelta(days=2)
"""Whoever was away longer than this does not want to hear all of it."""


async def read(visit: Visit) -> Run:
    """Return the posts of a channel that are shown first, and the older ones up to a known one.

    Raises:
        ScrapeError: there is no such channel, or it shows nothing.
    """
    preview = first = await _preview(visit, visit.page)
    items = list(preview.items)
    failures: list[ScrapeError] = []
    for _ in range(MAX_PAGES - 1):
        if preview.older is None or not await _reaches_further(visit, preview.items):
            break
        try:
            preview = await _preview(visit, await visit.get(preview.older))
        except ScrapeError as error:
            # What is newer is worth having without it.
            failures.append(error)
            break
        items += preview.items
    named = {canonical_url(item.url): visit.named(item) for item in items}
    return Run(
        source=visit.source.name,
        items=tuple(named.values()),
        validators=visit.page.validators,
        failures=tuple(failures),
        shown=first.shown,
    )


async def _preview(visit: Visit, page: Page) -> Preview:
    zone = visit.source.timezone
    read = partial(read_preview, page.body, page.url, page.content_type, zone=zone)
    return await read_aside(read, page.url)


async def _reaches_further(visit: Visit, items: Sequence[Item]) -> bool:
    """Say whether older posts than ``items`` may be news as well: all of these are."""
    addresses = [canonical_url(item.url) for item in items]
    if addresses and len(await visit.unseen(addresses)) < len(addresses):
        return False
    moments = [item.published for item in items if item.published]
    return not moments or min(moments) > datetime.now(timezone.utc) - _REACH
