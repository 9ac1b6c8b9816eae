"""Markup to a tree of elements, by lxml: in a tenth of the time that BeautifulSoup needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from lxml import etree

# As deep as the parser follows; what is nested deeper is left out.
_PARSER_OPTIONS = {
    "encoding": "utf-8",
    "remove_comments": True,
    "remove_pis": True,
    "huge_tree": True,
}
_MOST_ATTRIBUTES = 500
_CROWDED_LENGTH = 30_000
_XML_DECLARATION = re.compile(r"^(?:\s*<\?xml[^>]*>?)+", re.IGNORECASE)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden"
    r"|(?:left|top|right|text-indent|margin-left)\s*:\s*-\s*\d{4,}",
    re.IGNORECASE,
)
# What only those hear who have pages read out to them, by its usual names.
_FOR_EARS = re.compile(
    r"(?:sr-only|visually-?hidden|screen-reader-text|element-invisible)(?<!not-sr-only)(?:\s|$)"
)
# Scripts show the whole page when they are done: hiding it is no statement about its parts.
_WHOLE_PAGE = ("html", "body")


def parse_markup(markup: str) -> etree._Element:
    """Return the root of ``markup`` read as HTML, whatever it is; comments are left out."""
    page = _XML_DECLARATION.sub("", markup).encode("utf-8", "ignore")
    if not page.strip():
        return etree.Element("html")
    target = _Pruned() if _is_crowded(page) else None
    # A parser serves one thread only.
    root = etree.fromstring(page, etree.HTMLParser(target=target, **_PARSER_OPTIONS))
    return etree.Element("html") if root is None else root


def _is_crowded(page: bytes) -> bool:
    """Say whether an element has so many attributes that its tree would take very long.

    The parser looks at all earlier ones for each that it adds to a tree; read as mere events,
    the page takes a millisecond.
    """
    if len(page) < _CROWDED_LENGTH:
        return False
    census = _Census()
    etree.fromstring(page, etree.HTMLParser(target=census, **_PARSER_OPTIONS))
    return census.most > _MOST_ATTRIBUTES


class _Census:
    """Counts attributes."""

    def __init__(self) -> None:
        self.most = 0

    def start(self, _tag: str, attributes: Mapping[str, str]) -> None:
        self.most = max(self.most, len(attributes))

    def close(self) -> None:
        """Nothing is left to do."""


class _Pruned(etree.TreeBuilder):
    """Builds a tree of elements that keep their first attributes only."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> etree._Element:
        return super().start(tag, dict(islice(attributes.items(), _MOST_ATTRIBUTES)))


def is_hidden(element: etree._Element) -> bool:
    """Say whether a reader cannot see ``element``: switched off, or moved off the screen."""
    names = element.keys()
    if not names or element.tag in _WHOLE_PAGE:
        return False
    if "hidden" in names or ("style" in names and _HIDING.search(element.get("style"))):
        return True
    return "class" in names and bool(_FOR_EARS.search(element.get("class")))


def drop_hidden(root: etree._Element) -> None:
    """Take out of a tree what a reader cannot see; scripts stay, they may hold data."""
    for element in list(filter(is_hidden, root.iter(etree.Element))):
        _drop(element)


def _drop(element: etree._Element) -> None:
    """Take ``element`` out; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
