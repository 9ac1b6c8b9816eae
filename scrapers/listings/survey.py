"""One walk over a page that finds its links, and what stands around each of them.

A link is an element that leads to an address: an ``<a>``, or a button whose script goes there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from scrapers.address import canonical_url
from scrapers.listings.surroundings import Surroundings, announces_no_news, surroundings_of
from scrapers.text.document import Document
from scrapers.text.plain import line_of

# No page for readers has so many links; those that do are cut off.
_MOST_LINKS = 5000
_HEAD_TAGS = frozenset(
    ("h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "legend", "caption", "th", "dt", "summary")
)
_HEAD = re.compile(r"title|head|caption|zagolovok|\bm?h[1-6]\b", re.IGNORECASE)
_LONGEST_CLASS = 200
# A heading may be wrapped so often before what it heads begins.
_WRAPPINGS = 3
_MOST_HEADINGS = 200
# Nothing is in so many menus, one in the other, that it matters.
_MOST_MARKS = 12
_GOES = re.compile(r"location(?:\.href|\.assign)?\s*(?:=|\()\s*['\"]([^'\"]{1,2000})['\"]")
_GIVEN = ("data-href", "data-link", "data-url")
_HEADLINE_WORDS = 3
_HEADLINE_LENGTH = 15


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """What one element around links, or one heading above them, says that they are."""

    says: Surroundings


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A link as it was found.

    Attributes:
        element: what is clicked.
        address: where it leads, absolute.
        identity: the canonical form of that.
        words: what it says, one line.
        marks: what is around it, the outermost first.
    """

    element: etree._Element
    address: str
    identity: str
    words: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found on a page.

    Attributes:
        links: in its order, those to itself left out.
        ranges: for each element with links: the number of its first, and of the one behind them.
    """

    links: list[Found]
    ranges: dict[etree._Element, tuple[int, int]]


def survey(page: Document) -> Survey:
    """Return the links of a page."""
    surveyor = _Surveyor(page)
    surveyor.walk()
    return surveyor.survey


def is_headline(words: str) -> bool:
    """Say whether ``words`` may be a headline: headlines are sentences, menus are words."""
    return len(words) >= _HEADLINE_LENGTH and len(words.split()) >= _HEADLINE_WORDS


def target_of(element: etree._Element) -> str | None:
    """Return where a click on ``element`` leads, as written; None if nowhere."""
    if element.tag in ("a", "area"):
        address: str | None = element.get("href")
        return address
    if goes := _GOES.search(element.get("onclick") or ""):
        return goes[1]
    given = [element.get(name) or "" for name in _GIVEN if element.tag == "button"]
    return next(filter(None, given), None)


@dataclass(frozen=True, slots=True, eq=False)
class _Heading:
    """A heading that says that what follows it is no news.

    Attributes:
        mark: what it says.
        make: its tag and classes.
        at: how many links stand before what follows.
        wrappings: how many elements around it have ended since.
    """

    mark: Mark
    make: str
    at: int
    wrappings: int = 0


@dataclass(slots=True, eq=False)
class _Box:
    """An element that has begun."""

    element: etree._Element
    marks: tuple[Mark, ...]
    first: int
    heading: _Heading | None = None


class _Surveyor:
    """Walks over a page.

    Attributes:
        survey: what was found so far.
    """

    def __init__(self, page: Document) -> None:
        self.survey = Survey([], {})
        self._page = page
        self._here = canonical_url(page.url)
        self._boxes: list[_Box] = []
        self._headings = 0

    def walk(self) -> None:
        for event, element in etree.iterwalk(self._page.root, events=("start", "end")):
            if event == "end":
                self._leave()
            elif len(self.survey.links) < _MOST_LINKS:
                self._enter(element)
            else:
                break
        while self._boxes:
            self._leave()

    def _enter(self, element: etree._Element) -> None:
        marks = self._marks()
        says = surroundings_of(element)
        if says is not Surroundings.PLAIN:
            marks = (*marks, Mark(says))[:_MOST_MARKS]
        self._boxes.append(_Box(element, marks, len(self.survey.links)))
        self._note(element, marks)

    def _marks(self) -> tuple[Mark, ...]:
        """Return what is around whatever begins now."""
        if not self._boxes:
            return ()
        outer = self._boxes[-1]
        headed = (outer.heading.mark,) if outer.heading else ()
        return (*outer.marks, *headed)[:_MOST_MARKS]

    def _note(self, element: etree._Element, marks: tuple[Mark, ...]) -> None:
        target = target_of(element)
        address = self._page.absolute(target) if target else None
        if address is None or (identity := canonical_url(address)) == self._here:
            return
        self.survey.links.append(Found(element, address, identity, line_of(element), marks))

    def _leave(self) -> None:
        box = self._boxes.pop()
        if box.first < len(self.survey.links):
            self.survey.ranges[box.element] = box.first, len(self.survey.links)
        if self._boxes:
            self._head(box)

    def _head(self, box: _Box) -> None:
        """Let a heading that has ended say what follows it in the element around it."""
        said, links = box.heading, len(self.survey.links)
        if said is not None and said.at == links and said.wrappings < _WRAPPINGS:
            # Nothing has followed in its wrapping.
            self._boxes[-1].heading = replace(said, wrappings=said.wrappings + 1)
            return
        make = _make_of_head(box.element)
        if not make or links - box.first > 1 or self._headings >= _MOST_HEADINGS:
            return
        line = line_of(box.element)
        if announces_no_news(line):
            self._headings += 1
            self._boxes[-1].heading = _Heading(Mark(Surroundings.AWAY), make, links)
        elif line and not is_headline(line):
            self._end_heading(make)

    def _end_heading(self, make: str) -> None:
        """Let what a heading said end where another one of its make begins."""
        for outer in self._boxes[: -_WRAPPINGS - 2 : -1]:
            if outer.heading is not None and outer.heading.make == make:
                outer.heading = None
                return


def _make_of_head(element: etree._Element) -> str:
    """Return tag and classes of what may be a heading, else nothing."""
    classes = (element.get("class") or "")[:_LONGEST_CLASS]
    is_head = element.tag in _HEAD_TAGS or (classes and _HEAD.search(classes))
    return f"{element.tag} {classes}" if is_head else ""
