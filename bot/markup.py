"""Telegram HTML: what Telegram takes, and where its links lead. Pure.

Stricter than browsers are, like Telegram's own reader: known tags only, each closed in its turn,
no comments, no bare ``<``, values in quotation marks, and four names of characters.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

_MONOSPACE = frozenset(("code", "pre"))
_TAGS = _MONOSPACE | {
    *("a", "b", "blockquote", "del", "em", "i", "ins", "s", "span"),
    *("strike", "strong", "tg-spoiler", "u"),
}
_START = re.compile(
    r"""<(?P<tag>[a-zA-Z][a-zA-Z0-9-]*)
        (?P<attributes>(?:\s+[^\s=<>/"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9.-]+(?=[\s>])))?)*)
        \s*>""",
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s=]+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|\S+))?"""
)
_END = re.compile(r"</(?P<tag>[^\s<>]+)>")
_NAMED = re.compile(r"&(?!(?:lt|gt|amp|quot);)[a-zA-Z]+;")
_SHOWN = 20


def links_in(markup: str) -> set[str]:
    """Return the addresses to which readers of Telegram HTML find links.

    Raises:
        ValueError: Telegram refuses it, or shows the name of a character as it is written.
    """
    reader = _Reader(markup)
    reader.read()
    return reader.links


@dataclass(slots=True)
class _Open:
    tag: str
    href: str
    has_words: bool = False


@dataclass(slots=True)
class _Reader:
    markup: str
    links: set[str] = field(default_factory=set)
    _open: list[_Open] = field(default_factory=list)

    def read(self) -> None:
        position = 0
        while position < len(self.markup):
            position = self._read_on(position)
        if self._open:
            raise ValueError(f"<{self._open[-1].tag}> is not closed")

    def _read_on(self, position: int) -> int:
        """Take a tag, or the words up to the next one; return where they end."""
        if self.markup[position] != "<":
            end = self.markup.find("<", position)
            end = end if end >= 0 else len(self.markup)
            self._take_words(self.markup[position:end])
            return end
        if start := _START.match(self.markup, position):
            self._take_start(start["tag"].lower(), start["attributes"])
            return start.end()
        if close := _END.match(self.markup, position):
            self._take_end(close["tag"].lower())
            return close.end()
        rest = self.markup[position : position + _SHOWN]
        raise ValueError(f"{rest!r} begins no tag: write &lt; for <")

    def _take_words(self, words: str) -> None:
        _refuse_names(words)
        if words.strip():
            for one in self._open:
                one.has_words = True

    def _take_start(self, tag: str, attributes: str) -> None:
        if tag not in _TAGS:
            raise ValueError(f"Telegram knows no <{tag}>")
        values = {
            one["name"].lower(): one["double"] or one["single"] or ""
            for one in _ATTRIBUTE.finditer(attributes)
        }
        if tag == "span" and values.get("class") != "tg-spoiler":
            raise ValueError('Telegram knows <span> only with class="tg-spoiler"')
        href = values.get("href", "")
        _refuse_names(href)
        self._open.append(_Open(tag, html.unescape(href)))

    def _take_end(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            raise ValueError(f"</{tag}> closes what is not open")
        closed = self._open.pop()
        is_code = any(outer.tag in _MONOSPACE for outer in self._open)
        if tag == "a" and closed.href and closed.has_words and not is_code:
            self.links.add(closed.href)


def _refuse_names(text: str) -> None:
    if found := _NAMED.search(text):
        raise ValueError(f"Telegram does not know {found[0]}: write the character itself")
