"""Pictures with a few words, which are no part of the text, and paragraphs with a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from scrapers.articles.layout import Box, Layout, Line
from scrapers.articles.naming import Role

# What frames a picture; paragraphs also hold both pictures and text.
_FRAMES = frozenset(("div", "td", "table", "tr", "figure", "center", "dl", "section", "span", "li"))
_LINES = 3
_LONGEST = 220
_SENTENCE_ENDS = (".", "!", "?", "…", ".»")
# A caption may be a sentence, too, but hardly one of this length.
_LONG_SENTENCE = 80
_FEWEST_ALIKE = 2
_CREDITS = ("фото", "на фото", "снимок", "на снимке", "иллюстрация")
_SIDES = ("left", "right")


def captions(layout: Layout, prose: Sequence[int]) -> Iterator[Box]:
    """Yield the boxes of nothing but a picture and the words to it.

    Args:
        layout: the page.
        prose: for each line, how many characters of running text it has.
    """
    alike = Counter(
        (box.parent, box.element.get("class"))
        for box in layout.boxes
        if box.tag in _FRAMES and _is_paragraph(box, prose)
    )
    for box in layout.boxes:
        lines = _framed(layout, box)
        if not lines or _is_lead(box, lines, prose):
            continue
        in_row = alike[box.parent, box.element.get("class")] >= _FEWEST_ALIKE
        if not _is_text_beside_picture(box, lines, prose, in_row):
            yield box


def _is_paragraph(box: Box, prose: Sequence[int]) -> bool:
    return not box.pictures and box.last - box.first == 1 and prose[box.first] > 0


def _framed(layout: Layout, box: Box) -> list[Line]:
    """Return the words in one box with a picture; none if they are many."""
    if not box.pictures or box.tag not in _FRAMES or box.last - box.first > _LINES:
        return []
    lines = layout.lines[box.first : box.last]
    return lines if sum(len(line.text) for line in lines) <= _LONGEST else []


def _is_lead(frame: Box, lines: Sequence[Line], prose: Sequence[int]) -> bool:
    """Say whether the words to a picture are named the lead, and are a sentence."""
    if not any(prose[frame.first : frame.last]):
        return False
    return frame.role is Role.LEAD or any(line.box.role is Role.LEAD for line in lines)


def _is_text_beside_picture(
    frame: Box, lines: Sequence[Line], prose: Sequence[int], in_row: bool
) -> bool:
    """Say whether a box with a picture is a paragraph: text flows around it, or more follow."""
    text = lines[0].text
    sentence = len(lines) == 1 and prose[frame.first] and text.endswith(_SENTENCE_ENDS)
    if not sentence or lines[0].box is not frame or text.lower().startswith(_CREDITS):
        return False
    return (in_row and len(text) >= _LONG_SENTENCE) or _floats(frame)


def _floats(frame: Box) -> bool:
    images = frame.element.iter("img")
    return any(
        (image.get("align") or "").lower() in _SIDES or "float" in (image.get("style") or "")
        for image in images
    )
