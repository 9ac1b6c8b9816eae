"""Pages that show no article but many: headlines with the beginnings of their news."""

from __future__ import annotations

from collections.abc import Sequence

from scrapers.articles.layout import Box, Line
from scrapers.articles.others import make_of
from scrapers.articles.weighing import Weighed

# Fewer paragraphs below a headline are an article, whatever stands between them.
_FEWEST = 3
_MOST = 0.6
_REACH = 2
_FEWEST_SPACES = 2
# Of one item of a list less is told than this share of all that is told in it.
_MOST_IN_ITEM = 0.5
_DEEPEST = 30


def is_list_of_news(weighed: Weighed, box: Box, prose: Sequence[int]) -> bool:
    """Say whether the prose stands below links: headlines with the beginnings of their news.

    Links to other news also stand between the paragraphs of an article. There the first
    paragraph has none above it, and no link is one thing with what follows.

    Args:
        weighed: the page.
        box: what holds the prose.
        prose: the numbers of its lines.
    """
    above = {number: _link_above(weighed, number) for number in prose}
    told = [(number, link) for number, link in above.items() if link is not None]
    if len(told) <= _MOST * len(prose):
        return False
    if weighed.headline.last is None:
        return True
    if len(prose) < _FEWEST:
        return False
    if _begins_with_link(above[prose[0]], [link for _, link in told], box):
        return True
    items = sum(_is_item(weighed, box, link, number) for number, link in told)
    return 2 * items > len(told)


def _begins_with_link(first: Line | None, links: Sequence[Line], box: Box) -> bool:
    """Say whether what is above the first paragraph is one of the links, and not the author."""
    if first is None or not box.first <= first.box.first < box.last:
        return False
    return 2 * sum(make_of(link.box) == make_of(first.box) for link in links) > len(links)


def _link_above(weighed: Weighed, number: int) -> Line | None:
    above = weighed.layout.lines[max(0, number - _REACH) : number]
    links = (line for line in above if line.is_link and line.text.count(" ") >= _FEWEST_SPACES)
    return next(links, None)


def _is_item(weighed: Weighed, box: Box, link: Line, number: int) -> bool:
    """Say whether a link is the headline of what is told below it."""
    if link.is_heading:
        return True
    both: Box | None = link.box
    for _ in range(_DEEPEST):
        if both is None or both is box:
            return False
        if both.last > number:
            return weighed.prose_in(both) < _MOST_IN_ITEM * weighed.prose_in(box)
        both = both.parent
    return False
