"""Sitemaps: what a site tells search engines about its pages, the news among them.

A ``urlset`` lists pages; Google's extension adds title and publication date to those that
are news. A ``sitemapindex`` lists other sitemaps, of which a large site has hundreds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo

from lxml import etree

from scrapers.errors import ParseError
from scrapers.text.dates import parse_date
from scrapers.text.encoding import decode, is_binary
from scrapers.text.mending import bare_xml, mended_xml
from scrapers.web.gzipped import gunzipped

MAX_ENTRIES = 50_000
"""More than the protocol allows in one file are not read."""

_MOST_BYTES = 20_000_000
_ROOTS = ("urlset", "sitemapindex")
_LONGEST = 5000
_FIRST_YEAR = 1990
# The facts of an entry, by the names of their element and of the one around it.
_FACTS = {
    ("url", "loc"): "url",
    ("sitemap", "loc"): "url",
    ("url", "lastmod"): "changed",
    ("sitemap", "lastmod"): "changed",
    ("news", "title"): "title",
    ("news", "publication_date"): "published",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a sitemap tells about a page, or an index about a sitemap.

    Attributes:
        url: its address as written.
        title: as written, or empty.
        published: when it was published, if that is told.
        changed: when it was last changed, if that is told.
        news: whether it is declared to be news.
    """

    url: str
    title: str = ""
    published: datetime | None = None
    changed: datetime | None = None
    news: bool = False

    @property
    def moment(self) -> datetime | None:
        """When it was published, or else last changed."""
        return self.published or self.changed


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a file lists, in its order: pages, or other sitemaps."""

    pages: tuple[Entry, ...]
    sitemaps: tuple[Entry, ...]


def read_sitemap(
    body: bytes, url: str, content_type: str | None = None, *, zone: tzinfo | None = None
) -> Sitemap:
    """Return what a sitemap lists; broken XML is read as far as it can be.

    Args:
        body: the file's bytes, in any encoding, a gzip file or not.
        url: where it was fetched from.
        content_type: the HTTP header, a hint only.
        zone: the zone of dates that name none; None means UTC.

    Raises:
        ParseError: this is no sitemap, or it declares entities.
    """
    plain = gunzipped(body, url, limit=_MOST_BYTES)
    if not plain.strip():
        raise ParseError(url, "the answer is empty")
    if is_binary(plain):
        raise ParseError(url, "the answer is binary, not a sitemap")
    text = decode(plain, content_type)
    if "<!ENTITY" in text:
        # They would be written out, each as often as it is named: a bomb in a few lines.
        raise ParseError(url, "declares entities, which no sitemap does")
    lister = _listed(text)
    if lister.root not in _ROOTS:
        raise ParseError(url, "the answer is no sitemap")
    return Sitemap(tuple(_entries(lister.pages, zone)), tuple(_entries(lister.sitemaps, zone)))


def _listed(text: str) -> _Lister:
    lister = _Lister()
    # With a target there is no tree, whatever the size.
    parser = etree.XMLParser(
        target=lister,
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
    )
    # What breaks off in the middle has been listed up to there.
    with suppress(etree.XMLSyntaxError):
        parser.feed(mended_xml(bare_xml(text)).encode())
        parser.close()
    return lister


class _Lister:
    """Gathers the facts of entries while the parser goes through a file.

    Attributes:
        root: the name of the outermost element.
        pages: by entry, its facts as written.
        sitemaps: the same of an index.
    """

    def __init__(self) -> None:
        self.root = ""
        self.pages: list[dict[str, str]] = []
        self.sitemaps: list[dict[str, str]] = []
        self._open: list[str] = []
        self._facts: dict[str, str] = {}
        self._fact: str | None = None

    def start(self, tag: str, _attributes: object) -> None:
        """Enter an element."""
        name = tag.rpartition("}")[2].rpartition(":")[2].lower()
        self.root = self.root or name
        if name in ("url", "sitemap"):
            # An entry that was never closed ends where the next one begins.
            self._facts = {}
            listed = self.pages if name == "url" else self.sitemaps
            if len(listed) < MAX_ENTRIES:
                listed.append(self._facts)
        self._fact = _FACTS.get((self._open[-1] if self._open else "", name))
        self._open.append(name)

    def data(self, text: str) -> None:
        """Take text of the element that is open."""
        if self._fact is not None:
            told = self._facts.get(self._fact, "")
            self._facts[self._fact] = (told + text)[:_LONGEST]

    def end(self, _tag: str) -> None:
        """Leave an element."""
        self._fact = None
        if self._open:
            self._open.pop()

    def close(self) -> None:
        """Be told of the end; it changes nothing."""


def _entries(listed: Iterable[Mapping[str, str]], zone: tzinfo | None) -> Iterator[Entry]:
    for facts in listed:
        # Some escape twice; no address has this in it.
        if address := facts.get("url", "").strip().replace("&amp;", "&"):
            yield Entry(
                url=address,
                title=facts.get("title", ""),
                published=_moment(facts.get("published", ""), zone),
                changed=_moment(facts.get("changed", ""), zone),
                news="title" in facts or "published" in facts,
            )


def _moment(written: str, zone: tzinfo | None) -> datetime | None:
    """Return the moment as written; the standard form is read without trying others."""
    if not written.strip():
        return None
    try:
        moment = datetime.fromisoformat(written.strip().replace("Z", "+00:00"))
    except ValueError:
        return parse_date(written, zone=zone)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone or timezone.utc)
    # The limits of the other way: anything else is a mistake.
    latest = datetime.now(timezone.utc) + timedelta(days=1)
    return moment if moment.year >= _FIRST_YEAR and moment <= latest else None
