"""What a heading says, without what else stands in one element with it: date, section, age."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import combinations, islice
from typing import NamedTuple

from lxml import etree

from scrapers.articles.layout import Box, Layout
from scrapers.articles.names import words_of
from scrapers.articles.naming import Role
from scrapers.text.plain import line_of, one_line

_MOST_LINES = 20
_DEEPEST = 10
_MOST_PIECES = 8
# Beside a headline, in one element with it.
_NOT_WORDS = (Role.BYLINE, Role.OTHER, Role.COMMENTS, Role.CAPTION)
_AGE = re.compile(r"\(?(?:0|6|12|16|18)\+\)?")
_SENTENCE = 3
# They change how words look, not what they are.
_TYPES = frozenset(("", "b", "strong", "em", "i", "u", "font", "nobr", "big"))


def inscription(layout: Layout, box: Box, told: Collection[str]) -> tuple[str, bool]:
    """Return what a heading says, and whether it is a link.

    Args:
        layout: the page.
        box: the heading.
        told: the words of the names of the page, as `words_of` gives them: where the heading is
            one of them but for an element, that is something else.
    """
    text, linked = _whole(layout, box)
    words = words_of(text)
    if not len(box.element) or any(words in name for name in told):
        return text, linked
    return _told_part(box.element, text, told) or (_without_age(box.element, text), linked)


def _whole(layout: Layout, box: Box) -> tuple[str, bool]:
    inside = layout.lines[box.first : min(box.last, box.first + _MOST_LINES)]
    lines = [line for line in inside if _is_worded(line.box, box)]
    text = one_line(" ".join(line.text for line in lines))
    return text, 2 * sum(line.linked for line in lines) > len(text)


def _is_worded(inner: Box, box: Box) -> bool:
    """Say whether what stands right in ``inner`` is part of the heading ``box``."""
    for _ in range(_DEEPEST):
        if inner is box:
            return True
        if inner.role in _NOT_WORDS or inner.parent is None:
            return False
        inner = inner.parent
    return False


def _told_part(
    heading: etree._Element, text: str, told: Collection[str]
) -> tuple[str, bool] | None:
    """Return the longest run of pieces of a heading that is told, if the others may be foreign."""
    pieces = list(islice(_pieces(heading), _MOST_PIECES))
    longest: list[_Piece] = []
    for first, last in combinations(range(len(pieces) + 1), 2):
        run, others = pieces[first:last], [*pieces[:first], *pieces[last:]]
        words = words_of(_said(run))
        if words and not any(map(_belongs, others)) and any(words in name for name in told):
            longest = max(longest, run, key=lambda run: len(_said(run)))
    said = _said(longest)
    if not said or (said.count(" ") + 1 < _SENTENCE and 2 * len(said) < len(text)):
        return None
    linked = sum(len(piece.text) for piece in longest if piece.tag == "a")
    return said, 2 * linked > len(said)


class _Piece(NamedTuple):
    """What an element in a heading says; what stands between elements has no tag."""

    text: str
    tag: str


def _pieces(heading: etree._Element) -> Iterator[_Piece]:
    yield _Piece(heading.text or "", "")
    for child in heading:
        yield _Piece(line_of(child), child.tag)
        yield _Piece(child.tail or "", "")


def _said(pieces: list[_Piece]) -> str:
    return one_line(" ".join(piece.text for piece in pieces))


def _belongs(piece: _Piece) -> bool:
    """Say whether a piece is words of the heading: it is plain, or only in another type."""
    return piece.tag in _TYPES and words_of(piece.text) != ""


def _without_age(heading: etree._Element, text: str) -> str:
    last = heading[-1]
    mark = line_of(last)
    if _AGE.fullmatch(mark) and text.endswith(mark) and not (last.tail or "").strip():
        return text[: -len(mark)].rstrip() or text
    return text
