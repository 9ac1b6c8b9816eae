"""Article pages: the headline, text, date and picture of one piece of news."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, tzinfo

from bs4 import BeautifulSoup, Tag
from soupsieve import SelectorSyntaxError

from scrapers.address import absolute_url, host_of
from scrapers.body import article_text
from scrapers.dates import parse_date
from scrapers.encoding import decode, is_binary
from scrapers.errors import ParseError
from scrapers.item import Item
from scrapers.metadata import Metadata, stated_moment
from scrapers.plain import MAX_TEXT, drop_hidden, line_of, one_line, soup_of, text_of
from scrapers.source import Selectors

_WORD = re.compile(r"\w+")
# Between a headline and the name of the site or section in <title>.
_SEPARATOR = re.compile(r"\s+(?:[|—–·»-]|::)\s+|\s*\|\s*")
# No page has so many headlines and titles; comparing them is work for each pair.
_MOST_HEADINGS = 200
_MOST_TITLES = 20
# A longer line is prose that may mention a date, not the date of the page.
_DATE_LINE = 100
# How many lines above and below the headline its date is looked for.
_DATE_REACH = 8


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
        zone: the zone of dates that name none; None means UTC.

    Raises:
        ParseError: this is no page, or a selector of title or text finds nothing on it.
    """
    page = _Page(parse_page(body, url, content_type), url)
    wanted = selectors or Selectors()
    title = page.selected(wanted.title, line_of) if wanted.title else page.title()
    return Item(
        source=host_of(url),
        url=url,
        title=title,
        published=page.published(wanted.published, title, zone),
        image=page.image(wanted.image),
        # Last, because it reshapes the page.
        text=page.selected(wanted.text, text_of) if wanted.text else page.text(title),
    )


def parse_page(body: bytes, url: str, content_type: str | None = None) -> BeautifulSoup:
    """Return a page parsed, without what its readers cannot see.

    Raises:
        ParseError: this is no page.
    """
    if not body.strip():
        raise ParseError(url, "the answer is empty")
    if is_binary(body):
        raise ParseError(url, "the answer is binary, not a page")
    soup = soup_of(decode(body, content_type), url)
    drop_hidden(soup)
    return soup


def select(soup: BeautifulSoup, selector: str, url: str) -> list[Tag]:
    """Return the elements that a CSS selector picks, in the order of the page.

    Raises:
        ParseError: it is no CSS selector.
    """
    try:
        return list(soup.select(selector))
    except SelectorSyntaxError as error:
        raise ParseError(url, f"{selector!r} is no CSS selector") from error


class _Page:
    """One article page, asked for its parts."""

    def __init__(self, soup: BeautifulSoup, url: str) -> None:
        self._soup = soup
        self._url = url
        self._metadata = Metadata(soup)

    def selected(self, selector: str, read: Callable[[Tag], str]) -> str:
        parts = list(filter(None, map(read, select(self._soup, selector, self._url))))
        if not parts:
            raise ParseError(self._url, f"nothing on the page matches {selector!r}")
        return parts[0] if read is line_of else "\n".join(parts)[:MAX_TEXT]

    def title(self) -> str:
        """Return the heading that the page also names as its title, or the best other guess."""
        whole = one_line(self._soup.title.get_text()) if self._soup.title else ""
        named = [one_line(title) for title in self._metadata.titles()[:_MOST_TITLES]]
        headings = map(line_of, self._soup.find_all(["h1", "h2"], limit=_MOST_HEADINGS))
        agreed = _agreed(headings, [*named, whole])
        if agreed:
            return max(agreed, key=len)
        main = [line_of(heading) for heading in self._soup.find_all("h1", limit=1)]
        return next(filter(None, [*named, *main, _SEPARATOR.split(whole)[0]]), "")

    def text(self, title: str) -> str:
        return article_text(self._soup, title, self._url, declared=self._metadata.is_article())

    def published(self, selector: str | None, title: str, zone: tzinfo | None) -> datetime | None:
        if selector:
            chosen = select(self._soup, selector, self._url)
            stated: list[str] | Iterator[str] = [stated_moment(element) for element in chosen]
        else:
            stated = self._stated_dates(title)
        moments = (parse_date(text, zone=zone) for text in stated)
        return next((moment for moment in moments if moment), None)

    def image(self, selector: str | None) -> str | None:
        if selector:
            addresses = list(map(_address, select(self._soup, selector, self._url)))
        else:
            addresses = self._metadata.images()
        absolute = (absolute_url(self._url, address) for address in addresses if address)
        return next((address for address in absolute if address), None)

    def _stated_dates(self, title: str) -> Iterator[str]:
        """Yield what may be the date: stated for machines, then near the headline."""
        yield from self._metadata.dates()
        yield from self._lines_near(title)
        yield from map(stated_moment, self._soup.find_all("time", limit=1))

    def _lines_near(self, title: str) -> list[str]:
        """Return the short lines around the headline, the nearest first, above before below."""
        lines = text_of(self._soup).split("\n")
        places = [place for place, line in enumerate(lines) if title and line == title]
        near = [
            (abs(other - place), lines[other])
            for place in places[-1:]
            for other in range(max(0, place - _DATE_REACH), place + _DATE_REACH + 1)
            if other < len(lines) and other != place and len(lines[other]) <= _DATE_LINE
        ]
        return [line for _, line in sorted(near, key=lambda pair: pair[0])]


def _agreed(headings: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return the headings whose words stand in one of ``names``, whatever the signs between."""
    told = list(map(_words, names))
    worded = ((heading, _words(heading)) for heading in headings)
    return [heading for heading, words in worded if words and any(words in name for name in told)]


def _words(line: str) -> str:
    """Return the words of ``line`` with a space before and after each; empty if it has none."""
    return "".join(f" {word} " for word in _WORD.findall(line.lower()))


def _address(element: Tag) -> str:
    keys = ("src", "data-src", "href", "content")
    return next((str(element[key]) for key in keys if element.get(key)), "")
