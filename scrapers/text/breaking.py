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
# Half a text still tells something. Half a title misleads, and half an address is another.
_TEXTS = ("description", "encoded", "content", "summary", "full-text")
_HALF_REFERENCE = re.compile(r"&(?:amp;)?#?\w{0,8}\Z")
# What is nested deeper is no feed, or a hostile one.
_DEEPEST = 30


def ended_xml(text: str) -> str:
    """Return a feed that breaks off with its open elements closed.

    Of the entry that it breaks off in, those parts stay that are whole, and of its text what has
    come. A feed that does not break off, or has other faults, is returned as it is.
    """
    open_tags, end = _left_open(text)
    if not open_tags or len(open_tags) > _DEEPEST:
        return text
    kept = _worth_keeping(open_tags)
    broken = open_tags[len(kept)].start() if len(kept) < len(open_tags) else text.find("<", end)
    whole = text if broken < 0 else text[:broken]
    ends = "".join(f"</{tag['opened']}>" for tag in reversed(kept))
    return _HALF_REFERENCE.sub("", whole) + ends


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


def _worth_keeping(open_tags: Sequence[re.Match[str]]) -> Sequence[re.Match[str]]:
    """Return those down to the innermost entry; all, if there is none or it is in its text."""
    names = [tag["opened"].lower().rpartition(":")[2] for tag in open_tags]
    inside = next((i for i in range(len(names), 0, -1) if names[i - 1] in _ENTRIES), len(names))
    return open_tags if inside == len(names) or names[inside] in _TEXTS else open_tags[:inside]
