"""Tables amid the text: what stands in their cells is text, be it numbers only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrapers.articles.layout import Box
from scrapers.articles.weighing import Weighed

_FEWEST_CELLS = 4


def cells_amid(weighed: Weighed, box: Box, prose: Sequence[int]) -> Iterator[int]:
    """Yield the numbers of the lines of tables that have text above and below.

    Args:
        weighed: the page.
        box: what holds the text.
        prose: the numbers of the lines of prose in it.
    """
    lines = weighed.layout.lines
    for table in weighed.layout.boxes:
        amid = table.tag == "table" and prose[0] < table.first and table.last <= prose[-1]
        if not amid or table.last - table.first < _FEWEST_CELLS or table.last > box.last:
            continue
        cells = range(table.first, table.last)
        if not any(weighed.out[number] or lines[number].linked for number in cells):
            yield from cells
