"""Tables amid the text: what stands in their cells is text, be it numbers only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

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
    tables = [
        table
        for table in weighed.layout.boxes
        if table.tag == "table" and prose[0] < table.first and table.last <= prose[-1]
    ]
    if not tables:
        return
    lines = weighed.layout.lines
    others = [gone or line.linked > 0 for gone, line in zip(weighed.out, lines, strict=True)]
    running = [0, *accumulate(others)]
    done = 0
    for table in tables:
        enough = table.last - table.first >= _FEWEST_CELLS and table.last <= box.last
        if enough and table.first >= done and running[table.first] == running[table.last]:
            done = table.last
            yield from range(table.first, table.last)
