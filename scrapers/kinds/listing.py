"""A page that lists articles: its links are found, the unseen ones fetched."""

from __future__ import annotations

from functools import partial

from scrapers.apart.aside import read_aside
from scrapers.kinds.articles import Link, read_articles
from scrapers.kinds.visit import Visit
from scrapers.listings.listing import find_links
from scrapers.run import Run


async def read(visit: Visit) -> Run:
    """Return the unseen articles of a listing.

    Raises:
        ScrapeError: it has no links, or all articles behind them fail.
    """
    page = visit.page
    selector = visit.source.selectors.link
    find = partial(find_links, page.body, page.url, page.content_type, selector=selector)
    links = await read_aside(find, page.url)
    return await read_articles(visit, [Link(link) for link in links], shown=len(links))
