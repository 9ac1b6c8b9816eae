"""The headline of an article page, as its readers see it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from scrapers.articles.layout import Box, Layout
from scrapers.articles.naming import Role
from scrapers.text.plain import one_line

# Between a headline and the name of the site or section in <title>.
_SEPARATOR = re.compile(r"\s+(?:[|—–·»«•/:*-]|::|>>|//)\s+|\s*\|\s*|\s+[>»]\s*|\.\s+(?=Новости\b)")
_WORD = re.compile(r"\w+")
# No page has so many headlines and titles; comparing them is work for each pair.
_MOST_HEADINGS = 100
_MOST_NAMES = 12
_MOST_PARTS = 6
_LONGEST = 400
_MOST_PIECES = 20
_DEEPEST = 10
_TAGS = {"h1": 3, "h2": 2, "h3": 1}
_SENTENCE = 3
_LONG = 80
# Beside a headline, in one element with it.
_NOT_WORDS = (Role.BYLINE, Role.OTHER, Role.COMMENTS, Role.CAPTION)
# A title that ends like this was cut by whoever wrote the metadata.
_CUT = re.compile(r"\s*(?:…|\.\.\.)$")
_SHORTEST_CUT = 4
# The last parts of a <title> that are no part of any headline.
_OF_SITES = re.compile(
    r"новости|общество|политика|экономика|культура|спорт|происшествия|главная|статьи"
    r"|официальный сайт"
    r"|.*\b(?:новости|газета|сайт|портал|издание|агентство|тв|news|online|онлайн)\b.*|.*\.\w{2,4}",
    re.IGNORECASE,
)


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
    named = [line for line in map(one_line, names[:_MOST_NAMES]) if line]
    headings = [heading for heading in _headings(layout) if heading.words != words_of(site)]
    return (
        _agreed(headings, named, one_line(whole))
        or _shown(layout, [*named, one_line(whole)], site)
        or _lonely(layout, headings)
        or Headline(_named(named, one_line(whole), site) or _first(headings))
    )


def words_of(line: str) -> str:
    """Return the words of ``line`` with a space before and after each; empty if it has none."""
    return "".join(f" {word} " for word in _WORD.findall(line.lower()))


def _headings(layout: Layout) -> Iterator[_Heading]:
    marked = (box for box in layout.boxes if box.tag in _TAGS or box.role is Role.HEADLINE)
    for box in islice(marked, _MOST_HEADINGS):
        text, linked = _text(layout, box)
        if len(text) <= _LONGEST and (words := words_of(text)):
            yield _Heading(text, words, box, linked)


def _text(layout: Layout, box: Box) -> tuple[str, bool]:
    """Return what a heading says, and whether it is a link."""
    inside = layout.lines[box.first : min(box.last, box.first + _MOST_PIECES)]
    pieces = [line for line in inside if _is_worded(line.box, box)]
    text = one_line(" ".join(line.text for line in pieces))
    return text, 2 * sum(line.linked for line in pieces) > len(text)


def _is_worded(inner: Box, box: Box) -> bool:
    """Say whether what stands right in ``inner`` is part of the heading ``box``."""
    for _ in range(_DEEPEST):
        if inner is box:
            return True
        if inner.role in _NOT_WORDS or inner.parent is None:
            return False
        inner = inner.parent
    return False


def _agreed(headings: list[_Heading], named: list[str], whole: str) -> Headline | None:
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
    return Headline(best.text, best.box.first, best.box.last)


def _likelihood(heading: _Heading, equal: set[str]) -> tuple[bool, bool, int, int]:
    # Section and site are headings, too, and stand in <title> with the headline; they are short.
    is_sentence = heading.words in equal or heading.words.count("  ") + 1 >= _SENTENCE
    return is_sentence, not heading.is_link, heading.rank, len(heading.words)


def _shown(layout: Layout, names: list[str], site: str) -> Headline | None:
    """Return the longest part of a name that stands alone in a line of the page."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(layout.lines):
        if len(line.text) <= _LONGEST and not line.is_link:
            places[line.text.lower()].append(number)
    parts = (part for name in names for part in _parts(name) if words_of(part) != words_of(site))
    found = [part for part in parts if part.lower() in places and part.count(" ") + 1 >= _SENTENCE]
    if not found:
        return None
    number = _above_text(layout, places[max(found, key=len).lower()])
    return Headline(one_line(layout.lines[number].text), number, number + 1)


def _above_text(layout: Layout, places: list[int]) -> int:
    """Return the last of some lines behind which there still is most of the text.

    What stands in the path to the page above the menu may well be its headline, too.
    """
    lengths = (0 if line.is_link else len(line.text) for line in layout.lines)
    running = [0, *accumulate(length if length >= _LONG else 0 for length in lengths)]
    most = (running[-1] - running[places[0]]) / 2
    return next(place for place in reversed(places) if running[-1] - running[place] >= most)


def _parts(name: str) -> Iterator[str]:
    """Yield what separators leave of a name, neighbours also together."""
    gaps = [(match.start(), match.end()) for match in _SEPARATOR.finditer(name)][: _MOST_PARTS - 1]
    starts = [0, *(end for _, end in gaps)]
    ends = [*(start for start, _ in gaps), len(name)]
    for first, start in enumerate(starts):
        for end in ends[first:]:
            yield name[start:end].strip()


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
        if text := _without_site(name, site):
            return text
    return ""


def _without_site(title: str, site: str) -> str:
    gaps = list(_SEPARATOR.finditer(title))
    if site and title.lower().endswith(site.lower()) and not gaps:
        return title[: -len(site)].rstrip(" .,:;|—–-")
    if not gaps:
        return title
    head = title[: gaps[0].start()].strip()
    if words_of(head) == words_of(site):
        return title[gaps[0].end() :].strip()
    title = title[: gaps[-1].start()].strip()
    for gap in reversed(gaps[:-1]):
        if not _OF_SITES.fullmatch(title[gap.end() :].strip()):
            break
        title = title[: gap.start()].strip()
    return title


def _first(headings: list[_Heading]) -> str:
    main = (heading.text for heading in headings if heading.box.tag == "h1")
    return next(main, "")
