"""The running text of an article page, found without selectors."""

from __future__ import annotations

import re

import trafilatura
from bs4 import BeautifulSoup

from scrapers.dates import parse_date
from scrapers.errors import ParseError
from scrapers.plain import one_line, paragraphs

_TABLE_PARTS = ["table", "thead", "tbody", "tfoot", "tr", "td", "th"]
_EMPHASIS = re.compile(r"</?(?:b|strong|i|em|u|s|small|big|font|mark|nobr|tt)(?:\s[^>]*)?>")
_TELLING = ("class", "id", "role", "itemprop", "itemtype", "href", "src", "alt", "lang", "dir")
# Above this share of link wording, a text is a menu or a list of news.
_LINKED = 0.25
# So are this many lines of this mean length, unless the page calls itself an article.
_LIST_LINES = 10
_LIST_LINE_LENGTH = 60
# Shorter wording may well stand in the prose, too.
_SHORTEST_LINK = 3
_MOST_LINKS = 2000
# Section, date and the headline itself may open the text within this many lines.
_OPENING = 5
_DATE_LENGTH = 30


def article_text(soup: BeautifulSoup, title: str, url: str, *, declared: bool) -> str:
    """Return the article's paragraphs, one a line; empty if the page holds no article.

    Args:
        soup: the page; it is reshaped.
        title: the headline, which the text does not repeat.
        url: the page's address, for the error.
        declared: whether the page calls itself an article.

    Raises:
        ParseError: the page is nested too deeply to be read.
    """
    _simplify(soup)
    # In bare text, the extractor would make a paragraph of each bold word.
    text = paragraphs(_main_text(_EMPHASIS.sub("", str(soup)), url))
    if _is_menu(text, soup) or (_is_list(text) and not declared):
        return ""
    return _without_opening(text, title)


def _simplify(soup: BeautifulSoup) -> None:
    for element in soup.find_all(True):
        # Old sites lay out whole pages in tables; left as such, a page becomes one paragraph.
        if element.name in _TABLE_PARTS:
            element.name = "div"
        # An element with very many attributes would keep the extractor busy for hours.
        element.attrs = {name: element[name] for name in _TELLING if element.has_attr(name)}


def _main_text(markup: str, url: str) -> str:
    try:
        document = trafilatura.bare_extraction(
            markup, with_metadata=False, include_comments=False, include_tables=False
        )
    except RecursionError as error:
        raise ParseError(url, "the markup is nested too deeply") from error
    return getattr(document, "text", None) or ""


def _is_menu(text: str, soup: BeautifulSoup) -> bool:
    wordings = {one_line(link.get_text(" ")) for link in soup.find_all("a", limit=_MOST_LINKS)}
    left = text
    for wording in sorted(wordings, key=len, reverse=True):
        if len(wording) >= _SHORTEST_LINK:
            left = left.replace(wording, "")
    return len(text) - len(left) > _LINKED * len(text)


def _is_list(text: str) -> bool:
    lines = text.count("\n") + 1
    return lines >= _LIST_LINES and len(text) < _LIST_LINE_LENGTH * lines


def _without_opening(text: str, title: str) -> str:
    """Return ``text`` without what stands above it on the page: section, date, headline."""
    lines = text.split("\n")
    if title in lines[:_OPENING]:
        del lines[: lines.index(title) + 1]
    while lines and len(lines[0]) <= _DATE_LENGTH and parse_date(lines[0]):
        del lines[0]
    return "\n".join(lines)
