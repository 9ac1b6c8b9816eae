"""Which pages and files of a sitemap are worth a look: the young ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo

from scrapers.address import canonical_url
from scrapers.listing import is_article_address
from scrapers.sitemap import Entry, read_sitemap

_NEWS = re.compile(r"news|novost|лент|lenta", re.IGNORECASE)
_ARTICLES = re.compile(r"post|article|stat(?:ya|i)|material|stor(?:y|ies)|public|content", re.I)
_OTHERS = re.compile(
    r"image|foto|photo|video|tag|categor|rubric|section|author|user|page|product|shop|forum"
    r"|comment|archive|event|afisha|static|tax",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")
_NEVER = datetime.min.replace(tzinfo=timezone.utc)
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Youngest:
    """What of a sitemap is worth a look.

    Attributes:
        pages: the youngest articles, the youngest first.
        files: the sitemaps of an index with the latest news, the most likely first.
        shown: how many pages are listed in all.
    """

    pages: tuple[Entry, ...]
    files: tuple[Entry, ...]
    shown: int


def read_youngest(
    body: bytes,
    url: str,
    content_type: str | None = None,
    *,
    pages: int,
    files: int,
    zone: tzinfo | None = None,
) -> Youngest:
    """Return the youngest of what `read_sitemap` returns: a few of thousands.

    Args:
        body: the file's bytes, in any encoding, a gzip file or not.
        url: where it was fetched from.
        content_type: the HTTP header, a hint only.
        pages: so many articles at most.
        files: so many sitemaps of an index at most.
        zone: the zone of dates that name none; None means UTC.

    Raises:
        ParseError: this is no sitemap, or it declares entities.
    """
    sitemap = read_sitemap(body, url, content_type, zone=zone)
    return Youngest(
        tuple(youngest_pages(sitemap.pages, pages)),
        tuple(youngest_files(sitemap.sitemaps, files)),
        len(sitemap.pages),
    )


def youngest_pages(entries: Sequence[Entry], count: int) -> list[Entry]:
    """Return the ``count`` youngest articles, the youngest first.

    Pages declared as news come before all others. Of pages without dates, or all of one
    date, nobody knows which are young: new ones are added at the beginning or at the end,
    so both ends are returned.
    """
    articles = _articles(entries)
    if not _tell_age(articles):
        first = articles[: -(-count // 2)]
        return first + articles[len(first) :][-(count // 2) or len(articles) :][::-1]
    return sorted(articles, key=_age)[:count]


def youngest_files(entries: Sequence[Entry], count: int) -> list[Entry]:
    """Return the ``count`` sitemaps of an index where the latest news is likely to be.

    Their names decide first (news, then articles, then anything but pictures and tags), then
    when they were changed, then the numbers in their names.
    """
    best = min(map(_rank, entries), default=0)
    likely = [entry for entry in entries if _rank(entry) == best]
    # Twice sorted: the second keeps the order of the first where dates are alike.
    likely.sort(key=lambda entry: _numbers(entry.url), reverse=True)
    return sorted(likely, key=_age)[:count]


def _articles(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that may be articles: those declared as news if any is."""
    news = [entry for entry in entries if entry.news]
    if news:
        return news
    likely = [entry for entry in entries if is_article_address(canonical_url(entry.url))]
    return likely or list(entries)


def _tell_age(entries: Sequence[Entry]) -> bool:
    """Say whether the dates of ``entries`` tell them apart, for most of them."""
    moments = [moment for entry in entries if (moment := entry.moment)]
    return 2 * len(moments) >= len(entries) and (len(set(moments)) > 1 or len(entries) < 2)


def _age(entry: Entry) -> timedelta:
    now = datetime.now(timezone.utc)
    moment = entry.moment or _NEVER
    # What lies ahead is a mistake, and would stand before all that is true.
    return now - (moment if moment <= now + _AHEAD else _NEVER)


def _rank(entry: Entry) -> int:
    name = entry.url.rpartition("/")[2] or entry.url
    if _NEWS.search(name):
        return 0
    if _OTHERS.search(name):
        return 3
    return 1 if _ARTICLES.search(name) else 2


def _numbers(url: str) -> list[int]:
    return [int(number[:18]) for number in _NUMBER.findall(url.rpartition("/")[2])]
