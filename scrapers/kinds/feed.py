"""A feed: each entry is an item."""

from __future__ import annotations

from functools import partial

from scrapers.address import canonical_url
from scrapers.apart.aside import read_aside
from scrapers.feeds.feed import read_feed
from scrapers.item import Item
from scrapers.kinds.visit import Visit
from scrapers.run import Run


async def read(visit: Visit) -> Run:
    """Return all entries of a feed, the addresses of one article counting as the same.

    Raises:
        ParseError: this is no feed, or none of its entries is an item.
    """
    page = visit.page
    zone = visit.source.timezone
    read = partial(read_feed, page.body, page.url, page.content_type, zone=zone)
    reading = await read_aside(read, page.url)
    if not reading.items and reading.failures:
        raise reading.failures[0]
    items: dict[str, Item] = {}
    for item in reading.items:
        items.setdefault(canonical_url(item.url), visit.named(item))
    return Run(
        source=visit.source.name,
        items=tuple(items.values()),
        validators=page.validators,
        failures=tuple(reading.failures),
        shown=len(items),
    )
