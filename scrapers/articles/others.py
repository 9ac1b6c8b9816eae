"""What stands beside and below an article: other news, the next article, the site itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from scrapers.articles.heading import Headline
from scrapers.articles.layout import Box, Layout, Line
from scrapers.articles.naming import Role
from scrapers.articles.phrases import is_about_site
from scrapers.text.dates import parse_date

# Boxes of the same make in a row, each with a link: other news.
_FEWEST_CARDS = 3
_CARD_LINES = 50
_LONGEST_CARD = 700
_SHORTEST_HEADLINE = 15
_CARDS = 0.7
# Less of an article is none: what follows may be the rest of it.
_SHORTEST_ARTICLE = 200
# So soon in its box stands what is the headline of all in there.
_OPENING = 3
_DATE_WITHIN = 6
_LONGEST_DATE = 60
_SUBHEADINGS = frozenset(("h2", "h3", "h4", "h5"))
_DEEPEST = 6


def other_news(layout: Layout, headline: Headline, running: Sequence[int]) -> set[Box]:
    """Return the boxes of what looks like news beside the article.

    Args:
        layout: the page.
        headline: what stands above the article.
        running: the characters of running text before each line, and in all.
    """
    return {
        *_cards(layout),
        *_other_articles(layout, headline, running),
        *_linked_items(layout, headline, running),
    }


def next_articles(layout: Layout, headline: Headline, running: Sequence[int]) -> set[Box]:
    """Return the boxes below the article that are another one, or what the site tells of itself.

    The arguments are those of `other_news`. These boxes are no part of the article, be they
    longer than it.
    """
    return {*_repeated(layout, headline, running), *_about_site(layout, headline, running)}


def holds(box: Box, headline: Headline) -> bool:
    """Say whether the headline is shown in ``box``."""
    return headline.first is not None and box.first <= headline.first < box.last


def make_of(box: Box) -> tuple[str, str]:
    """Return what boxes have in common that are made alike: tag and classes."""
    return box.tag, box.element.get("class") or ""


def _cards(layout: Layout) -> Iterator[Box]:
    """Yield boxes that stand in a row of the same make, each with a link to something else."""
    rows: defaultdict[tuple[Box, tuple[str, str]], list[Box]] = defaultdict(list)
    for box in layout.boxes:
        if box.parent is not None and box.last - box.first > 0:
            rows[box.parent, make_of(box)].append(box)
    for row in rows.values():
        if len(row) >= _FEWEST_CARDS:
            cards = [box for box in row if _is_card(layout, box)]
            if len(cards) >= _FEWEST_CARDS and len(cards) >= _CARDS * len(row):
                yield from cards


def _is_card(layout: Layout, box: Box) -> bool:
    lines = layout.lines[box.first : min(box.last, box.first + _CARD_LINES)]
    if sum(len(line.text) for line in lines) > _LONGEST_CARD:
        return False
    return any(line.is_link and len(line.text) >= _SHORTEST_HEADLINE for line in lines)


def _other_articles(layout: Layout, headline: Headline, running: Sequence[int]) -> Iterator[Box]:
    """Yield the <article> elements beside the one with the headline."""
    articles = [box for box in layout.boxes if box.tag == "article"]
    ours = [box for box in articles if holds(box, headline)]
    if ours and _prose_in(ours[-1], running) >= _SHORTEST_ARTICLE:
        outer = ours[0]
        yield from (box for box in articles if box.first >= outer.last)


def _linked_items(layout: Layout, headline: Headline, running: Sequence[int]) -> Iterator[Box]:
    """Yield the boxes below an article that begin with a heading that leads to another."""
    for heading in layout.boxes:
        below = headline.last is not None and heading.first >= headline.last
        if not (below and heading.tag in _SUBHEADINGS and heading.last - heading.first == 1):
            continue
        told = running[heading.first] - running[headline.last or 0]
        line = layout.lines[heading.first]
        opens = told >= _SHORTEST_ARTICLE and line.is_link and _leads_elsewhere(heading)
        if opens and (item := _headed(heading, running)):
            yield item


def _leads_elsewhere(heading: Box) -> bool:
    """Say whether a linked heading is more than a mark to find its place on the page by."""
    inner = next(heading.element.iter("a"), None)
    around = islice(heading.element.iterancestors(), _DEEPEST)
    anchor = next((each for each in around if each.tag == "a"), None) if inner is None else inner
    return anchor is None or not str(anchor.get("href", "")).startswith("#")


def _headed(heading: Box, running: Sequence[int]) -> Box | None:
    """Return the smallest box with text around a heading, None if it does not begin with it."""
    box = heading.parent
    for _ in range(_DEEPEST):
        if box is None or heading.first - box.first >= _OPENING:
            return None
        if _prose_in(box, running) > 0:
            return box
        box = box.parent
    return None


def _repeated(layout: Layout, headline: Headline, running: Sequence[int]) -> Iterator[Box]:
    """Yield what is made like a box with the whole article, and has a headline of its own."""
    ours = {
        box.parent: box
        for box in layout.boxes
        if holds(box, headline)
        and running[box.last] - running[headline.last or 0] >= _SHORTEST_ARTICLE
    }
    for box in layout.boxes:
        model = ours.get(box.parent)
        if model is None or box.first < model.last or make_of(box) != make_of(model):
            continue
        if _prose_in(box, running) and _begins_article(layout, box):
            yield box


def _begins_article(layout: Layout, box: Box) -> bool:
    lines = layout.lines[box.first : min(box.last, box.first + _DATE_WITHIN)]
    headings = (line for line in lines[:_OPENING] if _is_headline(line))
    heading = next(headings, None)
    if heading is None:
        return False
    # A part of the article may have a heading, too, but no link or date of its own.
    return heading.is_link or heading.box.tag == "h1" or any(map(_is_dated, lines))


def _is_headline(line: Line) -> bool:
    return line.is_heading or line.box.role is Role.HEADLINE


def _is_dated(line: Line) -> bool:
    return len(line.text) <= _LONGEST_DATE and parse_date(line.text) is not None


def _about_site(layout: Layout, headline: Headline, running: Sequence[int]) -> Iterator[Box]:
    for line in layout.lines[headline.last or 0 :]:
        if is_about_site(line.text):
            box = _headed(line.box, running)
            if box is not None and running[box.first] and not holds(box, headline):
                yield box


def _prose_in(box: Box, running: Sequence[int]) -> int:
    return running[box.last] - running[box.first]
