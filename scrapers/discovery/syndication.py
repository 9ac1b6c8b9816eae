"""Where a site may have its feed or its news sitemap, and whether that is worth reading."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from scrapers.address import absolute_url, canonical_url
from scrapers.item import Item
from scrapers.text.encoding import decode

MOST_TRIED = 8
"""So many addresses of feeds are tried."""

_FEEDS = ("/rss", "/feed/", "/rss.xml", "/feed.xml", "/atom.xml", "/news/rss/", "/index.xml")
_BELOW = ("feed/", "rss/")
_SITEMAPS = ("/sitemap-news.xml", "/news-sitemap.xml", "/sitemap_news.xml")
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_NEWS = re.compile(r"news|novost", re.IGNORECASE)
_MOST_SITEMAPS = 5
_STALE = timedelta(days=30)
_SHORTEST_TEXT = 60
_COMPARED = 10


def feed_addresses(url: str, named: Sequence[str]) -> list[str]:
    """Return where the feed of the page at ``url`` may be, the most likely first.

    Args:
        url: a front page or a section.
        named: the feeds that it names.
    """
    folder = url.partition("?")[0].partition("#")[0].rstrip("/") + "/"
    below = [] if is_front(url) else [urljoin(folder, end) for end in _BELOW]
    usual = [urljoin(url, path) for path in _FEEDS]
    distinct: dict[str, str] = {}
    for address in (*named, *below, *usual):
        distinct.setdefault(canonical_url(address), address)
    return list(distinct.values())[:MOST_TRIED]


def sitemap_addresses(url: str, robots: bytes) -> list[str]:
    """Return where the sitemaps of the site of ``url`` may be, those of news first.

    Args:
        url: any page of it.
        robots: its robots.txt, empty if there is none.
    """
    lines = _SITEMAP_LINE.findall(decode(robots)) if robots else []
    named = [address for line in lines if (address := absolute_url(url, line))]
    news = [address for address in named if is_named_for_news(address)]
    usual = [] if news else [urljoin(url, path) for path in _SITEMAPS]
    return list(dict.fromkeys((*news, *named, *usual)))[:_MOST_SITEMAPS]


def is_named_for_news(url: str) -> bool:
    """Say whether the sitemap at ``url`` is named for news."""
    return bool(_NEWS.search(urlsplit(url).path))


def is_front(url: str) -> bool:
    """Say whether ``url`` is that of the front page of a site."""
    parts = urlsplit(canonical_url(url))
    return not parts.path.strip("/") and not parts.query


def shortcoming(
    items: Sequence[Item], shown: Collection[str], *, whole: bool, now: datetime
) -> str | None:
    """Return why the entries of a feed cannot stand for the page that it was found for.

    None: they can. They are young, most say more than their headlines, and, unless the page
    stands for the whole site, they are the articles that it lists.

    Args:
        items: the entries.
        shown: canonical addresses of the articles that the page lists.
        whole: whether the page stands for the whole site.
        now: an aware moment.
    """
    if not items:
        return "it is empty"
    if not is_fresh((item.published for item in items), now):
        return f"its latest entry is older than {_STALE.days} days"
    if 2 * sum(len(item.text) >= _SHORTEST_TEXT for item in items) < len(items):
        return "most of its entries are mere headlines"
    if not whole and not covers([item.url for item in items], shown):
        return "it is not of this section"
    return None


def is_fresh(moments: Iterable[datetime | None], now: datetime) -> bool:
    """Say whether the latest of ``moments`` is of the last month, or none is known."""
    known = [moment for moment in moments if moment is not None]
    return not known or max(known) > now - _STALE


def covers(addresses: Sequence[str], shown: Collection[str]) -> bool:
    """Say whether at least half of the first ``addresses`` are among those ``shown``."""
    first = [canonical_url(address) for address in addresses[:_COMPARED]]
    return 2 * sum(address in shown for address in first) >= max(1, len(first))
