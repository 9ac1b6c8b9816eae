"""Which pages and files of a sitemap are worth a look: the young ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from scrapers.address import absolute_url
from scrapers.feeds.sitemap import Entry, read_sitemap
from scrapers.listings.shape import is_article_address

_NEWS = re.compile(r"news|novost|лент|lenta", re.IGNORECASE)
_ARTICLES = re.compile(r"post|article|stat(?:ya|i)|material|stor(?:y|ies)|public|content", re.I)
_OTHERS = re.compile(
    r"image|foto|photo|video|tag|categor|rubric|author|user|product|shop|forum|comment|archive"
    r"|afisha|static|taxonom",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")


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
        tuple(_absolute(youngest_pages(sitemap.pages, pages), url)),
        tuple(_absolute(youngest_files(sitemap.sitemaps, files), url)),
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
        half = count // 2
        return articles[: count - half] + articles[count - half :][-half:][::-1]
    return sorted(articles, key=_youngest_first)[:count]


def youngest_files(entries: Sequence[Entry], count: int) -> list[Entry]:
    """Return the ``count`` sitemaps of an index where the latest news is likely to be.

    Their names decide first (news, then articles, then anything but pictures and tags), then
    when they were changed, then the numbers in their names.
    """
    best = min(map(_rank, entries), default=0)
    likely = [entry for entry in entries if _rank(entry) == best]
    # Twice sorted: the second keeps the order of the first where dates are alike.
    likely.sort(key=lambda entry: _numbers(entry.url), reverse=True)
    return sorted(likely, key=_youngest_first)[:count]


def _articles(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that may be articles: those declared as news if any is."""
    news = [entry for entry in entries if entry.news]
    if news:
        return news
    likely = [entry for entry in entries if _may_be_article(entry.url)]
    return likely or list(entries)


def _may_be_article(url: str) -> bool:
    try:
        return is_article_address(url)
    except ValueError:  # no address at all
        return False


def _tell_age(entries: Sequence[Entry]) -> bool:
    """Say whether the dates of ``entries`` tell them apart, for most of them."""
    moments = [moment for entry in entries if (moment := entry.moment)]
    return 2 * len(moments) >= len(entries) and (len(set(moments)) > 1 or len(entries) < 2)


def _youngest_first(entry: Entry) -> float:
    return -entry.moment.timestamp() if entry.moment else 0


def _rank(entry: Entry) -> int:
    path = entry.url.partition("//")[2].partition("/")[2] or entry.url
    if _OTHERS.search(path):
        return 3
    if _NEWS.search(path):
        return 0
    return 1 if _ARTICLES.search(path) else 2


def _numbers(url: str) -> list[int]:
    return [int(number[:18]) for number in _NUMBER.findall(url.rpartition("/")[2])]


def _absolute(entries: Iterable[Entry], base: str) -> Iterator[Entry]:
    for entry in entries:
        if address := absolute_url(base, entry.url):
            yield replace(entry, url=address)
