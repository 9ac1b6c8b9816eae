"""Plain text out of markup: what a reader sees, one paragraph a line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from scrapers.text.markup import is_hidden, parse_markup

MAX_TITLE = 500
MAX_TEXT = 100_000
# A line is found near the start of its element, which may hold the whole rest of a broken page.
_LINE_PIECES = 300
_LONGEST_PIECE = 2 * MAX_TEXT

BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "br", "center", "dd", "details"),
        *("dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1"),
        *("h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "li", "main", "nav"),
        *("ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul"),
    )
)
"""Elements that begin and end a line."""
CELLS = frozenset(("td", "th"))
UNSEEN = frozenset(
    (
        *("head", "script", "style", "noscript", "template", "svg", "iframe", "object", "select"),
        *("button", "textarea", "audio", "video", "canvas", "map", "math", "datalist"),
    )
)
"""Elements of which a reader sees no words."""
# Control characters, half characters and invisible format characters, which only disturb: all of
# the Unicode categories Cc, Cs and Cf, but line break, tab and U+200D, which joins emoji.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")
# Unicode's own limit for text that is safe to stream: no language needs so many on one letter,
# and whoever puts them in order needs time that grows with the square of their number.
_MOST_MARKS = 30
_PERHAPS_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_SPACES = re.compile(r"[^\S\n]+")


def text_of(element: etree._Element) -> str:
    """Return what a reader sees of ``element``: plain text, one paragraph a line."""
    return paragraphs("".join(_pieces(element)))


def line_of(element: etree._Element) -> str:
    """Return the beginning of what a reader sees of ``element``, as `one_line`."""
    return one_line("".join(islice(_pieces(element), _LINE_PIECES)))


def plain_text(markup: str) -> str:
    """Return an HTML snippet as plain text, one paragraph a line, at most `MAX_TEXT` characters."""
    if not _MARKUP.search(markup):
        return paragraphs(flowing(markup))
    return text_of(parse_markup(markup))


def plain_title(markup: str) -> str:
    """Return an HTML snippet as one line of plain text, at most `MAX_TITLE` characters."""
    return one_line(plain_text(markup))


def paragraphs(text: str) -> str:
    """Return ``text`` without control characters, empty lines and superfluous spaces."""
    lines = (_SPACES.sub(" ", line).strip() for line in _printable(text).split("\n"))
    return "\n".join(line for line in lines if line)[:MAX_TEXT].rstrip()


def one_line(text: str) -> str:
    """Return ``text`` as one line of at most `MAX_TITLE` characters."""
    line = " ".join(_printable(text).split())
    return line if len(line) <= MAX_TITLE else line[: MAX_TITLE - 1].rstrip() + "…"


def _printable(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    return _PERHAPS_MARKS.sub(_without_heaps, _UNPRINTABLE.sub("", text))


def _without_heaps(run: re.Match[str]) -> str:
    """Return the characters of ``run`` without the marks that pile up on one letter."""
    kept, marks = [], 0
    for character in run.group():
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _pieces(element: etree._Element) -> Iterator[str]:
    """Yield the text of ``element`` with a line break at each edge of a block; ``""`` for others.

    Keeps no stack of its own: hostile pages nest deeply.
    """
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if event == "start":
            if node.tag in UNSEEN or is_hidden(node):
                walk.skip_subtree()
                continue
            yield _edge(node)
            if node.text:
                yield flowing(node.text[:_LONGEST_PIECE])
            continue
        yield _edge(node)
        if node.tail and node is not element:
            yield flowing(node.tail[:_LONGEST_PIECE])


def _edge(element: etree._Element) -> str:
    if element.tag in BLOCKS:
        return "\n"
    return " " if element.tag in CELLS else ""


def flowing(text: str) -> str:
    """Return ``text`` as HTML shows it: line breaks are spaces, but an empty line parts."""
    return "\n".join(" ".join(part.split("\n")) for part in _EMPTY_LINE.split(text))
