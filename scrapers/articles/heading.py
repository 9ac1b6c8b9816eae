"""The headline of an article page, as its readers see it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from scrapers.articles.inscription import inscription
from scrapers.articles.layout import Box, Layout, Line
from scrapers.articles.names import first_part, is_of_site, parts_of, without_site, words_of
from scrapers.articles.naming import Role
from scrapers.text.plain import one_line

# No page has so many headlines and titles; comparing them is work for each pair.
_MOST_HEADINGS = 100
_MOST_NAMES = 12
_LONGEST = 400
_TAGS = {"h1": 3, "h2": 2, "h3": 1}
_SENTENCE = 3
_LONG = 80
# A title that ends like this was cut by whoever wrote the metadata.
_CUT = re.compile(r"\s*(?:…|\.\.\.)$")
_SHORTEST_CUT = 4
# A short headline stands at most so many lines below the section.
_BELOW_SECTION = 12
# A headline broken into lines has at most so many, and each is short.
_MOST_PIECES = 3
_LONGEST_PIECE = 150


@dataclass(frozen=True, slots=True)
class Headline:
    """What stands above the text.

    Attributes:
        text: one line; empty if the page has none.
        first: number of its first line on the page, None if it is not shown there.
        last: number of the line behind it.
    """

    text: str
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class _Heading:
    """An element that may be the headline."""

    text: str
    words: str
    box: Box
    is_link: bool

    @property
    def rank(self) -> int:
        return _TAGS.get(self.box.tag, 0)


def find_headline(layout: Layout, whole: str, names: Sequence[str], site: str = "") -> Headline:
    """Return the headline.

    Args:
        layout: the page.
        whole: its <title>.
        names: the headlines it gives for machines.
        site: the name it gives for the site, empty if none.
    """
    whole = one_line(whole)
    named = [line for line in map(one_line, names[:_MOST_NAMES]) if line]
    parts = list(_parts([*named, whole], site))
    told = [words_of(name) for name in (*named, whole) if not _CUT.search(name)]
    headings = [found for found in _headings(layout, told) if found.words != words_of(site)]
    return (
        _agreed(layout, headings, named, whole, parts)
        or _shown(layout, parts)
        or _lonely(layout, headings)
        or Headline(_named(named, whole, site) or _first(headings))
    )


def _parts(names: Iterable[str], site: str) -> Iterator[str]:
    for name in names:
        yield from (part for part in parts_of(name) if words_of(part) != words_of(site))


def _headings(layout: Layout, told: Collection[str]) -> Iterator[_Heading]:
    marked = (box for box in layout.boxes if box.tag in _TAGS or box.role is Role.HEADLINE)
    for box in islice(marked, _MOST_HEADINGS):
        text, linked = inscription(layout, box, told)
        if len(text) <= _LONGEST and (words := words_of(text)):
            yield _Heading(text, words, box, linked)


def _agreed(
    layout: Layout, headings: list[_Heading], named: list[str], whole: str, parts: list[str]
) -> Headline | None:
    """Return the best of the headings that the page also gives as its name."""
    told = [words for words in map(words_of, [*named, whole]) if words]
    begun = [words for name in (*named, whole) if (words := words_of(_CUT.sub("", name)))]
    begun = [words for words in begun if words.count("  ") >= _SHORTEST_CUT]
    equal = set(told[: len(named)])
    agreed = [
        heading
        for heading in headings
        if any(heading.words in name for name in told)
        # The heading goes on where the name was cut off.
        or any(name in heading.words for name in begun)
    ]
    if not agreed:
        return None
    best = max(agreed, key=lambda heading: _likelihood(heading, equal))
    best = _nearest(layout, best, agreed)
    if best.words not in equal:
        best = _below_section(layout, best, agreed, whole) or best
    if is_of_site(best.text):
        others = [part for part in parts if not is_of_site(part)]
        shown = _shown(layout, others, best.box.last)
        if shown is not None:
            return shown
    return Headline(best.text, best.box.first, best.box.last)


def _nearest(layout: Layout, best: _Heading, agreed: list[_Heading]) -> _Heading:
    """Return the heading with the words of ``best`` that stands above the text.

    The logo may say them too, to search engines alone.
    """
    same = [found for found in agreed if found.words == best.words and not found.is_link]
    if not same:
        return best
    number = _above_text(layout, [found.box.first for found in same])
    # A frame begins where the heading within it does, and may hold more.
    there = (found for found in same if found.box.first == number)
    return best if best.box.first == number else max(there, key=lambda found: found.rank)


def _likelihood(heading: _Heading, equal: set[str]) -> tuple[bool, bool, bool, int, int]:
    # Section and site are headings, too, and stand in <title> with the headline; they are short.
    is_sentence = heading.words in equal or heading.words.count("  ") + 1 >= _SENTENCE
    is_news = heading.words in equal or not is_of_site(heading.text)
    length = len(heading.words)
    return is_sentence and is_news, is_sentence, not heading.is_link, heading.rank, length


def _below_section(
    layout: Layout, section: _Heading, agreed: list[_Heading], whole: str
) -> _Heading | None:
    """Return the heading that begins <title> and stands between ``section`` and the text.

    A headline may be shorter than the name of its section.
    """
    first = words_of(first_part(whole))
    for heading in agreed:
        lower = 0 < heading.box.first - section.box.first <= _BELOW_SECTION
        if heading.words != first or not lower or heading.is_link or is_of_site(heading.text):
            continue
        both = [section.box.first, heading.box.first]
        if section.words != first and _above_text(layout, both) == both[1]:
            return heading
    return None


def _shown(layout: Layout, parts: list[str], start: int = 0) -> Headline | None:
    """Return the longest part of a name that stands alone in lines from ``start`` on."""
    long = {part.lower() for part in parts if part.count(" ") + 1 >= _SENTENCE}
    if not long:
        return None
    places: defaultdict[str, list[Headline]] = defaultdict(list)
    for number in range(start, len(layout.lines)):
        for shown in _from_line(layout.lines, number):
            if (text := shown.text.lower()) in long:
                places[text].append(shown)
    if not places:
        return None
    found = places[max(places, key=len)]
    number = _above_text(layout, [shown.first for shown in found if shown.first is not None])
    return next(shown for shown in found if shown.first == number)


def _from_line(lines: list[Line], number: int) -> Iterator[Headline]:
    """Yield what a line says, alone and with those that go on in the same box."""
    line = lines[number]
    if line.is_link or len(line.text) > _LONGEST:
        return
    yield Headline(one_line(line.text), number, number + 1)
    text = line.text
    for last in range(number + 1, min(number + _MOST_PIECES, len(lines))):
        piece = lines[last]
        if piece.box is not line.box or len(text) > _LONGEST_PIECE:
            break
        text = f"{text} {piece.text}"
        yield Headline(one_line(text), number, last + 1)


def _above_text(layout: Layout, places: list[int]) -> int:
    """Return the last of some lines behind which there still is most of the text.

    What stands in the path to the page above the menu may well be its headline, too.
    """
    lengths = (0 if line.is_link else len(line.text) for line in layout.lines)
    running = [0, *accumulate(length if length >= _LONG else 0 for length in lengths)]
    most = (running[-1] - running[places[0]]) / 2
    return next(place for place in reversed(places) if running[-1] - running[place] >= most)


def _lonely(layout: Layout, headings: list[_Heading]) -> Headline | None:
    """Return the only heading of the first order that is neither a link nor a section."""
    main = [heading for heading in headings if heading.box.tag == "h1" and not heading.is_link]
    if len(main) > 1:
        main = [heading for heading in main if heading.words.count("  ") + 1 >= _SENTENCE]
    sections = {line.text.lower() for line in layout.lines if line.is_link}
    if len(main) != 1 or main[0].text.lower() in sections or " " not in main[0].words.strip():
        return None
    return Headline(main[0].text, main[0].box.first, main[0].box.last)


def _named(named: list[str], whole: str, site: str) -> str:
    """Return the headline as the metadata have it, without the name of the site."""
    for name in (*named, whole):
        if text := without_site(name, site):
            return text
    return ""


def _first(headings: list[_Heading]) -> str:
    main = (heading.text for heading in headings if heading.box.tag == "h1")
    return next(main, "")
