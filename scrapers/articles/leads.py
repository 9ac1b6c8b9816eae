"""The lead of an article: what stands between its headline and its text."""

from __future__ import annotations

from scrapers.articles.layout import Box
from scrapers.articles.naming import Role
from scrapers.articles.weighing import Weighed, is_prose

# Lines between headline and text among which the lead is looked for.
_REACH = 40
_MOST_LINKS = 12
_DEEPEST = 3
# What is named a lead is one if it has so many characters and spaces.
_SHORTEST = 15
_FEWEST_SPACES = 2
_SENTENCE_ENDS = (".", "…", ".»")


def lead_above(weighed: Weighed, box: Box) -> list[int]:
    """Return the numbers of the lines of the lead between the headline and the box of the text."""
    if weighed.headline.last is None:
        return []
    between = range(weighed.headline.last, box.first)[:_REACH]
    links = sum(weighed.layout.lines[number].is_link for number in between)
    if links > _MOST_LINKS:
        return []
    return [number for number in between if weighed.prose[number] or is_lead(weighed, number)]


def is_lead(weighed: Weighed, number: int) -> bool:
    """Say whether a line above the text that looks like no sentence is marked as the lead.

    A heading that is a sentence is one, and so is what an element is named for.
    """
    line = weighed.layout.lines[number]
    if weighed.out[number] or line.is_link:
        return False
    if line.is_heading:
        return is_prose(line.text) and line.text.endswith(_SENTENCE_ENDS)
    worded = len(line.text) >= _SHORTEST and line.text.count(" ") >= _FEWEST_SPACES
    return worded and _is_named_lead(line.box)


def _is_named_lead(box: Box | None) -> bool:
    for _ in range(_DEEPEST):
        if box is None or box.role is Role.LEAD:
            return box is not None
        box = box.parent
    return False
