"""Article pages: the headline, text, date and picture of one piece of news.

bytes ─▶ Document ─▶ layout ─▶ headline ─▶ text
              └────▶ metadata ───┴──▶ date, picture, canonical address
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from lxml import etree

from scrapers.address import host_of
from scrapers.articles.body import article_text
from scrapers.articles.canonical import own_address
from scrapers.articles.heading import Headline, find_headline
from scrapers.articles.layout import Layout, lay_out
from scrapers.articles.metadata import Metadata, stated_moment
from scrapers.articles.overhead import headline_above, is_told
from scrapers.articles.publication import Evidence, find_published
from scrapers.errors import ParseError
from scrapers.item import Item
from scrapers.source import Selectors
from scrapers.text.dates import parse_date
from scrapers.text.document import Document, parse_page
from scrapers.text.plain import MAX_TEXT, line_of, text_of
from scrapers.text.selection import select


@dataclass(frozen=True, slots=True)
class Article:
    """What an article page gives.

    Attributes:
        item: the piece of news.
        canonical: the address that the page gives for itself, None if it gives none that can
            be believed. Under it the same article may be known already.
    """

    item: Item
    canonical: str | None = None


def extract_article(
    body: bytes,
    url: str,
    content_type: str | None = None,
    *,
    selectors: Selectors | None = None,
    zone: tzinfo | None = None,
) -> Item:
    """Return the article on a page; its source is the host of ``url``.

    Title and text are empty where the page has none: a front page has no text.

    Args:
        body: the page's bytes, in any encoding.
        url: its address.
        content_type: the HTTP header, a hint only.
        selectors: where to find the parts; what they leave out is found without.
        zone: the zone of the site: dates that name none are in it, and all are given in it.
            None means that the page tells, or else UTC.

    Raises:
        ParseError: this is no page, or a selector of title or text finds nothing on it.
    """
    return read_article(body, url, content_type, selectors=selectors, zone=zone).item


def read_article(
    body: bytes,
    url: str,
    content_type: str | None = None,
    *,
    selectors: Selectors | None = None,
    zone: tzinfo | None = None,
    told: str = "",
) -> Article:
    """Return the article on a page as `extract_article` does, with its canonical address.

    ``told`` is the headline that the site gives elsewhere, in its sitemap: it counts like those
    that the page gives for machines. What readers see on the page goes before all of them.
    """
    page = _Page(parse_page(body, url, content_type), told)
    wanted = selectors or Selectors()
    title = page.selected(wanted.title, line_of) if wanted.title else page.headline.text
    text = page.selected(wanted.text, text_of) if wanted.text else page.text()
    item = Item(
        source=host_of(url),
        url=url,
        title=title,
        text=text,
        published=page.published(wanted.published, zone, text),
        image=page.image(wanted.image),
    )
    return Article(item, page.canonical())


class _Page:
    """One article page, asked for its parts; what none of them needs is not looked for."""

    def __init__(self, document: Document, told: str) -> None:
        self._document = document
        self._told = told
        self._metadata = Metadata(document.root)
        self._layout: Layout | None = None
        self._headline: Headline | None = None

    @property
    def layout(self) -> Layout:
        if self._layout is None:
            self._layout = lay_out(self._document.root)
        return self._layout

    @property
    def headline(self) -> Headline:
        if self._headline is None:
            self._headline = self._find_headline()
        return self._headline

    def _find_headline(self) -> Headline:
        titles = self._document.root.iter("title")
        whole = next((line_of(title) for title in titles), "")
        names, site = [self._told, *self._metadata.titles()], self._metadata.site()
        found = find_headline(self.layout, whole, names, site)
        if is_told(found):
            return found
        text = article_text(self.layout, found, self._metadata.body())
        return headline_above(self.layout, text, found, [*names, whole], site) or found

    def selected(self, selector: str, read: Callable[[etree._Element], str]) -> str:
        parts = list(filter(None, map(read, self._select(selector))))
        if not parts:
            raise ParseError(self._document.url, f"nothing on the page matches {selector!r}")
        return parts[0] if read is line_of else "\n".join(parts)[:MAX_TEXT]

    def text(self) -> str:
        return article_text(self.layout, self.headline, self._metadata.body())

    def published(self, selector: str | None, zone: tzinfo | None, text: str) -> datetime | None:
        if not selector:
            addresses = (self._document.url, *self._metadata.addresses())
            evidence = Evidence(self.layout, self.headline, self._metadata, addresses, text)
            return find_published(evidence, zone)
        stated = map(stated_moment, self._select(selector))
        return next(filter(None, (parse_date(text, zone=zone) for text in stated)), None)

    def image(self, selector: str | None) -> str | None:
        if selector:
            addresses = list(map(_address, self._select(selector)))
        else:
            addresses = self._metadata.images()
        absolute = (self._document.absolute(address) for address in addresses if address)
        return next(filter(None, absolute), None)

    def canonical(self) -> str | None:
        return own_address(self._document, self._metadata.addresses())

    def _select(self, selector: str) -> list[etree._Element]:
        return select(self._document.root, selector, self._document.url)


def _address(element: etree._Element) -> str:
    keys = ("src", "data-src", "href", "content")
    return next((str(element.get(key)) for key in keys if element.get(key)), "")
