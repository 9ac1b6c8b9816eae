"""Selectors for the parts of articles, where these are not found soundly without.

Several articles of one site are compared: what differs from page to page is theirs, what is the
same on all of them is the site's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import islice

from lxml import etree

from scrapers.articles.article import extract_article
from scrapers.articles.metadata import stated_moment
from scrapers.articles.names import words_of
from scrapers.item import Item
from scrapers.listings.places import lasting_classes, lasting_id
from scrapers.source import Selectors
from scrapers.text.dates import parse_date
from scrapers.text.document import Document, parse_page
from scrapers.text.plain import line_of, text_of
from scrapers.text.selection import select

_FEWEST = 2
_SHORTEST_TEXT = 120
_MOST_ELEMENTS = 4000
_MOST_NAMES = 120
_TITLES = ("h1", "h2", "h3")
_TEXTS = ("article", "main")
_DATE_NAME = re.compile(r"date|time|data|publ|created", re.IGNORECASE)
_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Sample:
    """An article's page, and what the link to it said, if that was a headline."""

    body: bytes
    url: str
    content_type: str | None = None
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the samples are read.

    Attributes:
        items: one for each sample.
        selectors: of the parts that are not found soundly without.
        is_sound: whether each of the items has a title of its own, and most have a text.
    """

    items: tuple[Item, ...]
    selectors: Selectors
    is_sound: bool


def read_samples(samples: Sequence[Sample], zone: tzinfo | None = None) -> Reading:
    """Return how articles of one site are read best.

    Selectors are proposed only for the parts that come out wrong without, and only if all
    samples come out right with them.

    Raises:
        ParseError: one of the samples is no page.
    """
    items = _read(samples, Selectors(), zone)
    if len(samples) < _FEWEST:
        return Reading(items, Selectors(), _is_sound(items))
    pages = [parse_page(sample.body, sample.url, sample.content_type) for sample in samples]
    selectors = Selectors(
        title=None if _titles_are_sound(items, samples) else _title(pages, samples),
        text=None if _texts_are_sound(items) else _text(pages),
        published=None if any(item.published for item in items) else _published(pages, zone),
    )
    if selectors != Selectors():
        items = _read(samples, selectors, zone)
    return Reading(items, selectors, _is_sound(items))


def _read(samples: Sequence[Sample], selectors: Selectors, zone: tzinfo | None) -> tuple[Item, ...]:
    return tuple(
        extract_article(
            sample.body, sample.url, sample.content_type, selectors=selectors, zone=zone
        )
        for sample in samples
    )


def _is_sound(items: Sequence[Item]) -> bool:
    return _are_own([item.title for item in items]) and _texts_are_sound(items)


def _titles_are_sound(items: Sequence[Item], samples: Sequence[Sample]) -> bool:
    """Say whether titles are their articles' own, and agree with the links for one at least."""
    agreed = [
        _agree(item.title, sample.wording)
        for item, sample in zip(items, samples, strict=True)
        if sample.wording
    ]
    return _are_own([item.title for item in items]) and (not agreed or any(agreed))


def _texts_are_sound(items: Sequence[Item]) -> bool:
    texts = [item.text for item in items if len(item.text) >= _SHORTEST_TEXT]
    return 2 * len(texts) > len(items) and _are_own(texts)


def _are_own(lines: Sequence[str]) -> bool:
    return all(lines) and len(set(lines)) == len(lines)


def _agree(title: str, wording: str) -> bool:
    ours, theirs = set(words_of(title).split()), set(words_of(wording).split())
    return bool(ours) and 2 * len(ours & theirs) > min(len(ours), len(theirs))


def _title(pages: Sequence[Document], samples: Sequence[Sample]) -> str | None:
    """Return what holds on every page the words that led there, and nothing else."""

    def fits(name: str) -> bool:
        titles = [_first(page, name) for page in pages]
        return _are_own(titles) and all(
            len(title) <= _LONGEST_TITLE and (not sample.wording or _agree(title, sample.wording))
            for title, sample in zip(titles, samples, strict=True)
        )

    if not any(sample.wording for sample in samples):
        return None
    return _first_fitting(pages, fits, lambda element: element.tag in _TITLES or _is_named(element))


def _published(pages: Sequence[Document], zone: tzinfo | None) -> str | None:
    def fits(name: str) -> bool:
        found = (_select(page, name) for page in pages)
        return all(
            elements and parse_date(stated_moment(elements[0]), zone=zone) for elements in found
        )

    def may_be_date(element: etree._Element) -> bool:
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        return element.tag == "time" or bool(_DATE_NAME.search(names[:200]))

    return _first_fitting(pages, fits, may_be_date)


def _text(pages: Sequence[Document]) -> str | None:
    """Return what holds the most on every page that is on none of the others, and little else."""
    shared = _shared_lines(pages)
    best: tuple[int, str] | None = None
    for name in _names(pages[0], lambda element: element.tag in _TEXTS or _is_named(element)):
        worth = min(_own_text(page, name, shared) for page in pages)
        if worth >= _SHORTEST_TEXT and (best is None or worth > best[0]):
            best = worth, name
    return best[1] if best else None


def _shared_lines(pages: Sequence[Document]) -> frozenset[str]:
    lines = [set(text_of(page.root).split("\n")) for page in pages]
    return frozenset(lines[0].intersection(*lines[1:]))


def _own_text(page: Document, name: str, shared: frozenset[str]) -> int:
    """Return how many characters more of its own a page has there than of links and others'."""
    elements = _select(page, name)
    if not elements:
        return 0
    lines = [line for element in elements for line in text_of(element).split("\n")]
    linked = sum(len(line_of(link)) for element in elements for link in element.iter("a"))
    ours = sum(len(line) for line in lines if line not in shared)
    return ours - 2 * linked - 2 * (sum(map(len, lines)) - ours)


def _first_fitting(
    pages: Sequence[Document],
    fits: Callable[[str], bool],
    wanted: Callable[[etree._Element], bool],
) -> str | None:
    return next(filter(fits, _names(pages[0], wanted)), None)


def _names(page: Document, wanted: Callable[[etree._Element], bool]) -> list[str]:
    """Return how the elements that are ``wanted`` may be called, each name once."""
    elements = islice(page.root.iter(etree.Element), _MOST_ELEMENTS)
    names = dict.fromkeys(name for one in elements if wanted(one) for name in _names_of(one))
    return list(names)[:_MOST_NAMES]


def _names_of(element: etree._Element) -> Iterator[str]:
    yield from (f"{element.tag}.{name}" for name in lasting_classes(element))
    if name := lasting_id(element):
        yield f"#{name}"
    if element.tag in (*_TITLES, *_TEXTS, "time"):
        yield str(element.tag)


def _is_named(element: etree._Element) -> bool:
    return bool(lasting_classes(element) or lasting_id(element))


def _first(page: Document, name: str) -> str:
    return next(iter(filter(None, map(line_of, _select(page, name)))), "")


def _select(page: Document, name: str) -> list[etree._Element]:
    return select(page.root, name, page.url)
