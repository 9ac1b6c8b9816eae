"""Where on a page the text of the article is: lines are weighed, and boxes by their lines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from scrapers.articles.captions import captions
from scrapers.articles.heading import Headline
from scrapers.articles.layout import Box, Layout, Line
from scrapers.articles.naming import Role
from scrapers.articles.others import holds, make_of, next_articles, other_news
from scrapers.articles.phrases import is_filler
from scrapers.articles.remarks import remarks
from scrapers.articles.walls import walled

# After so many links the worth of what follows is halved.
_NEAR = 25
_PARAGRAPHS = frozenset(("p", "li", "blockquote", "ul", "ol", "span", "font"))
_HARMLESS = 0.8
# What stands beside a box with so much of the prose is not likely to go with it.
_NEARLY_ALL = 0.75
_FEWEST_PARAGRAPHS = 3
# What a sentence ends with; a long line need not.
_ENDS = (*'.!?…:;,»"”)。！？', "'")
_LONG = 100
_SHORTEST_PROSE = 40
_OUT = frozenset((Role.OTHER, Role.COMMENTS, Role.CAPTION))
# A box named as something else, but with more than this of all prose, is the article's.
_MOST_OF_PROSE = 0.5
# Where a whole box of the article's is named for its author or date, it is one with the text.
_LONGEST_BYLINE = 150


@dataclass(frozen=True, slots=True)
class Weighed:
    """Which lines of a page may be the text.

    Attributes:
        layout: the page.
        headline: what stands above the text.
        out: for each line, whether it is part of something else.
        prose: for each line, how many characters of running text it has.
        running: the sum of these over the lines before each line, and over all.
    """

    layout: Layout
    headline: Headline
    out: list[bool]
    prose: list[int]
    running: list[int]

    def prose_in(self, box: Box) -> int:
        """Return how many characters of running text there are in ``box``."""
        return self.running[box.last] - self.running[box.first]

    @property
    def start(self) -> int:
        """The number of the first line that may be text."""
        return self.headline.last or 0


def weigh(layout: Layout, headline: Headline) -> Weighed:
    """Return which lines of a page may be the text of the article with this headline."""
    start = headline.last or 0
    prose = [_prose(line) if number >= start else 0 for number, line in enumerate(layout.lines)]
    everywhere = prose if any(prose) else [_prose(line) for line in layout.lines]
    if any(everywhere) and not any(prose):
        # The headline was found below the text, or by mistake.
        headline, prose = Headline(headline.text), everywhere
    banned = _banned(layout, headline, prose)
    walls, said = walled(layout, prose), remarks(layout, prose)
    out = [
        banned[line.box]
        or number in walls
        or number in said
        or (length > 0 and is_filler(line.text))
        for number, (line, length) in enumerate(zip(layout.lines, prose, strict=True))
    ]
    prose = [0 if gone else length for gone, length in zip(out, prose, strict=True)]
    return Weighed(layout, headline, out, prose, [0, *accumulate(prose)])


def heaviest_box(weighed: Weighed) -> Box:
    """Return the box whose lines are the most prose and the least anything else."""
    worth = [-1.0] * weighed.start
    passed = 0
    for number in range(weighed.start, len(weighed.layout.lines)):
        line = weighed.layout.lines[number]
        # The farther below the headline, with links to other things between, the less likely.
        nearness = _NEAR / (_NEAR + passed)
        worth.append(nearness * _worth(line, weighed.out[number], weighed.prose[number]))
        passed += line.is_link
    boxes = weighed.layout.boxes
    sums = weighed.layout.sums(worth)
    best = max(range(len(sums)), key=lambda place: (sums[place], boxes[place].depth))
    box = _around(weighed, boxes[best], dict(zip(boxes, sums, strict=True)))
    return _innermost(weighed, box)


def _innermost(weighed: Weighed, box: Box) -> Box:
    """Return the smallest box in ``box`` that has nearly all of its prose."""
    whole = weighed.prose_in(box)
    for inner in weighed.layout.boxes:
        if inner.parent is not box or inner.tag in _PARAGRAPHS:
            continue
        if weighed.prose_in(inner) < _NEARLY_ALL * whole:
            continue
        if sum(map(bool, weighed.prose[inner.first : inner.last])) >= _FEWEST_PARAGRAPHS:
            box = inner
    return box


def _around(weighed: Weighed, box: Box, worths: dict[Box, float]) -> Box:
    """Return the box of which a single paragraph is a part, if the rest of it is no harm."""
    worth = worths[box]
    while box.parent is not None and (box.tag in _PARAGRAPHS or box.last - box.first == 1):
        rest = worths[box.parent]
        if rest < _HARMLESS * worth and not (rest > 0 and _is_one_of_many(weighed, box)):
            break
        box = box.parent
    return box


def _is_one_of_many(weighed: Weighed, box: Box) -> bool:
    """Say whether beside a paragraph there is as much text again in others made like it."""
    if box.last - box.first > 1:
        return False
    beside = (
        weighed.prose_in(other)
        for other in weighed.layout.boxes
        if other.parent is box.parent and other is not box and make_of(other) == make_of(box)
    )
    return sum(beside) >= weighed.prose_in(box)


def is_prose(text: str) -> bool:
    """Say whether ``text`` is a sentence rather than a label."""
    return len(text) >= (_SHORTEST_PROSE if text.endswith(_ENDS) else _LONG)


def _prose(line: Line) -> int:
    if line.is_link or line.is_heading or not is_prose(line.text):
        return 0
    return len(line.text) - line.linked


def _worth(line: Line, out: bool, prose: int) -> float:
    if out:
        return -1
    if prose:
        return prose
    if line.is_link:
        return -20 - min(len(line.text), 150)
    return 0 if line.is_heading or line.box.tag in _PARAGRAPHS else -5


def _banned(layout: Layout, headline: Headline, prose: list[int]) -> dict[Box, bool]:
    """Return for each box whether it belongs to something other than the article."""
    held = layout.sums([float(length) for length in prose])
    most = _MOST_OF_PROSE * sum(prose)
    running = [0, *accumulate(prose)]
    others = {*captions(layout, prose), *other_news(layout, headline, running)}
    following = next_articles(layout, headline, running)
    lengths = layout.sums([float(len(line.text)) for line in layout.lines])
    banned: dict[Box, bool] = {}
    for box, share, length in zip(layout.boxes, held, lengths, strict=True):
        small = share <= most
        gone = (box in others and small) or _is_named_otherwise(box, small, length)
        banned[box] = ((gone or box in following) and not holds(box, headline)) or (
            box.parent is not None and banned[box.parent]
        )
    return banned


def _is_named_otherwise(box: Box, small: bool, length: float) -> bool:
    """Say whether the name of a box, with little prose or much, is that of something else."""
    if box.role is Role.BYLINE:
        return length <= _LONGEST_BYLINE
    return box.role is Role.COMMENTS or (small and box.role in _OUT)
