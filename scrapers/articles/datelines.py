"""The lines of a page that may say when its article was published, the likeliest first.

Counted is what stands near the headline, or right behind the text. Not counted are the dates
of other articles, of the day on which the page is shown, and of rates and the weather.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from scrapers.articles.heading import Headline
from scrapers.articles.layout import Box, Layout, Line
from scrapers.articles.naming import Role
from scrapers.text.dates import split_day

# A longer line is prose that may mention a date, not the date of the page.
_LONGEST = 100
# How many lines above and below the headline, and behind the text, its date is looked for.
_ABOVE = 10
_BELOW = 14
_BEHIND = 6
# Tags and buttons may stand between the text and what is named for its date.
_FAR_BEHIND = 20
_FAR = 50.0
_PERHAPS_DATE = re.compile(r"\d|сегодня|вчера|назад|today|yesterday", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"\b(?:понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье)\b", re.IGNORECASE
)
_CHANGED = re.compile(r"обновл|измен[её]н|отредактир|updated|modified|редакция от", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"опубликован|публикаци|размещен|добавлен|создан|posted|published|вышл[оа]", re.IGNORECASE
)
_CLOCK = re.compile(r"\d:\d\d")
_OF_TODAY = re.compile(r"\b(?:сегодня|today)\b.{0,15}?\d[\s.](?!\d?:)", re.IGNORECASE)
_OF_THE_DAY = re.compile(
    r"\bкурсы?\s+(?:валют|доллара|евро|цб)|\b(?:usd|eur)\b|\bпогода\s+(?:на|в|сегодня)\b|\d\s?°",
    re.IGNORECASE,
)
# A link to news says something: author and section have shorter names.
_WORD = re.compile(r"[^\W\d_]{2,}")
_FEWEST_WORDS = 3
_LONGEST_NEWS = 300
_SHORTEST_NEWS = 18
_DEEPEST = 12
_CARD_LINES = 6
# With so many links above it, a box is that of the whole page.
_MENU = 5
# Day, month and year may stand in elements of their own.
_MOST_PIECES = 4
_LONGEST_PIECE = 12
_APART = (Role.OTHER, Role.COMMENTS)


@dataclass(frozen=True, slots=True)
class Dateline:
    """A line that may be the date of an article.

    Attributes:
        text: as readers see it.
        stated: what it gives for machines, empty if nothing.
        distance: how unlikely it is; below `CLOSE` it stands where dates of articles stand.
    """

    text: str
    stated: str
    distance: float


CLOSE = 4.0


def datelines(layout: Layout, headline: Headline, text: str) -> list[Dateline]:
    """Return the lines that may be the date of the article.

    Args:
        layout: the page.
        headline: what stands above the text.
        text: the article's paragraphs, one a line; empty if it has none.
    """
    search = _Search(layout, headline, text)
    return sorted(search.lines(), key=lambda line: line.distance)


class _Search:
    """Looks for dates around one article."""

    def __init__(self, layout: Layout, headline: Headline, text: str) -> None:
        self._lines = layout.lines
        self._headline = headline
        paragraphs = [line.removeprefix("- ") for line in text.split("\n")] if text else []
        start = headline.last or 0
        self._begin = self._find(paragraphs[:1], range(start, len(self._lines)))
        self._end = self._find(paragraphs[-1:], range(len(self._lines) - 1, start - 1, -1))

    def lines(self) -> Iterator[Dateline]:
        above, below = self._headline.first, self._headline.last
        if above is None or below is None:
            if self._begin is None:
                return
            above = below = self._begin
        for number in range(max(0, above - _ABOVE), above):
            if not self._is_foreign(number) and not self._is_of_page(number):
                yield from self._judged(number, above - number)
        for number in range(above, below):
            yield from self._beside_headline(number)
        behind = len(self._lines) if self._end is None else self._end + 1
        near = min(below + _BELOW, behind)
        for number in range(below, near):
            # Above before below.
            yield from self._judged(number, number - below + 1.5)
        for number in range(near, len(self._lines)):
            yield from self._after(number, behind)

    def _after(self, number: int, behind: int) -> Iterator[Dateline]:
        """Yield line ``number``, far below the headline, if it is labelled or ends the text."""
        line = self._lines[number]
        reach = _FAR_BEHIND if line.box.role is Role.BYLINE else _BEHIND
        ends = behind <= number < behind + reach
        labelled = line.box.tag == "time" or _PUBLISHED.search(line.text[:_LONGEST])
        if (ends or labelled) and not self._is_foreign(number):
            yield from self._judged(number, _BELOW + number - behind if ends else _FAR)

    def _find(self, paragraph: list[str], numbers: range) -> int | None:
        return next((at for at in numbers if [self._lines[at].text] == paragraph), None)

    def _judged(self, number: int, distance: float) -> Iterator[Dateline]:
        line = self._lines[number]
        text = self._written(number)
        if len(text) > _LONGEST or not _PERHAPS_DATE.search(text):
            return
        text = _of_publication(text)
        if not text or (_OF_TODAY.search(text) and not _CLOCK.search(text)):
            return
        if line.box.role is Role.BYLINE or _PUBLISHED.search(text):
            distance -= 2.5
        elif _OF_THE_DAY.search(text):
            return
        if _WEEKDAY.search(text):
            # The day on which the page is shown stands on top of many.
            distance += 6
        if line.is_link:
            distance += 3
        stated = line.box.element.get("datetime") if line.box.tag == "time" else None
        yield Dateline(text, stated or "", distance)

    def _written(self, number: int) -> str:
        """Return a line, with those behind it if they make a date together."""
        text = self._lines[number].text
        if len(text) > _LONGEST_PIECE:
            return text
        pieces = self._lines[number : number + _MOST_PIECES]
        around = pieces[0].box.parent
        together = [line.text for line in pieces if around in (line.box, line.box.parent)]
        return split_day(" ".join(together)[: _MOST_PIECES * _LONGEST_PIECE]) or text

    def _beside_headline(self, number: int) -> Iterator[Dateline]:
        """Yield what stands in one line with the headline."""
        before, headline, after = self._lines[number].text.partition(self._headline.text)
        rest = f"{before} {after}".strip()
        if headline and len(rest) <= _LONGEST and _PERHAPS_DATE.search(rest):
            yield Dateline(rest, "", 0.5)

    def _is_foreign(self, number: int) -> bool:
        """Say whether a line is the date of another article, or part of a menu."""
        line = self._lines[number]
        if _is_news(line):
            return True
        box: Box | None = line.box
        small = True
        for _ in range(_DEEPEST):
            if box is None or self._is_around_article(box):
                break
            if box.role in _APART and not self._is_inside(number):
                return True
            small = small and box.last - box.first <= _CARD_LINES
            if small and any(map(_is_news, self._lines[box.first : box.last])):
                return True
            box = box.parent
        return number != (self._end or 0) + 1 and self._is_above_news(number)

    def _is_above_news(self, number: int) -> bool:
        """Say whether a line stands in one box with the news that is linked right below it."""
        following = self._lines[number + 1 : number + 2]
        return any(line.box is self._lines[number].box and _is_news(line) for line in following)

    def _is_around_article(self, box: Box) -> bool:
        places = (self._headline.first, self._begin)
        return any(place is not None and box.first <= place < box.last for place in places)

    def _is_inside(self, number: int) -> bool:
        """Say whether a line stands above the headline in the box of the article."""
        article, headline = self._article, self._headline.first or 0
        return article is not None and article.first <= number < headline

    def _is_of_page(self, number: int) -> bool:
        """Say whether a bare day above the headline belongs to the page, not to the article."""
        line = self._lines[number]
        if self._article is None or line.box.role is Role.BYLINE:
            return False
        if _CLOCK.search(line.text) or _PUBLISHED.search(line.text):
            return False
        both = self._article
        while both.first > number and both.parent is not None:
            both = both.parent
        if both is self._article:
            return False
        above = self._lines[both.first : number]
        return both.tag in ("body", "html") or sum(line.is_link for line in above) >= _MENU

    @cached_property
    def _article(self) -> Box | None:
        """The smallest box with headline and text."""
        if self._headline.first is None or self._begin is None:
            return None
        box: Box | None = self._lines[self._headline.first].box
        while box is not None and box.last <= self._begin:
            box = box.parent
        return box


def _of_publication(text: str) -> str:
    """Return what a line says of the publication, without what it says of later changes."""
    changed = _CHANGED.search(text)
    if changed is None:
        return text
    published = _PUBLISHED.search(text, changed.end())
    return text[published.start() :] if published else text[: changed.start()]


def _is_news(line: Line) -> bool:
    if line.linked < _SHORTEST_NEWS or not line.is_link:
        return False
    return len(_WORD.findall(line.text[:_LONGEST_NEWS])) >= _FEWEST_WORDS
