"""XML that breaks off in the middle, brought to an end: parsers need not read it in another way."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOKEN = re.compile(
    r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>|<![a-zA-Z]"
    r"|(?P<broken><!\[CDATA\[.*|<!--.*|<\?.*)"
    r"|</(?P<closed>[^\s<>]+)\s*>"
    r"""|<(?P<opened>[^\s<>/!?"']+)(?:[^<>"']|"[^"<]*"|'[^'<]*')*?(?P<empty>/?)>""",
    re.DOTALL,
)
_ENTRIES = ("item", "entry")
# What is nested deeper is no feed, or a hostile one.
_DEEPEST = 30


def ended_xml(text: str) -> str:
    """Return a feed that breaks off with its open elements closed.

    Of the entry that it breaks off in, those parts stay that are whole. A feed that does not
    break off, or has other faults, is returned as it is.
    """
    open_tags, end = _left_open(text)
    if not open_tags or len(open_tags) > _DEEPEST:
        return text
    kept = _as_far_as_the_entry(open_tags)
    broken = open_tags[len(kept)].start() if len(kept) < len(open_tags) else text.find("<", end)
    whole = text if broken < 0 else text[:broken]
    return whole + "".join(f"</{tag['opened']}>" for tag in reversed(kept))


def _left_open(text: str) -> tuple[list[re.Match[str]], int]:
    """Return the tags that are still open at the end, and where the last whole one ends.

    There are none if another is closed than was opened last, or a comment without end hides some.
    """
    open_tags: list[re.Match[str]] = []
    end = 0
    for token in _TOKEN.finditer(text):
        if token["broken"]:
            return ([] if "<" in token["broken"][1:] else open_tags), end
        end = token.end()
        if token["opened"] and not token["empty"]:
            open_tags.append(token)
        elif token["closed"] and (not open_tags or open_tags.pop()["opened"] != token["closed"]):
            return [], end
    return open_tags, end


def _as_far_as_the_entry(open_tags: Sequence[re.Match[str]]) -> Sequence[re.Match[str]]:
    """Return those down to the innermost entry; all, if there is none."""
    for depth in range(len(open_tags), 0, -1):
        if open_tags[depth - 1]["opened"].lower().rpartition(":")[2] in _ENTRIES:
            return open_tags[:depth]
    return open_tags
