"""The running text of an article page, found without selectors.

The lines of a page are weighed: prose for, links against. The box with the greatest sum
holds the text; what does not belong to it is then taken out line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from scrapers.articles.appeals import may_appeal
from scrapers.articles.heading import Headline
from scrapers.articles.layout import Box, Layout, Line
from scrapers.articles.leads import is_lead, lead_above
from scrapers.articles.names import words_of
from scrapers.articles.naming import Role
from scrapers.articles.others import make_of
from scrapers.articles.phrases import (
    announces_others,
    is_filler,
    leads_to_more,
    may_announce_others,
    opens_comments,
)
from scrapers.articles.tables import cells_amid
from scrapers.articles.teasers import is_list_of_news
from scrapers.articles.weighing import Weighed, heaviest_box, is_prose, weigh
from scrapers.text.dates import parse_date
from scrapers.text.plain import MAX_TEXT, paragraphs

_LONGEST_DATE = 60
# Who wrote it, who took the picture.
_SIGNATURE = re.compile(r"[«\"(]?[А-ЯЁA-Z][\w.-]*(?:[\s,(«\"]+[\w.»\")-]+){1,9}")
# A page whose headline is not shown holds an article only if it holds this much of it.
_LEAST_WITHOUT_HEADLINE = 200
_MOST_LINKS_BETWEEN = 30
_PARAGRAPHS = ("p", "li", "blockquote")
_LEAST_UNLINKED = 20
_ENDS = (".", "!", "?", "…", "»")
_MUCH_MORE = 1.8
# What is named to be the text, but has no sentence of any length.
_LEAST_NAMED = 60
_MOST_SHORT_LINES = 200
_MOST_NAMED = 20
# So much of the prose is given for machines, too, if what is given is the text.
_MOSTLY_GIVEN = 0.6
_TELLING = 80


def article_text(layout: Layout, headline: Headline, stated: str = "") -> str:
    """Return the article's paragraphs, one a line; empty if the page holds no article.

    Args:
        layout: the page.
        headline: what stands above the text.
        stated: the text as the page gives it for machines; it counts where the page shows
            less, as those do that are put together by scripts, and tells where the text ends.
    """
    weighed = weigh(layout, headline)
    shown = _shown_text(weighed, words_of(stated)) or _named_text(weighed)
    return stated if len(stated) > _MUCH_MORE * len(shown) else shown


def _shown_text(weighed: Weighed, stated: str) -> str:
    if not any(weighed.prose):
        return ""
    box = heaviest_box(weighed)
    prose = [number for number in _inside(weighed, box) if weighed.prose[number]]
    if not prose or _is_elsewhere(weighed, prose) or is_list_of_news(weighed, box, prose):
        return ""
    numbers = [*lead_above(weighed, box), *_inside(weighed, box), *_siblings(weighed, box)]
    numbers = list(_without_others(weighed, numbers))
    cells = set(cells_amid(weighed, box, prose))
    kept = [number for number in numbers if number in cells or _is_text(weighed, number)]
    kept = _without_end(weighed, _without_opening(weighed, _as_stated(weighed, kept, stated)))
    if not any(weighed.prose[number] for number in kept):
        return ""
    text = "\n".join(_as_text(weighed, number) for number in kept)
    return paragraphs(text[: 2 * MAX_TEXT])


def _named_text(weighed: Weighed) -> str:
    """Return what stands in a box named for the text, be it as short as a verse."""
    named = (
        range(box.first, min(box.last, box.first + _MOST_SHORT_LINES))
        for box in weighed.layout.boxes
        if box.role is Role.CONTENT and box.first >= weighed.start and weighed.headline.last
    )
    texts = (_short_text(weighed, numbers) for numbers in islice(named, _MOST_NAMED))
    best = max(texts, key=len, default="")
    return paragraphs(best) if len(best) >= _LEAST_NAMED else ""


def _short_text(weighed: Weighed, numbers: range) -> str:
    texts = (weighed.layout.lines[at].text for at in numbers if _is_text(weighed, at))
    return "\n".join(text for text in texts if not _is_date(text))


def _as_stated(weighed: Weighed, numbers: list[int], stated: str) -> list[int]:
    """Return ``numbers`` without prose behind the end of the text as it is given for machines."""
    prose = [number for number in numbers if weighed.prose[number]]
    given = [number for number in prose if _is_part(weighed.layout.lines[number].text, stated)]
    if len(given) < _MOSTLY_GIVEN * len(prose):
        return numbers
    later = {number for number in prose if given and number > given[-1]}
    return [number for number in numbers if number not in later]


def _is_part(text: str, stated: str) -> bool:
    return words_of(text[:_TELLING]).rsplit(" ", 2)[0] in stated


def _as_text(weighed: Weighed, number: int) -> str:
    line = weighed.layout.lines[number]
    return f"- {line.text}" if line.box.tag == "li" and line.box.first == number else line.text


def _is_elsewhere(weighed: Weighed, prose: list[int]) -> bool:
    """Say whether so much stands between headline and prose that they are two things."""
    lines = weighed.layout.lines
    if weighed.headline.last is None:
        return sum(weighed.prose[number] for number in prose) < _LEAST_WITHOUT_HEADLINE
    between = lines[weighed.headline.last : prose[0]]
    links = sum(line.is_link for line in between)
    return links > _MOST_LINKS_BETWEEN and not _is_stated(lines[prose[0]].box)


def _is_stated(box: Box | None) -> bool:
    while box is not None:
        if box.role is Role.CONTENT:
            return True
        box = box.parent
    return False


def _inside(weighed: Weighed, box: Box) -> range:
    return range(max(box.first, weighed.start), box.last)


def _siblings(weighed: Weighed, box: Box) -> Iterator[int]:
    """Yield the lines of what follows the box and is made like it: the text may be in pieces."""
    make = make_of(box)
    if not make[1]:
        return
    for other in weighed.layout.boxes:
        alike = other.parent is box.parent and other.first >= box.last and make_of(other) == make
        if alike and weighed.prose_in(other):
            yield from range(other.first, other.last)


def _without_others(weighed: Weighed, numbers: list[int]) -> Iterator[int]:
    """Yield what is neither below the heading of comments nor of other news."""
    skipping = False
    told = False
    for number in numbers:
        line = weighed.layout.lines[number]
        if told and opens_comments(line.text) and not weighed.out[number]:
            return
        if _announces_others(weighed.layout, number):
            skipping = True
        elif skipping and weighed.prose[number] and not is_filler(line.text):
            skipping = False
        if not skipping:
            told = told or bool(weighed.prose[number])
            yield number


def _announces_others(layout: Layout, number: int) -> bool:
    text = layout.lines[number].text
    if may_announce_others(text):
        return number + 1 < len(layout.lines) and layout.lines[number + 1].is_link
    return announces_others(text)


def _is_text(weighed: Weighed, number: int) -> bool:
    line = weighed.layout.lines[number]
    if weighed.out[number] or line.text == weighed.headline.text:
        return False
    if line.is_link and not _is_sentence_with_link(line):
        return False
    # A label asks, too, where a sentence of the text might.
    doubtful = line.linked > 0 or not is_prose(line.text)
    return not (is_filler(line.text) or (doubtful and may_appeal(line.text)))


def _is_sentence_with_link(line: Line) -> bool:
    """Say whether a paragraph of the text goes over into a link, as in "we wrote that …"."""
    unlinked = len(line.text) - line.linked
    if line.box.tag not in _PARAGRAPHS or unlinked < _LEAST_UNLINKED:
        return False
    return line.text.endswith(".") and not leads_to_more(line.text)


def _without_opening(weighed: Weighed, numbers: list[int]) -> list[int]:
    """Return ``numbers`` without what stands between headline and text: section, date, author."""
    lines = weighed.layout.lines
    first = next((at for at, number in enumerate(numbers) if weighed.prose[number]), 0)
    opening = [
        number
        for number in numbers[:first]
        if lines[number].is_heading
        or lines[number].box.tag in _PARAGRAPHS
        or is_lead(weighed, number)
    ]
    return [
        *(number for number in opening if not _is_date(lines[number].text)),
        *numbers[first:],
    ]


def _without_end(weighed: Weighed, numbers: list[int]) -> list[int]:
    """Return ``numbers`` without what stands behind the text and belongs to nothing."""
    while numbers:
        line = weighed.layout.lines[numbers[-1]]
        # A name, or what stands in one box with prose.
        ours = line.box.tag == "p" or weighed.prose_in(line.box) > 0
        ours = ours and not may_appeal(line.text)
        signed = ours or _SIGNATURE.fullmatch(line.text)
        if signed and not line.is_heading and not _is_date(line.text):
            break
        numbers = numbers[:-1]
    return numbers


def _is_date(text: str) -> bool:
    short = len(text) <= _LONGEST_DATE and not text.removesuffix("г.").endswith(_ENDS)
    return short and parse_date(text) is not None
