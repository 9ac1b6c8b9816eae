"""The headline of a page that does not name it: the heading that stands above the text.

Old engines give all pages one <title>, the site's name; others write one for search engines
that readers never see. Once the text is known, so is the place of its headline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import etree

from scrapers.articles.heading import Headline
from scrapers.articles.inscription import inscription
from scrapers.articles.layout import Box, Layout
from scrapers.articles.names import common_stems, is_of_site, names_no_article, words_of
from scrapers.articles.naming import Role
from scrapers.text.plain import line_of

# So many lines above the text, and so many links between, are searched.
_ABOVE = 12
_MOST_LINKS = 4
# A menu parts the name of the site from the article.
_MENU = 3
_SENTENCE = 60
_LONGEST = 300
_RANKS = {"h1": 4, "h2": 3, "h3": 2, "h4": 1}
_DEEPEST = 4
_BOLD = ("b", "strong", "font", "big")
_MOST_BOLD = 50
_APART = (Role.OTHER, Role.COMMENTS, Role.BYLINE, Role.CAPTION)
# A headline has two words at least that are no part of a date, number or label.
_WORD = re.compile(r"[^\W\d_]{3,}")
_NO_WORD = re.compile(
    r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|год|номер|выпуск|понедельник|вторник"
    r"|сред|четверг|пятниц|суббот|воскресен|опубликован|просмотр|рубрик|раздел|автор|дата)",
    re.IGNORECASE,
)


def is_told(headline: Headline) -> bool:
    """Say whether what names the page leaves no doubt about its headline."""
    return headline.first is not None and not is_of_site(headline.text)


def headline_above(
    layout: Layout, text: str, known: Headline, names: Sequence[str], site: str
) -> Headline | None:
    """Return the heading right above the text, or None if it is not likelier than ``known``.

    Args:
        layout: the page.
        text: its article, found without knowing the headline for sure.
        known: what was taken for the headline.
        names: what the page calls itself, its <title> among it.
        site: the name it gives for the site, empty if none.
    """
    start = _first_sentence(layout, text)
    if start is None or _belongs(layout, known, start):
        return None
    if all(names_no_article(name, site) for name in names if name):
        candidates = _above(layout, start)
    else:
        # Where the page has a name of its own, the heading must be the main one, or speak of it.
        candidates = (
            (rank, heading)
            for rank, heading in _above(layout, start)
            if rank == _RANKS["h1"] or common_stems(heading.text, known.text) > 1
        )
    names_of_page = [words_of(name) for name in names]
    fitting = (
        (rank, heading)
        for rank, heading in candidates
        if not any(words_of(heading.text) in name for name in names_of_page)
    )
    # The first of the best: the nearest.
    best = max(fitting, key=lambda pair: pair[0], default=None)
    return best[1] if best else None


def _first_sentence(layout: Layout, text: str) -> int | None:
    """Return the number of the first line of ``text`` that is prose, not a heading or date."""
    paragraphs = [line.removeprefix("- ") for line in text.split("\n")]
    first = next((line for line in paragraphs if len(line) >= _SENTENCE), None)
    numbered = enumerate(layout.lines)
    return next((number for number, line in numbered if line.text == first), None)


def _belongs(layout: Layout, known: Headline, start: int) -> bool:
    """Say whether ``known`` stands above the text with no menu between."""
    if known.last is None:
        return False
    between = layout.lines[known.last : start]
    return sum(line.is_link for line in between) < _MENU


def _above(layout: Layout, start: int) -> Iterator[tuple[int, Headline]]:
    """Yield the headings above line ``start`` from below, with what they are worth."""
    sections = {line.text.lower() for line in layout.lines if line.is_link}
    links = 0
    number = start
    while number > max(0, start - _ABOVE) and links <= _MOST_LINKS:
        number -= 1
        line = layout.lines[number]
        box = _heading_around(line.box, start)
        if box is not None:
            number = box.first
            text, linked = inscription(layout, box, ())
            if linked or text.lower() not in sections:
                yield from _judged(Headline(text, box.first, box.last), _RANKS.get(box.tag, 2))
        elif not line.is_link and _is_bold(line.box.element, line.text):
            yield from _judged(Headline(line.text, number, number + 1), 0)
        links += line.is_link


def _judged(heading: Headline, rank: int) -> Iterator[tuple[int, Headline]]:
    words = [word for word in _WORD.findall(heading.text) if not _NO_WORD.match(word)]
    if len(words) > 1 and len(heading.text) <= _LONGEST and not is_of_site(heading.text):
        yield rank, heading


def _heading_around(box: Box | None, start: int) -> Box | None:
    """Return the heading that ``box`` is part of and that ends above line ``start``, or None."""
    heading = None
    for _ in range(_DEEPEST):
        if box is None or box.last > start:
            break
        if box.role in _APART:
            return None
        if heading is None and (box.tag in _RANKS or box.role is Role.HEADLINE):
            heading = box
        box = box.parent
    return heading


def _is_bold(element: etree._Element, text: str) -> bool:
    """Say whether a line of ``element`` is in bold or another type as a whole."""
    if len(text) > _LONGEST or text.endswith((":", ";", ",")):
        return False
    return any(line_of(bold) == text for bold in islice(element.iter(*_BOLD), _MOST_BOLD))
