"""Plain text out of markup: what a reader sees, one paragraph a line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from bs4 import BeautifulSoup, CData, Tag
from bs4.element import NavigableString, PageElement

from scrapers.errors import ParseError

MAX_TITLE = 500
MAX_TEXT = 100_000
# A line is found near the start of its element, which may hold the whole rest of a broken page.
_LINE_PIECES = 300
_LONGEST_PIECE = 2 * MAX_TEXT

_BLOCKS = {
    *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption"),
    *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li"),
    *("main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul"),
}
_UNSEEN = {
    *("head", "script", "style", "noscript", "template", "svg", "iframe", "object", "select"),
    *("button", "textarea", "audio", "video", "canvas", "map"),
}
# Emoji are joined by U+200D; the other invisible format characters only disturb.
_KEPT = "\n\t\u200d"
_XML_DECLARATION = re.compile(r"^(?:\s*<\?xml[^>]*>?)+", re.IGNORECASE)
# Half characters, which JSON can write and the parser cannot read.
_HALVES = re.compile("[\ud800-\udfff]")
_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden"
    r"|(?:left|top|right|text-indent|margin-left)\s*:\s*-\s*\d{4,}",
    re.IGNORECASE,
)
# Unicode's own limit for text that is safe to stream: no language needs so many on one letter,
# and whoever puts them in order needs time that grows with the square of their number.
_MOST_MARKS = 30
_PERHAPS_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_SPACES = re.compile(r"[^\S\n]+")


def soup_of(markup: str, source: str) -> BeautifulSoup:
    """Return ``markup`` parsed as HTML.

    Raises:
        ParseError: it is nested too deeply to be read.
    """
    # With a document type in front, the parser takes it neither for XML nor for an address.
    page = "<!DOCTYPE html>" + _XML_DECLARATION.sub("", _HALVES.sub("", markup))
    try:
        return BeautifulSoup(page, "lxml")
    except RecursionError as error:
        raise ParseError(source, "the markup is nested too deeply") from error


def text_of(element: Tag) -> str:
    """Return what a reader sees of ``element``: plain text, one paragraph a line."""
    return paragraphs("".join(_pieces(element)))


def line_of(element: Tag) -> str:
    """Return the beginning of what a reader sees of ``element``, as `one_line`."""
    return one_line("".join(islice(_pieces(element), _LINE_PIECES)))


def plain_text(markup: str) -> str:
    """Return an HTML snippet as plain text, one paragraph a line, at most `MAX_TEXT` characters."""
    if not _MARKUP.search(markup):
        return paragraphs(_flowing(markup))
    return text_of(soup_of(markup, "a snippet"))


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
    if not text.isprintable():
        text = "".join(
            character
            for character in text
            if character in _KEPT or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
        )
    return _PERHAPS_MARKS.sub(_without_heaps, text)


def _without_heaps(run: re.Match[str]) -> str:
    """Return the characters of ``run`` without the marks that pile up on one letter."""
    kept, marks = [], 0
    for character in run.group():
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def is_hidden(element: Tag) -> bool:
    """Say whether a reader cannot see ``element``: switched off, or moved off the screen."""
    if element.has_attr("hidden"):
        return True
    return bool(_HIDING.search(str(element.get("style") or "")))


def drop_hidden(soup: BeautifulSoup) -> None:
    """Take out of ``soup`` what a reader cannot see; scripts stay, they may hold data."""
    for element in soup.find_all(is_hidden):
        if not element.decomposed:
            element.decompose()


def _pieces(element: Tag) -> Iterator[str]:
    """Yield the text of ``element`` with a line break at each edge of a block; ``""`` for others.

    Keeps its own stack instead of recursing: hostile pages nest deeply.
    """
    pending: list[PageElement | None] = [element]
    while pending:
        node = pending.pop()
        if node is None:
            yield "\n"
        elif isinstance(node, Tag):
            if node.name in _UNSEEN or is_hidden(node):
                continue
            if node.name in _BLOCKS:
                yield "\n"
                pending.append(None)
            elif node.name in ("td", "th"):
                yield " "
            else:
                yield ""
            pending.extend(reversed(node.contents))
        elif type(node) in (NavigableString, CData):
            yield _flowing(str(node)[:_LONGEST_PIECE])


def _flowing(text: str) -> str:
    """Return ``text`` as HTML shows it: line breaks are spaces, but an empty line parts."""
    return "\n".join(" ".join(part.split("\n")) for part in _EMPTY_LINE.split(text))
