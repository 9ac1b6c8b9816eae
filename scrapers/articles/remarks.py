"""What readers say below an article, where no name of an element tells it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from scrapers.articles.layout import Box, Layout, Line
from scrapers.articles.phrases import may_open_comments, opens_comments

# So soon below their heading stands who said something, and when.
_SIGNED_WITHIN = 4
_LONGEST_SIGNATURE = 80
_SENTENCE_ENDS = (".", "!", "?", "…", ":")
_DEEPEST = 30
_MOMENT = re.compile(
    r"\b\d\d?[./-]\d\d?[./-]\d{2,4}\b|\b\d\d?:\d\d\b|\b\d+\s+\w+\s+назад\b"
    r"|\b\d\d?\s+(?:янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек)",
    re.IGNORECASE,
)


def remarks(layout: Layout, prose: Sequence[int]) -> range:
    """Return the numbers of the lines from the heading of what readers say to its end.

    Args:
        layout: the page.
        prose: for each line, how many characters of running text it has.
    """
    running = [0, *accumulate(prose)]
    for number, line in enumerate(layout.lines):
        if running[number] and (opens_comments(line.text) or may_open_comments(line.text)):
            for later in range(number + 1, min(number + 1 + _SIGNED_WITHIN, len(layout.lines))):
                if _is_signature(layout.lines[later]):
                    return range(number, _around(line.box, later).last)
    return range(0)


def _is_signature(line: Line) -> bool:
    """Say whether ``line`` tells when somebody spoke."""
    if line.is_link or len(line.text) > _LONGEST_SIGNATURE or line.text.endswith(_SENTENCE_ENDS):
        return False
    return bool(_MOMENT.search(line.text))


def _around(box: Box, number: int) -> Box:
    """Return the smallest box around ``box`` that also has the line ``number``."""
    for _ in range(_DEEPEST):
        if box.last > number or box.parent is None:
            break
        box = box.parent
    return box
