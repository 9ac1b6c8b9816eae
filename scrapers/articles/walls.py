"""What a page shows in place of the rest of an article to whoever has not paid for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, islice

from scrapers.articles.layout import Box, Layout
from scrapers.articles.phrases import announces_wall

# What a subscription costs and brings is told in so many characters; more is an article.
_LONGEST = 1000
_MOST = 5


def walled(layout: Layout, prose: Sequence[int]) -> frozenset[int]:
    """Return the numbers of the lines that say how to read on, instead of the text itself.

    A wall begins where it is announced below some text, and ends with the box that holds both.
    Where much text follows in there, it was no wall, or one that all may pass.

    Args:
        layout: the page.
        prose: for each line, how many characters of running text it has.
    """
    running = [0, *accumulate(prose)]
    announced = (
        number
        for number, line in enumerate(layout.lines)
        if running[number] and announces_wall(line.text)
    )
    walls = (_wall(layout, number, running) for number in islice(announced, _MOST))
    return frozenset(number for wall in walls for number in wall)


def _wall(layout: Layout, first: int, running: Sequence[int]) -> range:
    for box in _around(layout.lines[first].box, first, running):
        if running[box.last] - running[first] <= _LONGEST:
            return range(first, box.last)
    return range(first, first + 1)


def _around(box: Box, first: int, running: Sequence[int]) -> Iterator[Box]:
    """Yield the innermost box with text before a wall, then the one in it that has the wall."""
    outer = box
    while outer.parent is not None and running[outer.first] == running[first]:
        box, outer = outer, outer.parent
    yield from (outer, box)
